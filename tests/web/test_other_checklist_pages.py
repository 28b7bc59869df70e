"""Do the pages work with an organisation's own checklist and a learned model, in that model's words?"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import learned_model
from tests.web.interviews import hold
from tests.web.service import Live, serving
from triage.casework import deciding, interview, scoring
from triage.casework.service import make_service
from triage.records.database import Database
from triage.web.settings import WebSettings

pytestmark = [learned_model.GROUP, pytest.mark.slow]


@pytest.fixture
def elsewhere(database: Database, tmp_path: Path) -> Iterator[Live]:
    """A service for displaced workers of another country and time, with no services file."""
    engine = learned_model.displaced().load(tmp_path / "bundle")
    settings = WebSettings(secure=False, demonstration=True, folder=tmp_path)
    with serving(make_service(database, engine), settings) as live:
        yield live


def test_a_whole_interview_with_another_checklist(elsewhere: Live) -> None:
    adviser = elsewhere.client("adviser")
    client = hold(adviser)
    service, actor = elsewhere.service, elsewhere.actor("adviser")
    wanted = {question.id for question in service.engines.now.checklist.questions if question.interview}
    assert set(interview.answers_of(service, actor, client)) == wanted
    page = f"/clients/{client}"
    result = adviser.send_form(f"{page}/check", {}, to=f"{page}/score")
    assert result.url.path == f"{page}/result"
    text = html.unescape(re.sub(r"\s+", " ", result.text))
    label = service.engines.now.bundle.manifest.label
    assert re.search(rf"about \d+ were {re.escape(label.outcome)} {re.escape(label.horizon)}", text)
    assert "We estimate from published research" not in text
    assert "PACE" not in text
    choice = "confirm" if 'value="confirm"' in result.text else service.engines.now.cutoffs.bands[0].id
    fields = {"decision": choice, "reason": "several_complex_needs"}
    assert adviser.send_form(f"{page}/result", fields, to=f"{page}/decision").status_code == 200
    fields = {"service": "other", "who": "The adviser", "note": "A course.", "due-day": "1", "due-month": "12"}
    year = str(service.today.year + 1)
    assert adviser.send_form(f"{page}/actions", {**fields, "due-year": year}, to=f"{page}/actions").status_code == 200
    for end in ("", "/result", "/print", "/sheet?figure=yes", "/check", "/again", "/review", "/changes"):
        shown = adviser.get(page + end)
        assert shown.status_code == 200, end
        assert "PACE" not in shown.text, end
    assert len(deciding.history(service, actor, client)) == 1
    assert scoring.latest(service, actor, client) is not None

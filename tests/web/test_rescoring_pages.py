"""What happens to a score when something changes: the answers, the time, the versions, the client's mind?"""

from __future__ import annotations

import re

import pytest

from tests.web.service import Client
from tests.web.states import Clients
from tests.web.test_result_page import text_of
from triage.casework import deciding, interview, scoring
from triage.errors import ConflictError


def test_a_score_of_other_versions_says_so_and_is_worked_out_anew(adviser: Client, states: Clients) -> None:
    client = states["other_versions"]
    page = text_of(adviser, f"/clients/{client}/result")
    assert "cut-offs pace-start-2025.9" in page
    assert "Save the decision" not in page
    assert "pace-start-2026.1" in text_of(adviser, _again(adviser, client))


@pytest.mark.parametrize("state", ["outdated", "expired"])
def test_nobody_decides_on_a_score_that_is_out_of_date(state: str, adviser: Client, states: Clients) -> None:
    client = states[state]
    page = adviser.get(f"/clients/{client}/result").text
    assert "/decision" not in page
    row = scoring.latest(states.service, states.adviser, client)
    assert row is not None
    with pytest.raises(ConflictError):
        deciding.confirm(states.service, states.adviser, client, score_id=row["id"])
    assert "Save the decision" in text_of(adviser, _again(adviser, client))


def _again(adviser: Client, client: str) -> str:
    answer = adviser.send_form(f"/clients/{client}/result", {}, to=f"/clients/{client}/score")
    return str(answer.url.path)


def test_a_new_round_keeps_what_was_and_says_what_changed(adviser: Client, states: Clients) -> None:
    client = states["rescored"]
    page = text_of(adviser, f"/clients/{client}/result")
    assert "Until you decide, this stays in force: Confirmed: PACE support" in page
    assert "Take the decision back" not in page
    changes = text_of(adviser, f"/clients/{client}/changes")
    assert re.search(r"Motor vehicle a car, van or motorbike none", changes)
    asked_again = states["asked_again"]
    kept = interview.answers_of(states.service, states.adviser, asked_again)
    attitudes = {q.id for q in states.service.engines.now.checklist.questions if q.sensitivity == "attitude"}
    assert not attitudes & set(kept)
    assert {"age", "vehicle"} <= set(kept)
    before, _ = scoring.history(states.service, states.adviser, client)
    earlier = text_of(adviser, f"/clients/{client}/scores/{before['id']}")
    assert "Confirmed: PACE support" in earlier
    assert "of 100 people" in earlier
    assert before["id"] in adviser.get(f"/clients/{client}").text


def test_a_score_from_before_an_objection_is_shown_nowhere(adviser: Client, states: Clients) -> None:
    client = states["objected_after"]
    score = scoring.history(states.service, states.adviser, client)[0]
    assert adviser.get(f"/clients/{client}/scores/{score['id']}").status_code == 404
    assert adviser.get(f"/clients/{states['crossing']}/scores/{score['id']}").status_code == 404
    assert score["id"] not in adviser.get(f"/clients/{client}").text
    for page in ("result", "print", "sheet?figure=yes", "changes"):
        assert "of 100 people" not in adviser.get(f"/clients/{client}/{page}").text

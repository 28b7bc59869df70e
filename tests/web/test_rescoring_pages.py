"""What happens to a score when something changes: the answers, the time, the versions, the client's mind?"""

from __future__ import annotations

import re

import pytest

from tests.web.service import Client, Clock, Live
from tests.web.states import Clients
from tests.web.test_result_page import text_of
from triage.casework import deciding, interview, scoring
from triage.errors import ConflictError


@pytest.fixture(scope="module")
def clients(shared_live: Live, shared_clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Clients:
    """Clients in every state."""
    made = Clients(shared_live)
    made.early(shared_clock, shared_live.service.engines.now, tmp_path_factory.mktemp("cutoffs"))
    return made


@pytest.fixture
def adviser(shared_live: Live) -> Client:
    """An adviser who is signed in."""
    return shared_live.client("adviser")


def test_a_score_of_other_versions_says_so_and_is_worked_out_anew(adviser: Client, clients: Clients) -> None:
    client = clients["other_versions"]
    page = text_of(adviser, f"/clients/{client}/result")
    assert "cut-offs pace-start-2025.9" in page
    assert "Save the decision" not in page
    assert "pace-start-2026.1" in text_of(adviser, _again(adviser, client))


@pytest.mark.parametrize("state", ["outdated", "expired"])
def test_nobody_decides_on_a_score_that_is_out_of_date(state: str, adviser: Client, clients: Clients) -> None:
    client = clients[state]
    page = adviser.get(f"/clients/{client}/result").text
    assert "/decision" not in page
    row = scoring.latest(clients.service, clients.adviser, client)
    assert row is not None
    with pytest.raises(ConflictError):
        deciding.confirm(clients.service, clients.adviser, client, score_id=row["id"])
    assert "Save the decision" in text_of(adviser, _again(adviser, client))


def _again(adviser: Client, client: str) -> str:
    answer = adviser.send_form(f"/clients/{client}/result", {}, to=f"/clients/{client}/score")
    return str(answer.url.path)


def test_a_new_round_keeps_what_was_and_says_what_changed(adviser: Client, clients: Clients) -> None:
    client = clients["rescored"]
    page = text_of(adviser, f"/clients/{client}/result")
    assert "Until you decide, this stays in force: Confirmed: PACE support" in page
    assert "Take the decision back" not in page
    changes = text_of(adviser, f"/clients/{client}/changes")
    assert re.search(r"Motor vehicle a car, van or motorbike none", changes)
    asked_again = clients["asked_again"]
    kept = interview.answers_of(clients.service, clients.adviser, asked_again)
    attitudes = {q.id for q in clients.service.engines.now.checklist.questions if q.sensitivity == "attitude"}
    assert not attitudes & set(kept)
    assert {"age", "vehicle"} <= set(kept)
    before, _ = scoring.history(clients.service, clients.adviser, client)
    earlier = text_of(adviser, f"/clients/{client}/scores/{before['id']}")
    assert "Confirmed: PACE support" in earlier
    assert "of 100 people" in earlier
    assert before["id"] in adviser.get(f"/clients/{client}").text


def test_a_score_from_before_an_objection_is_shown_nowhere(adviser: Client, clients: Clients) -> None:
    client = clients["objected_after"]
    score = scoring.history(clients.service, clients.adviser, client)[0]
    assert adviser.get(f"/clients/{client}/scores/{score['id']}").status_code == 404
    assert adviser.get(f"/clients/{clients['crossing']}/scores/{score['id']}").status_code == 404
    assert score["id"] not in adviser.get(f"/clients/{client}").text
    for page in ("result", "print", "sheet?figure=yes", "changes"):
        assert "of 100 people" not in adviser.get(f"/clients/{client}/{page}").text

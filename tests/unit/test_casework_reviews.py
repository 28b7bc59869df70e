"""Is a request for review answered by somebody else, within the stated time?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.casework import Desk
from tests.databases import both
from tests.unit.test_casework_assessments import trail
from triage.casework import assessments, deciding, interview, reviews, scoring
from triage.decisions import check_reproduces
from triage.errors import AccessError, CaseworkError, ConflictError, DecisionError
from triage.records.database import Row

pytestmark = both


def ask(desk: Desk, row: Row, who: str = "adviser", **more: Any) -> Row:
    return reviews.ask(desk.service, desk[who], row["id"], **{"why": "I have more children than that.", **more})


def close(desk: Desk, review: Row, who: str = "second_adviser", **more: Any) -> Row:
    words = {"result": "upheld", "note": "Looked at together with the client.", **more}
    return reviews.close(desk.service, desk[who], review["id"], **words)


def test_a_request_is_due_in_ten_working_days(desk: Desk) -> None:
    row, _, decision = desk.decided()
    form = desk.form()
    review = ask(desk, row, submission=form)
    assert (review["state"], review["due"], review["decision"]) == ("open", "2026-03-16", decision["id"])
    assert ask(desk, row, submission=form) == review
    with pytest.raises(ConflictError, match="asked already"):
        ask(desk, row)
    assert "children" not in trail(desk)[-1]["detail"]


def test_whoever_took_the_decision_cannot_answer(desk: Desk) -> None:
    row, _, _ = desk.decided()
    review = ask(desk, row, "second_adviser")
    with pytest.raises(CaseworkError, match="somebody else has to look"):
        close(desk, review, "adviser")
    closed = close(desk, review)
    assert (closed["state"], closed["result"], closed["reviewer"]) == (
        "closed", "upheld", desk["second_adviser"].account,
    )  # fmt: skip
    assert close(desk, review) == closed  # A second click.
    with pytest.raises(ConflictError, match="answered this request in the meantime"):
        close(desk, review, "manager")


def test_a_decision_that_came_through_a_program_is_its_person_s_own(desk: Desk) -> None:
    row, score = desk.scored("partner", held="app")
    named = replace(desk["partner"], name="test SECOND adviser")
    deciding.confirm(desk.service, named, row["id"], score_id=score["id"])
    review = ask(desk, row)
    [waiting] = reviews.open_reviews(desk.service, desk["second_adviser"]).rows
    assert waiting["own"]
    with pytest.raises(CaseworkError, match="somebody else has to look"):
        close(desk, review)
    assert close(desk, review, "adviser")["result"] == "upheld"


@pytest.mark.parametrize("who", ["other_adviser", "other_manager", "analyst", "administrator", "partner"])
def test_nobody_outside_the_office_answers(desk: Desk, who: str) -> None:
    row, _, _ = desk.decided()
    review = ask(desk, row)
    with pytest.raises(AccessError):
        close(desk, review, who)
    with pytest.raises(AccessError):
        reviews.find(desk.service, desk[who], review["id"])


def test_a_changed_decision_is_recorded_with_the_answer(desk: Desk) -> None:
    row, _, decision = desk.decided()
    review = ask(desk, row)
    closed = close(desk, review, result="changed", band="intensive", reason="not_on_checklist")
    assert closed["result"] == "changed"
    records = deciding.history(desk.service, desk["adviser"], row["id"])
    assert [(record.action, record.band) for record in records] == [
        ("confirm", "enhanced"), ("withdraw", None), ("override", "intensive"),
    ]  # fmt: skip
    assert records[1].withdraws == decision["id"]
    assert records[2].by == "Test second adviser"
    check_reproduces(records[2], desk.service.engines.now)
    assert desk.row(row)["state"] == "decided"
    assert [event["action"] for event in trail(desk)][-1] == "review_closed"


def test_an_override_may_be_changed_to_what_was_proposed(desk: Desk) -> None:
    row, score = desk.scored()
    deciding.override(
        desk.service, desk["adviser"], row["id"], score_id=score["id"], band="standard", reason="other", note="Why."
    )
    close(desk, ask(desk, row), result="changed", band="enhanced")
    standing = deciding.standing(desk.service, desk["adviser"], row["id"])
    assert ((standing.in_force or {})["action"], standing.band) == ("confirm", "enhanced")


def test_an_answer_that_the_rules_do_not_allow_leaves_everything_as_it_was(desk: Desk) -> None:
    row, _, decision = desk.decided()
    review = ask(desk, row)
    for words, kind in (
        ({"result": "changed", "band": "intensive", "reason": "a whim"}, DecisionError),
        ({"result": "changed", "band": "enhanced"}, DecisionError),
        ({"result": "changed"}, CaseworkError),
        ({"result": "upheld", "band": "intensive"}, CaseworkError),
        ({"result": "ignored"}, CaseworkError),
        ({"note": ""}, CaseworkError),
        ({"last": ""}, ConflictError),
    ):
        with pytest.raises(kind):
            close(desk, review, **words)
    assert reviews.find(desk.service, desk["adviser"], review["id"]) == review
    standing = deciding.standing(desk.service, desk["adviser"], row["id"])
    assert (standing.in_force or {})["id"] == decision["id"]
    assert len(standing.rows) == 1


def test_answers_that_were_wrong_are_corrected_before_the_band_is_changed(desk: Desk) -> None:
    row, _, _ = desk.decided()
    service, reviewer = desk.service, desk["second_adviser"]
    review = ask(desk, row)
    scoring.rescore_start(service, reviewer, row["id"], "review")
    interview.save_answer(service, reviewer, row["id"], "dependants", "yes")
    with pytest.raises(CaseworkError, match="no score"):
        close(desk, review, result="changed", band="intensive", reason="other")
    score = scoring.score(service, reviewer, row["id"])
    deciding.override(
        service, reviewer, row["id"], score_id=score["id"], band="intensive", reason="other", note="Two at home."
    )
    # They took the decision that counts now, so they cannot uphold it; and the answer says that it was changed.
    with pytest.raises(CaseworkError, match="somebody else"):
        close(desk, review)
    assert close(desk, review, result="changed")["result"] == "changed"


def test_what_was_only_proposed_is_looked_at_by_somebody_else_than_the_adviser(desk: Desk) -> None:
    row, _ = desk.scored()
    review = ask(desk, row)
    assert review["decision"] is None
    with pytest.raises(CaseworkError, match="somebody else"):
        close(desk, review, "adviser")
    assert close(desk, review, "manager", result="changed", band="intensive", reason="other")["state"] == "closed"
    assert desk.row(row)["state"] == "decided"


def test_a_claim_that_waits_is_refused_by_the_answer(desk: Desk) -> None:
    row, score = desk.scored()
    deciding.claim(
        desk.service, desk["adviser"], row["id"], score_id=score["id"], band="intensive", reason="other", named="A B"
    )
    close(desk, ask(desk, row), result="changed", band="enhanced")
    actions = [record.action for record in deciding.history(desk.service, desk["adviser"], row["id"])]
    assert actions == ["claim", "refuse", "confirm"]


def test_a_closed_client_may_ask_and_is_answered(desk: Desk) -> None:
    row, _, _ = desk.decided()
    assessments.close(desk.service, desk["adviser"], row["id"], "support_ended")
    review = ask(desk, row)
    with pytest.raises(CaseworkError, match="Open it again first"):
        close(desk, review, result="changed", band="intensive", reason="other")
    assert close(desk, review)["result"] == "upheld"


def test_the_queue_has_the_office_s_open_requests(desk: Desk) -> None:
    row, _, _ = desk.decided()
    review = ask(desk, row)
    hers, _, _ = desk.decided("second_adviser")
    other = ask(desk, hers, "second_adviser")
    ask(desk, desk.decided("other_adviser")[0], "other_adviser")
    ask(desk, desk.decided(practice=True)[0])
    done, _, _ = desk.decided()
    close(desk, ask(desk, done))
    desk.clock.move(days=15)
    queue = reviews.open_reviews(desk.service, desk["adviser"])
    assert {(item["id"], item["own"], item["overdue"]) for item in queue.rows} == {
        (review["id"], True, True), (other["id"], False, True),
    }  # fmt: skip
    assert [item["id"] for item in reviews.of(desk.service, desk["adviser"], row["id"])] == [review["id"]]
    with pytest.raises(AccessError):
        reviews.open_reviews(desk.service, desk["analyst"])

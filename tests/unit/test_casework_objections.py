"""Does a client who objects get no score and keep every service?"""

from __future__ import annotations

from datetime import date

import pytest

from tests.casework import LEFT, Desk
from tests.databases import both
from tests.unit.test_casework_assessments import trail
from triage.casework import actions, assessments, deciding, interview, reviews, scoring
from triage.errors import CaseworkError, ObjectedError

pytestmark = both


@pytest.mark.parametrize("stage", ["opened", "scored", "decided", "closed"])
def test_a_client_may_object_at_any_time(desk: Desk, stage: str) -> None:
    row = {
        "opened": lambda: desk.opened(),
        "scored": lambda: desk.scored()[0],
        "decided": lambda: desk.decided()[0],
        "closed": lambda: assessments.close(desk.service, desk["adviser"], desk.opened()["id"], "other"),
    }[stage]()
    before = len(scoring.history(desk.service, desk["adviser"], row["id"]))
    objected = assessments.object_to_scoring(desk.service, desk["adviser"], row["id"], "Said so on the telephone.")
    assert objected["state"] == "objected"
    assert assessments.object_to_scoring(desk.service, desk["adviser"], row["id"]) == objected
    records = deciding.history(desk.service, desk["adviser"], row["id"])
    assert (records[-1].action, records[-1].score, records[-1].band) == ("object", None, None)
    assert [record.action for record in records].count("object") == 1
    standing = deciding.standing(desk.service, desk["adviser"], row["id"])
    assert (standing.score, standing.in_force, standing.band) == (None, None, None)
    assert scoring.latest(desk.service, desk["adviser"], row["id"]) is None
    kept = scoring.history(desk.service, desk["adviser"], row["id"])
    assert len(kept) == before
    assert all(score["set_aside"] for score in kept)
    assert trail(desk)[-1]["action"] == "objection_recorded"
    assert "telephone" not in trail(desk)[-1]["detail"]


@pytest.mark.parametrize("said", ["yes", "Yes", True])
def test_the_objection_may_come_with_the_form(desk: Desk, said: object) -> None:
    row = desk.opened(context={**LEFT, "objects_to_scoring": said})
    assert row["state"] == "objected"
    assert "objects_to_scoring" not in assessments.context_of(row)
    later = desk.opened()
    new = assessments.set_details(
        desk.service, desk["adviser"], later["id"], context={"objects_to_scoring": said}, language="Polish"
    )
    assert (new["state"], new["language"]) == ("objected", "Polish")
    # Saying nothing, or no, takes no objection back.
    new = assessments.set_details(desk.service, desk["adviser"], later["id"], context={"objects_to_scoring": "no"})
    assert new["state"] == "objected"


def test_who_objects_is_not_scored_and_no_draft_is_worked_out(desk: Desk) -> None:
    row, score = desk.scored()
    assessments.object_to_scoring(desk.service, desk["adviser"], row["id"])
    for use in (
        lambda: scoring.score(desk.service, desk["adviser"], row["id"]),
        lambda: scoring.rescore_start(desk.service, desk["adviser"], row["id"], "change"),
        lambda: deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"]),
        lambda: deciding.ask_for_more(desk.service, desk["adviser"], row["id"], score_id=score["id"]),
    ):
        with pytest.raises(ObjectedError, match="every service stays open"):
            use()
    draft = interview.draft(desk.service, desk["adviser"], row["id"])
    assert "objected" in draft.fixed_order
    assert (draft.status, draft.chance) == (None, None)


def test_who_objects_keeps_every_service(desk: Desk) -> None:
    row = desk.opened()
    assessments.object_to_scoring(desk.service, desk["adviser"], row["id"])
    interview.save_answer(desk.service, desk["adviser"], row["id"], "age", 57)
    action = actions.agree(
        desk.service, desk["adviser"], row["id"], service_id="money", partner_id="icas", due=date(2026, 3, 9)
    )
    assert actions.step(desk.service, desk["adviser"], action["id"], "started")["state"] == "started"
    review = reviews.ask(desk.service, desk["adviser"], row["id"], "I would like more help.")
    closed = reviews.close(
        desk.service, desk["manager"], review["id"], result="changed", note="A weekly appointment was agreed."
    )
    assert closed["result"] == "changed"


def test_without_the_objection_it_is_open_again_and_scored_anew(desk: Desk) -> None:
    row, score, _ = desk.decided()
    service, adviser = desk.service, desk["adviser"]
    assessments.object_to_scoring(service, adviser, row["id"])
    again = assessments.withdraw_objection(service, adviser, row["id"], "Changed her mind.")
    assert again["state"] == "open"
    assert deciding.history(service, adviser, row["id"])[-1].state == "withdrawn"
    # Neither the score nor the decision from before the objection comes back.
    assert scoring.latest(service, adviser, row["id"]) is None
    assert deciding.standing(service, adviser, row["id"]).in_force is None
    with pytest.raises(CaseworkError, match="no score"):
        deciding.confirm(service, adviser, row["id"], score_id=score["id"])
    new = scoring.score(service, adviser, row["id"])
    assert (new["number"], new["data"]) == (2, score["data"])
    assert deciding.confirm(service, adviser, row["id"], score_id=new["id"])["state"] == "confirmed"
    kept = scoring.history(service, adviser, row["id"])
    assert [item["set_aside"] for item in kept] == [True, False]
    with pytest.raises(ObjectedError):
        scoring.shown(service, adviser, score["id"])


def test_an_objection_before_the_first_score_can_come_and_go(desk: Desk) -> None:
    row = desk.answered()
    service, adviser = desk.service, desk["adviser"]
    for _ in range(2):
        assessments.object_to_scoring(service, adviser, row["id"])
        assessments.withdraw_objection(service, adviser, row["id"])
    with pytest.raises(CaseworkError, match="no objection"):
        assessments.withdraw_objection(service, adviser, row["id"])
    score = scoring.score(service, adviser, row["id"])
    assert deciding.confirm(service, adviser, row["id"], score_id=score["id"])["number"] == 5


def test_an_objection_in_a_later_round_ends_the_decision_before_it(desk: Desk) -> None:
    row, _, _ = desk.decided()
    service, adviser = desk.service, desk["adviser"]
    scoring.rescore_start(service, adviser, row["id"], "change")
    assessments.object_to_scoring(service, adviser, row["id"])
    assert deciding.standing(service, adviser, row["id"]).in_force is None
    assessments.withdraw_objection(service, adviser, row["id"])
    assert deciding.standing(service, adviser, row["id"]).in_force is None
    assert scoring.score(service, adviser, row["id"])["round"] == 2


def test_a_checklist_that_asks_nothing_beside_it_lets_people_object_too(desk: Desk, small_engine: object) -> None:
    desk.service.engines.replace(small_engine)  # type: ignore[arg-type]
    row = desk.opened(context={"objects_to_scoring": "yes"})
    assert row["state"] == "objected"

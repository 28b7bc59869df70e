"""How does a score come about, when can nobody decide on it any more, and can it be made again to the bit?"""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from tests.casework import LEFT, Desk
from tests.databases import both
from tests.unit.test_casework_assessments import count_of, trail
from triage.casework import assessments, deciding, interview, scoring, suspension
from triage.engine import Engine
from triage.errors import CaseworkError, ConflictError, ObjectedError, RecordsError, SuspendedError
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.tables import answers, scores, showings

pytestmark = both


def latest(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    found = scoring.latest(desk.service, desk["adviser"], row["id"])
    assert found is not None
    return found


def doubts(desk: Desk, row: dict[str, Any]) -> list[str]:
    found = latest(desk, row)
    return [name for name in ("outdated", "expired", "other_versions") if found[name]]


def test_a_score_is_kept_with_all_that_it_was_made_of(desk: Desk) -> None:
    row, score = desk.scored()
    engine = desk.service.engines.now
    assert (row["state"], row["scored_at"]) == ("scored", score["at"])
    assert (score["number"], score["round"], score["status"]) == (1, 1, "proposed")
    assert (score["scored_on"], score["valid_until"]) == ("2026-03-02", "2026-05-31")
    assert (score["model"], score["checklist"], score["cutoffs"]) == (
        engine.versions.model, engine.versions.checklist, engine.versions.cutoffs,
    )  # fmt: skip
    again = scoring.rebuilt(desk.service, score)
    assert again is not None
    assert json.loads(score["data"]) == again.to_dict()
    assert again.sentences == engine.score({**LEFT, **again.answers}, on=desk.service.today).sentences
    event = trail(desk)[-1]
    assert event["action"] == "scored"
    assert set(json.loads(event["detail"])) == {"number", "round", "model", "checklist", "cutoffs"}


def test_a_second_click_makes_no_second_score(desk: Desk) -> None:
    row, score = desk.scored()
    assert scoring.score(desk.service, desk["second_adviser"], row["id"]) == score
    assert count_of(desk, scores) == 1
    assert [event["action"] for event in trail(desk)].count("scored") == 1


def test_going_back_to_change_an_answer_makes_the_score_out_of_date(desk: Desk) -> None:
    row, score = desk.scored()
    assert doubts(desk, row) == []
    interview.save_answer(desk.service, desk["adviser"], row["id"], "age", 30)
    assert doubts(desk, row) == ["outdated"]
    with pytest.raises(ConflictError, match="Answers have changed since"):
        deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    interview.save_answer(desk.service, desk["adviser"], row["id"], "age", 57)
    assert doubts(desk, row) == []
    interview.save_answer(desk.service, desk["adviser"], row["id"], "vehicle", "declined")
    new = scoring.score(desk.service, desk["adviser"], row["id"])
    assert (new["number"], doubts(desk, row)) == (2, [])
    with pytest.raises(ConflictError, match="A newer score"):
        deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    kept = scoring.history(desk.service, desk["adviser"], row["id"])
    assert [(item["id"], item["set_aside"]) for item in kept] == [(score["id"], False), (new["id"], False)]


def test_a_change_of_what_stands_beside_the_questions_does_so_too(desk: Desk) -> None:
    row, _ = desk.scored()
    assessments.set_details(desk.service, desk["adviser"], row["id"], context={"complex_needs": "yes"})
    assert doubts(desk, row) == ["outdated"]
    assessments.set_details(desk.service, desk["adviser"], row["id"], context={"complex_needs": ""}, language="Urdu")
    assert doubts(desk, row) == []


def test_an_answer_that_is_not_used_makes_no_score_out_of_date(desk: Desk) -> None:
    row, _ = desk.scored(context={"redundancy_status": "under_notice"})
    interview.save_answer(desk.service, desk["adviser"], row["id"], "job_search", "often")
    interview.save_answer(desk.service, desk["adviser"], row["id"], "vehicle", "not_asked")
    assert doubts(desk, row) == []


def test_nobody_decides_on_a_score_of_long_ago(desk: Desk) -> None:
    row, score = desk.scored()
    desk.clock.move(days=90)
    assert doubts(desk, row) == []
    desk.clock.move(days=1)
    assert doubts(desk, row) == ["expired"]
    with pytest.raises(ConflictError, match="too long ago"):
        deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    assert scoring.score(desk.service, desk["adviser"], row["id"])["number"] == 2


def test_nobody_decides_on_a_score_of_other_versions(desk: Desk, other_cutoffs: Engine) -> None:
    row, score, decision = desk.decided()
    assert desk.service.engines.replace(other_cutoffs).versions.model == score["model"]
    assert doubts(desk, row)[-1] == "other_versions"
    assert scoring.rebuilt(desk.service, score) is None
    # What was decided can still be taken back.
    taken = deciding.withdraw(desk.service, desk["adviser"], row["id"], score_id=score["id"], last=decision["id"])
    assert taken["state"] == "withdrawn"
    with pytest.raises(ConflictError):
        deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])


@pytest.mark.parametrize("change", ["logit", "band", "answer", "damaged"])
def test_a_record_that_was_changed_is_not_used(desk: Desk, change: str) -> None:
    row, score = desk.scored()
    data = json.loads(score["data"])
    if change == "logit":
        data["logit"] += 2**-36
    elif change == "band":
        data["band"] = "standard"
    elif change == "answer":
        data["answers"]["age"] = 58.0
    text = "{" + "}" if change == "damaged" else json.dumps(data, sort_keys=True, separators=(",", ":"))
    with desk.service.database.write(Event(SYSTEM, "rectified")) as work:
        work.update(scores, score["id"], {"data": text})
    with pytest.raises(RecordsError, match="cannot be made again"):
        scoring.rebuilt(desk.service, {**score, "data": text})
    if change != "damaged":
        with pytest.raises((RecordsError, ConflictError)):
            deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])


def test_while_scoring_is_suspended_nothing_is_scored_and_decisions_go_on(desk: Desk) -> None:
    waiting = desk.answered()
    row, score = desk.scored()
    suspension.suspend(desk.service, desk["administrator"], "The figures are being checked.")
    with pytest.raises(SuspendedError, match="being checked"):
        scoring.score(desk.service, desk["adviser"], waiting["id"])
    assert desk.row(waiting)["state"] == "open"
    assert doubts(desk, row) == []
    assert deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])["state"] == "confirmed"


def test_your_view_comes_before_the_score_is_shown(desk: Desk) -> None:
    row, score = desk.scored()
    service, adviser = desk.service, desk["adviser"]
    with pytest.raises(CaseworkError, match="not one of the bands"):
        scoring.first_view(service, adviser, row["id"], "gold")
    noted = scoring.first_view(service, adviser, row["id"], "standard")
    assert scoring.first_view(service, adviser, row["id"], "standard") == noted
    assert scoring.first_view_of(service, adviser, row["id"]) == noted
    with pytest.raises(ConflictError, match="Another view"):
        scoring.first_view(service, adviser, row["id"], "intensive")
    late, other = desk.scored()
    shown = scoring.shown(service, adviser, other["id"])
    assert scoring.shown(service, adviser, other["id"]) == shown
    assert scoring.shown(service, desk["second_adviser"], other["id"]) != shown
    assert count_of(desk, showings) == 2
    with pytest.raises(ConflictError, match="shown already"):
        scoring.first_view(service, adviser, late["id"], "standard")
    assert score["id"] != other["id"]


def test_a_change_of_circumstances_asks_again_and_keeps_the_history(desk: Desk) -> None:
    row, score, decision = desk.decided()
    service, adviser = desk.service, desk["adviser"]
    with pytest.raises(CaseworkError, match="not a reason"):
        scoring.rescore_start(service, adviser, row["id"], "a whim")
    again = scoring.rescore_start(service, adviser, row["id"], "change")
    assert (again["state"], again["round"]) == ("open", 2)
    assert scoring.rescore_start(service, adviser, row["id"], "change") == again
    known = interview.answers_of(service, adviser, row["id"])
    assert "confidence" not in known  # Attitudes are asked again.
    assert known["age"].value == 57.0
    assert "confidence" in interview.draft(service, adviser, row["id"]).unanswered
    assert scoring.latest(service, adviser, row["id"]) is None
    standing = deciding.standing(service, adviser, row["id"])
    assert (standing.in_force or {})["id"] == decision["id"]
    interview.save_answers(service, adviser, row["id"], {"confidence": "very_confident", "household": "partner"})
    new = scoring.score(service, adviser, row["id"])
    assert (new["round"], new["number"], desk.row(row)["state"]) == (2, 2, "scored")
    with desk.service.database.read() as view:
        first = view.all(sa.select(answers).where(answers.c.assessment == row["id"], answers.c.round == 1))
    assert len(first) == 6
    assert scoring.rebuilt(service, scoring.history(service, adviser, row["id"])[0]) is not None
    # The decision before counts until a person takes another one.
    assert deciding.standing(service, adviser, row["id"]).band == decision["band"]
    taken = deciding.confirm(service, adviser, row["id"], score_id=new["id"])
    assert deciding.standing(service, adviser, row["id"]).in_force == taken
    assert [record.action for record in deciding.history(service, adviser, row["id"])] == ["confirm", "confirm"]
    assert score["number"] == 1


def test_there_is_no_second_round_before_the_first_score(desk: Desk) -> None:
    row = desk.answered()
    with pytest.raises(CaseworkError, match="no score yet"):
        scoring.rescore_start(desk.service, desk["adviser"], row["id"], "change")


def test_a_decided_score_gives_way_to_no_other_without_a_new_round(desk: Desk) -> None:
    row, score, _ = desk.decided()
    assert scoring.score(desk.service, desk["adviser"], row["id"])["id"] == score["id"]
    assessments.set_details(desk.service, desk["adviser"], row["id"], context={"complex_needs": "yes"})
    with pytest.raises(ConflictError, match="circumstances have changed"):
        scoring.score(desk.service, desk["adviser"], row["id"])


@pytest.mark.parametrize("status", ["has_job", "redeployed"])
def test_somebody_with_a_job_gets_a_score_that_proposes_nothing(desk: Desk, status: str) -> None:
    _, score = desk.scored(context={"redundancy_status": status})
    assert (score["status"], score["band"]) == (status, None)
    assert scoring.rebuilt(desk.service, score) is not None


def test_a_score_of_a_client_who_objects_is_shown_to_nobody(desk: Desk) -> None:
    row, score = desk.scored()
    assessments.object_to_scoring(desk.service, desk["adviser"], row["id"])
    assert scoring.latest(desk.service, desk["adviser"], row["id"]) is None
    with pytest.raises(ObjectedError):
        scoring.shown(desk.service, desk["adviser"], score["id"])
    with pytest.raises(ObjectedError):
        scoring.first_view(desk.service, desk["adviser"], row["id"], "standard")

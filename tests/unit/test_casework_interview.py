"""Is each answer kept as it was given, and what does the interview ask next?"""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from tests.casework import ANSWERS, Desk
from tests.databases import both
from tests.unit.test_casework_assessments import trail
from triage.casework import assessments, interview, scoring, suspension
from triage.casework.interview import DECLINED, NOT_ASKED
from triage.errors import AnswersError, CaseworkError, ConflictError
from triage.records.tables import answers

pytestmark = both


def save(desk: Desk, row: dict[str, Any], question: str, raw: object, who: str = "adviser") -> dict[str, Any]:
    return interview.save_answer(desk.service, desk[who], row["id"], question, raw)


def draft(desk: Desk, row: dict[str, Any]) -> interview.Draft:
    return interview.draft(desk.service, desk["adviser"], row["id"])


def test_answered_declined_and_passed_over_are_kept_apart(desk: Desk) -> None:
    row = desk.opened()
    save(desk, row, "age", "57")
    save(desk, row, "area", "falkirk")
    save(desk, row, "household", DECLINED)
    save(desk, row, "driving_licence", "medical")
    save(desk, row, "vehicle", NOT_ASKED)
    save(desk, row, "disability", "")
    found = interview.answers_of(desk.service, desk["adviser"], row["id"])
    assert {name: (answer.state, answer.value) for name, answer in found.items()} == {
        "age": ("answered", 57.0),
        "area": ("answered", "S12000014"),
        "household": ("declined", None),
        "driving_licence": ("declined", "medical"),
        "vehicle": ("not_asked", None),
        "disability": ("not_asked", None),
    }
    score = scoring.score(desk.service, desk["adviser"], row["id"])
    kept = scoring.data_of(score)
    assert kept["answers"] == {"age": 57.0, "area": "S12000014"}
    assert kept["declined"] == ["driving_licence", "household"]


def test_an_answer_gives_way_to_the_next_one(desk: Desk) -> None:
    row = desk.opened()
    first = save(desk, row, "age", 57)
    desk.clock.move(minutes=1)
    assert save(desk, row, "age", "57") == first  # The same again: nothing is written.
    second = save(desk, row, "age", 58, "second_adviser")
    assert (second["id"], second["value"], second["by"]) == (first["id"], "58.0", desk["second_adviser"].account)
    with desk.service.database.read() as view:
        assert view.scalar(sa.select(sa.func.count()).select_from(answers)) == 1
    assert [event["action"] for event in trail(desk)].count("answer_saved") == 2


def test_no_answer_stands_in_the_trail(desk: Desk) -> None:
    row = desk.opened()
    save(desk, row, "disability", DECLINED)
    save(desk, row, "age", 57)
    told = [json.loads(event["detail"]) for event in trail(desk) if event["action"] == "answer_saved"]
    assert told == [{"questions": ["disability"], "round": 1}, {"questions": ["age"], "round": 1}]


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        ("age", "150"),
        ("age", "fifty"),
        ("age", 57.5),
        ("age", 10**400),
        ("age", [57]),
        ("age", "5" * 300),
        ("household", "<script>alert(1)</script>"),
        ("household", {"a": 1}),
        ("household", "not_applicable"),
        ("area", "Atlantis'; DROP TABLE answers; --"),
        ("shoe_size", "9"),
        ("x" * 5_000, "9"),
    ],
)
def test_what_is_no_answer_is_refused_without_being_repeated(desk: Desk, question: str, raw: object) -> None:
    row = desk.opened()
    with pytest.raises(AnswersError) as refused:
        save(desk, row, question, raw)
    [fault] = refused.value.faults
    assert question.startswith(fault.where)
    assert "script" not in str(refused.value)
    assert "DROP" not in str(refused.value)
    assert not interview.answers_of(desk.service, desk["adviser"], row["id"])


def test_several_answers_are_kept_together_or_not_at_all(desk: Desk) -> None:
    row = desk.opened()
    with pytest.raises(AnswersError) as refused:
        interview.save_answers(
            desk.service, desk["adviser"], row["id"], {"age": 57, "area": "Atlantis", "vehicle": "maybe"}
        )
    assert [fault.where for fault in refused.value.faults] == ["area", "vehicle"]
    assert not interview.answers_of(desk.service, desk["adviser"], row["id"])


def test_the_interview_asks_what_matters_most_and_health_and_attitudes_last(desk: Desk) -> None:
    row = desk.opened()
    checklist = desk.service.engines.now.checklist
    asked = []
    while (now := draft(desk, row)).next_question is not None:
        assert (now.asked, now.about) == (len(asked), 16)
        assert now.unanswered[0] == now.next_question
        asked.append(now.next_question)
        save(desk, row, asked[-1], DECLINED)
    later = [checklist.question(name).sensitivity in ("attitude", "special_category") for name in asked]
    assert sorted(asked) == sorted(question.id for question in checklist.questions if question.interview)
    assert later == sorted(later)
    assert now.optional == ("parent_in_work", "father_qualifications")
    assert now.can_stop
    assert not now.enough_is_known


def test_the_order_is_the_engine_s_own(desk: Desk) -> None:
    row = desk.answered(given={"age": 57, "household": "no_other_adult"})
    score = desk.service.engines.now.score(
        {"age": 57, "household": "no_other_adult", **assessments.context_of(row)}, on=desk.service.today
    )
    assert draft(desk, row).next_question == score.next_question
    assert draft(desk, row).chance == score.chance_of_another_band


def test_a_question_that_is_passed_over_is_not_asked_twice_but_stays_open(desk: Desk) -> None:
    row = desk.opened()
    first = draft(desk, row).next_question
    assert first is not None
    interview.clear_answer(desk.service, desk["adviser"], row["id"], first)
    now = draft(desk, row)
    # The engine's question among the others, which is not the first of the checklist.
    among = desk.service.engines.now.score({first: DECLINED, **assessments.context_of(row)}, on=desk.service.today)
    assert now.next_question == among.next_question != "qualifications"
    assert now.unanswered[-1] == first
    assert now.passed_over == (first,)
    assert now.asked == 1


def test_an_interview_can_stop_when_enough_is_known_and_the_adviser_always_may(desk: Desk) -> None:
    row = desk.opened()
    assert not draft(desk, row).can_stop
    stopped = interview.stop_here(desk.service, desk["adviser"], row["id"])
    assert stopped["stopped"]
    score = scoring.score(desk.service, desk["adviser"], row["id"])
    assert (score["status"], score["band"]) == ("not_enough_answers", None)
    save(desk, row, "age", 57)
    assert not desk.row(row)["stopped"]
    sure = {"qualifications": "scqf_9_plus", "driving_licence": "full_clean", "vehicle": "yes", "age": 22,
            "household": "partner", "dependants": "no", "area": "Falkirk", "job_search": "often",
            "interviews": "two_or_more", "confidence": "very_confident", "expectation": "yes_definitely"}  # fmt: skip
    interview.save_answers(desk.service, desk["adviser"], row["id"], sure)
    now = draft(desk, row)
    assert now.enough_is_known
    assert now.can_stop
    assert now.next_question is not None


def test_an_answer_that_is_too_early_is_kept_and_not_used_and_both_are_said(desk: Desk) -> None:
    row = desk.opened(context={"redundancy_status": "under_notice", "job_ends": "2026-03-20"})
    assert "job_search" in draft(desk, row).too_early
    assert "job_search" not in draft(desk, row).unanswered
    assert save(desk, row, "job_search", "often")["used"] is False
    assert save(desk, row, "age", 57)["used"] is True
    assert draft(desk, row).not_used == ("job_search",)
    score = scoring.score(desk.service, desk["adviser"], row["id"])
    assert "job_search" in scoring.data_of(score)["not_applicable"]
    assert "job_search" not in scoring.data_of(score)["answers"]
    desk.clock.move(days=60)
    assessments.set_details(desk.service, desk["adviser"], row["id"], context={"redundancy_status": "left"})
    assert draft(desk, row).not_used == ()
    score = scoring.score(desk.service, desk["adviser"], row["id"])
    assert scoring.data_of(score)["answers"]["job_search"] == "often"


def test_while_scoring_is_suspended_the_checklist_goes_on_in_its_own_order(desk: Desk) -> None:
    row = desk.opened()
    suspension.suspend(desk.service, desk["administrator"], "The figures are being checked.")
    now = draft(desk, row)
    assert "The figures are being checked." in now.fixed_order
    assert now.next_question == "qualifications"
    assert (now.chance, now.status, now.enough_is_known) == (None, None, False)
    save(desk, row, "qualifications", "none")
    assert draft(desk, row).next_question == "driving_licence"
    assert draft(desk, row).asked == 1
    suspension.resume(desk.service, desk["administrator"])
    assert draft(desk, row).fixed_order == ""


def test_answers_that_were_decided_on_stay_as_they_are(desk: Desk) -> None:
    row, _, _ = desk.decided()
    with pytest.raises(ConflictError, match="A decision has been recorded on these answers"):
        save(desk, row, "age", 30)
    assert interview.answers_of(desk.service, desk["adviser"], row["id"])["age"].value == ANSWERS["age"]


def test_a_closed_interview_takes_no_answer(desk: Desk) -> None:
    row = desk.opened()
    assessments.close(desk.service, desk["adviser"], row["id"], "duplicate")
    for use in (
        lambda: save(desk, row, "age", 57),
        lambda: interview.stop_here(desk.service, desk["adviser"], row["id"]),
    ):
        with pytest.raises(CaseworkError, match="closed"):
            use()

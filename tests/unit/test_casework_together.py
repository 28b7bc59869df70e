"""Do many people work at once, and is every answer and decision that was acknowledged there afterwards?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import sqlalchemy as sa

from tests.casework import ANSWERS, Desk
from tests.databases import both
from triage.casework import assessments, deciding, interview, scoring
from triage.records.database import Row
from triage.records.tables import audit_events

pytestmark = both
#: More than the database has connections for.
PEOPLE = 40


def whole_interview(desk: Desk, number: int) -> tuple[Row, Row]:
    """An interview with each answer saved on its own, its score and its decision."""
    who = ("adviser", "second_adviser", "manager")[number % 3]
    row = desk.opened(who)
    for question, answer in ANSWERS.items():
        interview.draft(desk.service, desk[who], row["id"])
        interview.save_answer(desk.service, desk[who], row["id"], question, answer)
    score = scoring.score(desk.service, desk[who], row["id"])
    scoring.shown(desk.service, desk[who], score["id"])
    return row, deciding.confirm(desk.service, desk[who], row["id"], score_id=score["id"], submission=desk.form())


def test_forty_interviews_at_once_lose_nothing(desk: Desk) -> None:
    with ThreadPoolExecutor(PEOPLE) as pool:
        done = list(pool.map(lambda number: whole_interview(desk, number), range(PEOPLE)))
    for row, decision in done:
        known = interview.answers_of(desk.service, desk["adviser"], row["id"])
        assert {name: answer.state for name, answer in known.items()} == dict.fromkeys(ANSWERS, "answered")
        assert deciding.standing(desk.service, desk["adviser"], row["id"]).in_force == decision
        assert assessments.find(desk.service, desk["adviser"], row["id"])["state"] == "decided"
    with desk.service.database.read() as view:
        events = view.all(sa.select(audit_events).order_by(audit_events.c.seq))
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(before["hash"] == after["previous"] for before, after in pairwise(events))


def test_two_people_who_answer_for_one_client_both_keep_their_answers(desk: Desk) -> None:
    row = desk.opened()
    questions = [question.id for question in desk.service.engines.now.checklist.questions]

    def save(name: str) -> str:
        who = "adviser" if questions.index(name) % 2 else "second_adviser"
        return str(interview.save_answer(desk.service, desk[who], row["id"], name, "declined")["question"])

    with ThreadPoolExecutor(len(questions)) as pool:
        saved = list(pool.map(save, questions))
    assert set(interview.answers_of(desk.service, desk["adviser"], row["id"])) == set(saved) == set(questions)

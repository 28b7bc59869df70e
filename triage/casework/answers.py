"""Which answers are kept of a client, and what does the engine get to see of them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from triage.casework.cases import context_of
from triage.checklist import DECLINED, JOB_ENDS, REDUNDANCY_STATUS, applies
from triage.engine import Engine
from triage.faults import Fault, did_you_mean
from triage.records.database import Row, View
from triage.records.plain import parsed
from triage.records.tables import answers

State = Literal["answered", "declined", "not_asked"]
#: No answer to any question is as long as this.
_LONGEST = 200


@dataclass(frozen=True)
class Answer:
    """One answer as it is kept.

    Attributes:
        state: "not_asked" where the adviser passed over the question.
        value: an option id, an area code or a number. An option that counts as declined is kept beside that state.
        at: when it was saved.
        by: the account or the key that saved it.
    """

    state: State
    value: str | float | None
    at: str
    by: str


@dataclass(frozen=True)
class Given:
    """What the engine gets to see of one client.

    Attributes:
        answers: answers and context fields, as `Engine.score` takes them.
        unread: questions whose answer the checklist in force no longer has; they count as not asked.
    """

    answers: Mapping[str, object]
    unread: tuple[str, ...]


def answer_rows(view: View, assessment: Row, number: int | None = None) -> dict[str, Row]:
    """The rows of a round, of the present one where `number` is None, by question."""
    query = sa.select(answers).where(
        answers.c.assessment == assessment["id"], answers.c.round == (number or assessment["round"])
    )
    return {row["question"]: row for row in view.all(query)}


def kept(view: View, assessment: Row, number: int | None = None) -> dict[str, Answer]:
    """The answers of a round by question."""
    return {
        name: Answer(row["state"], parsed(row["value"]), row["at"], row["by"])
        for name, row in answer_rows(view, assessment, number).items()
    }


def given_of(engine: Engine, assessment: Row, known: Mapping[str, Answer]) -> Given:
    """What `engine` gets to see, in the order of its checklist."""
    fields = engine.checklist.context_by_id
    given: dict[str, object] = {name: value for name, value in context_of(assessment).items() if name in fields}
    unread = []
    for question in engine.checklist.questions:
        answer = known.get(question.id)
        if answer is None or answer.state == "not_asked":
            continue
        if answer.state == "declined":
            given[question.id] = DECLINED
        elif engine.features.normalise(question.id, answer.value).state == "answered":
            given[question.id] = answer.value
        else:
            unread.append(question.id)
    return Given(given, tuple(unread))


def too_early(engine: Engine, assessment: Row, on: date) -> tuple[str, ...]:
    """Questions that do not apply yet, in the order of the checklist."""
    context = context_of(assessment)
    ends = context.get(JOB_ENDS)
    day = date.fromisoformat(ends) if ends else None
    status = context.get(REDUNDANCY_STATUS)
    return tuple(q.id for q in engine.checklist.questions if not applies(q, status, day, on))


def short(raw: object) -> bool:
    """True for what can be an answer at all: a short text, a number, true or false, a day, or nothing."""
    if isinstance(raw, int):
        return raw.bit_length() <= 64
    return raw is None or isinstance(raw, float | date) or (isinstance(raw, str) and len(raw) <= _LONGEST)


def read_answer(engine: Engine, question: str, raw: object) -> tuple[State, str | float | None] | Fault:
    """The state and the value that `raw` means, or what is wrong with it, in words that do not repeat it."""
    if question not in engine.checklist.by_id:
        hint = did_you_mean(question[:_LONGEST], engine.checklist.by_id)
        return Fault(question[:_LONGEST], "The checklist has no such question.", hint)
    if not short(raw):
        return Fault(question, "This is not an answer.", "Give a text, a number, or nothing.")
    reading = engine.features.normalise(question, raw)
    if reading.state == "answered" or reading.state == "declined":
        return reading.state, reading.value
    if reading.state == "not_asked":
        return "not_asked", None
    if reading.state == "not_applicable":
        what = "Whether a question is too early follows from the day on which the job ends."
        return Fault(question, what, "Correct that day, or leave the answer out.")
    return Fault(question, f"{reading.problem[:1].upper()}{reading.problem[1:]}", _hint(engine, question, reading))


def _hint(engine: Engine, name: str, reading: Any) -> str:
    question, areas = engine.checklist.question(name), engine.features.areas
    if reading.suggestion:
        near = reading.suggestion
        if question.kind == "area" and areas is not None:
            near = areas.by_code[near].name
        return f"Did you mean {near!r}?"
    if question.options:
        return f"Use one of {', '.join(option.id for option in question.options)}."
    return ""

"""What did the client answer? Each answer is kept at once; declined and not asked are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.casework.answers import Answer, State, answer_rows, kept, read_answer, too_early
from triage.casework.cases import case_of, changing, check_open
from triage.casework.drafts import Draft, draft_of
from triage.casework.service import Service
from triage.checklist import DECLINED, NOT_ASKED
from triage.engine import Engine
from triage.errors import AnswersError, ConflictError
from triage.faults import Fault
from triage.records.actor import Actor
from triage.records.database import Row, Work
from triage.records.plain import canonical, new_id
from triage.records.tables import answers, assessments
from triage.yamlfile import count

__all__ = [
    "DECLINED",
    "NOT_ASKED",
    "Answer",
    "Draft",
    "answers_of",
    "clear_answer",
    "draft",
    "save_answer",
    "save_answers",
    "stop_here",
]
_DECIDED = (
    "A decision has been recorded on these answers, so they stay as they are. Say that circumstances have changed, or "
    "take the decision back, and then change the answer."
)


def answers_of(service: Service, actor: Actor, assessment_id: str) -> dict[str, Answer]:
    """The answers of the present round by question; questions without an entry were not asked."""
    with service.database.read() as view:
        return kept(view, case_of(view, actor, assessment_id))


def save_answer(service: Service, actor: Actor, assessment_id: str, question: str, raw: object) -> Row:
    """Keep one answer; the one before it in this round gives way.

    Args:
        service: the service.
        actor: who saves it.
        assessment_id: whose answer.
        question: the id of the question.
        raw: an option id, a text that is exactly an answer after folding, an area, or a number; `DECLINED`; or
            `NOT_ASKED` (or nothing) where the question is passed over.

    Returns:
        The row of the answer, and "used": False where it is kept and not used, because it is too early for it.

    Raises:
        AnswersError: it is not an answer to this question; the fault names the question.
        ConflictError: a decision was recorded on these answers.
        CaseworkError: the assessment is closed.
    """
    return save_answers(service, actor, assessment_id, {question: raw})[0]


def save_answers(service: Service, actor: Actor, assessment_id: str, given: Mapping[str, object]) -> list[Row]:
    """Keep several answers at once, all or none (see `save_answer`); the rows come in the order given."""
    engine = service.engines.now
    read = _read(engine, given)
    with changing(service, actor, assessment_id, "answer_saved", questions=sorted(read)) as (work, row):
        check_open(row)
        if row["state"] == "decided":
            raise ConflictError(_DECIDED)
        work.about(row["id"], round=row["round"])
        before, early = answer_rows(work, row), too_early(engine, row, service.today)
        saved = [
            _put(service, actor, work, row, name, state, value, before.get(name))
            for name, (state, value) in read.items()
        ]
        if row["stopped"]:
            work.update(assessments, row["id"], {"stopped": False})
    return [{**item, "used": item["state"] != "answered" or item["question"] not in early} for item in saved]


def _read(engine: Engine, given: Mapping[str, object]) -> dict[str, tuple[State, str | float | None]]:
    read: dict[str, tuple[State, str | float | None]] = {}
    faults: list[Fault] = []
    for name, raw in given.items():
        found = read_answer(engine, name, raw)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            read[name] = found
    if faults:
        raise AnswersError(f"These answers cannot be kept as they stand: {count(faults)}.", faults)
    return read


def _put(
    service: Service,
    actor: Actor,
    work: Work,
    assessment: Row,
    question: str,
    state: State,
    value: str | float | None,
    before: Row | None,
) -> Row:
    said: dict[str, Any] = {"state": state, "value": None if value is None else canonical(value)}
    if before is not None and all(before[name] == new for name, new in said.items()):
        return before
    values = {**said, "at": service.now, "by": actor.account, "via": actor.via}
    if before is not None:
        return work.update(answers, before["id"], values)
    of = {"id": new_id(), "assessment": assessment["id"], "round": assessment["round"], "question": question}
    return work.insert(answers, {**of, **values})


def clear_answer(service: Service, actor: Actor, assessment_id: str, question: str) -> Row:
    """Take an answer back, as if the question had been passed over."""
    return save_answer(service, actor, assessment_id, question, NOT_ASKED)


def draft(service: Service, actor: Actor, assessment_id: str) -> Draft:
    """How far the interview is, and what to ask next."""
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
        known = kept(view, row)
    return draft_of(service, row, known)


def stop_here(service: Service, actor: Actor, assessment_id: str) -> Row:
    """The adviser stops the interview. That is possible at any time; another answer takes it up again."""
    with changing(service, actor, assessment_id, "assessment_changed", stopped=True) as (work, row):
        check_open(row)
        return row if row["stopped"] else work.update(assessments, row["id"], {"stopped": True})

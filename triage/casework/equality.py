"""Is support offered alike to people of every background? Answers that are kept apart, and counts of them.

A client may answer after a decision. The answers are kept under a digest of the assessment that nobody can make without
the key outside the database, with the month and no time. The assessment knows only whether somebody answered. The event
in the audit trail names neither the client nor the adviser; but it has a time, and whoever has the whole database can
guess from what stands beside it. So nobody gets at these answers but through this module.

Counts change only when enough people are new, so that two looks at them do not tell what the person between them said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from triage.casework.cases import case_of, changing, require
from triage.casework.equality_questions import EqualityQuestion, EqualityQuestions, load_equality
from triage.casework.service import Service
from triage.casework.suppression import TOTAL, hidden, hidden_parts
from triage.checklist.schema import DECLINED
from triage.errors import CaseworkError
from triage.faults import Fault
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import canonical, parsed
from triage.records.tables import assessments, decisions, equality

#: Counts below it are hidden, and so many people must be new before counts change.
LEAST = 10
#: What an assessment knows: nobody asked yet, the client answered, or would not.
ANSWERED, WOULD_NOT = "answered", "declined"
_PURPOSE = "equality"
_NOT_NOW = "These questions are asked once, after a decision, and never of an invented client."
_NOTHING = "Choose an answer to one question at least, or say that the client does not want to answer."


@dataclass(frozen=True)
class Table:
    """How many people of each group there are, in all and by the band that was decided first.

    Attributes:
        label: what the groups are about.
        columns: the names of the bands; empty where only the whole may be shown.
        rows: each group with its counts by band and in all; None for a hidden count.
    """

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...], int | None], ...]

    @property
    def shows(self) -> bool:
        """False where every count is hidden."""
        return any(count is not None for _, cells, total in self.rows for count in (*cells, total))


@dataclass(frozen=True)
class Counts:
    """What may be told of the answers.

    Attributes:
        people: how many are counted; 0 while there are fewer than `LEAST`.
        until: the last month that is counted, such as "2026-10"; empty for none.
        tables: one for each question.
    """

    people: int
    until: str
    tables: tuple[Table, ...]


def may_ask(row: Row) -> bool:
    """True where the questions can be asked about this assessment now."""
    return row["state"] == "decided" and not row["practice"] and not row["monitoring"]


def record(service: Service, actor: Actor, assessment_id: str, given: Mapping[str, str]) -> None:
    """Keep what a client answered, apart from everything else.

    Args:
        service: the service.
        actor: who asks.
        assessment_id: whose decision it was.
        given: option ids, or "declined", by question.

    Raises:
        CaseworkError: nothing was chosen, an answer is none of the options, or the questions cannot be asked now.
    """
    questions = load_equality(service.engines.now.checklist.folder)
    answers = _checked(questions, given)
    if set(answers.values()) <= {DECLINED}:
        decline(service, actor, assessment_id)
        return
    row = _open(service, actor, assessment_id)
    key = service.database.keys.digest(_PURPOSE, assessment_id)
    with service.database.write(Event(SYSTEM, "equality_recorded", office=row["office"])) as work:
        # A second click, or one after a power cut between the two steps, finds the answers there.
        if work.find(equality, key) is None:
            data = canonical({"version": questions.version, "answers": answers})
            work.insert(equality, {"id": key, "office": row["office"], "month": _month(service), "data": data})
    _note(service, actor, assessment_id, ANSWERED)


def decline(service: Service, actor: Actor, assessment_id: str) -> None:
    """Note that the client does not want to answer; nothing else is kept.

    Raises:
        CaseworkError: the questions cannot be asked now.
    """
    _open(service, actor, assessment_id)
    _note(service, actor, assessment_id, WOULD_NOT)


def counts(service: Service, actor: Actor) -> Counts:
    """The answers of whole months as counts, for managers and analysts.

    Raises:
        AccessError: the actor is neither.
    """
    require(actor, "manager", "analyst")
    questions = load_equality(service.engines.now.checklist.folder)
    with service.database.read() as view:
        rows = _settled(view.all(sa.select(equality).where(equality.c.month < _month(service))))
        bands = _first_bands(service, view) if rows else {}
    known = [(parsed(row["data"])["answers"], bands[row["id"]]) for row in rows if row["id"] in bands]
    if len(known) < LEAST:
        return Counts(0, "", ())
    names = {band.id: band.name for band in service.engines.now.cutoffs.bands}
    tables = tuple(_table(question, questions.declined, known, names) for question in questions.questions)
    return Counts(len(known), max(row["month"] for row in rows), tables)


def groups_of(service: Service) -> Callable[[str], Mapping[str, str]]:
    """Gives the groups of a client by question, for tables of fairness in learning; empty where nothing is known.

    A group of fewer than `LEAST` people is left out: in a file of single clients it would say who they are.
    """
    questions = load_equality(service.engines.now.checklist.folder)
    with service.database.read() as view:
        rows = view.all(sa.select(equality))
    found = {row["id"]: _groups(questions, parsed(row["data"])["answers"]) for row in rows}
    sizes = Counter(item for groups in found.values() for item in groups.items())

    def groups(assessment_id: str) -> Mapping[str, str]:
        mine = found.get(service.database.keys.digest(_PURPOSE, assessment_id), {})
        return {name: group for name, group in mine.items() if sizes[name, group] >= LEAST}

    return groups


def _groups(questions: EqualityQuestions, answers: Mapping[str, str]) -> dict[str, str]:
    return {
        question.id: question.group_of[answers[question.id]]
        for question in questions.questions
        if answers.get(question.id) in question.group_of
    }


def _checked(questions: EqualityQuestions, given: Mapping[str, str]) -> dict[str, str]:
    faults = []
    for name, value in given.items():
        question = questions.by_id.get(name)
        if question is None or value not in (*question.group_of, DECLINED):
            faults.append(Fault(name, "Choose one of the answers."))
    if not given:
        faults.append(Fault(questions.questions[0].id, _NOTHING))
    if faults:
        raise CaseworkError(faults[0].what, faults)
    return dict(given)


def _open(service: Service, actor: Actor, assessment_id: str) -> Row:
    require(actor, "adviser", "manager")
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
    if not may_ask(row):
        raise CaseworkError(_NOT_NOW)
    return row


def _note(service: Service, actor: Actor, assessment_id: str, said: str) -> None:
    with changing(service, actor, assessment_id, "assessment_changed") as (work, row):
        work.update(assessments, row["id"], {"monitoring": said})


def _month(service: Service) -> str:
    return service.today.isoformat()[:7]


def _settled(rows: Iterable[Row]) -> list[Row]:
    """The answers of the months so far, up to the last month after which enough people were new."""
    months: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        months[row["month"]].append(row)
    settled: list[Row] = []
    waiting: list[Row] = []
    for month in sorted(months):
        waiting += months[month]
        if len(waiting) >= LEAST:
            settled, waiting = settled + waiting, []
    return settled


def _first_bands(service: Service, view: View) -> dict[str, str]:
    """The band that was decided first, which never changes, by the digest that the answers are kept under."""
    query = sa.select(decisions.c.assessment, decisions.c.band).where(
        decisions.c.state.in_(("confirmed", "overridden"))
    )
    found: dict[str, str] = {}
    for row in view.all(query.order_by(decisions.c.number)):
        found.setdefault(row["assessment"], row["band"])
    return {service.database.keys.digest(_PURPOSE, name): band for name, band in found.items()}


def _table(
    question: EqualityQuestion, declined: str, known: list[tuple[dict[str, str], str]], names: Mapping[str, str]
) -> Table:
    """The counts of one question, with what must not be told hidden."""
    bands = [*names, *sorted({band for _, band in known} - set(names))]
    table = {group: dict.fromkeys(bands, 0) for group in (*question.groups, declined)}
    for answers, band in known:
        table[question.group_of.get(answers.get(question.id, DECLINED), declined)][band] += 1
    totals = {group: sum(row.values()) for group, row in table.items()}
    if min(sum(row[band] for row in table.values()) for band in bands) < LEAST:
        # A band with so few people could be worked out from the others.
        bands, gaps = [], frozenset((group, TOTAL) for group in hidden_parts(totals, LEAST))
    else:
        gaps = hidden(table, LEAST)

    def told(group: str, column: str, count: int) -> int | None:
        return None if (group, column) in gaps else count

    rows = (
        (group, tuple(told(group, band, table[group][band]) for band in bands), told(group, TOTAL, total))
        for group, total in totals.items()
    )
    return Table(question.label, tuple(names.get(band, band) for band in bands), tuple(rows))

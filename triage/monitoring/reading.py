"""What did the service record: who was scored, when, from which answers, and what did a person decide?

Invented clients are left out, and of clients who object everything. Nobody's name or reference is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from triage.casework.cases import require
from triage.casework.figures_facts import TAKEN
from triage.casework.offices import office_names
from triage.casework.rebuilding import data_of
from triage.casework.service import Service
from triage.casework.standing import set_aside
from triage.engine import Engine
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY, NOT_ASKED
from triage.errors import CaseworkError
from triage.evaluation.figures import Progress
from triage.monitoring.periods import Period, Unit, beginning, period_of, periods_between
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import when
from triage.records.tables import assessments, decisions, scores

Array = NDArray[np.float64]
#: Scores of people who want work.
_COUNT = ("proposed", "not_enough_answers")
#: How often progress is told.
_EACH = 500


@dataclass(frozen=True, eq=False)
class Recorded:
    """The last score of each client in each period, n rows in all.

    Attributes:
        inputs: [n, inputs] grid values, NaN where missing.
        states: [n, questions] int8, as in `triage.engine.columns.Columns`.
        logit: [n] the log-odds that were recorded.
        band: [n] the band that was proposed, "" for none.
        own: [n] True where the model and the checklist of the record are those in force.
        cutoffs: [n] the version of the cut-offs.
        period: [n] places in `periods`.
        office: [n] ids of offices.
        last: [n] True for the last row of each client.
    """

    inputs: Array
    states: NDArray[np.int8]
    logit: Array
    band: NDArray[np.object_]
    own: NDArray[np.bool_]
    cutoffs: NDArray[np.object_]
    period: NDArray[np.intp]
    office: NDArray[np.object_]
    last: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.logit)


@dataclass(frozen=True, eq=False)
class Records:
    """Everything that is read of the records.

    Attributes:
        periods: every period looked at, in order.
        since, until: the first and the last day.
        people: the scores.
        taken: decisions by which a person answered a proposal, each with its "case_office" and "period".
        offices: names by id.
        left_out: how many clients were scored and are not counted because they had a job to go to.
    """

    periods: tuple[Period, ...]
    since: date
    until: date
    people: Recorded
    taken: Sequence[Row]
    offices: Mapping[str, str]
    left_out: int


def read_records(
    service: Service, actor: Actor, unit: Unit, since: date | None, until: date | None, progress: Progress | None = None
) -> Records:
    """What the service recorded from `since` to `until`; the whole time up to today where they are None.

    The audit trail names the reader.

    Raises:
        AccessError: the actor is neither an analyst nor a manager.
        CaseworkError: nobody was scored in that time.
    """
    require(actor, "analyst", "manager")
    last = until or service.today
    with service.database.read() as view:
        aside = _aside(view)
        found = [row for row in _scores(view, since, last) if row["id"] not in aside]
        taken = [row for row in _taken(view, since, last) if row["score"] not in aside]
    if not any(row["status"] in _COUNT for row in found):
        raise CaseworkError(f"Nothing can be watched yet: nobody was scored {_between(since, last)}.")
    days = [_day(row["at"]) for row in found]
    periods = periods_between(since or min(days), last, unit)
    places = {period: place for place, period in enumerate(periods)}
    spot = [places[period_of(day, unit)] for day in days]
    kept, left_out = _last_of_each(found, spot)
    people = _recorded(service.engines.now, [found[k] for k in kept], np.array([spot[k] for k in kept]), progress)
    decided = [{**row, "period": places[period_of(_day(row["at"]), unit)]} for row in taken]
    _note(service, actor, len(people))
    return Records(periods, since or min(days), last, people, decided, office_names(service), left_out)


def _between(since: date | None, last: date) -> str:
    return f"from {since.isoformat()} to {last.isoformat()}" if since else f"up to {last.isoformat()}"


def _note(service: Service, actor: Actor, rows: int) -> None:
    """Figures leave the service, so the trail says who took them. No record is touched."""
    with service.database.write(Event(actor, "exported", detail={"what": "monitoring", "rows": rows}, note=True)):
        pass


def _within(column: Any, since: date | None, last: date) -> list[Any]:
    found = [column < beginning(last + timedelta(days=1))]
    return [*found, column >= beginning(since)] if since else found


def _counted() -> list[Any]:
    return [assessments.c.practice.is_(False), assessments.c.state != "objected"]


def _scores(view: View, since: date | None, last: date) -> list[Row]:
    """Scores of clients who do not object, the first first."""
    wanted = (
        "id", "assessment", "number", "status", "band", "model", "checklist", "cutoffs", "data", "at",
    )  # fmt: skip
    query = (
        sa.select(*(scores.c[name] for name in wanted), assessments.c.office.label("case_office"))
        .join(assessments, assessments.c.id == scores.c.assessment)
        .where(*_counted(), *_within(scores.c.at, since, last))
    )
    return view.all(query.order_by(scores.c.at, scores.c.id))


def _aside(view: View) -> set[str]:
    """Scores that an objection set aside: they count no more when the client comes back, nor do decisions on them."""
    objected: defaultdict[str, list[Row]] = defaultdict(list)
    for row in view.all(sa.select(decisions).where(decisions.c.action == "object")):
        objected[row["assessment"]].append(row)
    if not objected:
        return set()
    theirs: defaultdict[str, list[Row]] = defaultdict(list)
    for row in view.all(
        sa.select(scores.c.id, scores.c.assessment, scores.c.number).where(scores.c.assessment.in_(sorted(objected)))
    ):
        theirs[row["assessment"]].append(row)
    return set[str]().union(*(set_aside(objected[name], rows) for name, rows in theirs.items()))


def _taken(view: View, since: date | None, last: date) -> list[Row]:
    """Decisions that answered a proposal, of clients who do not object."""
    wanted = ("assessment", "score", "action", "proposed_band", "band", "reason", "at")
    query = (
        sa.select(*(decisions.c[name] for name in wanted), assessments.c.office.label("case_office"))
        .join(assessments, assessments.c.id == decisions.c.assessment)
        .where(*_counted(), decisions.c.action.in_(TAKEN), *_within(decisions.c.at, since, last))
    )
    return view.all(query.order_by(decisions.c.at, decisions.c.id))


def _day(at: str) -> date:
    return when(at).astimezone().date()


def _last_of_each(found: Sequence[Row], spot: Sequence[int]) -> tuple[list[int], int]:
    """The places of each client's last score in each period; and how many clients had a job to go to."""
    latest: dict[tuple[str, int], int] = {}
    for place, row in enumerate(found):
        latest[row["assessment"], spot[place]] = place
    kept = sorted(latest.values())
    counted = [place for place in kept if found[place]["status"] in _COUNT]
    everybody, those = ({found[place]["assessment"] for place in places} for places in (kept, counted))
    return counted, len(everybody - those)


def _recorded(engine: Engine, rows: Sequence[Row], period: NDArray[np.intp], progress: Progress | None) -> Recorded:
    encoder = _Encoder(engine)
    inputs, states, logits = [], [], []
    for done, row in enumerate(rows):
        data = data_of(row)
        values, codes = encoder(data, row["checklist"])
        inputs.append(values)
        states.append(codes)
        logits.append(data["logit"])
        if progress is not None and done % _EACH == 0:
            progress(done, len(rows))
    now, width = engine.versions, len(engine.features.inputs)
    latest = {row["assessment"]: place for place, row in enumerate(rows)}
    last = np.zeros(len(rows), dtype=np.bool_)
    last[list(latest.values())] = True
    return Recorded(
        np.array(inputs, dtype=np.float64).reshape(len(rows), width),
        np.array(states, dtype=np.int8).reshape(len(rows), len(engine.checklist.questions)),
        np.array(logits, dtype=np.float64),
        np.array([row["band"] or "" for row in rows], dtype=object),
        np.array([(row["model"], row["checklist"]) == (now.model, now.checklist) for row in rows], dtype=np.bool_),
        np.array([row["cutoffs"] for row in rows], dtype=object),
        period.astype(np.intp),
        np.array([row["case_office"] for row in rows], dtype=object),
        last,
    )


class _Encoder:
    """Grid values and states of the answers that were scored, as the features in force read them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._names = [question.id for question in engine.checklist.questions]

    def __call__(self, data: Mapping[str, Any], checklist: str) -> tuple[Sequence[float | None], list[int]]:
        if checklist == self._engine.versions.checklist:
            return data["inputs"], [self._state(name, data, True) for name in self._names]
        return self._again(data)

    def _again(self, data: Mapping[str, Any]) -> tuple[Sequence[float | None], list[int]]:
        """Answers to another checklist: those that the one in force has as well."""
        features = self._engine.features
        inputs: list[float | None] = [None] * len(features.inputs)
        states = []
        for name in self._names:
            answer = data["answers"].get(name)
            known = answer is not None and features.normalise(name, answer).state == "answered"
            states.append(self._state(name, data, known))
            if known:
                for item in features.inputs_of[name]:
                    inputs[item.place] = item.value(answer)
        return inputs, states

    @staticmethod
    def _state(name: str, data: Mapping[str, Any], known: bool) -> int:
        if known and name in data["answers"]:
            return ANSWERED
        return DECLINED if name in data["declined"] else EARLY if name in data["not_applicable"] else NOT_ASKED

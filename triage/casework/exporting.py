"""How do the outcomes of casework become a file that a model can learn from? Without anybody's identity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from triage.casework.cases import context_of, require
from triage.casework.rebuilding import data_of
from triage.casework.service import Service
from triage.casework.standing import Standing, set_aside
from triage.checklist import JOB_ENDS
from triage.engine import Engine
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY, NOT_ASKED
from triage.errors import CaseworkError
from triage.outcomes import Outcomes
from triage.outcomes.kinds import PLACES
from triage.outcomes.layout import NOTES
from triage.outcomes.write import write_outcomes
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import when
from triage.records.tables import action_steps, actions, assessments, decisions, outcomes, scores

#: Further columns for the fairness tables, by assessment id; an empty mapping for nobody's.
Groups = Callable[[str], Mapping[str, str]]
#: Scores whose figures are about somebody who wants work.
_COUNT = ("proposed", "not_enough_answers")
#: Support that was received at all.
_BEGUN = ("started", "finished")
_NOTHING = "Nothing can be exported yet: no client with a score has an outcome that counts."


@dataclass(frozen=True)
class Exported:
    """What an export came to.

    Attributes:
        path: the file.
        rows: how many clients it holds.
        left_out: how many clients with an outcome it does not hold, by the reason: "practice", "objected",
            "no_score" (none before the outcome was known), "did_not_want_work", "unknown_outcome".
    """

    path: Path
    rows: int
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Client:
    """One client of whom something is known, with everything that a row of the file is made of."""

    standing: Standing
    scores: Sequence[Row]
    told: Sequence[Row]
    begun: Sequence[Row]

    @property
    def id(self) -> str:
        """The id of the assessment."""
        return str(self.standing.assessment["id"])


@dataclass(frozen=True)
class Chosen:
    """A row of the file: the client, the score and the outcome that count, and the day the job ended if known."""

    client: Client
    score: Row
    outcome: Row
    ended: date | None

    @property
    def received(self) -> list[Row]:
        """Support that had begun when the outcome was known, the first first."""
        known_on = date.fromisoformat(self.outcome["known_on"])
        return [row for row in self.client.begun if _day(row) <= known_on]


def export(service: Service, actor: Actor, path: str | Path, *, groups: Groups | None = None) -> Exported:
    """Write the outcomes of all offices as a file of the learning contract: CSV, XLSX or Parquet by its ending.

    One row a client: a keyed digest in place of the reference, the answers of the last score before the outcome was
    known, the band proposed and decided, the support received, and the model. Invented clients and those who object
    are left out.

    Raises:
        AccessError: the actor is neither an analyst nor a manager.
        CaseworkError: there is nothing to export.
        OutcomesError: the file cannot be written.
    """
    require(actor, "analyst", "manager")
    with service.database.read() as view:
        clients = clients_with_outcomes(service, view)
    left_out: Counter[str] = Counter()
    rows: list[Chosen] = []
    for client in clients:
        chosen = chosen_of(service, client)
        if isinstance(chosen, str):
            left_out[chosen] += 1
        else:
            rows.append(chosen)
    if not rows:
        raise CaseworkError(_NOTHING)
    engine = service.engines.now
    write_outcomes(path, outcomes_of(service, engine, rows, groups), engine.features)
    done = Exported(Path(path), len(rows), dict(sorted(left_out.items())))
    detail = {"what": "outcomes", "rows": done.rows, "left_out": done.left_out}
    with service.database.write(Event(actor, "exported", detail=detail, note=True)):
        pass
    return done


def clients_with_outcomes(service: Service, view: View, api_key: str = "") -> list[Client]:
    """Everybody with an outcome, in the order of their digests, which says nothing; or those of one partner's key."""
    counting = sa.select(outcomes.c.assessment).where(outcomes.c.taken_back_at.is_(None))
    if api_key:
        counting = counting.join(assessments).where(assessments.c.api_key == api_key)
    found = view.all(sa.select(assessments).where(assessments.c.id.in_(counting)))
    counts = sa.select(outcomes).where(outcomes.c.taken_back_at.is_(None), outcomes.c.assessment.in_(counting))
    told = _by_assessment(view, counts, "known_on")
    scored = _by_assessment(view, sa.select(scores).where(scores.c.assessment.in_(counting)), "number")
    decided = _by_assessment(view, sa.select(decisions).where(decisions.c.assessment.in_(counting)), "number")
    begun = _by_assessment(
        view,
        sa.select(actions.c.assessment, actions.c.service, action_steps.c.state, action_steps.c.at)
        .join(actions, action_steps.c.action == actions.c.id)
        .where(actions.c.assessment.in_(counting), action_steps.c.state.in_(_BEGUN)),
        "at",
    )
    clients = []
    for row in sorted(found, key=lambda item: client_digest(service, item["id"])):
        name = row["id"]
        standing = Standing(row, scored[name][-1] if scored[name] else None, decided[name])
        clients.append(Client(standing, scored[name], told[name], begun[name]))
    return clients


def _by_assessment(view: View, query: sa.Select[Any], order: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(view.all(query), key=lambda item: item[order]):
        found[row["assessment"]].append(row)
    return found


def client_digest(service: Service, assessment_id: str) -> str:
    """An id that says nothing, and that nobody can work out without the installation's key."""
    return service.database.keys.digest("outcomes", assessment_id)


def picked(service: Service, told: Sequence[Row]) -> Row | None:
    """Of what is known of one client, what the learning contract asks for.

    The first return to work; else the first other end of the search; else when they were last heard of, and of the
    same weeks what was known last. None where the kinds in use know none of it.
    """
    kinds = service.kinds.by_id
    for place in ("back", "competing"):
        ends = [row for row in told if row["kind"] in kinds and kinds[row["kind"]].place == place]
        if ends:
            return min(ends, key=lambda row: row["weeks"])
    heard = [row for row in told if row["kind"] in kinds]
    return max(heard, key=lambda row: (row["weeks"], row["known_on"], row["at"]), default=None)


def chosen_of(service: Service, client: Client) -> Chosen | str:
    """The row of a client, with the last score before the outcome was known; or why there is none."""
    standing = client.standing
    if standing.assessment["practice"]:
        return "practice"
    if standing.objects:
        return "objected"
    outcome = picked(service, client.told)
    if outcome is None:
        return "unknown_outcome"
    aside = set_aside(standing.rows, client.scores)
    usable = [row for row in client.scores if row["id"] not in aside and row["scored_on"] <= outcome["known_on"]]
    if not usable:
        return "no_score"
    if usable[-1]["status"] not in _COUNT:
        return "did_not_want_work"
    ends = context_of(standing.assessment).get(JOB_ENDS)
    day = date.fromisoformat(ends) if ends else None
    return Chosen(client, usable[-1], outcome, day if day is not None and day <= service.today else None)


def outcomes_of(service: Service, engine: Engine, rows: Sequence[Chosen], groups: Groups | None) -> Outcomes:
    """These rows as outcomes in memory."""
    answers = [_encoded(engine, data_of(row.score)) for row in rows]
    kinds = [row.outcome["kind"] for row in rows]
    notes = [_notes(row) for row in rows]
    told = [groups(row.client.id) if groups else {} for row in rows]
    return Outcomes(
        client=_texts([client_digest(service, row.client.id) for row in rows]),
        inputs=np.array([inputs for inputs, _ in answers], dtype=np.float64),
        states=np.array([states for _, states in answers], dtype=np.int8),
        weeks=np.array([row.outcome["weeks"] for row in rows], dtype=np.float64),
        kind=_texts(kinds),
        place=np.array([PLACES[service.kinds.by_id[kind].place] for kind in kinds], dtype=np.int8),
        weight=np.ones(len(rows)),
        date=np.array([row.ended.isoformat() if row.ended else "NaT" for row in rows], dtype="datetime64[D]"),
        groups={name: _texts([cells.get(name, "") for cells in told]) for name in sorted(set[str]().union(*told))},
        notes={name: _texts([cells[name] for cells in notes]) for name in NOTES},
        support_start=np.array([_support_start(row) for row in rows]),
    )


def _texts(cells: Sequence[str]) -> NDArray[np.object_]:
    found = np.empty(len(cells), dtype=object)
    found[:] = cells
    return found


def _encoded(engine: Engine, data: Mapping[str, Any]) -> tuple[list[float], list[int]]:
    """Grid values and states of the answers that were scored, as the features in force read them."""
    inputs, states = [np.nan] * len(engine.features.inputs), []
    versions, now = data["versions"], engine.versions
    # The same model on the same checklist saw the same values: nothing needs to be read again.
    same = (versions["model"], versions["checklist"]) == (now.model, now.checklist)
    for question in engine.checklist.questions:
        name = question.id
        state = DECLINED if name in data["declined"] else EARLY if name in data["not_applicable"] else NOT_ASKED
        if name in data["answers"] and same:
            state = ANSWERED
            for item in engine.features.inputs_of[name]:
                value = data["inputs"][item.place]
                inputs[item.place] = np.nan if value is None else value
        elif name in data["answers"] and engine.features.normalise(name, data["answers"][name]).state == "answered":
            state = ANSWERED
            for item in engine.features.inputs_of[name]:
                inputs[item.place] = item.value(data["answers"][name])
        states.append(state)
    return inputs, states


def _notes(row: Chosen) -> dict[str, str]:
    return {
        "band_proposed": row.score["band"] or "",
        "band_decided": row.client.standing.band or "",
        "support": "; ".join(sorted({step["service"] for step in row.received})),
        "model": row.score["model"],
    }


def _day(step: Row) -> date:
    return when(step["at"]).astimezone().date()


def _support_start(row: Chosen) -> float:
    """Weeks from the end of the job until support began, to a tenth; NaN where either is not known."""
    if row.ended is None or not row.received:
        return float("nan")
    return round((_day(row.received[0]) - row.ended) / timedelta(weeks=1), 1)

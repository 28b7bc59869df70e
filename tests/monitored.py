"""Records of many clients at once, for the tests of monitoring: scored by the engine, decided, and heard of again.

They are written in one transaction, as the service would have written them one by one. The people are simulated.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.casework import BEGIN, Desk, make_desk
from triage.checklist import Checklist
from triage.content import content_root
from triage.decisions import By, Decision
from triage.decisions import Desk as Deciding
from triage.engine import Engine, Score
from triage.features import Features
from triage.outcomes.write import frame_of
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database, Row
from triage.records.keys import Keys
from triage.records.plain import canonical, moment, new_id, new_reference
from triage.records.tables import assessments, decisions, outcomes, scores
from triage.simulation import Settings, World, simulate

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Client:
    """One client of the records.

    Attributes:
        answers: as `Engine.score` takes them.
        at: when the score was worked out.
        office: a place among the offices of the desk.
        way: "same", "more" or "less" support was decided than proposed; "" for no decision.
        reason: of a change.
        outcome: kind and weeks; None where nothing is known.
        practice: an invented client.
        objected: the client objects.
    """

    answers: Answers
    at: datetime = BEGIN
    office: int = 0
    way: str = ""
    reason: str = "other"
    outcome: tuple[str, int] | None = None
    practice: bool = False
    objected: bool = False


@cache
def people(number: int, seed: str = "monitored", strength: float = 1.0) -> tuple[Client, ...]:
    """Simulated people with their outcomes, all at the beginning and in the first office."""
    features = Features.load(Checklist.load())
    world = World.of(content_root() / "models" / "recipes" / "evidence.yaml", features, Settings(strength=strength))
    found = simulate(number, seed, world).outcomes
    names = [question.id for question in features.checklist.questions]
    rows = frame_of(found, features).select([*names, "outcome", "weeks"]).to_dicts()
    return tuple(
        Client(
            {name: row[name] for name in names if row[name] is not None}, outcome=(row["outcome"], int(row["weeks"]))
        )
        for row in rows
    )


def over_months(clients: Sequence[Client], months: int, begin: datetime = BEGIN) -> list[Client]:
    """The same people, spread evenly over so many months of 28 days, and over the two offices."""
    return [
        replace(client, at=begin + timedelta(days=28 * (place * months // len(clients))), office=place % 2)
        for place, client in enumerate(clients)
    ]


def changed(clients: Iterable[Client], change: Callable[[Client], Client], since: datetime) -> list[Client]:
    """Something about the people from a day on."""
    return [change(client) if client.at >= since else client for client in clients]


def answer(name: str, value: Any) -> Callable[[Client], Client]:
    """Everybody gives this answer; None for none."""

    def change(client: Client) -> Client:
        rest = {key: given for key, given in client.answers.items() if key != name}
        return replace(client, answers=rest if value is None else {**rest, name: value})

    return change


@contextmanager
def own_desk(folder: Path, template: Path, engine: Engine) -> Iterator[Desk]:
    """A desk on SQLite of its own, for tests that share one because they only read."""
    path = folder / "records.sqlite"
    shutil.copy(template, path)
    database = Database.open(f"sqlite:///{path}", Keys.load(folder / "keys", make=True))
    yield make_desk(database, engine)
    database.close()


def fill(desk: Desk, clients: Iterable[Client]) -> None:
    """Write these clients into the records of the desk."""
    service = desk.service
    engine = service.engines.now
    offices = (desk["adviser"].office, desk["other_adviser"].office)
    deciding = Deciding(engine.cutoffs, service.reasons)
    rows: dict[str, list[Row]] = {"assessments": [], "scores": [], "decisions": [], "outcomes": []}
    for client in clients:
        made = engine.score(client.answers, on=client.at.date())
        case = _case(client, offices[client.office])
        score = _score(case, client, made, engine)
        rows["assessments"].append(case)
        rows["scores"].append(score)
        if client.objected or (client.way and made.band is not None):
            rows["decisions"].append(_decision(deciding, client, case, score, made))
        if client.outcome is not None:
            rows["outcomes"].append(_outcome(client, case))
    with service.database.write(Event(SYSTEM, "assessment_started")) as work:
        for table in (assessments, scores, decisions, outcomes):
            work.insert_many(table, rows[table.name])


def _case(client: Client, office: str) -> Row:
    at = moment(client.at)
    return {
        "id": new_id(), "reference": new_reference(), "client_reference": "", "office": office, "adviser": "somebody",
        "state": "objected" if client.objected else "scored", "practice": client.practice, "held": "in_person",
        "interpreter": False, "language": "", "context": "{}", "round": 1, "stopped": False, "monitoring": "",
        "started_at": at, "scored_at": at, "closed_why": "", "version": 1,
    }  # fmt: skip


def _score(case: Row, client: Client, made: Score, engine: Engine) -> Row:
    versions, day = engine.versions, client.at.date()
    return {
        "id": new_id(), "assessment": case["id"], "round": 1, "number": 1, "status": made.status, "band": made.band,
        "model": versions.model, "checklist": versions.checklist, "cutoffs": versions.cutoffs,
        "scored_on": day.isoformat(), "valid_until": (day + timedelta(days=90)).isoformat(),
        "data": canonical(made.to_dict()), "at": moment(client.at), "by": "somebody",
    }  # fmt: skip


def _decision(deciding: Deciding, client: Client, case: Row, score: Row, made: Score) -> Row:
    record = _record(deciding, client, made)
    return {
        "id": new_id(), "assessment": case["id"], "score": score["id"], "number": 1, "action": record.action,
        "state": record.state, "proposed_band": record.proposed_band, "band": record.band, "reason": record.reason,
        "by": "somebody", "at": moment(client.at), "record": record.to_json(),
    }  # fmt: skip


def _record(deciding: Deciding, client: Client, made: Score) -> Decision:
    bands = [band.id for band in deciding.cutoffs.bands]
    by = By("Test adviser", client.at)
    if client.objected:
        return deciding.object(by)
    place = bands.index(str(made.band)) + {"same": 0, "more": 1, "less": -1}[client.way]
    if client.way == "same" or not 0 <= place < len(bands):
        return deciding.confirm(made, by)
    return deciding.override(made, bands[place], client.reason, by, (), "It fits better.")


def _outcome(client: Client, case: Row) -> Row:
    assert client.outcome is not None
    kind, weeks = client.outcome
    return {
        "id": new_id(), "assessment": case["id"], "kind": kind, "weeks": weeks, "source": "survey", "by": "somebody",
        "known_on": (client.at + timedelta(weeks=60)).date().isoformat(), "at": moment(client.at),
    }  # fmt: skip

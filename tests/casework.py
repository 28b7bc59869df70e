"""Casework on both databases: a service with two offices, people of every role, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle.release import release_evidence
from triage.casework import assessments, deciding, interview, scoring
from triage.casework.service import Service, make_service
from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features
from triage.records.actor import SYSTEM, Actor, Role
from triage.records.audit import Event
from triage.records.database import Database, Row
from triage.records.plain import new_id, now
from triage.records.tables import accounts, api_keys, offices

#: The day on which the tests begin: a Monday.
BEGIN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
#: Answers of somebody who gets a band, in the words of the shipped checklist.
ANSWERS: Mapping[str, object] = {
    "qualifications": "scqf_5",
    "driving_licence": "full_clean",
    "age": 57,
    "household": "no_other_adult",
    "area": "Falkirk",
    "confidence": "not_very_confident",
}
LEFT: Mapping[str, object] = {"redundancy_status": "left", "job_ends": "2026-01-05"}
_NUMBERS = count(1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        """Go forward, for instance `days=3`."""
        self.time += timedelta(**by)


@dataclass
class Desk:
    """A service with everything that a test of casework needs.

    Attributes:
        people: actors by what they are: adviser, second_adviser, manager, analyst, administrator and partner in the
            first office; other_adviser and other_manager in the second.
    """

    service: Service
    clock: Clock
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Actor:
        return self.people[who]

    def opened(self, who: str = "adviser", **more: Any) -> Row:
        """A new assessment."""
        return assessments.start(self.service, self[who], **{"held": "in_person", "context": LEFT, **more})

    def answered(self, who: str = "adviser", given: Mapping[str, object] = ANSWERS, **more: Any) -> Row:
        """A new assessment with answers."""
        row = self.opened(who, **more)
        interview.save_answers(self.service, self[who], row["id"], given)
        return row

    def scored(self, who: str = "adviser", **more: Any) -> tuple[Row, Row]:
        """A new assessment with answers, and its score."""
        row = self.answered(who, **more)
        score = scoring.score(self.service, self[who], row["id"])
        return self.row(row), score

    def decided(self, who: str = "adviser", **more: Any) -> tuple[Row, Row, Row]:
        """A new assessment with a score that was confirmed, and the row of the decision."""
        row, score = self.scored(who, **more)
        decision = deciding.confirm(self.service, self[who], row["id"], score_id=score["id"])
        return self.row(row), score, decision

    def row(self, assessment: Row) -> Row:
        """An assessment as it is now."""
        return assessments.find(self.service, SYSTEM, assessment["id"])

    def form(self) -> str:
        """The id of a new form."""
        return f"form-{next(_NUMBERS)}"


def _person(database: Database, office: str | None, who: str, role: Role) -> Actor:
    row = {
        "id": new_id(), "username": who, "name": f"Test {who.replace('_', ' ')}", "role": role, "office": office,
        "active": True, "made_at": now(), "version": 1,
    }  # fmt: skip
    with database.write(Event(SYSTEM, "account_made")) as work:
        work.insert(accounts, row)
    return Actor(row["id"], row["name"], role, office or "")


def _partner(database: Database, office: str, maker: Actor) -> Actor:
    row = {
        "id": new_id(), "digest": new_id(), "prefix": "ltu_", "name": "Partner's app", "scopes": "[]",
        "controller": "A partner", "purpose": "Support", "agreement": "2026-1", "conditionality": False,
        "office": office, "made_by": maker.account, "made_at": now(), "ends_on": "2027-03-01",
    }  # fmt: skip
    with database.write(Event(SYSTEM, "api_key_made")) as work:
        work.insert(api_keys, row)
    return Actor(row["id"], "Test partner", "partner", office, "api")


def make_desk(database: Database, engine: triage.Engine) -> Desk:
    """A desk on empty records."""
    clock = Clock()
    desk = Desk(make_service(database, engine, clock=clock), clock)
    made = []
    for name in ("Falkirk", "Fife"):
        office = {"id": new_id(), "name": name, "partnership": "Forth Valley", "made_at": now()}
        with database.write(Event(SYSTEM, "office_made")) as work:
            made.append(work.insert(offices, office)["id"])
    staff: tuple[tuple[str, Role, str | None], ...] = (
        ("adviser", "adviser", made[0]), ("second_adviser", "adviser", made[0]), ("manager", "manager", made[0]),
        ("other_adviser", "adviser", made[1]), ("other_manager", "manager", made[1]),
        ("analyst", "analyst", None), ("administrator", "administrator", None),
    )  # fmt: skip
    for who, role, office_id in staff:
        desk.people[who] = _person(database, office_id, who, role)
    desk.people["partner"] = _partner(database, made[0], desk["administrator"])
    return desk


@pytest.fixture
def desk(database: Database, shipped_engine: triage.Engine) -> Desk:
    """A service with offices and people, on SQLite unless the test is marked with `both`."""
    return make_desk(database, shipped_engine)


@pytest.fixture
def service(desk: Desk) -> Service:
    """The service of `desk`."""
    return desk.service


@pytest.fixture
def clock(desk: Desk) -> Clock:
    """The clock of `desk`."""
    return desk.clock


@pytest.fixture(scope="session")
def other_cutoffs(tmp_path_factory: pytest.TempPathFactory) -> triage.Engine:
    """The engine that ships with cut-offs of another version."""
    path = tmp_path_factory.mktemp("cutoffs") / "cutoffs.yaml"
    shipped = content_root() / "models" / "cutoffs" / "default.yaml"
    path.write_text(
        shipped.read_text(encoding="utf-8").replace('version: "2026.1"', 'version: "2026.2"'), encoding="utf-8"
    )
    return triage.load(cutoffs=path)


@pytest.fixture(scope="session")
def small_engine(tmp_path_factory: pytest.TempPathFactory) -> triage.Engine:
    """The engine of another organisation: three questions, and nothing asked beside them."""
    folder = Folder(tmp_path_factory.mktemp("small")).write()
    release = release_evidence(folder / "recipe.yaml", Features.load(Checklist.load(folder)))
    release.write(folder / "bundle")
    return triage.load(folder / "bundle", checklist=folder, cutoffs=folder / "cutoffs.yaml")

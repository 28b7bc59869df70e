"""Installations for tests of what is saved and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.records_case import ADVISER
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.installation import Installation
from triage.records.tables import METADATA

#: Gives the address of an empty database.
New = Callable[[], str]


@pytest.fixture
def here(database_address: str, tmp_path: Path) -> Installation:
    """The installation whose database is the fixture `database`."""
    return Installation(tmp_path, database_address)


@pytest.fixture
def empty(database_address: str, tmp_path: Path, request: pytest.FixtureRequest) -> New:
    """Gives the address of an empty database of the same kind as the fixture `database`."""

    def new() -> str:
        if database_address.startswith("sqlite"):
            return f"sqlite:///{tmp_path}/restored/records.sqlite"
        return str(request.getfixturevalue("postgres").new())

    return new


def dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.read() as view:
        return {name: sorted(map(str, view.all(sa.select(table)))) for name, table in METADATA.tables.items()}


def note(database: Database) -> None:
    """One more event."""
    with database.write(Event(ADVISER, "signed_in", note=True)):
        pass


def opened(installation: Installation) -> Database:
    """The records of an installation that can be served."""
    database = installation.connect()
    assert installation.make_ready(database) == 0
    return database

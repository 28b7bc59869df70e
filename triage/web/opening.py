"""How does the service start? It opens the records, lets the first person in, and answers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI

import triage
from triage.casework import people
from triage.casework.service import Service, ServiceSettings, make_service
from triage.cutoffs.governed import check_governed
from triage.records.actor import SYSTEM, Role
from triage.records.database import Database
from triage.records.heads import HeadKeeper
from triage.records.keys import Keys
from triage.records.migrate import migrate
from triage.records.plain import today
from triage.records.revision import check_revision
from triage.records.tables import accounts
from triage.web.app import create_app
from triage.web.settings import load_settings, web_settings

#: The first office, and the first accounts: of a demonstration one of each role, else an administrator.
FIRST_OFFICE = "First office"
FIRST: tuple[tuple[str, str, Role], ...] = (("administrator", "First administrator", "administrator"),)
DEMONSTRATION: tuple[tuple[str, str, Role], ...] = (
    ("adviser", "Demonstration adviser", "adviser"),
    ("manager", "Demonstration manager", "manager"),
    ("analyst", "Demonstration analyst", "analyst"),
    ("administrator", "Demonstration administrator", "administrator"),
)
#: Hands the choices of the command to the processes that answer.
_CHOICES = "LTU_SERVE"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Choices:
    """What the command `serve` was given.

    Attributes:
        data: the data folder.
        database: the address of the database.
        host, port: where to answer.
        demo: a demonstration, which may use the cut-offs for demonstration.
        sample: an attendance list to try, for a demonstration.
        engine: the arguments of `triage.load`.
    """

    data: str
    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    sample: str = ""
    engine: Mapping[str, Any] = field(default_factory=dict)

    def hand_over(self) -> None:
        """Leave the choices to the processes that answer."""
        os.environ[_CHOICES] = json.dumps(asdict(self))


def open_service(choices: Choices, *, migrate_too: bool = True) -> Service:
    """The service on its records, with an engine whose cut-offs somebody answers for.

    Args:
        choices: what the command was given.
        migrate_too: make the tables where there are none, and bring those in an SQLite file up to date.

    Raises:
        UserError: the records, the content, the cut-offs or the settings cannot be used.
    """
    folder = Path(choices.data)
    engine = triage.load(**choices.engine)
    check_governed(engine.cutoffs, engine.checklist, today(), choices.demo)
    file = load_settings(folder)
    database = Database.open(choices.database, Keys.load(folder / "keys", make=True))
    if migrate_too:
        prepare(database)
    settings = ServiceSettings(review_days=file.review_days, valid_days=file.valid_days)
    return make_service(database, engine, settings=settings)


def prepare(database: Database) -> None:
    """Bring the tables up to the present version. Those of an organisation's PostgreSQL are left to its own command.

    Raises:
        RecordsError: the tables are of another version.
    """
    empty = not sa.inspect(database.engine).has_table(accounts.name)
    if database.engine.dialect.name == "sqlite" or empty:
        migrate(database)
    with database.read() as view:
        check_revision(view.connection)


def first_links(service: Service, demo: bool) -> list[tuple[str, str]]:
    """A sign-in link for each first account: its name, and the secret. Empty once somebody has an account."""
    with service.database.read() as view:
        if view.scalar(sa.select(sa.func.count()).select_from(accounts)) and not demo:
            return []
    links = []
    for username, name, role in DEMONSTRATION if demo else FIRST:
        account = _account(service, username, name, role)
        links.append((name, people.new_link(service, SYSTEM, account)))
    return links


def _account(service: Service, username: str, name: str, role: Role) -> str:
    with service.database.read() as view:
        known = view.one(sa.select(accounts.c.id).where(accounts.c.username == username))
    if known is not None:
        return str(known["id"])
    offices = people.all_offices(service)
    office = offices[0] if offices else people.make_office(service, SYSTEM, FIRST_OFFICE)
    made = people.make_account(service, SYSTEM, username, name, role, office["id"])
    return str(made["id"])


def application() -> FastAPI:
    """The application with the choices that were handed over: what each process that answers runs."""
    choices = Choices(**json.loads(os.environ[_CHOICES]))
    service = open_service(choices, migrate_too=False)
    folder = Path(choices.data)
    loopback = choices.host in _LOOPBACK
    settings = web_settings(load_settings(folder), folder, loopback=loopback, demonstration=choices.demo)
    return create_app(service, settings, beside=(lambda: _keeping_heads(service, folder),), sample=choices.sample)


@contextmanager
def _keeping_heads(service: Service, folder: Path) -> Iterator[None]:
    """The head of the audit trail is exported at the start, each day, and at the end."""
    keeper = HeadKeeper(service.database, folder / "heads.jsonl")
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()

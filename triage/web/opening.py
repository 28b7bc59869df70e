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
from triage.casework import people, policy
from triage.casework.service import Service, ServiceSettings, make_service
from triage.cutoffs.governed import check_governed
from triage.errors import PolicyError
from triage.policies import Policies, cutoffs_in_force, policies_folder
from triage.records import retention
from triage.records.actor import SYSTEM, Role
from triage.records.heads import HeadKeeper
from triage.records.installation import Installation
from triage.records.periods import load_periods
from triage.records.plain import today
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
#: Seconds between two exports of the head: what came after the last one could be cut off unseen.
_HOURLY = 3600.0
#: Seconds between two looks at the policy in force.
_LOOK = 2.0
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
        policies: the folder of promoted policies; empty for the one in the data folder.
        sample: an attendance list to try, for a demonstration.
        engine: the arguments of `triage.load`.
    """

    data: str
    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    sample: str = ""
    policies: str = ""
    engine: Mapping[str, Any] = field(default_factory=dict)

    @property
    def promoted(self) -> Policies:
        """The promoted policies."""
        return Policies(Path(self.policies) if self.policies else policies_folder(Path(self.data)))

    @property
    def public_key(self) -> Path | None:
        """What everything that is loaded must be signed for; None where nothing need be."""
        given = self.engine.get("public_key")
        return Path(given) if given else None

    def hand_over(self) -> None:
        """Leave the choices to the processes that answer."""
        os.environ[_CHOICES] = json.dumps(asdict(self))


def open_service(choices: Choices, *, first: bool = True) -> Service:
    """The service on its records, with an engine whose cut-offs somebody answers for: the policy in force, if any.

    Args:
        choices: what the command was given.
        first: make the records where there are none, and ready for use; False for a process that answers beside.

    Raises:
        UserError: the records, the content, the cut-offs or the settings cannot be used.
    """
    installation = Installation(Path(choices.data), choices.database)
    used = cutoffs_in_force(choices.promoted, choices.engine.get("cutoffs"), choices.public_key)
    promoted = used.promoted
    engine = triage.load(**{**choices.engine, "cutoffs": used.path})
    check_governed(engine.cutoffs, engine.checklist, today(), choices.demo)
    file = load_settings(installation.folder)
    if first:
        database = installation.connect_or_make()
        installation.make_ready(database)
    else:
        database = installation.connect()
    settings = ServiceSettings(review_days=file.review_days, valid_days=file.valid_days)
    if promoted is not None:
        policy.note(database, engine.cutoffs)
    elif policy.is_noted(database):
        database.close()
        raise PolicyError(
            f"The records name a promoted policy, and {choices.promoted.folder} has none. Bring the folder back, name"
            " it with --policies, or promote a policy."
        )
    return make_service(database, engine, settings=settings, policy=promoted)


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
    """The application with the choices that were handed over: what each of several processes runs."""
    choices = Choices(**json.loads(os.environ[_CHOICES]))
    return application_of(choices, open_service(choices, first=False))


def application_of(choices: Choices, service: Service) -> FastAPI:
    """The application on a service that is open."""
    installation = Installation(Path(choices.data), choices.database)
    settings = web_settings(
        load_settings(installation.folder),
        installation.folder,
        loopback=choices.host in _LOOPBACK,
        demonstration=choices.demo,
    )
    beside = (lambda: _upkeep(service, installation), lambda: _following(service, choices))
    return create_app(service, settings, beside=beside, sample=choices.sample)


@contextmanager
def _upkeep(service: Service, installation: Installation) -> Iterator[None]:
    """The head of the audit trail is exported at the start, each hour and at the end, and what is due is erased."""
    periods = load_periods(service.engines.now.checklist.folder)

    def erase_due() -> None:
        retention.run(service.database, periods, service.clock(), installation.erasures)

    keeper = HeadKeeper(service.database, installation.heads, _HOURLY, also=erase_due)
    keeper.start()
    # A service that is started each morning would else never come to it.
    erase_due()
    try:
        yield
    finally:
        keeper.stop()


@contextmanager
def _following(service: Service, choices: Choices) -> Iterator[None]:
    """A policy that is promoted while the service runs is taken up."""
    follower = policy.Follower(service, choices.promoted, choices.public_key, choices.demo)
    watcher = policy.Watcher(follower, _LOOK)
    watcher.start()
    try:
        yield
    finally:
        watcher.stop()

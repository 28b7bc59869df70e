"""The service as it runs: a real server on a free port, with people of every role who are signed in."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import triage
from triage.casework import people, sessions
from triage.casework.service import Service, make_service
from triage.casework.sessions import Lasting
from triage.records.actor import SYSTEM, Actor
from triage.records.database import Database, Row
from triage.records.keys import Keys
from triage.web.app import create_app
from triage.web.settings import WebSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.browser import NewPage

PASSWORD = "three random words"


class Server(uvicorn.Server):
    """A server in a thread of the test, ready when its `address` is known."""

    def __init__(self, app: object, port: int = 0) -> None:
        config = uvicorn.Config(app, port=port, log_level="error", access_log=False, lifespan="on")  # type: ignore[arg-type]
        super().__init__(config)
        self._thread = threading.Thread(target=self.run, daemon=True)

    def begin(self) -> str:
        """Start; returns the address."""
        self._thread.start()
        while not self.started:
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start")
            self._thread.join(0.01)
        port = self.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def finish(self) -> None:
        """Stop, and wait until it has."""
        self.should_exit = True
        self._thread.join(20)


@dataclass
class Live:
    """A running service.

    Attributes:
        address: where it answers.
        service: what it runs on, so that a test can look behind the pages.
        office, other_office: two offices; every account of the tests is in the first unless it says otherwise.
        accounts: account by role; "other_adviser" is in the other office, "second_adviser" in the first.
    """

    address: str
    service: Service
    office: Row
    other_office: Row
    accounts: dict[str, Row]
    clients: list[httpx.Client] = field(default_factory=list)

    def actor(self, who: str) -> Actor:
        """The actor behind an account of the tests."""
        return people.actor_for(self.accounts[who])

    def cookie(self, who: str) -> str:
        """The cookie of a new session."""
        return sessions.start(self.service, self.accounts[who], "password", Lasting())

    def client(self, who: str = "") -> Client:
        """A program that behaves as a browser does, signed in as `who`, or not at all."""
        made = Client(base_url=self.address, follow_redirects=True, timeout=30)
        if who:
            made.cookies.set("session", self.cookie(who), domain="127.0.0.1", path="/")
        self.clients.append(made)
        return made

    def sign_in(self, page: Page, who: str) -> Page:
        """Sign a browser's page in without the sign-in page."""
        page.context.add_cookies(
            [{"name": "session", "value": self.cookie(who), "url": self.address, "httpOnly": True, "sameSite": "Lax"}]
        )
        return page


class Client(httpx.Client):
    """Sends forms with the token of the page that they stand on."""

    def send_form(self, page: str, fields: dict[str, object], to: str = "", **more: object) -> httpx.Response:
        """Get `page`, fill in its form and send it to `to`, or to the page itself; hidden fields go as they are."""
        found = self.get(page)
        assert found.status_code < 400, (found.status_code, page)
        return self.post(to or page, data={**hidden(found.text, to or page), **fields}, **more)  # type: ignore[arg-type]


def hidden(html: str, action: str = "") -> dict[str, str]:
    """The hidden fields of the form of a page that goes to `action`, else of the last form."""
    forms = re.findall(r"<form\b[^>]*>.*?</form>", html, re.DOTALL)
    fitting = [form for form in forms if f'action="{action}"' in form] or forms
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", fitting[-1] if fitting else ""):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden":
            found[attributes["name"]] = attributes["value"]
    return found


@pytest.fixture(scope="session")
def shipped_engine() -> triage.Engine:
    """The engine that ships, loaded once."""
    return triage.load()


@pytest.fixture
def web_settings(tmp_path: Path) -> WebSettings:
    """The settings of the running service; a test may override this fixture."""
    return WebSettings(secure=False, demonstration=True, folder=tmp_path)


@contextmanager
def serving(service: Service, settings: WebSettings, port: int = 0, app: FastAPI | None = None) -> Iterator[Live]:
    """A running service with two offices and an account of every role; on a free port, or on `port`.

    `app` is the application on this service, with what goes on beside it; one with nothing beside it where None.
    """
    office = people.make_office(service, SYSTEM, "Falkirk office", "Forth Valley")
    other = people.make_office(service, SYSTEM, "Fife office", "Fife")
    made = {}
    for who, role, place in (
        ("adviser", "adviser", office), ("second_adviser", "adviser", office), ("other_adviser", "adviser", other),
        ("manager", "manager", office), ("analyst", "analyst", office), ("administrator", "administrator", office),
    ):  # fmt: skip
        name = f"Test {who.replace('_', ' ')}"
        made[who] = people.make_account(service, SYSTEM, who.replace("_", "."), name, role, place["id"])
    server = Server(app or create_app(service, settings), port)
    found = Live(server.begin(), service, office, other, made)
    try:
        yield found
    finally:
        for client in found.clients:
            client.close()
        server.finish()


@pytest.fixture
def live(database: Database, shipped_engine: triage.Engine, web_settings: WebSettings) -> Iterator[Live]:
    """A running service on records of its own."""
    with serving(make_service(database, shipped_engine), web_settings) as found:
        yield found


class Clock:
    """A clock that goes on by a hundredth of a second whenever somebody looks, and that a test can move."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=10)
        return self.time

    def move(self, **by: float) -> None:
        """Go forward, for instance `minutes=40`."""
        self.time += timedelta(**by)


#: A Monday, on which the clock of `shared_live` begins.
BEGIN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared_clock() -> Clock:
    """The clock of `shared_live`."""
    return Clock(BEGIN)


@pytest.fixture(scope="module")
def shared_live(
    sqlite_template: Path, shipped_engine: triage.Engine, shared_clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A running service that the tests of a module share: none may need records without the others'."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(sqlite_template, folder / "records.sqlite")
    database = Database.open(f"sqlite:///{folder / 'records.sqlite'}", Keys.load(folder / "keys", make=True))
    settings = WebSettings(secure=False, demonstration=True, folder=folder)
    with serving(make_service(database, shipped_engine, clock=shared_clock), settings) as found:
        yield found
    database.close()


@pytest.fixture
def visit(live: Live, new_page: NewPage) -> Callable[..., Page]:
    """Opens a browser as somebody: `visit("adviser")`, with the arguments of `new_page`."""

    def open_as(who: str = "", **options: object) -> Page:
        page = new_page(base_url=live.address, **options)
        return live.sign_in(page, who) if who else page

    return open_as


@pytest.fixture
def visit_shared(shared_live: Live, new_page: NewPage) -> Callable[..., Page]:
    """Opens a browser as somebody, like `visit`, on the service that a module shares."""

    def open_as(who: str = "", **options: object) -> Page:
        page = new_page(base_url=shared_live.address, **options)
        return shared_live.sign_in(page, who) if who else page

    return open_as

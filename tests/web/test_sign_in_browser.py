"""Do people get in by a password, by a link, and with their organisation's account, in a real browser?"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import triage
from tests.provider import ADVISER, MANAGER, NO_ROLE, Provider, sign_in_at_provider
from tests.web.browser import axe, picture, sideways
from tests.web.interviews import button
from tests.web.service import PASSWORD, Clock, Live, serving
from triage.casework import passwords, people
from triage.casework.service import make_service
from triage.records.actor import SYSTEM
from triage.records.database import Database
from triage.web.settings import SignIn, WebSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Visit = Callable[..., "Page"]


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_a_password_lets_in_to_the_page_that_was_asked_for(shared_live: Live, visit_shared: Visit) -> None:
    passwords.set_password(shared_live.service, SYSTEM, shared_live.accounts["manager"]["id"], PASSWORD)
    page = visit_shared(script=False)
    page.goto("/reviews")
    assert title(page) == "Sign in"
    page.get_by_label("User name").fill("manager")
    page.get_by_label("Password").fill("not the password")
    button(page, "Sign in")
    assert "is not right" in page.locator("#error-summary").inner_text()
    assert page.get_by_label("User name").input_value() == "manager"
    assert page.get_by_label("Password").input_value() == ""
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Sign in")
    assert page.url.endswith("/reviews")
    button(page, "Sign out")
    assert title(page) == "You are signed out"
    page.go_back()
    assert title(page) == "Sign in"


def test_a_link_lets_in_once_and_asks_for_a_password(shared_live: Live, visit_shared: Visit) -> None:
    secret = people.new_link(shared_live.service, SYSTEM, shared_live.accounts["adviser"]["id"])
    page = visit_shared()
    page.goto(f"/sign-in/link/{secret}")
    button(page, "Sign in")
    assert title(page) == "Choose a password"
    assert "Your user name is adviser." in page.locator("main").inner_text()
    page.get_by_label("New password").fill("short")
    button(page, "Save the password")
    assert "Three random words are good" in page.locator("#error-summary").inner_text()
    page.get_by_label("New password").fill("quiet brown kettle")
    button(page, "Save the password")
    assert title(page) == "Your work"
    assert "The password is changed." in page.get_by_role("status").inner_text()
    again = visit_shared()
    again.goto(f"/sign-in/link/{secret}")
    assert "does not work any more" in again.locator("main").inner_text()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("adviser", {"Your work", "Lists", "Reviews"}),
        ("manager", {"Your work", "Lists", "Reviews", "Figures"}),
        ("analyst", {"Figures"}),
        ("administrator", {"People", "API keys", "Service"}),
    ],
)
def test_each_role_begins_with_its_own_work_and_sees_no_other(
    who: str, sees: set[str], shared_live: Live, visit_shared: Visit
) -> None:
    page = visit_shared(who)
    page.goto("/")
    links = set(page.get_by_role("navigation", name="Service").get_by_role("link").all_inner_texts())
    assert sees <= links
    assert ("Your work" in links) == (who in ("adviser", "manager"))
    page.goto("/clients/new")
    assert title(page) == ("Start an interview" if "Your work" in sees else "This is not open to you")
    if "Your work" not in sees:
        assert axe(page) == []


def test_a_session_ends_after_the_longest_time_whatever_is_clicked(shared_live: Live, shared_clock: Clock) -> None:
    client = shared_live.client("adviser")
    for _ in range(21):
        assert client.get("/clients/new").url.path == "/clients/new"
        shared_clock.move(minutes=29)
    assert client.get("/clients/new").url.path == "/sign-in"


@pytest.fixture
def organisation(
    provider: Provider, database: Database, shipped_engine: triage.Engine, tmp_path: Path
) -> Iterator[Live]:
    """A service whose people sign in with their organisation alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = provider.client(f"http://127.0.0.1:{port}/sign-in/back")
    (tmp_path / "provider.secret").write_text(client.secret, encoding="utf-8")
    known = provider.settings(client)
    sign_in = SignIn(
        issuer=known.issuer, client_id=client.id, client_secret_file="provider.secret", role_claim=known.role_claim,
        roles=dict(known.roles), office_claim=known.office_claim, offices={"Falkirk office": "Falkirk office"},
    )  # fmt: skip
    settings = WebSettings(secure=False, demonstration=True, folder=tmp_path, sign_in=sign_in)
    with serving(make_service(database, shipped_engine), settings, port) as live:
        yield live


@pytest.mark.slow
def test_people_sign_in_with_the_account_of_their_organisation(organisation: Live, browser: Browser) -> None:
    """On the provider's own page, which asks its own server who is signed in, and is told 401."""
    for person, lands_on, said in (
        (ADVISER, "/clients/new", "Start an interview"),
        (MANAGER, "/reviews", "Decisions to look at again"),
        (ADVISER, "/reviews", "Decisions to look at again"),
    ):
        context = browser.new_context(locale="en-GB", base_url=organisation.address)
        page = context.new_page()
        page.goto(lands_on)
        assert page.get_by_label("Password").count() == 0
        assert axe(page) + sideways(page) == []
        picture(page, "sign-in-organisation")
        page.get_by_role("link", name="Sign in with your organisation").click()
        sign_in_at_provider(page, person)
        page.wait_for_url(f"{organisation.address}{lands_on}")
        assert title(page) == said
        assert person.name in page.locator("header").inner_text()
        button(page, "Sign out")
        page.goto(lands_on)
        assert title(page) == "Sign in"
        context.close()
    made = [row for row in people.all_accounts(organisation.service) if row["issuer"]]
    assert sorted(row["name"] for row in made) == [ADVISER.name, MANAGER.name]


@pytest.mark.slow
def test_whoever_has_no_role_there_is_told_plainly(organisation: Live, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB", base_url=organisation.address)
    page = context.new_page()
    page.goto("/sign-in/provider")
    sign_in_at_provider(page, NO_ROLE)
    page.wait_for_url(f"{organisation.address}/sign-in/back?*")
    assert title(page) == "Sign in"
    assert "role" in page.locator("main").inner_text()
    assert axe(page) == []
    page.goto("/")
    assert title(page) == "Sign in"
    context.close()

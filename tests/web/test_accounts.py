"""Can an administrator look after people and offices, and let somebody in once?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Client, Live
from triage.casework import people
from triage.records.actor import PEOPLE
from triage.web.pages.accounts import ROLES

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
LINK = re.compile(r"http://[\d.:]+(/sign-in/link/[\w-]+)")
NEW = {"username": "m.example", "name": "Morag Example", "role": "adviser"}


@pytest.fixture
def administrator(live: Live) -> Client:
    return live.client("administrator")


def account(live: Live, username: str) -> dict[str, object]:
    [row] = [row for row in people.all_accounts(live.service) if row["username"] == username]
    return row


def test_a_new_person_gets_in_by_the_link_once(live: Live, administrator: Client) -> None:
    made = administrator.send_form("/accounts/new", {**NEW, "office": live.office["id"]})
    [address] = LINK.findall(made.text)
    row = account(live, "m.example")
    assert (row["name"], row["role"], row["office"], row["active"]) == (
        "Morag Example", "adviser", live.office["id"], True,
    )  # fmt: skip
    assert live.client().send_form(address, {}).url.path == "/password"
    assert live.client().get(address).status_code == 410


def test_a_role_without_cases_has_no_office(live: Live, administrator: Client) -> None:
    administrator.send_form("/accounts/new", {**NEW, "role": "analyst", "office": live.office["id"]})
    assert account(live, "m.example")["office"] is None


def test_what_cannot_be_kept_is_said_at_the_field(live: Live, administrator: Client) -> None:
    page = administrator.send_form("/accounts/new", {"username": "Morag Example", "name": "", "role": "adviser"})
    assert page.status_code == 422
    for name in ("username", "name", "office"):
        assert f'href="#{name}"' in page.text
    taken = administrator.send_form("/accounts/new", {**NEW, "username": "adviser", "office": live.office["id"]})
    assert "There is an account of this name" in taken.text


def test_a_change_counts_at_once(live: Live, administrator: Client) -> None:
    """An adviser who moves to another office sees nothing of the old one in a page that is open still."""
    adviser = live.client("adviser")
    assert adviser.get("/").url.path == "/"
    address = f"/accounts/{live.accounts['adviser']['id']}"
    fields = {"name": "Test adviser", "role": "analyst", "office": live.office["id"]}
    done = administrator.send_form(address, fields)
    assert "The account is saved" in done.text
    assert account(live, "adviser")["office"] is None
    assert adviser.get("/").url.path == "/sign-in"


def test_an_account_that_is_switched_off_lets_nobody_in(live: Live, administrator: Client) -> None:
    address = f"/accounts/{live.accounts['manager']['id']}"
    manager = live.client("manager")
    administrator.send_form(address, {"active": "no"}, to=f"{address}/switch")
    assert manager.get("/").url.path == "/sign-in"
    assert "switched off" in administrator.get(address).text
    assert "Make a sign-in link" not in administrator.get(address).text
    administrator.send_form(address, {"active": "yes"}, to=f"{address}/switch")
    assert account(live, "manager")["active"] is True


def test_the_last_administrator_stays(live: Live, administrator: Client) -> None:
    address = f"/accounts/{live.accounts['administrator']['id']}"
    refused = administrator.send_form(address, {"active": "no"}, to=f"{address}/switch")
    assert refused.status_code == 422
    assert "last administrator" in refused.text


def test_two_administrators_do_not_overwrite_each_other(live: Live, administrator: Client) -> None:
    address = f"/accounts/{live.accounts['adviser']['id']}"
    fields = {"name": "Test adviser", "role": "analyst", "version": "1"}
    assert administrator.send_form(address, fields).status_code == 200
    assert administrator.send_form(address, fields).status_code == 409
    assert administrator.send_form(address, {**fields, "version": "x"}).status_code == 409


def test_an_office_is_made_named_and_closed(live: Live, administrator: Client) -> None:
    administrator.send_form("/accounts/offices/new", {"name": "Stirling", "partnership": "Forth Valley"})
    [office] = [row["id"] for row in people.all_offices(live.service) if row["name"] == "Stirling"]
    address = f"/accounts/offices/{office}"
    administrator.send_form(address, {"name": "Stirling <b>office</b>", "partnership": ""})
    assert html.escape("Stirling <b>office</b>") in administrator.get("/accounts").text
    administrator.send_form(address, {"open": "no"}, to=f"{address}/switch")
    assert "Closed" in administrator.get("/accounts").text
    administrator.send_form(address, {"open": "yes"}, to=f"{address}/switch")
    assert office in {row["id"] for row in people.all_offices(live.service)}
    assert administrator.send_form("/accounts/offices/new", {"name": "x"}).status_code == 422
    assert administrator.send_form(address, {"name": "Fife office"}).status_code == 422


def test_an_office_where_people_work_stays_open(live: Live, administrator: Client) -> None:
    address = f"/accounts/offices/{live.office['id']}"
    refused = administrator.send_form(address, {"open": "no"}, to=f"{address}/switch")
    assert refused.status_code == 422
    assert "people work in this office" in refused.text


def test_every_role_is_said_in_words() -> None:
    assert set(ROLES) == set(PEOPLE)


def test_the_pages_are_accessible_in_every_state(live: Live, visit: Visit) -> None:
    page = visit("administrator")
    found: dict[str, list[str]] = {}

    def look(name: str, address: str = "") -> None:
        if address:
            page.goto(address)
        found[name] = axe(page) + sideways(page)
        picture(page, name)

    adviser = f"/accounts/{live.accounts['adviser']['id']}"
    look("accounts-list", "/accounts")
    look("accounts-account", adviser)
    page.get_by_role("button", name="Switch the account off").click()
    look("accounts-off")
    look("accounts-office", f"/accounts/offices/{live.office['id']}")
    page.get_by_role("button", name="Close the office").click()
    look("accounts-office-problem")
    look("accounts-new-office", "/accounts/offices/new")
    look("accounts-new", "/accounts/new")
    page.get_by_role("button", name="Make the account").click()
    assert page.title().startswith("Error: ")
    look("accounts-problems")
    fill(page, live)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="The account is made").wait_for()
    look("accounts-link")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_an_account_is_made_by_keyboard_alone_and_without_scripts(live: Live, visit: Visit) -> None:
    for script in (True, False):
        page = visit("administrator", script=script)
        page.goto("/accounts/new")
        if script:
            assert unseen(Keyboard(page).walk()) == []
        fill(page, live, f"m.example{script}".lower())
        page.get_by_label("Office").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="The account is made").wait_for()


def fill(page: Page, live: Live, username: str = "m.example") -> None:
    """Fill in the form."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Name", exact=True).fill("Morag Example")
    page.get_by_label("Adviser", exact=True).check()
    page.get_by_label("Office").select_option(live.office["id"])

"""Can an administrator give a partner's program a key, once, and take it back?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Client, Live
from triage.casework import api_keys
from triage.casework.api_keys import SCOPES
from triage.web.pages.keys import SCOPE_TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
SECRET = re.compile(r"ltu_[0-9a-f]{8}_[\w-]{40,}")


def form(live: Live, **changes: object) -> dict[str, object]:
    year = live.service.today.year + 1
    return {
        "name": "Job club app", "body": "partner", "controller": "Forth Valley College", "purpose": "Agree support",
        "agreement": "DSA-2026-14", "scopes": ["score", "read"], "office": live.office["id"], "ends_on-day": "28",
        "ends_on-month": "2", "ends_on-year": str(year), **changes,
    }  # fmt: skip


@pytest.fixture
def administrator(live: Live) -> Client:
    return live.client("administrator")


def only_key(live: Live) -> str:
    [row] = api_keys.all_keys(live.service, live.actor("administrator"))
    return str(row["id"])


def test_a_key_works_and_its_secret_is_shown_once(live: Live, administrator: Client) -> None:
    made = administrator.send_form("/keys/new", form(live))
    [secret] = SECRET.findall(made.text)
    key = api_keys.find(live.service, secret)
    assert key is not None
    assert (key.scopes, key.office, key.conditionality) == ({"score", "read"}, live.office["id"], False)
    for page in ("/keys", f"/keys/{key.id}"):
        assert secret not in administrator.get(page).text
        assert "Job club app" in administrator.get(page).text
    assert made.headers["cache-control"] == "no-store"


def test_the_page_sent_again_makes_no_second_key(live: Live, administrator: Client) -> None:
    """A reload of the page with the secret."""
    fields = form(live, submission="a" * 32)
    administrator.send_form("/keys/new", fields)
    again = administrator.send_form("/keys/new", fields)
    assert again.status_code == 409
    assert "shown once" in again.text
    assert not SECRET.findall(again.text)
    only_key(live)


def test_a_revoked_key_stays_in_the_list_and_works_no_more(live: Live, administrator: Client) -> None:
    [secret] = SECRET.findall(administrator.send_form("/keys/new", form(live)).text)
    key = only_key(live)
    done = administrator.send_form(f"/keys/{key}", {}, to=f"/keys/{key}/revoke")
    assert "The key does not work any more" in done.text
    assert api_keys.find(live.service, secret) is None
    assert "Revoked" in administrator.get("/keys").text
    assert "Revoke the key" not in administrator.get(f"/keys/{key}").text


def test_an_employer_is_refused_in_words(live: Live, administrator: Client) -> None:
    refused = administrator.send_form("/keys/new", form(live, body="employer"))
    assert refused.status_code == 422
    assert "An employer gets no key" in refused.text
    assert api_keys.all_keys(live.service, live.actor("administrator")) == []


def test_what_was_typed_is_shown_again_with_every_fault(live: Live, administrator: Client) -> None:
    wrong = form(live, controller="", scopes=[], **{"ends_on-day": "31", "name": "<script>alert(1)</script>"})
    page = administrator.send_form("/keys/new", wrong)
    assert page.status_code == 422
    for fault in ("#controller", "#scopes", "#ends_on"):
        assert f'href="{fault}"' in page.text
    assert "There is no such day" in page.text
    assert 'value="DSA-2026-14"' in page.text
    assert "<script>alert" not in page.text


def test_every_scope_is_said_in_words() -> None:
    assert set(SCOPE_TEXTS) == set(SCOPES)


def test_the_pages_are_accessible_in_every_state(live: Live, visit: Visit) -> None:
    page = visit("administrator")
    found = {}
    for name, address in (("keys-none", "/keys"), ("keys-new", "/keys/new")):
        page.goto(address)
        found[name] = axe(page) + sideways(page)
        picture(page, name)
    page.get_by_role("button", name="Make the key").click()
    assert page.title().startswith("Error: ")
    found["keys-problems"] = axe(page) + sideways(page)
    picture(page, "keys-problems")
    fill(page, live)
    page.get_by_role("button", name="Make the key").click()
    found["keys-made"] = axe(page) + sideways(page)
    picture(page, "keys-made")
    page.get_by_role("link", name="I have copied it").click()
    found["keys-list"] = axe(page) + sideways(page)
    picture(page, "keys-list")
    page.get_by_role("link", name="Job club app").click()
    found["keys-key"] = axe(page) + sideways(page)
    picture(page, "keys-key")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_a_key_is_made_by_keyboard_alone(live: Live, visit: Visit) -> None:
    page = visit("administrator")
    page.goto("/keys/new")
    keys = Keyboard(page)
    assert unseen(keys.walk()) == []
    fill(page, live)
    page.get_by_label("Year").focus()
    keys.to("Make the key")
    keys.press("Enter")
    page.get_by_role("heading", name="The key is made").wait_for()


def test_a_key_is_made_without_scripts(live: Live, visit: Visit) -> None:
    page = visit("administrator", script=False)
    page.goto("/keys/new")
    fill(page, live)
    page.get_by_role("button", name="Make the key").click()
    assert SECRET.search(page.locator("main").inner_text())


def fill(page: Page, live: Live) -> None:
    """Fill in the form."""
    page.get_by_label("Name of the program").fill("Job club app")
    page.get_by_label("A body with powers of conditionality").check()
    page.get_by_label("Controller").fill("Forth Valley College")
    page.get_by_label("Purpose").fill("Agree support with learners")
    page.get_by_label("Agreement").fill("DSA-2026-14")
    page.get_by_label("Score answers").check()
    page.get_by_label("Office").select_option(live.office["id"])
    page.get_by_label("Day").fill("28")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill(str(live.service.today.year + 1))

"""The places of an event, from how many there are to the list that is released, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.places_case import TIED
from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.lists_case import scored
from tests.web.service import Live
from triage.casework import places, places_release, places_rows, places_view
from triage.casework.places_rows import Choice
from triage.records.database import Row
from triage.records.erasures import NAME as ERASURES
from triage.records.heads import NAME
from triage.records.verify import verify

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
WHY = {"reason": "not_on_checklist", "note": "What decided between them."}


def a_list(live: Live) -> Row:
    """A scored list with four people of one score."""
    return scored(live, TIED.encode(), ".csv")


def a_plan(live: Live, row: Row, reserve: int = 1) -> Row:
    """Four places of the band with the most support."""
    band = live.service.engines.now.points.ids[-1]
    return places.make(live.service, live.actor("adviser"), row["id"], band=band, places=4, reserve=reserve)


def waiting(live: Live, plan: Row) -> list[Row]:
    """The rows that a person has to open."""
    adviser = live.actor("adviser")
    seen = places_view.seen(live.service, adviser, plan["list"], plan["id"])
    return list(seen.stand.waiting)


def decide(live: Live, plan: Row, row: Row, band: str = "", who: str = "adviser") -> None:
    """One row, opened and decided past the pages."""
    service, actor = live.service, live.actor(who)
    opened = places_rows.open_row(service, actor, plan["list"], plan["id"], row["id"])
    why = WHY if row["part"] in places_rows.EDGES else {}
    choice = Choice(opened.opening, opened.row["version"], band or row["band"], **why)
    places_rows.decide(service, actor, plan["list"], plan["id"], row["id"], choice)


@pytest.mark.slow
def test_a_whole_plan_from_the_number_of_places_to_the_download(live: Live, visit: Visit, tmp_path: Path) -> None:
    row = a_list(live)
    page = visit("adviser")
    page.goto(f"/lists/{row['id']}")
    page.click("text=Share out the places of an event")
    page.click("text=Propose an order")
    assert page.title().startswith("Error: ")
    page.select_option("#band", label="PACE support with your own adviser")
    page.fill("#places", "4")
    page.fill("#reserve", "1")
    page.dblclick("text=Propose an order")
    page.wait_for_selector("nav.ltu-tabs")
    text = page.inner_text("main")
    assert "4 people have the same score; 2 places are left. The tool does not choose between them." in text
    assert "have to be opened and decided first" in text
    assert page.get_by_role("button", name="Release the plan").count() == 0
    assert "confirm all" not in page.content().lower()
    given = 0
    while page.locator("tbody a").count() and page.locator("text=Open and decide").count():
        page.locator("tbody tr", has=page.locator("text=Open and decide")).first.locator("a").first.click()
        at_edge = "Same score at the edge" in page.inner_text("main")
        if at_edge:
            page.click("text=Record the decision")
            assert page.title().startswith("Error: ")
            place = given < 2
            page.get_by_role("radio", name="A place:" if place else "No place: PACE support plus").check()
            given += place
            page.select_option("#reason", index=4)
            page.fill("#note", "What decided between them.")
        else:
            proposed = re.escape(page.locator("main .ltu-band").first.inner_text())
            page.get_by_role("radio", name=re.compile(f": {proposed}$")).check()
        page.click("text=Record the decision")
        assert "The decision is recorded." in page.inner_text("main"), page.inner_text("main")
    assert "open for" in page.inner_text("main")
    page.dblclick("text=Release the plan")
    page.wait_for_selector("text=Released by Test adviser")
    with page.expect_download() as download:
        page.click("text=Download the places")
    download.value.save_as(tmp_path / "places.xlsx")
    sheet = load_workbook(tmp_path / "places.xlsx")["Places"]
    found = list(sheet.iter_rows(values_only=True))
    at = {str(name): place for place, name in enumerate(found[0])}
    outcomes = [line[at["outcome"]] for line in found[1:]]
    assert outcomes.count("Place") == 4
    assert len(outcomes) == 10, "everybody comes out"
    assert {line[at["forename"]] for line in found[1:]} >= {"Ada", "Ian", "Jon"}
    assert [line[at["order"]] for line in found[1:7]] == [1, 1, 3, 3, 3, 3]
    wrong = verify(live.service.database, tmp_path / NAME, tmp_path / ERASURES).findings
    assert [finding.words for finding in wrong if finding.kind != "no_heads"] == []


def test_a_plan_is_refused_to_other_offices_and_nothing_is_given_out_before_it_is_released(live: Live) -> None:
    row = a_list(live)
    plan = a_plan(live, row)
    here = f"/lists/{row['id']}/places/{plan['id']}"
    first = waiting(live, plan)[0]
    for address in (f"/lists/{row['id']}/places", here, f"{here}/rows/{first['id']}"):
        assert live.client("adviser").get(address).status_code == 200
        assert live.client("other_adviser").get(address).status_code == 404
    colleague = live.client("second_adviser")
    assert "Sameas" not in colleague.get(f"{here}/rows/{first['id']}").text
    other = live.client("other_adviser")
    for form in ("release", "withdraw", "download"):
        assert other.send_form("/events/new", {}, f"{here}/{form}").status_code == 404, form
    mine = live.client("adviser")
    for form, status in (("release", 422), ("download", 422)):
        sent = mine.send_form("/events/new", {"version": "1"}, f"{here}/{form}")
        assert (sent.status_code, "Sameas" in sent.text) == (status, False), form
    assert places.of_list(live.service, live.actor("adviser"), row["id"])[0]["state"] == "open"


def test_two_advisers_do_not_decide_over_each_other(live: Live, visit: Visit) -> None:
    plan = a_plan(live, a_list(live))
    row = next(item for item in waiting(live, plan) if item["part"] == "below")
    page = visit("adviser", script=False)
    page.goto(f"/lists/{plan['list']}/places/{plan['id']}/rows/{row['id']}")
    decide(live, plan, row, who="second_adviser")
    page.locator("input[name=band]").nth(1).check()
    page.click("text=Record the decision")
    assert "Somebody else decided this row in the meantime" in page.inner_text("main")
    assert "Test second adviser" in page.inner_text("main")
    page.locator("input[name=band]").nth(1).check()
    page.select_option("#reason", "recent_change")
    page.fill("#note", "Seen together.")
    page.click("text=Record the decision")
    assert "The decision is recorded." in page.inner_text("main")


def test_a_proposed_reserve_is_accepted_as_it_stands(live: Live) -> None:
    plan = a_plan(live, a_list(live), reserve=4)
    row = next(item for item in waiting(live, plan) if item["part"] == "reserve")
    here, adviser = f"/lists/{plan['list']}/places/{plan['id']}/rows/{row['id']}", live.client("adviser")
    box = re.compile(r'<input[^>]*name="on_reserve"[^>]*>')
    [ticked] = box.findall(adviser.get(here).text)
    assert " checked" in ticked
    answer = adviser.send_form(here, {"band": row["band"], "on_reserve": "yes"})
    assert answer.history[-1].status_code == 303
    with live.service.database.read() as view:
        [kept] = places_rows.decisions_of(view, row["id"])
    assert (kept["on_reserve"], kept["reason"]) == (True, "")
    off = {"band": row["band"], "reason": "recent_change", "note": "A job starts."}
    assert adviser.send_form(here, off).history[-1].status_code == 303
    [empty] = box.findall(adviser.get(here).text)
    assert " checked" not in empty, "as it was decided last"
    places.withdraw(live.service, live.actor("adviser"), plan["list"], plan["id"])
    closed = adviser.get(here.partition("/rows/")[0]).text
    assert "Sameas" in closed, "everybody is shown"
    assert not [text for text in ("To open and decide", "As proposed") if text in closed]


@pytest.fixture
def addresses(live: Live) -> dict[str, str]:
    """The pages of places that the table of all pages does not have."""
    row, done = (a_list(live) for _ in range(2))
    plan, ended = (a_plan(live, each) for each in (row, done))
    for number, item in enumerate(waiting(live, ended)):
        decide(live, ended, item, ended["band"] if number < 2 and item["part"] == "edge" else "")
    places_release.release(live.service, live.actor("adviser"), done["id"], ended["id"])
    first = {item["part"]: item["id"] for item in waiting(live, plan)}
    apart = places_view.seen(live.service, live.actor("adviser"), row["id"], plan["id"], show="talk").rows[0]["id"]
    here = f"/lists/{row['id']}/places/{plan['id']}"
    return {
        "places-open": f"/lists/{row['id']}/places", "plan-all": f"{here}?show=all",
        "plan-edge": f"{here}/rows/{first['edge']}", "plan-below": f"{here}/rows/{first['below']}",
        "plan-talk": f"{here}/rows/{apart}", "plan-released": f"/lists/{done['id']}/places/{ended['id']}",
    }  # fmt: skip


@pytest.mark.slow
def test_every_page_of_places_is_for_everybody(live: Live, visit: Visit, addresses: dict[str, str]) -> None:
    page = visit("adviser")
    wrong: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(address)
        picture(page, f"lists-{name}")
        wrong[name] = axe(page) + sideways(page)
        if name in ("plan-all", "plan-edge"):
            wrong[name] += unseen(Keyboard(page).walk())
    assert {name: found for name, found in wrong.items() if found} == {}

"""An evening's list, from the upload to the workbook, in a real browser; and every page for everybody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.lists_case import SAMPLE, an_event, row_of, scored, uploaded
from tests.web.service import Live
from triage.casework import deciding, list_matches, list_view, suspension
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.tables import lists

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def figures(path: Path) -> list[tuple[object, ...]]:
    """The rows of a workbook with every figure, band and reason."""
    sheet = load_workbook(path)["Clients"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(rows) if "logit" in row)
    wanted = [
        place for place, name in enumerate(rows[top]) if name and not str(name).startswith(("override", "decided"))
    ]
    return [tuple(row[place] for place in wanted) for row in rows[top:]]


def test_an_evening_from_the_upload_to_the_workbook(live: Live, visit: Visit, tmp_path: Path) -> None:
    page = visit("adviser")
    page.goto("/events")
    page.click("text=New event")
    page.fill("#employer", "Invented Biscuits Ltd")
    page.click("text=Make the event")
    page.click("text=Upload a list")
    page.set_input_files("#file", SAMPLE)
    page.click("main button:has-text('Upload the list')")
    for part, value in (("on", "31"), ("on-month", "10"), ("on-year", "2026")):
        page.fill(f"#{part}", value)
    page.click("text=Score the list")
    page.wait_for_selector("nav.ltu-tabs")
    page.click("nav.ltu-tabs a:has-text('Every row')")
    assert page.locator("tbody tr").count() == 50
    assert "118 rows, 104 of them people" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=Download the list")
    assert "list-" in download.value.suggested_filename
    download.value.save_as(tmp_path / "ours.xlsx")
    subprocess.run(
        [sys.executable, "-m", "triage.cli.main", "score", str(SAMPLE), "-o", str(tmp_path / "theirs.xlsx"),
         "--on", "2026-10-31"], check=False, capture_output=True,
    )  # fmt: skip
    assert figures(tmp_path / "ours.xlsx") == figures(tmp_path / "theirs.xlsx")
    assert len(figures(tmp_path / "ours.xlsx")) == 119


def test_one_row_is_mended_and_then_decided_one_by_one(live: Live, visit: Visit) -> None:
    row = scored(live)
    page = visit("adviser")
    page.goto(row_of(live, row))
    before = page.inner_text("main")
    assert "“x”" in before
    page.select_option("#fix-vehicle", label="Yes")
    page.click("text=Correct and score again")
    assert "The answer is corrected" in page.inner_text("main")
    assert "Corrected by hand" in page.inner_text("main")
    page.get_by_label("Confirm:").check()
    page.dblclick("text=Record the decision")
    page.wait_for_selector("text=Confirmed:")
    found, entries = list_view.entries(live.service, live.actor("adviser"), row["id"], show="decided")
    assert found.total == 1
    assert entries[0].standing is not None
    assert len(entries[0].standing.rows) == 1
    page.goto(row_of(live, row, "waiting", 3))
    page.click("text=Record the decision")
    assert page.title().startswith("Error: ")
    assert "confirm all" not in page.content().lower()


def test_a_person_is_opened_as_an_interview(live: Live, visit: Visit) -> None:
    page = visit("adviser")
    page.goto(row_of(live, scored(live), "few"))
    page.click("text=Ask them the questions")
    assert page.inner_text("h1").startswith("Client ")
    assert "From an attendance list" in page.inner_text("main")


def test_colleagues_see_no_names_and_other_offices_nothing(live: Live) -> None:
    row = scored(live)
    mine, colleague = live.client("adviser"), live.client("second_adviser")
    assert "McMadeup" in mine.get(f"/lists/{row['id']}").text
    for page in (f"/lists/{row['id']}?show=all", row_of(live, row)):
        text = colleague.get(page).text
        assert not [name for name in ("McMadeup", "Imaginer", "nowhere.example", "“x”") if name in text]
    other = live.client("other_adviser")
    for page in (f"/lists/{row['id']}", row_of(live, row), f"/events/{row['event']}", f"/lists/{row['id']}/matches"):
        assert other.get(page).status_code == 404
    assert colleague.get(f"/lists/{row['id']}/matches").status_code == 404
    sent = colleague.send_form("/events/new", {"kind": "xlsx"}, f"/lists/{row['id']}/workbook")
    assert sent.status_code == 404


def test_the_whole_way_without_scripts(live: Live, visit: Visit) -> None:
    page = visit("adviser", script=False)
    page.goto(f"/events/{an_event(live)}/upload")
    page.set_input_files("#file", SAMPLE)
    page.click("main button:has-text('Upload the list')")
    page.click("text=Score the list")
    for _ in range(200):
        if not page.locator("text=See how far it is now").count():
            break
        page.click("text=See how far it is now")
    assert page.locator("nav.ltu-tabs").count() == 1


@pytest.fixture
def addresses(live: Live) -> dict[str, str]:
    """Every page of lists, in each state."""
    event = an_event(live)
    waiting, done = uploaded(live, event=event), scored(live, event=event)
    again = scored(live, event=event)
    assert list_matches.waiting(live.service, again["id"])
    stopped = uploaded(live, event=event)
    with live.service.database.write(Event(SYSTEM, "list_changed")) as work:
        work.update(lists, stopped["id"], {"state": "scoring", "beat_at": "2026-01-01T00:00:00.000000+00:00"})
    _, [entry, *_] = list_view.entries(live.service, live.actor("adviser"), done["id"], show="waiting")
    assert entry.assessment is not None
    deciding.claim(
        live.service, live.actor("adviser"), entry.assessment["id"], score_id=entry.score,
        band=next(b for b in live.service.engines.now.points.ids if b != entry.row.band), reason="other",
        named=live.actor("adviser").name, note="seen at the event",
    )  # fmt: skip
    return {
        "events": "/events", "event-new": "/events/new", "event": f"/events/{event}",
        "event-details": f"/events/{event}/details", "upload": f"/events/{event}/upload",
        "mapping": f"/lists/{waiting['id']}/mapping", "stopped": f"/lists/{stopped['id']}",
        "list": f"/lists/{done['id']}", "list-all": f"/lists/{done['id']}?show=all&page=2",
        "list-claimed": f"/lists/{done['id']}?show=claimed", "row-mend": row_of(live, done),
        "row-claimed": row_of(live, done, "claimed"), "row-other": row_of(live, done, "others"),
        "matches": f"/lists/{again['id']}/matches",
    }  # fmt: skip


def test_every_page_is_for_everybody(live: Live, visit: Visit, addresses: dict[str, str]) -> None:
    page = visit("adviser")
    wrong: dict[str, list[str]] = {}
    titles = set()
    for name, address in addresses.items():
        page.goto(address)
        picture(page, f"lists-{name}")
        assert page.locator("h1").count() == 1, name
        titles.add(page.title())
        wrong[name] = axe(page) + sideways(page)
        if name in ("mapping", "row-mend", "row-claimed", "upload"):
            wrong[name] += unseen(Keyboard(page).walk())
    assert {name: found for name, found in wrong.items() if found} == {}
    suspension.suspend(live.service, live.actor("administrator"), "The model is being looked at.")
    page.goto(addresses["mapping"])
    assert page.locator("text=Score the list").count() == 0
    assert axe(page) == []

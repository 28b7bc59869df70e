"""Does the service page tell the truth, and does turning scoring off reach every page?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.casework import ANSWERS, LEFT
from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Client, Live
from triage import suspension as machine
from triage.casework import assessments, interview, suspension
from triage.records import heads
from triage.web.settings import WebSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
REASON = "The yearly review is not done."


@pytest.fixture
def folder(web_settings: WebSettings) -> Path:
    """The data folder of the running service."""
    return web_settings.folder


@pytest.fixture
def administrator(live: Live) -> Client:
    return live.client("administrator")


def client(live: Live) -> str:
    """A client who has answered."""
    row = assessments.start(live.service, live.actor("adviser"), held="in_person", context=LEFT)
    interview.save_answers(live.service, live.actor("adviser"), row["id"], ANSWERS)
    return str(row["id"])


def test_the_versions_in_force_are_shown(live: Live, administrator: Client) -> None:
    page = administrator.get("/service").text
    versions = live.service.engines.now.versions
    for text in (versions.model, versions.checklist, versions.cutoffs, "nobody approved them"):
        assert text in page


def test_scoring_is_turned_off_and_on_with_a_reason(live: Live, administrator: Client, folder: Path) -> None:
    off = administrator.send_form("/service", {"reason": REASON}, to="/service/suspend")
    assert "Scoring is turned off." in off.text
    assert f"<p>{REASON}</p>" in off.text
    assert "Test administrator" in off.text
    assert machine.suspended(folder) is not None
    on = administrator.send_form("/service", {}, to="/service/resume")
    assert "Scoring is turned on again" in on.text
    assert machine.suspended(folder) is None
    assert suspension.current(live.service) is None


def test_a_reason_is_needed(live: Live, administrator: Client) -> None:
    page = administrator.send_form("/service", {"reason": "no"}, to="/service/suspend")
    assert page.status_code == 422
    assert 'href="#reason"' in page.text
    assert suspension.current(live.service) is None


def test_an_adviser_sees_why_and_the_interview_goes_on(live: Live) -> None:
    """A score is refused in words, and what was answered is kept."""
    assessment = client(live)
    suspension.suspend(live.service, live.actor("administrator"), REASON)
    adviser = live.client("adviser")
    assert REASON in adviser.get("/").text
    asked = adviser.get(f"/clients/{assessment}/next")
    assert asked.status_code == 200
    adviser.send_form(f"/clients/{assessment}/questions/age", {"answer": "58", "then": "later"})
    assert interview.answers_of(live.service, live.actor("adviser"), assessment)["age"].value == 58
    refused = adviser.send_form(f"/clients/{assessment}/check", {}, to=f"/clients/{assessment}/score")
    assert refused.status_code == 503
    assert REASON in refused.text
    assert "support goes on without a score" in refused.text


def test_the_trail_and_its_export_are_shown(live: Live, administrator: Client, folder: Path) -> None:
    path = folder / heads.NAME
    assert "Never" in administrator.get("/service").text
    exported = heads.export_head(live.service.database, path)
    assert exported is not None
    assert f"Event {exported.seq:,}" in administrator.get("/service").text
    path.write_text(path.read_text("utf-8").replace('"seq":', '"seq":1'), encoding="utf-8")
    assert "cannot be trusted" in administrator.get("/service").text


def test_what_was_kept_long_enough_is_counted_and_not_erased(live: Live, administrator: Client) -> None:
    assert "Nothing waits to be erased" in administrator.get("/service").text
    before = replace(live.service, clock=lambda: datetime.now(UTC) - timedelta(days=30))
    row = assessments.start(before, live.actor("adviser"), held="in_person", context={}, practice=True)
    page = administrator.get("/service").text
    assert "Invented clients of the practice mode" in page
    assert assessments.find(live.service, live.actor("adviser"), row["id"])["id"] == row["id"]


def test_the_page_is_accessible_in_every_state(live: Live, visit: Visit) -> None:
    page = visit("administrator")
    found = {}
    page.goto("/service")
    found["service-on"] = axe(page) + sideways(page) + unseen(Keyboard(page).walk())
    picture(page, "service-on")
    page.get_by_role("button", name="Turn scoring off").click()
    assert page.title().startswith("Error: ")
    found["service-problem"] = axe(page) + sideways(page)
    picture(page, "service-problem")
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Turn scoring off").click()
    page.get_by_role("heading", name="Scoring is turned off").wait_for()
    found["service-off"] = axe(page) + sideways(page)
    picture(page, "service-off")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_scoring_is_turned_off_and_on_without_scripts_by_keyboard(live: Live, visit: Visit) -> None:
    page = visit("administrator", script=False)
    page.goto("/service")
    page.get_by_label("Why?").focus()
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Scoring is turned off").wait_for()
    assert suspension.words(live.service) == REASON
    page.get_by_role("button", name="Turn scoring on again").press("Enter")
    page.get_by_role("heading", name="Scoring is on").wait_for()

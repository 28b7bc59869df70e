"""Do managers see how the service does, is the file what the page shows, and can everybody read the charts?"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.casework import ANSWERS, LEFT
from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Clock, Live
from triage.casework import actions, assessments, deciding, interview, offices, scoring
from triage.casework import figures as management
from triage.records.database import Row
from triage.records.tables import assessments as kept
from triage.records.tables import audit_events
from triage.web.figures_drawing import shares_chart, weeks_chart
from triage.web.pages.figures import TOO_LITTLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def one(live: Live, who: str, band: str = "") -> Row:
    """A client on whom somebody decided."""
    service, adviser = live.service, live.actor(who)
    row = assessments.start(service, adviser, held="in_person", context=LEFT)
    interview.save_answers(service, adviser, row["id"], ANSWERS)
    score = scoring.score(service, adviser, row["id"])
    scoring.shown(service, adviser, score["id"])
    if band and band != score["band"]:
        about = {"score_id": score["id"], "band": band, "reason": "other", "note": "It fits better."}
        deciding.override(service, adviser, row["id"], **about)
    else:
        deciding.confirm(service, adviser, row["id"], score_id=score["id"])
    return row


@pytest.fixture(scope="module")
def busy(shared_live: Live, shared_clock: Clock) -> Live:
    """A service in which much was decided over five weeks."""
    bands = [band.id for band in shared_live.service.engines.now.cutoffs.bands]
    for week in range(5):
        for number in range(9 + week):
            one(shared_live, "adviser", bands[2] if number < week + 2 else bands[0] if number == 8 else "")
        for _ in range(4):
            one(shared_live, "other_adviser")
        if week < 4:
            shared_clock.move(weeks=1)
    service, adviser = shared_live.service, shared_live.actor("adviser")
    row = one(shared_live, "adviser")
    due = service.today
    actions.agree(service, adviser, row["id"], service_id=next(iter(service.services.by_id)), who="adviser", due=due)
    offices.change(
        service, shared_live.actor("administrator"), shared_live.other_office["id"], "=1+1 & <b>Fife</b>", ""
    )
    return shared_live


@pytest.fixture
def look(busy: Live, new_page: Callable[..., Page]) -> Visit:
    """Opens a browser as somebody."""

    def open_as(who: str, **options: object) -> Page:
        return busy.sign_in(new_page(base_url=busy.address, **options), who)

    return open_as


def cells_of_page(text: str) -> list[str]:
    """The cells of every table of a page, in their order, as they are read out."""
    bodies = "".join(re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL))
    cells = re.findall(r"<td[^>]*>(.*?)</td>", bodies, re.DOTALL)
    spoken = [re.sub(r'<span aria-hidden="true">.*?</span>', "", cell) for cell in cells]
    return [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in spoken]


def test_managers_and_analysts_see_figures_and_nobody_elses_client(busy: Live) -> None:
    with busy.service.database.read() as view:
        references = view.all(sa.select(kept.c.reference, kept.c.id))
    for who in ("manager", "analyst"):
        page = busy.client(who).get("/figures?weeks=13").text
        assert "Changed proposals by office" in page
        assert not any(row["reference"] in page or row["id"] in page for row in references)


def test_the_file_is_exactly_what_the_page_shows(busy: Live) -> None:
    manager = busy.client("manager")
    for query in ("?weeks=13", f"?weeks=4&office={busy.office['id']}"):
        page = manager.get(f"/figures{query}").text
        file = manager.get(f"/figures.csv{query}")
        assert file.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert rows[0] == ["table", "row", "column", "value"]
        cells = [row for row in rows[4:] if row[0] != "warnings"]
        assert [row[3] for row in cells if row[3] != TOO_LITTLE] == cells_of_page(page)
        assert page.count(TOO_LITTLE) == sum(row[3] == TOO_LITTLE for row in cells)
        assert all(f">{html.escape(title)}<" in page for title in {row[0] for row in cells})
        assert sum(row[0] == "warnings" for row in rows) == page.count("ds_warning-text__text")


def test_no_text_of_the_file_is_taken_for_a_formula(busy: Live) -> None:
    file = busy.client("analyst").get("/figures.csv?weeks=13")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert any(row[1] == "'=1+1 & <b>Fife</b>" for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_name_of_an_office_is_shown_as_text(busy: Live) -> None:
    page = busy.client("manager").get("/figures?weeks=13").text
    assert "<b>Fife</b>" not in page
    assert html.escape("<b>Fife</b>") in page


def test_a_file_that_was_taken_stands_in_the_trail(busy: Live) -> None:
    busy.client("analyst").get("/figures.csv?weeks=4")
    with busy.service.database.read() as view:
        rows = view.all(sa.select(audit_events).where(audit_events.c.action == "exported"))
    assert rows[-1]["actor"] == busy.accounts["analyst"]["id"]
    assert rows[-1]["detail"] == '{"weeks":4,"what":"figures"}'


@pytest.mark.parametrize("query", ["?weeks=5", "?weeks=x", "?weeks=4&office=nowhere", "?weeks=-4", "?weeks=4000"])
def test_other_figures_do_not_exist(busy: Live, query: str) -> None:
    manager = busy.client("manager")
    assert manager.get(f"/figures{query}").status_code == 404
    assert manager.get(f"/figures.csv{query}").status_code == 404


def test_charts_draw_what_is_told_and_nothing_else(busy: Live) -> None:
    found = management.figures(busy.service, busy.actor("manager"), 13)
    decided, by_office = found.tables["decided"], found.tables["changes_by_office"]
    drawn = weeks_chart(decided)
    assert drawn is not None
    weeks = decided.lines[:-1]
    parts = [[count or 0 for count in line.counts[:-1]] for line in weeks]
    rest = [(line.counts[-1] or 0) - sum(known) for line, known in zip(weeks, parts, strict=True)]
    key = len(decided.columns) - 1 + any(rest)
    assert any(rest), "some of what is hidden is drawn as one"
    assert len(drawn.bars) == sum(1 for counts in (*parts, rest) for count in counts if count) + key
    shares = shares_chart(by_office)
    assert shares is not None
    assert {"2%", "40%"} <= {word.text for word in shares.words}
    nothing = replace(decided, lines=tuple(replace(line, counts=(None,) * len(line.counts)) for line in decided.lines))
    assert weeks_chart(nothing) is None
    assert shares_chart(replace(by_office, lines=())) is None


def test_the_page_is_accessible_with_and_without_figures(look: Visit) -> None:
    page = look("manager")
    found = {}
    for name, address in (
        ("figures", "/figures?weeks=13"),
        ("figures-weeks", "/figures?weeks=52"),
        ("figures-four", "/figures?weeks=4"),
    ):
        page.goto(address)
        found[name] = axe(page) + sideways(page) + unseen(Keyboard(page).walk())
        picture(page, name)
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_a_service_without_clients_has_a_page_too(live: Live, visit: Visit) -> None:
    page = visit("analyst")
    page.goto("/figures")
    assert axe(page) + sideways(page) == []
    picture(page, "figures-none")
    assert page.get_by_text(TOO_LITTLE).count() > 3


def test_another_time_is_chosen_by_keyboard_and_without_scripts(look: Visit) -> None:
    page = look("analyst", script=False)
    page.goto("/figures")
    page.get_by_label("Time", exact=True).select_option("4")
    page.get_by_label("Office", exact=True).select_option(label="Falkirk office")
    page.get_by_role("button", name="Show").press("Enter")
    page.get_by_text("Falkirk office, ").wait_for()
    assert "weeks=4" in page.url

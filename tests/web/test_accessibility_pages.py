"""Can everybody use every page of casework in every state: with axe, at 320 pixels, at 400% zoom, by keyboard?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browser import WIDE, Keyboard, NewPage, Watch, axe, picture, sideways, unseen
from tests.web.page_states import LEAD_ON, PAGES, Shown, arrive
from tests.web.service import Live
from tests.web.states import Clients
from tests.web.test_permissions import ROUTES
from triage.web.security.permissions import RULES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Answers for programs and for the browser itself.
NO_PAGES = {"healthz", "logo", "metrics", "readyz"}
#: Where each kind of page can be met by keyboard; the others are made of the same parts.
BY_KEYBOARD = ("question", "question-enough", "check-begun", "result", "result-confirmed", "actions", "record-decided")


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """The context that the tests of the table share, with who watches it."""
    return {}


@pytest.fixture
def window(browser: Browser, kept: dict[str, Any]) -> Iterator[Page]:
    """A page like those of `new_page`, without a context of its own: there are more than a hundred."""
    if not kept:
        size = {"width": WIDE[0], "height": WIDE[1]}
        kept["context"] = browser.new_context(viewport=size, reduced_motion="reduce", locale="en-GB")  # type: ignore[arg-type]
        kept["watch"] = Watch()
        kept["watch"].on(kept["context"])
    kept["context"].clear_cookies()
    page = kept["context"].new_page()
    yield page
    page.close()
    assert kept["watch"].complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_has_no_accessibility_problem_and_fits_a_narrow_screen(
    shown: Shown, shared_live: Live, states: Clients, window: Page
) -> None:
    arrive(window, shared_live, states, shown)
    assert axe(window) == []
    picture(window, shown.name)
    assert window.get_by_role("heading", level=1).count() == 1
    assert window.title().startswith("Error: ") == (window.locator("#error-summary").count() == 1)
    main = window.locator("main .ds_button:not(.ds_button--secondary)").filter(visible=True)
    assert main.count() <= 1, f"more than one main button: {main.all_inner_texts()}"
    assert sideways(window) == []


def test_every_page_is_in_the_table_or_in_a_test_of_its_own_area() -> None:
    """So that a new page is not forgotten: it is looked at with axe, here or in the tests of its area."""
    looked_at = {shown.route for shown in PAGES} | LEAD_ON | NO_PAGES
    ours = {segments(shown.address)[0] for shown in PAGES}
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    others = "\n".join(text for text in tests if "axe(" in text)
    forgotten = {}
    for route in ROUTES:
        if RULES[route.name].scope is None and "GET" in (route.methods or ()) and route.name not in looked_at:
            first, *_, last = (*segments(route.path), *segments(route.path)[-1:])
            # In an area of ours the page itself must be named; another area has tests that go through it.
            if not route.path.startswith("/api/") and (last if first in ours else first) not in others:
                forgotten[route.name] = route.path
    assert forgotten == {}


def segments(address: str) -> list[str]:
    """The fixed parts of an address, each with its slash."""
    return re.findall(r"/[a-z-]+", re.sub(r"{[^}]*}", "", address)) or ["/"]


def test_every_form_with_a_page_for_what_is_wrong_is_in_the_table() -> None:
    known = {route.name for route in ROUTES}
    assert {shown.route for shown in PAGES} <= known
    names = [shown.name for shown in PAGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_the_focus_is_always_seen_and_never_covered(
    name: str, shared_live: Live, states: Clients, new_page: NewPage
) -> None:
    shown = next(item for item in PAGES if item.name == name)
    page = new_page(size=(1280, 1000))
    arrive(page, shared_live, states, shown)
    stops = Keyboard(page).walk()
    assert len(stops) > 5
    assert unseen(stops) == []


def test_the_decision_stays_in_sight_and_covers_nothing(shared_live: Live, states: Clients, new_page: NewPage) -> None:
    page = new_page(size=(1280, 1000))
    arrive(page, shared_live, states, next(item for item in PAGES if item.name == "result"))
    page.locator("#result-unasked-heading").scroll_into_view_if_needed()
    panel = page.get_by_role("region", name="Your decision")
    assert panel.evaluate("el => el.getBoundingClientRect().top") >= 0
    right = page.locator(".ltu-columns__main").evaluate("el => el.getBoundingClientRect().right")
    assert panel.evaluate("el => el.getBoundingClientRect().left") >= right
    page.set_viewport_size({"width": 1280, "height": 600})
    assert page.locator(".ltu-sticky").evaluate("el => getComputedStyle(el).position") == "static"

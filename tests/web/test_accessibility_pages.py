"""Can everybody use every page of casework in every state: with axe, at 320 pixels, at 400% zoom, by keyboard?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import triage
from tests.web.browser import Keyboard, NewPage, axe, picture, sideways, unseen
from tests.web.page_states import LEAD_ON, PAGES, Shown, arrive
from tests.web.service import Clock, Live
from tests.web.states import Clients
from tests.web.test_permissions import ROUTES
from triage.web.security.permissions import RULES

#: Answers for programs and for the browser itself.
NO_PAGES = {"healthz", "logo", "metrics", "readyz"}
#: Where each kind of page can be met by keyboard; the others are made of the same parts.
BY_KEYBOARD = ("question", "question-enough", "check-begun", "result", "result-confirmed", "actions", "record-decided")


@pytest.fixture(scope="module")
def clients(shared_live: Live, shared_clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Clients:
    """Clients in every state."""
    made = Clients(shared_live)
    engine: triage.Engine = shared_live.service.engines.now
    made.early(shared_clock, engine, tmp_path_factory.mktemp("cutoffs"))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_has_no_accessibility_problem_and_fits_a_narrow_screen(
    shown: Shown, shared_live: Live, clients: Clients, new_page: NewPage
) -> None:
    page = new_page()
    arrive(page, shared_live, clients, shown)
    assert axe(page) == []
    picture(page, shown.name)
    headings = page.get_by_role("heading", level=1)
    assert headings.count() == 1
    assert page.title().startswith("Error: ") == (page.locator("#error-summary").count() == 1)
    main = page.locator("main .ds_button:not(.ds_button--secondary)").filter(visible=True)
    assert main.count() <= 1, f"more than one main button: {main.all_inner_texts()}"
    assert sideways(page) == []


def test_every_page_is_in_the_table_or_in_a_test_of_its_own_area() -> None:
    """So that a new page is not forgotten: it is looked at with axe, here or in the tests of its area."""
    looked_at = {shown.route for shown in PAGES} | LEAD_ON | NO_PAGES
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    others = "\n".join(text for text in tests if "axe(" in text)
    pages = [route for route in ROUTES if RULES[route.name].scope is None and "GET" in (route.methods or ())]
    pages = [route for route in pages if not route.path.startswith("/api/") and route.name not in looked_at]
    forgotten = {
        route.name: route.path
        for route in pages
        if re.findall(r"/[a-z-]+", re.sub(r"{.*?}", "", route.path))[-1] not in others
    }
    assert forgotten == {}


def test_every_form_with_a_page_for_what_is_wrong_is_in_the_table() -> None:
    known = {route.name for route in ROUTES}
    assert {shown.route for shown in PAGES} <= known
    names = [shown.name for shown in PAGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_the_focus_is_always_seen_and_never_covered(
    name: str, shared_live: Live, clients: Clients, new_page: NewPage
) -> None:
    shown = next(item for item in PAGES if item.name == name)
    page = new_page(size=(1280, 1000))
    arrive(page, shared_live, clients, shown)
    stops = Keyboard(page).walk()
    assert len(stops) > 5
    assert unseen(stops) == []


def test_the_decision_stays_in_sight_and_covers_nothing(shared_live: Live, clients: Clients, new_page: NewPage) -> None:
    page = new_page(size=(1280, 1000))
    arrive(page, shared_live, clients, next(item for item in PAGES if item.name == "result"))
    page.locator("#result-unasked-heading").scroll_into_view_if_needed()
    panel = page.get_by_role("region", name="Your decision")
    assert panel.evaluate("el => el.getBoundingClientRect().top") >= 0
    right = page.locator(".ltu-columns__main").evaluate("el => el.getBoundingClientRect().right")
    assert panel.evaluate("el => el.getBoundingClientRect().left") >= right
    page.set_viewport_size({"width": 1280, "height": 600})
    assert page.locator(".ltu-sticky").evaluate("el => getComputedStyle(el).position") == "static"

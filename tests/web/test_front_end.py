"""Can everybody use every part of a page: seen or heard, by keyboard, on a narrow screen, on paper, without scripts?

The pages of gallery/ hold every macro in every state.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browser import Driver, Keyboard, NewPage, Watch, axe, picture, sideways, unseen
from tests.web.gallery_pages import NAMES, Served, gallery_page, serving

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("gallery")) as served:
        yield served


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_accessibility_problem_wide_or_narrow(name: str, gallery: Served, page: Page) -> None:
    page.goto(gallery.page(name))
    assert axe(page) == []
    picture(page, f"gallery-{name}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == []
    assert sideways(page) == []
    picture(page, f"gallery-{name}-narrow")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_works_without_scripts(name: str, gallery: Served, new_page: NewPage) -> None:
    page = new_page(script=False)
    page.goto(gallery.page(name))
    assert sideways(page) == []
    assert unseen(Keyboard(page).walk()) == []
    assert page.get_by_text("See how far it is now").count() == (1 if name == "parts" else 0)
    for details in page.locator("details").all():
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        assert details.locator(".ds_details__text").is_visible()


@pytest.mark.parametrize("name", NAMES)
def test_a_keyboard_reaches_everything_and_one_sees_where_it_is(name: str, gallery: Served, page: Page) -> None:
    page.goto(gallery.page(name))
    stops = Keyboard(page).walk()
    assert stops[0].name == "Skip to main content"
    assert unseen(stops) == []
    fields = page.locator("input:not([type=hidden]):not([type=radio]), select, textarea, button[id], summary[id]")
    assert {field.get_attribute("id") for field in fields.all()} <= {stop.id for stop in stops}


def test_a_form_is_filled_in_and_sent_by_keyboard_alone(gallery: Served, page: Page) -> None:
    gallery.sent.clear()
    page.goto(gallery.page("question"))
    keyboard = Keyboard(page)
    keyboard.to("A full licence and a car")
    keyboard.press("ArrowDown")
    keyboard.to("Continue")
    keyboard.press("Enter")
    page.wait_for_url("**/finished.html")
    [sent] = gallery.sent
    assert re.fullmatch(r"csrf=token&submission=[0-9a-f]{32}&answer=licence", sent)


def test_the_skip_link_leads_past_the_navigation(gallery: Served, page: Page) -> None:
    page.goto(gallery.page("question"))
    keyboard = Keyboard(page)
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "answer"


def test_each_problem_is_a_link_to_its_field(gallery: Served, page: Page) -> None:
    page.goto(gallery.page("problems"))
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    links = page.locator("#error-summary a")
    assert links.count() == 9
    for place in range(links.count()):
        link = links.nth(place)
        link.click()
        name = (link.get_attribute("href") or "").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == name
        told = page.locator(f"#{name}, fieldset:has(#{name})").evaluate_all(
            "all => all.flatMap(el => (el.getAttribute('aria-describedby') ?? '').split(' '))"
        )
        assert f"error-{name}" in told
        assert page.locator(f"#error-{name}").inner_text().endswith(link.inner_text())


@pytest.mark.parametrize("name", NAMES)
def test_more_space_between_letters_words_and_lines_hides_nothing(name: str, gallery: Served, page: Page) -> None:
    page.goto(gallery.page(name))
    page.evaluate(SPACED)
    assert sideways(page) == []


def test_on_paper_there_is_the_page_and_nothing_to_click(gallery: Served, page: Page) -> None:
    page.goto(gallery.page("result"))
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_text("To offer support.").is_visible()
    for hidden in ("nav", "button", ".ds_back-link", ".ds_skip-links"):
        assert [part.is_visible() for part in page.locator(hidden).all()].count(True) == 0, hidden
    picture(page, "gallery-result-paper")


def test_shades_are_told_apart_where_the_system_sets_the_colours(gallery: Served, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(gallery.page("result"))
    bars = page.locator("rect").evaluate_all("all => all.map(el => getComputedStyle(el).fill)")
    assert len(set(bars)) == len(bars) == 3
    current, other = (page.get_by_role("link", name=name, exact=True) for name in ("Your work", "Lists"))
    line = "el => getComputedStyle(el).borderBottomColor"
    assert current.evaluate(line) != other.evaluate(line)
    picture(page, "gallery-result-forced-colours")


def test_what_the_browser_watches_for_is_noticed(gallery: Served, browser: Browser) -> None:
    """The tests above can fail."""
    html = gallery_page("finished").replace(
        "</main>",
        '<div style="width: 900px" id="wide">wide</div><a href="#x"></a><b id="x"></b><b id="x"></b>'
        '<img src="http://elsewhere.example/a.png" alt=""><script>let a = 1;</script>'
        '<script src="/static/absent.js"></script></main>',
    )
    address = gallery.put("bad", html)
    context = browser.new_context()
    watch = Watch()
    watch.on(context)
    page = context.new_page()
    page.goto(address)
    page.evaluate("() => { document.getElementById('wide').style.width = '900px'; }")
    page.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }); }")
    page.wait_for_function("() => true")
    page.evaluate("() => { document.querySelectorAll('a').forEach(el => { el.style.cssText = 'all: unset'; }); }")
    found = " ".join(watch.complaints)
    for part in ("elsewhere.example", "inline style", "inline script", "404 for", "script error: thrown"):
        assert part in found
    problems = " ".join(axe(page))
    assert "link-name" in problems
    assert "two elements have the id x" in problems
    assert any("wide" in what for what in sideways(page))
    assert unseen(Keyboard(page).walk()) != []
    context.close()


def test_axe_says_that_it_needs_scripts(gallery: Served, new_page: NewPage) -> None:
    page = new_page(script=False)
    page.goto(gallery.page("finished"))
    with pytest.raises(AssertionError, match="needs a page with scripts"):
        axe(page)


def test_other_tests_may_run_a_loop_of_their_own(browser_driver: Driver) -> None:
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"

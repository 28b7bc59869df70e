"""A real browser for tests: pages of their own, that must not complain, and what every page can be asked.

Needs Chromium (`chromium` on Debian): scripts/system-packages.sh installs it. Nothing outside this machine is reached.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "out" / "pictures"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
WIDE = (1280, 900)
#: 320 CSS pixels; the second is also 1280 by 1024 at 400% zoom.
NARROW = ((320, 800), (320, 256))
OURS = {"127.0.0.1", "localhost"}


@dataclass
class Driver:
    """The browser, and the loop that its driver runs in. Between tests the loop is out of the way of `asyncio.run`."""

    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def at_work(self) -> Iterator[Browser]:
        asyncio._set_running_loop(self.loop)
        try:
            yield self.browser
        finally:
            asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def browser_driver() -> Iterator[Driver]:
    """One Chromium for each test process."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: run scripts/system-packages.sh")
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    driver = Driver(playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET), asyncio.get_running_loop())
    asyncio._set_running_loop(None)
    yield driver
    with driver.at_work():
        driver.browser.close()
        playwright.stop()


@pytest.fixture
def browser(browser_driver: Driver) -> Iterator[Browser]:
    """The browser, for a test that makes its own contexts; most take `new_page` or `page`."""
    with browser_driver.at_work() as found:
        yield found


@dataclass
class Watch:
    """What went wrong in a browser's context: errors, refused requests, and requests that leave this machine."""

    complaints: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, kind: str, text: str) -> None:
        # The status of a response is told below, with its address.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.complaints.append(f"console {kind}: {text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about", "file") and address.hostname not in OURS:
            self.complaints.append(f"request to elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status} for {response.url}")


NewPage = Callable[..., "Page"]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes a page with cookies of its own: `new_page(size=(1280, 900), script=True)`.

    Call it again for a second person; `page.context.new_page()` is a second tab of the same person. At the end no page
    may have complained: of an error, of what the content policy refused, or of a request that leaves this machine.
    """
    made: list[BrowserContext] = []
    watch = Watch()

    def make(size: tuple[int, int] = WIDE, script: bool = True, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, reduced_motion="reduce",
            locale="en-GB", timezone_id="Europe/London", accept_downloads=True, **options,
        )  # fmt: skip
        made.append(context)
        watch.on(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()
    assert watch.complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a wide screen, with scripts."""
    return new_page()


def axe(page: Page) -> list[str]:
    """Each accessibility problem of WCAG 2.2 A and AA, and of good practice, that axe-core finds in the page.

    The page needs scripts: axe-core waits for promises, which a browser without scripts never settles.
    """
    assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe-core needs a page with scripts"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("""async () => (await axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
    })).violations""")
    twice = page.evaluate("""() => [...document.querySelectorAll("[id]")].map(el => el.id)
        .filter((id, place, all) => all.indexOf(id) !== place)""")
    return [f"{rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]] + [
        f"two elements have the id {name}" for name in twice
    ]


def picture(page: Page, name: str) -> Path:
    """Keeps a picture of the whole page as out/pictures/<name>.png."""
    assert re.fullmatch(r"[a-z0-9-]+", name), f"{name} is no name for a picture"
    PICTURES.mkdir(parents=True, exist_ok=True)
    target = PICTURES / f"{name}.png"
    page.screenshot(path=target, full_page=True)
    return target


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways at 320 pixels or at 400% zoom; nothing if it does not."""
    before = page.viewport_size
    found: list[str] = []
    for width, height in NARROW:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}x{height}: {what}" for what in page.evaluate(STICKS_OUT)]
    if before is not None:
        page.set_viewport_size(before)
    return found


@dataclass(frozen=True)
class Stop:
    """Where the focus stands after a press of Tab."""

    name: str
    tag: str
    id: str
    visible: bool
    uncovered: bool


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def walk(self, most: int = 300) -> list[Stop]:
        """Every place that Tab reaches, in order, from the top of the page to its end."""
        self.page.evaluate(TO_THE_TOP)
        stops: list[Stop] = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUS)
            if stop is None:
                return stops
            stops.append(Stop(**stop))
        raise AssertionError(f"Tab goes on after {most} places: {[stop.name for stop in stops[-5:]]}")

    def to(self, name: str, most: int = 300) -> None:
        """Press Tab until the focus is on what is called `name`."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUS.replace("ltuSeen.has(el)", "false"))
            if stop is not None and stop["name"] == name:
                return
        raise AssertionError(f"Tab does not reach {name!r}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)


def unseen(stops: list[Stop]) -> list[str]:
    """The stops at which one cannot see where the focus is."""
    return [f"{stop.tag}#{stop.id} {stop.name}" for stop in stops if not (stop.visible and stop.uncovered)]


#: Elements that reach past the right edge, outside of what scrolls in itself.
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const scrolls = el => el && el !== document.body && el !== document.documentElement &&
    (getComputedStyle(el).overflowX !== "visible" || scrolls(el.parentElement));
  const out = [...document.body.querySelectorAll("*")]
    .filter(el => el.getBoundingClientRect().right > width + 0.5 && !scrolls(el.parentElement))
    .map(el => el.outerHTML.slice(0, 120));
  return out.length ? out : ["the page"];
}"""

#: The next Tab starts from the top, wherever the focus has been.
TO_THE_TOP = """() => {
  globalThis.ltuSeen = new Set();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""

#: The focused element, whether it or its label looks different from when it has no focus, and whether it is on top.
FOCUS = """() => {
  const el = document.activeElement;
  globalThis.ltuSeen ??= new Set();
  if (!el || el === document.body || ltuSeen.has(el)) return null;
  ltuSeen.add(el);
  const props = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "color",
    "borderTopColor", "borderTopWidth", "clip"];
  const look = () => [el, el.nextElementSibling].filter(Boolean).flatMap(one => ["", "::before", "::after"]
    .map(part => { const style = getComputedStyle(one, part || null); return props.map(prop => style[prop]).join(); }))
    .join("|");
  const focused = look();
  el.blur();
  const blurred = look();
  el.focus({preventScroll: true});
  const label = el.labels?.[0];
  const name = (el.getAttribute("aria-label") ?? label?.innerText ?? el.innerText ?? "").replace(/\\s+/g, " ").trim();
  // The first line of a link that goes over two.
  const box = (label && getComputedStyle(el).opacity === "0" ? label : el).getClientRects()[0];
  const at = (low, size, most) => Math.min(Math.max(low + Math.min(size, 40) / 2, 1), most - 1);
  const top = document.elementFromPoint(at(box.left, box.width, innerWidth), at(box.top, box.height, innerHeight));
  const uncovered = !!top && [el, label].some(one => one && (one.contains(top) || top.contains(one)));
  return {name, tag: el.tagName.toLowerCase(), id: el.id, visible: focused !== blurred, uncovered};
}"""

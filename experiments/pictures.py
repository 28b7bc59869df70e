"""What do the service and the tuning page look like? Takes the pictures of the guides from the running service.

Everybody in them is invented. Run: make pictures
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import triage
from tests.tuning_people import made
from tests.web.browser import CHROMIUM, QUIET
from tests.web.service import BEGIN, Clock, Live, serving
from tests.web.states import Clients
from triage.casework.service import make_service
from triage.records.database import Database
from triage.records.keys import Keys
from triage.records.migrate import migrate
from triage.tuning.page import tuning_page
from triage.web.settings import WebSettings

OUT = Path(__file__).resolve().parents[1] / "docs" / "pictures"
#: A guide is read on slow lines, too.
MOST_BYTES = 120_000
_COLOURS = 48


@dataclass(frozen=True)
class Taken:
    """One picture: of which page, how large a window, and what is chosen and typed there first."""

    name: str
    address: str
    size: tuple[int, int]
    choose: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


PICTURES = (
    Taken("question", "/clients/{begun}/questions/driving_licence", (900, 1010), "Yes, full and clean"),
    Taken("check", "/clients/{enough}/check", (900, 1000)),
    Taken(
        "result", "/clients/{crossing}/result", (1280, 1130), "Change to: PACE support with your own adviser",
        {"reason": "not_on_checklist", "note": "Looks after her mother, and cannot travel far."},
    ),
    Taken("actions", "/clients/{agreed}/actions", (1280, 900)),
    Taken("sheet", "/clients/{agreed}/sheet", (900, 900)),
    Taken("places", "/lists/{plan}", (1280, 1160)),
)  # fmt: skip
#: The sliders of the tuning page, and what stands below them.
TUNING = "tuning"


def main() -> None:
    """Take every picture anew."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Database.open(f"sqlite:///{folder}/records.sqlite", Keys.load(Path(folder) / "keys", make=True))
        migrate(database)
        service = make_service(database, triage.load(), clock=Clock(BEGIN))
        settings = WebSettings(secure=False, demonstration=True, folder=Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        with serving(service, settings) as live:
            clients = Clients(live)
            for picture in PICTURES:
                page = browser.new_page(locale="en-GB", reduced_motion="reduce")
                keep(picture.name, taken(page, live, clients, picture))
                page.close()
        keep(TUNING, tuning(browser, Path(folder)))
        browser.close()
        database.close()


def keep(name: str, png: bytes) -> None:
    """Put a picture among those of the guides."""
    path = OUT / f"{name}.png"
    path.write_bytes(small(png))
    print(f"{path.relative_to(OUT.parents[1])}: {path.stat().st_size:,} bytes")


def tuning(browser: Browser, folder: Path) -> bytes:
    """The tuning page of simulated people, with the sliders at the top of the window."""
    path = folder / "tuning.html"
    path.write_text(tuning_page(made().data), encoding="utf-8")
    page = browser.new_page(locale="en-GB", reduced_motion="reduce", viewport={"width": 1180, "height": 900})
    page.goto(path.as_uri())
    page.locator("#slider-1").fill("17")
    page.evaluate("document.activeElement.blur(); scrollTo(0, sliders.offsetTop - 16)")
    return page.screenshot()


def taken(page: Page, live: Live, clients: Clients, picture: Taken) -> bytes:
    """What the window shows."""
    page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
    live.sign_in(page, "adviser")
    page.goto(live.address + picture.address.format_map(clients))
    if picture.choose:
        page.get_by_label(picture.choose, exact=True).check()
    for name, text in picture.typed.items():
        box = page.locator(f"#{name}")
        if box.evaluate("el => el.tagName") == "SELECT":
            box.select_option(text)
        else:
            box.fill(text)
    page.evaluate("document.activeElement.blur()")
    return page.screenshot()


def small(png: bytes) -> bytes:
    """The same picture with few colours.

    Raises:
        ValueError: it is still too large.
    """
    with Image.open(io.BytesIO(png)) as image:
        found = io.BytesIO()
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(found, "PNG", optimize=True)
    if len(found.getvalue()) > MOST_BYTES:
        raise ValueError(f"This picture has {len(found.getvalue()):,} bytes. Make its window smaller.")
    return found.getvalue()


if __name__ == "__main__":
    main()

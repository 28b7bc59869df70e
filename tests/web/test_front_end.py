"""Is every part of a page usable by everybody: seen, read aloud, by keyboard, on a narrow screen, printed, without scripts?

The pages of gallery/ hold every macro in every state. They are rendered by the service's own environment, and served
with the service's own content policy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from jinja2.exceptions import UndefinedError

from tests.web.browser import Keyboard, NewPage, axe, picture, sideways, unseen
from triage.web.templates import STATIC, environment

GALLERY = Path(__file__).parent / "gallery"
PAGES = sorted(path.stem for path in GALLERY.glob("*.html"))
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ERRORS = {
    "reference": "Enter a reference, not a name",
    "years": "Time in the job must be a number",
    "ends": "The job's end must be a real date",
    "held": "Say how the interview is held",
    "licences": "Say which licences, or that there is none",
    "told": "Tell the client before you go on",
    "reason": "Choose a reason",
    "note": "The note must be 200 characters or fewer",
    "list": "Choose a file",
}
GIVEN: dict[str, Any] = {
    "csrf": "token",
    "navigation": [("Clients", "/parts", True), ("Due", "/result", False), ("Lists", "/question", False)],
    "account": {"name": "Morag Example", "office": "Falkirk"},
    "practice": True,
    "back": "/question",
    "breadcrumbs": [("Clients", "/parts"), ("K7QM-2XRD", "/result")],
    "permitted_use": "To offer support. Never to refuse it, and never for benefits or by an employer.",
    "versions": [("Model", "evidence-2021.1"), ("checklist", "pace-2021.1"), ("cut-offs", "2026-11")],
}
MORE: dict[str, dict[str, Any]] = {
    "problems": {"errors": ERRORS},
    "finished": {"flash": "Your decision is saved.", "suspended": "The yearly review is not done.", "practice": False},
}


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder with the service's content policy; a form gets its page again."""

    posts: list[str] = []

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:
        self.posts.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(303)
        self.send_header("Location", self.path)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing: the tests look at what the browser saw."""


def render(name: str) -> str:
    template = environment().from_string((GALLERY / f"{name}.html").read_text(encoding="utf-8"))
    return template.render({**GIVEN, **MORE.get(name, {})})


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages."""
    folder = tmp_path_factory.mktemp("gallery")
    copytree(STATIC, folder / "static")
    for name in PAGES:
        (folder / f"{name}.html").write_text(render(name), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_accessibility_problem_wide_or_narrow(
    name: str, script: bool, gallery: str, new_page: NewPage
) -> None:
    page = new_page(script=script)
    page.goto(f"{gallery}/{name}.html")
    assert axe(page) == []
    picture(page, f"gallery-{name}" if script else f"gallery-{name}-no-script")
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == []
    assert sideways(page) == []
    if script:
        picture(page, f"gallery-{name}-narrow")


@pytest.mark.parametrize("name", PAGES)
def test_a_keyboard_reaches_everything_and_one_sees_where_it_is(name: str, gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/{name}.html")
    stops = Keyboard(page).walk()
    assert stops[0].name == "Skip to main content"
    assert unseen(stops) == []
    reached = {stop.id for stop in stops if stop.id}
    fields = page.locator("input:not([type=hidden]):not([type=radio]), select, textarea")
    assert {field.get_attribute("id") for field in fields.all()} <= reached

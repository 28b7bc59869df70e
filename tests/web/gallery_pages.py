"""Pages that hold every macro in every state, made by the service's own templates and served with its own policy.

They exist for tests alone: the service shows none of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

from triage.web.security.headers import POLICY
from triage.web.templates import STATIC, environment

GALLERY = Path(__file__).parent / "gallery"
NAMES = sorted(path.stem for path in GALLERY.glob("*.html"))
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
    "navigation": [("Your work", "/parts.html", True), ("Lists", "/result.html", False), ("Reviews", "/", False)],
    "account": {"name": "Morag Example", "office": "Falkirk"},
    "practice": True,
    "back": "/question.html",
    "breadcrumbs": [("Clients", "/parts.html"), ("K7QM-2XRD", "/result.html")],
    "permitted_use": "To offer support. Never to refuse it, and never for benefits or by an employer.",
    "versions": [("Model", "evidence-2021.1"), ("checklist", "pace-2021.1"), ("cut-offs", "2026-11")],
}
MORE: dict[str, dict[str, Any]] = {
    "problems": {"errors": ERRORS},
    "finished": {"flash": "Your decision is saved.", "suspended": "The yearly review is not done.", "practice": False},
}


def gallery_page(name: str, **values: object) -> str:
    """One page of the gallery."""
    template = environment().from_string((GALLERY / f"{name}.html").read_text(encoding="utf-8"))
    return template.render({**GIVEN, **MORE.get(name, {}), **values})


@dataclass
class Served:
    """Where the pages are, the folder behind the address, and the forms that were sent."""

    address: str
    folder: Path
    sent: list[str] = field(default_factory=list)

    def put(self, name: str, html: str) -> str:
        """Serves `html` from now on; its address."""
        (self.folder / f"{name}.html").write_text(html, encoding="utf-8")
        return f"{self.address}/{name}.html"

    def page(self, name: str) -> str:
        return f"{self.address}/{name}.html"


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as the service would; a form that is sent leads to the page `finished`."""

    def __init__(self, *args: Any, sent: list[str], **options: Any) -> None:
        self.sent = sent
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_POST(self) -> None:
        self.sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8"))
        self.send_response(303)
        self.send_header("Location", "/finished.html")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing: the tests look at what the browser saw."""


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """The gallery on a free port of this machine."""
    copytree(STATIC, folder / "static")
    sent: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder), sent=sent)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            served = Served(f"http://127.0.0.1:{server.server_port}", folder, sent)
            for name in NAMES:
                served.put(name, gallery_page(name))
            yield served
        finally:
            server.shutdown()
            thread.join()

"""What does somebody see who sends more than fits? A page in plain words in place of the framework's two."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from triage.web.problems import problem_page
from triage.web.security.guard import settings_of

_MEGABYTE = 2**20


def large_as_page(scope: Scope, receive: Receive, send: Send) -> Send:
    """`send` for a request to a page, with a page where the framework refuses the size."""
    if scope["type"] != "http" or scope["path"].startswith("/api/"):
        return send
    refused = False

    async def said(message: Message) -> None:
        nonlocal refused
        if message["type"] == "http.response.start" and message["status"] == 413:
            refused = _plain(message)
        if not refused:
            await send(message)
        elif message["type"] == "http.response.body":
            await _page(scope)(scope, receive, send)

    return said


def _plain(message: Message) -> bool:
    """True for the framework's own answer; ours are pages already."""
    return any(name == b"content-type" and value.startswith(b"text/plain") for name, value in message["headers"])


def _page(scope: Scope) -> Response:
    request = Request(scope)
    most = settings_of(request).upload // _MEGABYTE
    text = (
        f"A list may have up to {most} MB, and a form much less. Nothing was kept. Go back, take pictures and sheets"
        " that are not needed out of the file, or save it as CSV, and upload it again."
    )
    return problem_page(request, 413, text)

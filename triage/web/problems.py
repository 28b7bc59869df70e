"""What does somebody see when something cannot be done? A page in plain words; for a program, problem details."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.middleware import body_limit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.errors import (
    AccessError,
    AnswersError,
    CaseworkError,
    ConflictError,
    DecisionError,
    ListError,
    ObjectedError,
    SignInError,
    SuspendedError,
    UserError,
)
from triage.web.rendering import render
from triage.web.security.guard import Refused

_LOG = logging.getLogger("triage.web")
STATUS: Mapping[type[UserError], int] = {
    AccessError: 404,
    ConflictError: 409,
    SuspendedError: 503,
    ObjectedError: 409,
    AnswersError: 422,
    CaseworkError: 422,
    DecisionError: 422,
    ListError: 422,
    SignInError: 401,
}
TITLES = {
    400: "This could not be done",
    401: "Sign in",
    403: "This is not open to you",
    404: "There is no such page",
    405: "This could not be done",
    409: "Something has changed",
    413: "This is too large",
    422: "This could not be done",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "This is turned off for now",
}


def status_of(problem: UserError) -> int:
    """The HTTP status of a problem that a person can put right."""
    return next((status for kind, status in STATUS.items() if isinstance(problem, kind)), 400)


def is_api(request: Request) -> bool:
    """True for a program that asks."""
    return request.url.path.startswith("/api/")


def add_problems(app: FastAPI) -> None:
    """Have the application answer every problem."""

    @app.exception_handler(Refused)
    async def refused(request: Request, problem: Refused) -> Response:
        if problem.address:
            return Response(status_code=303, headers={"location": problem.address})
        return answer(request, problem.status, problem.text, problem.code, [])

    @app.exception_handler(UserError)
    async def user_error(request: Request, problem: UserError) -> Response:
        faults = [{"where": fault.where, "what": fault.what, "hint": fault.hint} for fault in problem.faults]
        return answer(request, status_of(problem), problem.message, problem.code, faults)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, problem: RequestValidationError) -> Response:
        # The value itself is left out: it may be an answer.
        faults = [
            {"where": "/".join(str(part) for part in fault["loc"]), "what": fault["msg"], "hint": ""}
            for fault in problem.errors()
        ]
        return answer(request, 422, "The request cannot be read as it is.", "invalid_request", faults)

    @app.exception_handler(HTTPException)
    async def http(request: Request, problem: HTTPException) -> Response:
        title = TITLES.get(problem.status_code, "This could not be done")
        text = problem.detail if problem.status_code not in (404, 405) else "Check the address."
        made = answer(request, problem.status_code, text, "http_" + str(problem.status_code), [], title)
        made.headers.update(problem.headers or {})
        return made


class Defects:
    """Answers where the software has a fault. The log gets the place, never a value: a message may repeat an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as problem:  # whatever it is, nobody gets a traceback
            if type(problem).__module__ == body_limit.__name__:
                # What was sent is too large, and that was answered already.
                raise
            number = _note(problem)
            if not begun:
                await _defect(Request(scope), number)(scope, receive, send)


def _note(problem: Exception) -> str:
    number = secrets.token_hex(4)
    places = "; ".join(f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(problem.__traceback__)[-6:])
    _LOG.error("fault %s: %s at %s", number, type(problem).__name__, places)
    return number


def _defect(request: Request, number: str) -> Response:
    text = (
        f"It is a fault of the software, not yours. What was saved before is kept. Please report the number {number}."
    )
    if is_api(request):
        return problem_details(500, text, "defect")
    # No template: the fault may be in one.
    return PlainTextResponse(f"{TITLES[500]}\n\n{text}\n", 500)


def answer(
    request: Request, status: int, text: str, code: str, faults: list[dict[str, str]], title: str = ""
) -> Response:
    """A problem as a page, or as problem details (RFC 9457) for a program."""
    if is_api(request):
        return problem_details(status, text, code, faults, title)
    return problem_page(request, status, text, faults, title)


def problem_page(
    request: Request, status: int, text: str, faults: list[dict[str, str]] | None = None, title: str = ""
) -> Response:
    """A problem as a page, with a way on."""
    way_on = _way_on(request) if status in (409, 422, 503) else ("Go to the start page", "/")
    return render(
        request, "problem.html", status, title=title or TITLES[status], text=text, faults=faults or [], way_on=way_on
    )


def _way_on(request: Request) -> tuple[str, str]:
    """What a link says, and where it leads: to what the form was about."""
    path = request.path_params
    if "assessment" in path:
        return "Look at the client's record", f"/clients/{path['assessment']}"
    if "review" in path:
        return "Look at the request", f"/reviews/{path['review']}"
    return "Go to the start page", "/"


def problem_details(
    status: int, text: str, code: str, faults: list[dict[str, str]] | None = None, title: str = "", **more: Any
) -> JSONResponse:
    """A problem for a program: RFC 9457, with the stable word `code` and every fault."""
    body = {
        "type": f"urn:ltu-triage:problem:{code}",
        "title": title or TITLES.get(status, "This could not be done"),
        "status": status,
        "detail": text,
        "code": code,
        "faults": faults or [],
        **more,
    }
    return JSONResponse(body, status, media_type="application/problem+json")

"""How does the API say no? In problem details (RFC 9457) that never repeat what was sent: it may be an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope, Send

from triage.casework.api_keys import Key
from triage.checklist import Checklist
from triage.errors import RecordsError, SuspendedError, UserError
from triage.faults import Fault
from triage.web.api.apart import apart_of
from triage.web.problems import is_api, problem_details, status_of
from triage.web.security.guard import service_of

#: Scoring is turned off by people: it makes no sense to ask again at once.
SUSPENDED_SECONDS = 300
#: A field or a question, as we name them. Anything else that was sent as a name is not repeated.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_STRANGE = "a name that is not known"
_PREFIX = "Value error, "
_MOST_FAULTS = 50
_RECORDS = "The records of this service cannot be used at the moment. Tell the organisation that runs it."


class ApiProblem(Exception):
    """An answer of the API in place of what was asked for.

    Attributes:
        status: of HTTP.
        code: a stable word for programs.
        text: a sentence for people.
        faults: what is wrong, place by place.
        headers: of the answer.
        more: further members of the problem details.
    """

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status = status
        self.code = code
        self.text = text
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.more = more
        super().__init__(text)

    def answer(self) -> JSONResponse:
        """The problem as an answer."""
        faults, title = [_plain(fault) for fault in self.faults], HTTPStatus(self.status).phrase
        made = problem_details(self.status, self.text, self.code, faults, title, **self.more)
        made.headers.update(self.headers)
        return made


#: What the framework refuses before a route is found.
_FRAMEWORK = {
    400: ApiProblem(400, "http_400", "The service does not answer to this host name.").answer(),
    413: ApiProblem(413, "http_413", "What was sent is too large. Send less at once.").answer(),
}


def add_refusals(app: FastAPI) -> None:
    """Have the application answer the problems of the API; those of pages stay as they are."""
    pages = app.exception_handlers[UserError]

    @app.exception_handler(ApiProblem)
    async def problem(_: Request, found: ApiProblem) -> Response:
        return found.answer()

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: ClientDisconnect) -> Response:
        # Nobody is there any more to read this: it is no fault of the software.
        return ApiProblem(400, "cut_short", "The connection ended before the request did.").answer()

    @app.exception_handler(UserError)
    async def user_error(request: Request, found: UserError) -> Response:
        if is_api(request):
            return user_problem(request, found).answer()
        return cast(Response, await pages(request, found))  # type: ignore[misc]


def framework_as_problem(scope: Scope, send: Send) -> Send:
    """Sends answers as they are, but for those in plain text: there the framework itself refused a request."""
    if scope["type"] != "http" or not scope["path"].startswith("/api/"):
        return send
    instead: JSONResponse | None = None

    async def sending(message: Message) -> None:
        nonlocal instead
        if message["type"] == "http.response.start" and message["status"] in _FRAMEWORK:
            if (b"content-type", b"text/plain; charset=utf-8") in message["headers"]:
                instead = _FRAMEWORK[message["status"]]
                message = {**message, "headers": [*instead.raw_headers, (b"cache-control", b"no-store")]}
        elif instead is not None:
            message = {"type": "http.response.body", "body": instead.body}
        await send(message)

    return sending


def user_problem(request: Request, problem: UserError) -> ApiProblem:
    """What a program is told of a problem that a person can put right."""
    if isinstance(problem, RecordsError):
        return ApiProblem(503, problem.code, _RECORDS)
    key: Key | None = getattr(request.state, "key", None)
    status = status_of(problem)
    headers = {"retry-after": str(SUSPENDED_SECONDS)} if isinstance(problem, SuspendedError) else {}
    faults = safe_faults(problem.faults, service_of(request).engines.now.checklist, key)
    return ApiProblem(status, problem.code, problem.message, faults=faults, headers=headers)


def safe_faults(faults: Iterable[Fault], checklist: Checklist, key: Key | None) -> list[Fault]:
    """Faults without what was sent, and without a hint about an answer that the key's owner must not have."""
    apart = apart_of(checklist, key)
    return [
        Fault(place, fault.what, "" if place in apart else fault.hint)
        for fault in faults
        for place in (_place(fault.where),)
    ]


def invalid(problem: ValidationError) -> ApiProblem:
    """A body or a query that is not what the document of the API says."""
    found = problem.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in found):
        return ApiProblem(422, "invalid_json", "The body is not JSON, or its parts are nested too deeply.")
    faults = [
        Fault("/".join(_place(str(part)) for part in fault["loc"]), fault["msg"].removeprefix(_PREFIX))
        for fault in found[:_MOST_FAULTS]
    ]
    return ApiProblem(422, "invalid_request", "The request is not as it has to be.", faults=faults)


def _place(name: str) -> str:
    name = name.strip("'")
    return name if not name or name.isdecimal() or _NAME.fullmatch(name) else _STRANGE


def _plain(fault: Fault) -> dict[str, str]:
    return {"where": fault.where, "what": fault.what, "hint": fault.hint}

"""Is a request done once, however often a program sends it? With the header Idempotency-Key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from fastapi import Request, Response

from triage.casework import idempotency
from triage.errors import UserError
from triage.web.api.refusals import ApiProblem
from triage.web.api.score import key_of
from triage.web.security.guard import service_of

HEADER = "idempotency-key"
_NAME = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS = ("location",)
_OTHER = "This Idempotency-Key was used for another request within the last day. Use a new one for each request."
_BUSY = "A request with this Idempotency-Key is just being answered. Ask again in a moment."


def once(request: Request, act: Callable[[str], Response]) -> Response:
    """Do what a request asks for, or give the answer that it had.

    Args:
        request: the request.
        act: does it; gets the name of the request for casework, "" where the program gave none.

    Raises:
        ApiProblem: 409 where the key was used for another request, or is just being used.
    """
    name = request.headers.get(HEADER)
    if name is None:
        return act("")
    if not _NAME.fullmatch(name):
        raise ApiProblem(422, "invalid_idempotency_key", "An Idempotency-Key has 1 to 255 plain signs without a space.")
    service = service_of(request)
    taken = idempotency.take(service, key_of(request).id, name, _whole(request))
    if taken.state == "other":
        raise ApiProblem(409, "idempotency_key_reused", _OTHER)
    if taken.state == "busy":
        raise ApiProblem(409, "idempotency_key_busy", _BUSY, headers={"retry-after": "1"})
    if taken.state == "kept":
        return _again(taken.status, taken.body)
    try:
        made = act(taken.submission)
    except (ApiProblem, UserError):
        idempotency.give_back(service, taken)
        raise
    headers = {name: made.headers[name] for name in _KEPT_HEADERS if name in made.headers}
    body = bytes(made.body).decode()
    idempotency.keep(service, taken, made.status_code, json.dumps({"headers": headers, "body": body}))
    return made


def _again(status: int, text: str) -> Response:
    kept = json.loads(text)
    headers = {**kept["headers"], "idempotent-replayed": "true"}
    return Response(kept["body"], status, headers, media_type="application/json")


def _whole(request: Request) -> bytes:
    """Everything that makes a request this one. The versions that it wants belong to it."""
    wanted = sorted((name, value) for name, value in request.headers.items() if name.startswith("ltu-"))
    head = json.dumps([request.method, request.url.path, wanted])
    return head.encode() + b"\0" + bytes(getattr(request.state, "body", b""))

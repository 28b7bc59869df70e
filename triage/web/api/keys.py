"""Which program asks, and may it? The guard of the routes that need an API key. It knows no cookie and no form."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from ipaddress import ip_address

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from triage.casework import api_keys
from triage.casework.api_keys import FRESH, Key
from triage.records.actor import Actor
from triage.web.api.rates import Buckets
from triage.web.api.refusals import ApiProblem
from triage.web.security.guard import service_of
from triage.web.security.permissions import Rule

_PREFIX = "ltu_"
_LENGTHS = range(20, 101)
_MOST_SEEN = 1_000
_SENDING = ("POST", "PUT", "PATCH")
#: What a server in between adds. Then nobody knows that the program is on this machine.
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_NO_KEY = "Send a key that works: 'Authorization: Bearer ltu_...'. An administrator of the service makes one."
#: Who stands in a record where the name of the program has no letter: nothing may stop an objection.
_PROGRAM = "A partner's program"
_CHALLENGE = {"www-authenticate": 'Bearer realm="LTU Triage"'}


class KeyGuard:
    """Lets a request with a key through to its route.

    It leaves `request.state.actor`, `request.state.key` and the body, `request.state.body`.

    Args:
        rate: how many requests a second one key may send, over a while.
    """

    def __init__(self, rate: float) -> None:
        self._buckets = Buckets(rate)
        self._seen: dict[int, float] = {}

    async def __call__(self, request: Request, rule: Rule) -> None:
        """Find out whose key it is.

        Raises:
            ApiProblem: 401 without a key that works, 403 without the scope, 429 for too many requests.
        """
        request.state.key = request.state.session = None
        if rule.loopback and "authorization" not in request.headers and on_this_machine(request):
            return
        key = await self._find(request)
        request.state.key, request.state.actor = key, _actor(key)
        wait = self._buckets.take(key.id)
        if wait:
            raise ApiProblem(
                429, "too_many_requests", "This key has sent too many requests at once. Wait, and then go on.",
                headers={"retry-after": str(math.ceil(wait))},
            )  # fmt: skip
        if rule.scope not in key.scopes:
            raise ApiProblem(
                403, "scope_missing", f"This key does not have the scope '{rule.scope}'.", headers=_CHALLENGE
            )
        if request.method in _SENDING and not request.headers.get("content-type", "").startswith("multipart/"):
            request.state.body = await request.body()

    async def _find(self, request: Request) -> Key:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        secret, found = secret.strip(), None
        if kind.lower() == "bearer" and secret.startswith(_PREFIX) and len(secret) in _LENGTHS:
            found = await self._look_up(request, secret)
        if found is None:
            raise ApiProblem(401, "no_key", _NO_KEY, headers=_CHALLENGE)
        return found

    async def _look_up(self, request: Request, secret: str) -> Key | None:
        """A key that was found a moment ago is remembered, so it is looked up here and now: nothing has to wait."""
        service, name, now = service_of(request), hash(secret), time.monotonic()
        if now - self._seen.get(name, -math.inf) < FRESH:
            return api_keys.find(service, secret)
        found = await run_in_threadpool(api_keys.find, service, secret)
        if found is not None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[name] = now
        return found


def _actor(key: Key) -> Actor:
    actor = key.actor
    return actor if any(sign.isalpha() for sign in actor.name) else replace(actor, name=_PROGRAM)


def on_this_machine(request: Request) -> bool:
    """True for a program on this machine that asks without a server in between."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    return _is_loopback(request.client.host) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

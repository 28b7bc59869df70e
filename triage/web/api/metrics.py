"""What does the service count, for whoever keeps it running? Requests and their time, scores, decisions. Nobody's data.

Labels are names of routes and words of this software: never an id, an office, a key or an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one process.

    Args:
        suspended: tells whether scoring is turned off.
    """

    def __init__(self, suspended: Callable[[], bool]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ltu_requests", "Requests by route and class of status.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "ltu_request_seconds", "Time to answer, by route.", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._scores = Counter(
            "ltu_scores", "Scores given, by door and status.", ("door", "status"), registry=self._registry
        )
        self._decisions = Counter("ltu_decisions", "Decisions recorded, by step.", ("step",), registry=self._registry)
        Gauge("ltu_scoring_suspended", "1 while scoring is turned off.", registry=self._registry).set_function(
            lambda: float(suspended())
        )
        self._scored: dict[tuple[str, str], Counter] = {}
        self._counting: dict[tuple[str, str], Callable[[float], None]] = {}

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        known = self._counting.get((route, kind := f"{status // 100}xx"))
        if known is None:
            requests, times = self._requests.labels(route, kind), self._seconds.labels(route)

            def known(took: float) -> None:
                requests.inc()
                times.observe(took)

            self._counting[route, kind] = known
        known(seconds)

    def scored(self, door: str, status: str) -> None:
        """Count a score."""
        known = self._scored.get((door, status))
        if known is None:
            known = self._scored[door, status] = self._scores.labels(door, status)
        known.inc()

    def decided(self, step: str) -> None:
        """Count a decision."""
        self._decisions.labels(step).inc()

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._registry)


class Counted:
    """Counts every request by the name of its route; an address that is none of ours has no name."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            name = getattr(scope.get("route"), "name", None) or "none"
            self._metrics.request(name, status, time.perf_counter() - begun)

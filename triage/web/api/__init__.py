"""The HTTP API for partners' programs."""

from __future__ import annotations

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI

from triage.casework import suspension
from triage.casework.service import Service
from triage.web.api import answers, assessments, decisions, lists, outcomes, policy, running, score
from triage.web.api.document import Document
from triage.web.api.keys import KeyGuard
from triage.web.api.metrics import Counted, Metrics
from triage.web.api.refusals import add_refusals, framework_as_problem
from triage.web.settings import WebSettings

__all__ = ["ROUTERS", "UPLOADS", "add_api", "framework_as_problem"]
#: The routes of the API and of what watches over the service; `UPLOADS` take files. The quickest come first: routes are
#: looked through in their order.
ROUTERS: tuple[APIRouter, ...] = (
    score.router,
    score.many,
    assessments.router,
    answers.router,
    decisions.router,
    outcomes.router,
    policy.router,
    running.router,
)
UPLOADS: tuple[APIRouter, ...] = (lists.router,)


def add_api(app: FastAPI, service: Service, settings: WebSettings) -> None:
    """Have the application know keys, answer programs in problem details, and count what it does."""
    app.state.key_guard = KeyGuard(settings.requests_a_second)
    app.state.metrics = Metrics(lambda: suspension.current(service) is not None)
    app.state.document = Document(route for router in (*ROUTERS, *UPLOADS) for route in router.routes)
    app.state.lists_at_once = CapacityLimiter(1)
    add_refusals(app)
    app.add_middleware(Counted, metrics=app.state.metrics)

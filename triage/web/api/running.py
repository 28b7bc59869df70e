"""Is the service alive, is it ready, and how much does it do? For what watches over it; nothing of anybody is said."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from triage.casework.health import is_ready
from triage.web.api.metrics import CONTENT_TYPE
from triage.web.security.guard import service_of

router = APIRouter()


@router.get("/healthz", name="healthz")
async def healthz() -> Response:
    """The process is alive."""
    return PlainTextResponse("alive")


@router.get("/readyz", name="readyz")
def readyz(request: Request) -> Response:
    """Requests can be answered: records, engine and keys are there."""
    return PlainTextResponse("ready") if is_ready(service_of(request)) else PlainTextResponse("not ready", 503)


@router.get("/metrics", name="metrics")
def metrics(request: Request) -> Response:
    """What this process has counted, in the text format of Prometheus."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)

"""Score answers without storing anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import pydantic_core
from fastapi import APIRouter, Request, Response

from triage.casework import suspension
from triage.casework.api_keys import Key
from triage.casework.service import Service
from triage.engine import Engine
from triage.errors import AnswersError, ObjectedError
from triage.web.api.apart import apart_of
from triage.web.api.bodies import body_of
from triage.web.api.models.scores import BatchRequest, Pinned, ScoreRequest
from triage.web.api.refusals import ApiProblem, safe_faults
from triage.web.api.saying import Data, next_of, scored, terms
from triage.web.security.guard import service_of

router = APIRouter(prefix="/api/v1")
#: A thousand clients with every question answered, and room to spare.
MOST_BYTES = 4 * 2**20
many = APIRouter(prefix="/api/v1")
_HEADERS = {"model": "ltu-model", "checklist": "ltu-checklist", "cutoffs": "ltu-cutoffs"}
_PINS = frozenset(name.encode() for name in _HEADERS.values())


@router.post("/score", name="api_score")
async def score(request: Request) -> Response:
    """Score one client. Nothing is stored, and nothing waits for the database."""
    given, service = body_of(request, ScoreRequest), service_of(request)
    engine, apart = service.engines.now, apart_of(service.engines.now.checklist, key_of(request))
    check_versions(request, engine, given.versions)
    on = day_of(service, given.on)
    suspension.check(service)
    made = engine.score({**given.context, **given.answers}, on=on)
    request.app.state.metrics.scored("score", made.status)
    found = terms(engine, on, service.settings.valid_days) | scored(engine, made, apart)
    return answered(found | {"next": next_of(made, apart) if given.ask_next else None})


@many.post("/score/batch", name="api_score_batch", max_body_size=MOST_BYTES)
def score_batch(request: Request) -> Response:
    """Score several clients. Every one comes out, scored or with the reason why not."""
    given, service = body_of(request, BatchRequest), service_of(request)
    engine, key = service.engines.now, key_of(request)
    check_versions(request, engine, given.versions)
    on = day_of(service, given.on)
    suspension.check(service)
    rows = [
        {"place": place, **_row(request, engine, key, {**client.context, **client.answers}, on)}
        for place, client in enumerate(given.clients)
    ]
    return answered(terms(engine, on, service.settings.valid_days) | {"clients": rows})


def _row(request: Request, engine: Engine, key: Key, answers: dict[str, Any], on: date) -> Data:
    try:
        made = engine.score(answers, on=on)
    except (AnswersError, ObjectedError) as problem:
        faults = [
            {"where": fault.where, "what": fault.what, "hint": fault.hint}
            for fault in safe_faults(problem.faults, engine.checklist, key)
        ]
        return {"score": None, "problem": {"code": problem.code, "detail": problem.message, "faults": faults}}
    request.app.state.metrics.scored("batch", made.status)
    return {"score": scored(engine, made, apart_of(engine.checklist, key)), "problem": None}


def key_of(request: Request) -> Key:
    """The key with which a program asks."""
    return cast(Key, request.state.key)


def answered(data: Data, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON. Numbers are written so that reading them gives the same bits."""
    return Response(pydantic_core.to_json(data), status, headers, media_type="application/json")


def day_of(service: Service, given: date | None) -> date:
    """The day of an interview.

    Raises:
        ApiProblem: it lies in the future.
    """
    # A day of grace: it may be tomorrow already where the program runs.
    if given is not None and given > service.today + timedelta(days=1):
        raise ApiProblem(422, "invalid_request", "The day of the interview, 'on', lies in the future.")
    return given or service.today


def check_versions(request: Request, engine: Engine, pinned: Pinned | None = None) -> None:
    """Refuse a request for other versions than those in force, named in the body or in headers.

    Raises:
        ApiProblem: 409, with the versions in force.
    """
    if pinned is None and not any(name in _PINS for name, _ in request.scope["headers"]):
        return
    now = engine.versions
    force = {"model": now.model, "checklist": now.checklist, "cutoffs": now.cutoffs}
    for name, version in force.items():
        wanted = (pinned and getattr(pinned, name), request.headers.get(_HEADERS[name]))
        if any(item is not None and item != version for item in wanted):
            raise ApiProblem(409, "version_not_in_force", f"Another version of the {name} is in force.", in_force=force)

"""Record what a caseworker decided, and that a client objects to being scored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, deciding
from triage.casework.service import Service
from triage.casework.texts import check_text
from triage.errors import CaseworkError
from triage.faults import Fault
from triage.records.database import Row
from triage.web.api.bodies import body_of
from triage.web.api.cases import decision, id_of, whole
from triage.web.api.models.assessments import DecisionRequest, ObjectionRequest
from triage.web.api.once import once
from triage.web.api.score import answered
from triage.web.security.guard import actor_of, service_of

router = APIRouter(prefix="/api/v1")
_OVERRIDE = ("band", "reason")


@router.post("/assessments/{assessment}/decisions", name="api_decision")
def decide(request: Request, assessment: str) -> Response:
    """Record a decision of the caseworker whom the program names."""
    given = body_of(request, DecisionRequest)
    _check_override(service_of(request), given)

    def act(submission: str) -> Response:
        row = _decided(request, id_of(assessment), given, submission)
        request.app.state.metrics.decided(given.action)
        return answered(decision(request, row), 201)

    return once(request, act)


def _check_override(service: Service, given: DecisionRequest) -> None:
    """Band and reason belong to an override, and to nothing else."""
    faults, bands = [], [band.id for band in service.engines.now.cutoffs.bands]
    for name in _OVERRIDE:
        there = getattr(given, name) is not None
        if there != (given.action == "override"):
            what = "This belongs to an override alone." if there else "An override needs it."
            faults.append(Fault(name, what))
    if given.band is not None and given.band not in bands:
        faults.append(Fault("band", "This is not one of the bands.", f"Use one of {', '.join(bands)}."))
    if faults:
        raise CaseworkError("The decision cannot be recorded like this.", faults)


def _decided(request: Request, assessment: str, given: DecisionRequest, submission: str) -> Row:
    service = service_of(request)
    by = replace(actor_of(request), name=check_text("by", given.by, most=200, needed=True))
    told: dict[str, Any] = {"score_id": given.score, "note": given.note, "last": given.last, "submission": submission}
    if given.action == "override":
        return deciding.override(service, by, assessment, band=given.band or "", reason=given.reason or "", **told)
    steps = {"confirm": deciding.confirm, "ask_for_more": deciding.ask_for_more, "withdraw": deciding.withdraw}
    return steps[given.action](service, by, assessment, **told)


@router.post("/assessments/{assessment}/objection", name="api_objection")
def objection(request: Request, assessment: str) -> Response:
    """The client objects to being scored. Every service stays open."""
    given = body_of(request, ObjectionRequest)

    def act(_: str) -> Response:
        service, actor = service_of(request), actor_of(request)
        return answered(whole(request, assessments.object_to_scoring(service, actor, id_of(assessment), given.note)))

    return once(request, act)


@router.delete("/assessments/{assessment}/objection", name="api_objection_back")
def objection_back(request: Request, assessment: str) -> Response:
    """The client no longer objects."""
    row = assessments.withdraw_objection(service_of(request), actor_of(request), id_of(assessment))
    return answered(whole(request, row))

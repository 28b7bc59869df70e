"""Record what became of a client, and read the outcomes as learning needs them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from triage.casework import outcomes, partner_outcomes
from triage.web.api.apart import apart_of
from triage.web.api.bodies import body_of, query_of
from triage.web.api.cases import id_of
from triage.web.api.models.assessments import ListQuery
from triage.web.api.models.outcomes import OutcomeRequest
from triage.web.api.once import once
from triage.web.api.score import answered, key_of
from triage.web.security.guard import actor_of, service_of

router = APIRouter(prefix="/api/v1")
_SHOWN = ("id", "assessment", "kind", "weeks", "known_on", "source", "at")


@router.post("/assessments/{assessment}/outcomes", name="api_outcome")
def record(request: Request, assessment: str) -> Response:
    """Record what became of a client. Several can be recorded over time."""
    given = body_of(request, OutcomeRequest)

    def act(submission: str) -> Response:
        row = outcomes.record(
            service_of(request), actor_of(request), id_of(assessment), kind=given.kind, weeks=given.weeks,
            known_on=given.known_on, source=given.source, submission=submission,
        )  # fmt: skip
        return answered({name: row[name] for name in _SHOWN}, 201)

    return once(request, act)


@router.get("/outcomes", name="api_outcomes")
def listed(request: Request) -> Response:
    """Outcomes of the clients who were started with this key, as rows of the outcomes contract."""
    query, service = query_of(request, ListQuery), service_of(request)
    part = partner_outcomes.rows(service, actor_of(request), after=query.cursor, size=query.limit)
    apart = apart_of(service.engines.now.checklist, key_of(request))
    rows = [{name: cell for name, cell in row.items() if name not in apart} for row in part.rows]
    return answered({"outcomes": rows, "next": part.after or None})

"""Start an assessment, note what changes, and list those that were started."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, partners, scoring
from triage.web.api.bodies import body_of, query_of
from triage.web.api.cases import head, id_of, whole
from triage.web.api.models.assessments import AssessmentsQuery, ChangeRequest, RescoreRequest, StartRequest
from triage.web.api.once import once
from triage.web.api.score import answered
from triage.web.security.guard import actor_of, service_of

router = APIRouter(prefix="/api/v1")


@router.post("/assessments", name="api_assessment_start")
def start(request: Request) -> Response:
    """Start an assessment."""
    given = body_of(request, StartRequest)

    def act(submission: str) -> Response:
        row = assessments.start(
            service_of(request), actor_of(request), held=given.held, client_reference=given.client_reference,
            interpreter=given.interpreter, language=given.language, context=given.context, practice=given.practice,
            submission=submission,
        )  # fmt: skip
        return answered(whole(request, row), 201, {"location": f"/api/v1/assessments/{row['id']}"})

    return once(request, act)


@router.get("/assessments", name="api_assessments")
def listed(request: Request) -> Response:
    """The assessments that were started with this key, the newest first."""
    query = query_of(request, AssessmentsQuery)
    part = partners.started(
        service_of(request), actor_of(request), state=query.state or "", practice=query.practice, after=query.cursor,
        size=query.limit,
    )  # fmt: skip
    return answered({"assessments": [head(row) for row in part.rows], "next": part.after or None})


@router.get("/assessments/{assessment}", name="api_assessment")
def one(request: Request, assessment: str) -> Response:
    """One assessment. The audit trail notes who looked."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, id_of(assessment))
    assessments.seen(service, actor, row["id"])
    return answered(whole(request, row))


@router.patch("/assessments/{assessment}", name="api_assessment_change")
def change(request: Request, assessment: str) -> Response:
    """Change what is noted about an assessment."""
    given = body_of(request, ChangeRequest)
    row = assessments.set_details(
        service_of(request), actor_of(request), id_of(assessment), expect_version=given.version, held=given.held,
        client_reference=given.client_reference, interpreter=given.interpreter, language=given.language,
        context=given.context,
    )  # fmt: skip
    return answered(whole(request, row))


@router.post("/assessments/{assessment}/rescore", name="api_assessment_rescore")
def rescore(request: Request, assessment: str) -> Response:
    """Ask the questions again after a change. Everything so far stays."""
    given = body_of(request, RescoreRequest)

    def act(_: str) -> Response:
        row = scoring.rescore_start(service_of(request), actor_of(request), id_of(assessment), given.why)
        return answered(whole(request, row))

    return once(request, act)

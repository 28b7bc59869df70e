"""Keep the answers of an assessment, and work out its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import interview, scoring
from triage.errors import AccessError
from triage.records.database import Row
from triage.records.plain import parsed
from triage.web.api.apart import apart_of
from triage.web.api.bodies import body_of
from triage.web.api.cases import id_of, kept_score, progress
from triage.web.api.models.assessments import AnswerRequest, AnswersRequest, KeepScoreRequest
from triage.web.api.once import once
from triage.web.api.refusals import ApiProblem
from triage.web.api.score import answered, check_versions, key_of
from triage.web.security.guard import actor_of, service_of

router = APIRouter(prefix="/api/v1")
_NO_SCORE = "There is no score of this assessment that counts. Score it first."
_OLD = "This score was made with versions that are not in force any more. Score the assessment again."


@router.put("/assessments/{assessment}/answers/{question}", name="api_answer")
def answer(request: Request, assessment: str, question: str) -> Response:
    """Keep one answer."""
    given = body_of(request, AnswerRequest)
    return _saved(request, id_of(assessment), {question: given.answer})


@router.patch("/assessments/{assessment}/answers", name="api_answers")
def answers(request: Request, assessment: str) -> Response:
    """Keep several answers, all or none."""
    return _saved(request, id_of(assessment), body_of(request, AnswersRequest).answers)


def _saved(request: Request, assessment: str, given: Mapping[str, Any]) -> Response:
    service, actor = service_of(request), actor_of(request)
    apart = apart_of(service.engines.now.checklist, key_of(request))
    rows = interview.save_answers(service, actor, assessment, given)
    kept = {row["question"]: _kept(row) for row in rows if row["question"] not in apart}
    draft = interview.draft(service, actor, assessment)
    return answered({"assessment": assessment, "answers": kept, "progress": progress(draft, apart)})


def _kept(row: Row) -> dict[str, Any]:
    return {"state": row["state"], "value": parsed(row["value"]), "used": row["used"]}


@router.post("/assessments/{assessment}/score", name="api_assessment_score")
def score(request: Request, assessment: str) -> Response:
    """Score the answers as they are, and keep the score. It is a proposal."""
    given, service = body_of(request, KeepScoreRequest), service_of(request)

    def act(_: str) -> Response:
        check_versions(request, service.engines.now, given.versions)
        row = scoring.score(service, actor_of(request), id_of(assessment))
        request.app.state.metrics.scored("assessment", row["status"])
        return _shown(request, row)

    return once(request, act)


@router.get("/assessments/{assessment}/score", name="api_assessment_score_kept")
def kept(request: Request, assessment: str) -> Response:
    """The score that counts."""
    row = scoring.latest(service_of(request), actor_of(request), id_of(assessment))
    if row is None:
        raise AccessError(_NO_SCORE)
    return _shown(request, row)


def _shown(request: Request, row: Row) -> Response:
    """A score as it is told; the audit trail notes to whom it was."""
    data = kept_score(request, row)
    if data is None:
        now = service_of(request).engines.now.versions
        force = {"model": now.model, "checklist": now.checklist, "cutoffs": now.cutoffs}
        raise ApiProblem(409, "version_not_in_force", _OLD, in_force=force)
    scoring.shown(service_of(request), actor_of(request), row["id"])
    return answered(data)

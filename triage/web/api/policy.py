"""Say what is in force: the model, the checklist and the cut-offs. Nothing about any client."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request, Response

from triage.casework.service import Service
from triage.checklist import ContextField, Question
from triage.checklist.schema import Option
from triage.checklist.wording import fill, label_words
from triage.cutoffs.schema import Governance
from triage.engine import Engine
from triage.numbers import logistic
from triage.policies import Promoted
from triage.policies import words as said
from triage.schema import as_data
from triage.web.api.saying import Data, terms_of
from triage.web.api.score import answered
from triage.web.security.guard import service_of

router = APIRouter(prefix="/api/v1")


@router.get("/model", name="api_model")
async def model(request: Request) -> Response:
    """The model in force."""
    return answered(_model(service_of(request).engines.now))


@router.get("/checklist", name="api_checklist")
async def checklist(request: Request) -> Response:
    """The questions in force, with their answers."""
    service: Service = service_of(request)
    kinds = [{name: getattr(kind, name) for name in ("id", "text", "without_weeks")} for kind in service.kinds.kinds]
    return answered(_checklist(service.engines.now) | {"outcomes": kinds})


@router.get("/cutoffs", name="api_cutoffs")
async def cutoffs(request: Request) -> Response:
    """The bands in force, and the reasons for choosing another one than is proposed."""
    service: Service = service_of(request)
    names = ("id", "text", "directions", "note")
    reasons = [{name: getattr(reason, name) for name in names} for reason in service.reasons.reasons]
    engine = service.engines.now
    policy = service.policy.of(engine)
    promoted = None if policy is None else _promoted(policy)
    return answered(_cutoffs(engine) | {"promoted": promoted, "reasons": reasons})


@router.get("/openapi.json", name="api_openapi")
def openapi(request: Request) -> Response:
    """The document of this API."""
    return answered(request.app.state.document.now(service_of(request)))


@lru_cache(maxsize=4)
def _model(engine: Engine) -> Data:
    manifest, wording = engine.bundle.manifest, engine.words.wording
    words, terms = label_words(manifest.label), terms_of(engine)
    return {
        "versions": terms["versions"],
        "source": manifest.source,
        "label": as_data(manifest.label),
        "base_rate": as_data(manifest.base_rate),
        "baseline": manifest.baseline,
        "coverage": manifest.interval.nominal_coverage,
        "training": manifest.training,
        "sample": None if manifest.sample is None else as_data(manifest.sample),
        "reference": manifest.reference,
        "said": engine.words.source(),
        "meaning": [fill(text, **words) for text in wording.meaning],
        "limits": [fill(text, **words) for text in wording.limits],
        "permitted_use": terms["permitted_use"],
    }


@lru_cache(maxsize=4)
def _checklist(engine: Engine) -> Data:
    checklist, areas = engine.checklist, engine.features.areas
    return {
        "version": engine.versions.checklist,
        "title": checklist.title,
        "questions": [_question(question) for question in checklist.questions],
        "areas": [{"code": area.code, "name": area.name} for area in (areas.areas if areas is not None else ())],
        "context": [_field(field) for field in checklist.context],
    }


def _question(question: Question) -> Data:
    names = (
        "id", "factor", "label", "ask", "help", "kind", "decline", "sensitivity", "interview",
        "not_applicable_until_weeks_after_job_ends", "can_change",
    )  # fmt: skip
    span = question.number
    number = None
    if span is not None:
        number = {"unit": span.unit, "minimum": span.minimum, "maximum": span.maximum, "whole": span.whole}
    return {name: getattr(question, name) for name in names} | {"options": _options(question.options), "number": number}


def _field(field: ContextField) -> Data:
    names = ("id", "label", "ask", "help", "kind")
    return {name: getattr(field, name) for name in names} | {"options": _options(field.options)}


def _options(options: tuple[Option, ...]) -> list[Data]:
    return [{"id": option.id, "text": option.text} for option in options]


@lru_cache(maxsize=4)
def _cutoffs(engine: Engine) -> Data:
    file, edges = engine.cutoffs.file, (None, *engine.points.edges)
    governance = file.governance or Governance()
    return {
        "version": engine.versions.cutoffs,
        "sha256": engine.cutoffs.digest,
        "title": file.title,
        "reasoning": file.reasoning,
        "permitted_use": file.permitted_use,
        "bands": [
            {
                "id": band.id,
                "name": band.name,
                "offers": band.offers,
                "from_probability": None if edge is None else logistic(edge),
            }
            for band, edge in zip(engine.cutoffs.bands, edges, strict=True)
        ],
        "enough_answers": engine.at_least,
        "demonstration": governance.demonstration,
        "approved_by": governance.approved_by,
        "review_date": None if governance.review_date is None else governance.review_date.isoformat(),
    }


def _promoted(policy: Promoted) -> Data:
    """Who put a promoted policy in force, and the summary of its evidence."""
    record, evidence = policy.record, policy.record.evidence
    names = ("id", "percent", "cases", "cases_below")
    figures = ("flagged", "ppv", "npv", "sensitivity")
    return {
        "in_force_by": policy.by,
        "in_force_since": policy.since,
        "promoted_by": record.by,
        "promoted_at": record.at,
        "why": record.why,
        "trade_off": record.trade_off,
        "evidence": {
            "simulated": evidence["simulated"],
            "model": evidence["model"]["id"],
            "checklist": evidence["checklist"],
            "people": {name: evidence["people"].get(name) for name in ("rows", "cases", "first_date", "last_date")},
            "scores": said.scores(evidence),
            "bands": [
                {
                    **{name: band.get(name) for name in names},
                    **{name: band["figures"].get(name) for name in figures},
                }
                for band in evidence["policy"]["bands"]
            ],
            "widened": [said.gap(item) for item in evidence["policy"]["widened"]],
        },
    }

"""Where do things stand with the client's job? What is asked beside the questions, and never scored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments
from triage.checklist import ContextField
from triage.engine.answers import OBJECTS
from triage.errors import CaseworkError
from triage.faults import Fault
from triage.records.database import Row
from triage.web.forms import day_of, errors_of, typed_day
from triage.web.pages.start import version_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
#: The choice of a field that is left open, so that a choice can be taken back.
NOT_KNOWN = "not_known"
#: Where somebody comes from who changes what was said, and goes back to.
_PLACES = {"check": "/check", "record": ""}


@router.get("/clients/{assessment}/job", name="client_job")
def job(request: Request, assessment: str) -> Response:
    """Where things stand with the job."""
    row = assessments.find(service_of(request), actor_of(request), assessment)
    context = assessments.context_of(row)
    return _page(request, row, {item.id: _shown(item, context.get(item.id)) for item in fields(request)})


@router.post("/clients/{assessment}/job", name="client_job_post")
def job_post(request: Request, assessment: str) -> Response:
    """It is noted, and the questions follow."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    try:
        context = _context(request)
        assessments.set_details(service, actor, assessment, expect_version=version_of(request), context=context)
    except CaseworkError as problem:
        first = fields(request)[0].id
        return _page(request, row, _typed(request), errors_of(problem, first), 422)
    came_from = _from(request)
    if came_from:
        return go(f"/clients/{assessment}{_PLACES[came_from]}", "saved", request)
    return go(f"/clients/{assessment}/next")


def fields(request: Request) -> tuple[ContextField, ...]:
    """What is asked beside the questions. An objection has a page of its own."""
    return tuple(item for item in service_of(request).engines.now.checklist.context if item.id != OBJECTS)


def _context(request: Request) -> dict[str, object]:
    """What was typed, for casework to read; every day that is none is told at once."""
    given: dict[str, object] = {}
    faults: list[Fault] = []
    for item in fields(request):
        try:
            given[item.id] = _read(request, item)
        except CaseworkError as problem:
            faults += problem.faults
    if faults:
        raise CaseworkError(faults[0].what, faults)
    return given


def _read(request: Request, item: ContextField) -> str:
    if item.kind == "date":
        day = day_of(request, item.id)
        return day.isoformat() if day is not None else ""
    value = field(request, item.id)
    return "" if value == NOT_KNOWN else value


def _typed(request: Request) -> dict[str, Any]:
    """Every field as it was typed, to be shown again."""
    return {
        item.id: typed_day(request, item.id) if item.kind == "date" else field(request, item.id)
        for item in fields(request)
    }


def _shown(item: ContextField, value: Any) -> Any:
    """A value as the form shows it."""
    if value is None or item.kind == "choice":
        return value or ""
    if item.kind == "date":
        year, month, day = value.split("-")
        return {"day": str(int(day)), "month": str(int(month)), "year": year}
    return "yes" if value else "no"


def _from(request: Request) -> str:
    sent = field(request, "from") if request.method == "POST" else request.query_params.get("from", "")
    return sent if sent in _PLACES else ""


def _page(
    request: Request, row: Row, typed: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    forms = service_of(request).engines.now.words.wording.forms
    shown = [
        {
            "id": item.id, "ask": item.ask, "help": item.help, "kind": item.kind,
            "options": [(option.id, option.text) for option in item.options]
            or [("yes", forms.answer_yes), ("no", forms.answer_no)],
        }
        for item in fields(request)
    ]  # fmt: skip
    came_from = _from(request)
    first = "/privacy" if row["round"] == 1 else "/check"
    return render(
        request, "clients/job.html", status, row=row, fields=shown, typed=typed, errors=errors or {},
        practice=row["practice"], back=f"/clients/{row['id']}{_PLACES.get(came_from, first)}", came_from=came_from,
        not_known=NOT_KNOWN,
    )  # fmt: skip

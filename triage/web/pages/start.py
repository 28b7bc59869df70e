"""How does an interview begin? With how it is held, where the job stands, and what happens with the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments
from triage.checklist import ContextField
from triage.engine.answers import OBJECTS
from triage.errors import CaseworkError, UserError
from triage.records.database import Row
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, form_of, service_of, session_of

router = APIRouter()
#: Ways to hold an interview that a person can choose here; the others come from lists and programs.
CHOICES = ("in_person", "phone", "video", "paper")


@router.get("/clients/new", name="new_client")
def new(request: Request) -> Response:
    """The form that begins an interview."""
    return _page(request, {"held": "in_person"}, {})


@router.post("/clients/new", name="new_client_post")
def new_post(request: Request) -> Response:
    """Begin an interview."""
    service, actor, session = service_of(request), actor_of(request), session_of(request)
    try:
        row = assessments.start(
            service, actor, **_details(request), context=_context(request), submission=field(request, "submission"),
            practice=session is not None and session.practice,
        )  # fmt: skip
    except CaseworkError as problem:
        return _page(request, _typed(request), _errors(problem), 422)
    return go(f"/clients/{row['id']}/privacy")


@router.get("/clients/{assessment}/details", name="client_details")
def details(request: Request, assessment: str) -> Response:
    """Change what was noted at the beginning."""
    row = assessments.find(service_of(request), actor_of(request), assessment)
    context = assessments.context_of(row)
    typed = {**context, **{name: row[name] for name in ("client_reference", "held", "language")}}
    typed["interpreter"] = "yes" if row["interpreter"] else ""
    for name, value in context.items():
        typed[name] = _shown(value)
    return _page(request, typed, {}, row=row)


@router.post("/clients/{assessment}/details", name="client_details_post")
def details_post(request: Request, assessment: str) -> Response:
    """What was noted at the beginning is changed."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    try:
        given = _details(request)
        if row["held"] not in CHOICES:
            given["held"] = row["held"]
        version = int(field(request, "version", "0") or 0)
        assessments.set_details(service, actor, assessment, expect_version=version, **given, context=_context(request))
    except CaseworkError as problem:
        return _page(request, _typed(request), _errors(problem), 422, row=row)
    return go(f"/clients/{assessment}", "saved", request)


@router.get("/clients/{assessment}/privacy", name="client_privacy")
def privacy(request: Request, assessment: str) -> Response:
    """What the client is told before the first question."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    return render(
        request, "clients/privacy.html", row=row, practice=row["practice"], back=f"/clients/{assessment}",
        use=service.engines.now.words.wording.permitted_use.text,
    )  # fmt: skip


@router.post("/clients/{assessment}/privacy", name="client_privacy_post")
def privacy_post(request: Request, assessment: str) -> Response:
    """The client was told. They may object here, and keep every service."""
    service, actor = service_of(request), actor_of(request)
    assessments.note_privacy(service, actor, assessment)
    if field(request, "then") == "object":
        return go(f"/clients/{assessment}/objection")
    return go(f"/clients/{assessment}/next")


def _details(request: Request) -> dict[str, Any]:
    return {
        "held": field(request, "held"),
        "client_reference": field(request, "client_reference"),
        "interpreter": field(request, "interpreter") == "yes",
        "language": field(request, "language"),
    }


def _fields(request: Request) -> tuple[ContextField, ...]:
    """What is asked beside the questions. An objection has a page of its own."""
    return tuple(item for item in service_of(request).engines.now.checklist.context if item.id != OBJECTS)


def _shown_fields(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id, "ask": item.ask, "help": item.help, "kind": item.kind,
            "options": [(option.id, option.text) for option in item.options],
        }
        for item in _fields(request)
    ]  # fmt: skip


def _context(request: Request) -> dict[str, object]:
    given: dict[str, object] = {}
    for item in _fields(request):
        given[item.id] = _typed_day(request, item.id) if item.kind == "date" else field(request, item.id)
    return given


def _typed_day(request: Request, name: str) -> str:
    """The three fields of a date as one ISO day; as typed where they are none, for the reader to refuse."""
    parts = [field(request, f"{name}-{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return ""
    year, month, date = parts
    if all(part.isascii() and part.isdigit() for part in parts):
        return f"{int(year):04d}-{int(month):02d}-{int(date):02d}"
    return " ".join((date, month, year))


def _typed(request: Request) -> dict[str, Any]:
    """Every field as it was typed, to be shown again."""
    typed: dict[str, Any] = {name: value for name, value in form_of(request).items() if isinstance(value, str)}
    for item in _fields(request):
        if item.kind == "date":
            typed[item.id] = {part: field(request, f"{item.id}-{part}") for part in ("day", "month", "year")}
    return typed


def _shown(value: Any) -> Any:
    """A context value as the form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        year, month, day = value.split("-")
        return {"day": str(int(day)), "month": str(int(month)), "year": year}
    return value


def _errors(problem: UserError) -> dict[str, str]:
    return {fault.where or "held": f"{fault.what} {fault.hint}".strip() for fault in problem.faults}


def _page(
    request: Request, typed: Mapping[str, Any], errors: dict[str, str], status: int = 200, row: Row | None = None
) -> Response:
    held = [(name, words.HELD[name]) for name in CHOICES]
    if row is not None and row["held"] not in CHOICES:
        held = [(row["held"], words.HELD[row["held"]])]
    values: dict[str, Any] = {"practice": row["practice"]} if row is not None else {}
    return render(
        request, "clients/start.html", status, typed=defaultdict(str, typed), errors=errors, held=held, fields=_shown_fields(request),
        row=row, back=f"/clients/{row['id']}" if row is not None else "/", **values,
    )  # fmt: skip

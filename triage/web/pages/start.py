"""How does an interview begin? With how it is held, and with what the client is told before the first question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments
from triage.checklist.wording import label_words
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.forms import errors_of, submission_of
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, session_of

router = APIRouter()
#: Ways to hold an interview that a person can choose here; the others come from lists and programs.
CHOICES = ("in_person", "phone", "video", "paper")
_FIELDS = ("held", "client_reference", "interpreter", "language")


@router.get("/clients/new", name="new_client")
def new(request: Request) -> Response:
    """The form that begins an interview."""
    return _page(request, dict.fromkeys(_FIELDS, "") | {"held": CHOICES[0]}, {})


@router.post("/clients/new", name="new_client_post")
def new_post(request: Request) -> Response:
    """Begin an interview."""
    service, actor, session = service_of(request), actor_of(request), session_of(request)
    try:
        row = assessments.start(
            service, actor, **_details(request), submission=submission_of(request),
            practice=session is not None and session.practice,
        )  # fmt: skip
    except CaseworkError as problem:
        return _page(request, _typed(request), errors_of(problem, "held"), 422)
    return go(f"/clients/{row['id']}/privacy")


@router.get("/clients/{assessment}/details", name="client_details")
def details(request: Request, assessment: str) -> Response:
    """Change what was noted at the beginning."""
    row = assessments.find(service_of(request), actor_of(request), assessment)
    known = {name: row[name] for name in _FIELDS}
    return _page(request, {**known, "interpreter": "yes" if row["interpreter"] else ""}, {}, row=row)


@router.post("/clients/{assessment}/details", name="client_details_post")
def details_post(request: Request, assessment: str) -> Response:
    """What was noted at the beginning is changed."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    given = _details(request)
    if row["held"] not in CHOICES:
        given["held"] = row["held"]
    try:
        assessments.set_details(service, actor, assessment, expect_version=version_of(request), **given)
    except CaseworkError as problem:
        return _page(request, _typed(request), errors_of(problem, "held"), 422, row=row)
    return go(f"/clients/{assessment}", "saved", request)


@router.get("/clients/{assessment}/privacy", name="client_privacy")
def privacy(request: Request, assessment: str) -> Response:
    """What the client is told before the first question."""
    service, actor = service_of(request), actor_of(request)
    row, engine = assessments.find(service, actor, assessment), service.engines.now
    return render(
        request, "clients/privacy.html", row=row, practice=row["practice"], back=f"/clients/{assessment}/details",
        use=engine.words.wording.permitted_use.text, label=label_words(engine.bundle.manifest.label),
        decline=engine.words.wording.forms.decline,
    )  # fmt: skip


@router.post("/clients/{assessment}/privacy", name="client_privacy_post")
def privacy_post(request: Request, assessment: str) -> Response:
    """The client was told. They may object here, and keep every service."""
    service, actor = service_of(request), actor_of(request)
    assessments.note_privacy(service, actor, assessment)
    if field(request, "then") == "object":
        return go(f"/clients/{assessment}/objection")
    return go(f"/clients/{assessment}/job")


def version_of(request: Request) -> int | None:
    """The version of the row that the form was made from; None where the form names none."""
    text = field(request, "version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _details(request: Request) -> dict[str, Any]:
    return {**_typed(request), "interpreter": field(request, "interpreter") == "yes"}


def _typed(request: Request) -> dict[str, str]:
    return {name: field(request, name) for name in _FIELDS}


def _page(
    request: Request, typed: Mapping[str, Any], errors: dict[str, str], status: int = 200, row: Row | None = None
) -> Response:
    held = [(name, words.HELD[name]) for name in CHOICES]
    if row is not None and row["held"] not in CHOICES:
        held = [(row["held"], words.HELD[row["held"]])]
    values: dict[str, Any] = {"practice": row["practice"]} if row is not None else {}
    return render(
        request, "clients/start.html", status, typed=typed, errors=errors, held=held, row=row,
        back=f"/clients/{row['id']}" if row is not None else "/", **values,
    )  # fmt: skip

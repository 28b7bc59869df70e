"""What waits for somebody when they come in?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import actions, assessments, reviews, sessions
from triage.casework.service import Service
from triage.errors import AccessError, Defect
from triage.records.actor import Actor
from triage.records.database import Row
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, session_of

router = APIRouter()
#: Roles that work with clients; the others are sent to what is theirs.
_CASES = ("adviser", "manager")
_ELSEWHERE = {"analyst": "/figures", "administrator": "/accounts"}
#: Actions that are due within so many days stand on the page.
_AHEAD = 14


@router.get("/", name="home")
def home(request: Request) -> Response:
    """The work list."""
    actor = actor_of(request)
    if actor.role not in _CASES:
        return RedirectResponse(_ELSEWHERE[actor.role], 303)
    service, session = service_of(request), session_of(request)
    if session is None:
        raise Defect("The guard let a request through without a session.")
    whole, number = request.query_params.get("all") == "yes", _number(request.query_params.get("page", "1"))
    cases = assessments.mine(service, actor, whole_office=whole, practice=session.practice, page=number)
    names = assessments.holders(service, cases.rows) if whole else {}
    beside: dict[str, Any] = {"due": [], "due_total": 0, "reviews": 0}
    if not session.practice:
        beside = _beside(service, actor, whole)
    return render(
        request, "clients/home.html", cases=[_line(row, names) for row in cases.rows], page=cases.number,
        pages=cases.pages, whole=whole, practice_on=session.practice, days=_AHEAD, **beside,
    )  # fmt: skip


def _beside(service: Service, actor: Actor, whole: bool) -> dict[str, Any]:
    """What else waits: actions that are due, and decisions to look at again."""
    queue = actions.due(service, actor, service.today + timedelta(days=_AHEAD), mine=not whole)
    names = {item.id: item.name for item in service.services.services}
    due = [
        {
            "client": row["assessment"], "reference": row["reference"], "late": row["overdue"],
            "name": names.get(row["service"], "Other support"), "day": words.day(row["due"]),
            "who": words.who_does(service.services, row), "state": words.ACTION_STATES[row["state"]],
        }
        for row in queue.rows
    ]  # fmt: skip
    waiting = reviews.open_reviews(service, actor)
    return {"due": due, "due_total": queue.total, "reviews": sum(not row["own"] for row in waiting.rows)}


@router.get("/clients/find", name="find_client")
def find(request: Request) -> Response:
    """A client by a reference. It is looked up by a form's field, so that it stands in no log of addresses."""
    return render(request, "clients/find.html", reference="", found=[], looked=False, back="/")


@router.post("/clients/find", name="find_client_post")
def find_post(request: Request) -> Response:
    """The records with the reference that was typed."""
    service, actor, session = service_of(request), actor_of(request), session_of(request)
    reference = field(request, "reference")
    practice = session is not None and session.practice
    if not reference:
        errors = {"reference": "Type a reference."}
        return render(request, "clients/find.html", 422, reference="", found=[], looked=False, back="/", errors=errors)
    found = assessments.find_by_reference(service, actor, reference, practice=practice)
    if len(found) == 1:
        return RedirectResponse(f"/clients/{found[0]['id']}", 303)
    names = assessments.holders(service, found)
    lines = [_line(row, names) for row in found]
    return render(request, "clients/find.html", reference=reference, found=lines, looked=True, back="/")


@router.post("/practice", name="practice_post")
def practice(request: Request) -> Response:
    """Practice mode on or off, for this session."""
    session = session_of(request)
    if session is None:
        raise AccessError("Sign in first.")
    wanted = field(request, "practice") == "on"
    sessions.set_practice(service_of(request), session, wanted)
    return go("/", "practice_on" if wanted else "practice_off", request)


def _line(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    return {
        "id": row["id"],
        "reference": row["reference"],
        "own": row["client_reference"],
        "adviser": names.get(row["adviser"], ""),
        "state": words.STATES[row["state"]],
        "waits": "yes" if row["state"] == "scored" else "",
        "started": words.day(row["started_at"]),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1

"""In what state is the service: what is in force, is scoring on, and is the audit trail in order?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from triage import suspension as machine
from triage._version import __version__
from triage.casework import suspension, upkeep
from triage.casework.upkeep import Trail
from triage.cutoffs.schema import Governance
from triage.errors import CaseworkError
from triage.suspension import Suspension
from triage.web.forms import errors_of
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, settings_of

router = APIRouter()


@router.get("/service", name="service")
def service_page(request: Request) -> Response:
    """The state of the service."""
    return _page(request)


@router.post("/service/suspend", name="suspend_post")
def suspend(request: Request) -> Response:
    """Turn scoring off."""
    try:
        reason = field(request, "reason")
        suspension.suspend(service_of(request), actor_of(request), reason, settings_of(request).folder)
    except CaseworkError as problem:
        return _page(request, errors_of(problem))
    return go("/service")


@router.post("/service/resume", name="resume_scoring_post")
def resume(request: Request) -> Response:
    """Turn scoring on again."""
    suspension.resume(service_of(request), actor_of(request), settings_of(request).folder)
    return go("/service", "resumed", request)


def _page(request: Request, errors: Mapping[str, str] | None = None) -> Response:
    service, folder = service_of(request), settings_of(request).folder
    off = machine.suspended(folder) or suspension.current(service)
    return render(
        request,
        "service/service.html",
        200 if errors is None else 422,
        errors=errors or {},
        reason=field(request, "reason") if errors else "",
        off=_said(off) if off is not None else None,
        in_force=_in_force(request),
        trail=_trail(upkeep.trail(service, actor_of(request), folder)),
        due=upkeep.due(service, actor_of(request), folder),
    )


def _said(off: Suspension) -> dict[str, str]:
    return {"reason": off.reason, "by": off.by, "at": words.moment(off.at) if off.at else ""}


def _in_force(request: Request) -> list[tuple[str, str, str]]:
    """What is in force: what it is, its version, and what is to be said about it."""
    engine = service_of(request).engines.now
    governance = engine.cutoffs.file.governance or Governance()
    approved = "For demonstration only: nobody approved them."
    if not governance.demonstration:
        approved = f"Approved by {governance.approved_by} on {words.day(governance.approved_on)}."
        approved += f" To be reviewed by {words.day(governance.review_date)}."
    return [
        ("Software", f"ltu-triage {__version__}", ""),
        ("Model", engine.versions.model, engine.words.source()[-1]),
        ("Checklist", engine.versions.checklist, engine.checklist.title),
        ("Cut-offs", engine.versions.cutoffs, approved),
    ]


def _trail(found: Trail) -> dict[str, Any]:
    return {
        "events": f"{found.events:,}",
        "at": words.moment(found.at),
        "exported": f"Event {found.exported:,}" if found.exported else "Never",
        "exported_at": words.moment(found.exported_at),
        "waiting": found.waiting,
        "sound": found.sound,
    }

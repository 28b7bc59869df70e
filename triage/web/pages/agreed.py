"""What was agreed with a client, and how far is it?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import actions, assessments, deciding, scoring
from triage.casework.rebuilding import data_of
from triage.casework.service import Service
from triage.errors import AccessError, CaseworkError
from triage.records.database import Row
from triage.web.forms import day_of, errors_of, submission_of, typed_day
from triage.web.pages import words
from triage.web.pages.decisions import decision_of
from triage.web.pages.start import version_of
from triage.web.rendering import go, render
from triage.web.result import view_of_stored
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
_FIELDS = ("service", "partner", "who", "note")


@router.get("/clients/{assessment}/actions", name="actions")
def agreed(request: Request, assessment: str) -> Response:
    """Agreed actions, and a form for another one."""
    return _page(request, assessment)


@router.post("/clients/{assessment}/actions", name="actions_post")
def agree(request: Request, assessment: str) -> Response:
    """Agree one more action."""
    errors = {} if field(request, "service") else {"service": "Choose a service."}
    try:
        due = day_of(request, "due")
        if due is None:
            errors["due"] = "Type the day by which this is done."
        elif not errors:
            _agree(request, assessment, due=due)
    except CaseworkError as problem:
        errors |= errors_of(problem, "service")
    if errors:
        return _page(request, assessment, errors, 422)
    return go(f"/clients/{assessment}/actions", "action", request)


@router.post("/clients/{assessment}/actions/{action}", name="action_step_post")
def step(request: Request, assessment: str, action: str) -> Response:
    """An action goes one step on."""
    service, actor = service_of(request), actor_of(request)
    if actions.find(service, actor, action)["assessment"] != assessment:
        raise AccessError("This client has no such action.")
    actions.step(service, actor, action, field(request, "state"), version_of(request))
    return go(f"/clients/{assessment}/actions", "action_changed", request)


def _agree(request: Request, assessment: str, **more: Any) -> None:
    service, actor = service_of(request), actor_of(request)
    decision = deciding.standing(service, actor, assessment).in_force
    actions.agree(
        service, actor, assessment, service_id=field(request, "service"), partner_id=field(request, "partner"),
        who=field(request, "who"), note=field(request, "note"), submission=submission_of(request),
        decision_id=decision["id"] if decision is not None else None, **more,
    )  # fmt: skip


def _suggested(service: Service, latest: Row | None) -> list[str]:
    """The ids of the services that the answers point to."""
    if latest is None:
        return []
    view = view_of_stored(data_of(latest), service.engines.now, service.services, service.today)
    return [item.id for item in view.support.services] if view.support is not None else []


def _line(service: Service, row: Row) -> dict[str, Any]:
    known = service.services.by_id
    following = actions.next_states(row["state"])
    return {
        **row,
        "name": known[row["service"]].name if row["service"] in known else "Other support",
        "by": words.who_does(service.services, row),
        "day": words.day(row["due"]),
        "said": words.ACTION_STATES[row["state"]],
        "steps": [(state, words.ACTION_STATES[state]) for state in following],
        "overdue": row["state"] in actions.WAITING and row["due"] < service.today.isoformat(),
    }


def _page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    latest = scoring.latest(service, actor, assessment) if row["state"] != "objected" else None
    known, suggested = service.services, _suggested(service, latest)
    first = [(item.id, item.name) for item in known.services if item.id in suggested]
    rest = [(item.id, item.name) for item in known.services if item.id not in suggested]
    decision = deciding.standing(service, actor, assessment).in_force
    return render(
        request, "clients/actions.html", status, row=row, errors=errors or {}, practice=row["practice"],
        agreed=[_line(service, item) for item in actions.of(service, actor, assessment)],
        suggested=[name for _, name in first], services=[*first, *rest, (actions.OTHER, "Something else")],
        partners=[*((item.id, item.name) for item in known.partners), (actions.OTHER, "Another partner")],
        typed={name: field(request, name) if errors else "" for name in _FIELDS},
        due=typed_day(request, "due") if errors else None, decision=decision_of(service, decision),
        back=f"/clients/{assessment}",
    )  # fmt: skip

"""What was agreed with a client, and how far is it?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import actions, assessments, deciding, scoring
from triage.casework.rebuilding import data_of
from triage.casework.service import Service
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.pages import words
from triage.web.pages.record import errors_of, typed_day
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
    service, actor = service_of(request), actor_of(request)
    decision = deciding.standing(service, actor, assessment).in_force
    try:
        actions.agree(
            service, actor, assessment, service_id=field(request, "service"), partner_id=field(request, "partner"),
            who=field(request, "who"), due=typed_day(request, "due"), note=field(request, "note"),
            decision_id=decision["id"] if decision is not None else None, submission=field(request, "submission"),
        )  # fmt: skip
    except CaseworkError as problem:
        return _page(request, assessment, errors_of(problem, "service"), 422)
    return go(f"/clients/{assessment}/actions", "action", request)


@router.post("/clients/{assessment}/actions/{action}", name="action_step_post")
def step(request: Request, assessment: str, action: str) -> Response:
    """An action goes one step on."""
    version = field(request, "version")
    actions.step(
        service_of(request), actor_of(request), action, field(request, "state"),
        int(version) if version.isdigit() else None,
    )  # fmt: skip
    return go(f"/clients/{assessment}/actions", "action_changed", request)


def _suggested(service: Service, latest: Row | None) -> list[str]:
    """The services that the answers point to."""
    if latest is None:
        return []
    view = view_of_stored(data_of(latest), service.engines.now, service.services, service.today)
    return [item.name for item in view.support.services] if view.support is not None else []


def _line(service: Service, row: Row) -> dict[str, Any]:
    known = service.services
    partner = known.partner_by_id.get(row["partner"])
    name = known.by_id[row["service"]].name if row["service"] in known.by_id else "Other support"
    following = actions.next_states(row["state"])
    return {
        **row,
        "name": name,
        "by": ", ".join(filter(None, (partner.name if partner is not None else "", row["who"]))),
        "day": words.day(row["due"]),
        "said": words.ACTION_STATES[row["state"]],
        "steps": [(state, words.ACTION_STATES[state]) for state in following],
        "overdue": bool(following) and row["due"] < service.today.isoformat(),
    }


def _page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    latest = scoring.latest(service, actor, assessment) if row["state"] != "objected" else None
    known = service.services
    return render(
        request, "clients/actions.html", status, row=row, errors=errors or {}, practice=row["practice"],
        agreed=[_line(service, item) for item in actions.of(service, actor, assessment)],
        suggested=_suggested(service, latest),
        services=[(item.id, item.name) for item in known.services] + [(actions.OTHER, "Something else")],
        partners=[(item.id, item.name) for item in known.partners],
        typed={name: field(request, name) if errors else "" for name in _FIELDS},
        due={part: field(request, f"due-{part}") for part in ("day", "month", "year")} if errors else None,
        back=f"/clients/{assessment}",
    )  # fmt: skip

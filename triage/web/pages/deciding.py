"""How does an adviser decide on a score that they see? Each form names the score and the last decision on its page."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import deciding, scoring
from triage.errors import CaseworkError, DecisionError
from triage.web.forms import errors_of, submission_of
from triage.web.pages.decisions import change_faults
from triage.web.pages.result import ASK, CONFIRM, result_page
from triage.web.rendering import go
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.post("/clients/{assessment}/decision", name="decision_post")
def decide(request: Request, assessment: str) -> Response:
    """Confirm the proposed support or choose another, with a reason."""
    errors = _faults(request, assessment)
    if not errors:
        try:
            _decide(request, assessment)
        except (CaseworkError, DecisionError) as problem:
            errors = errors_of(problem, "decision")
    if errors:
        return result_page(request, assessment, errors, 422)
    return go(f"/clients/{assessment}/actions", "decided", request)


@router.post("/clients/{assessment}/withdraw", name="withdraw_post")
def withdraw(request: Request, assessment: str) -> Response:
    """Take the decision back."""
    deciding.withdraw(service_of(request), actor_of(request), assessment, **_seen(request))
    return go(f"/clients/{assessment}/result", "withdrawn", request)


@router.post("/clients/{assessment}/claim", name="claim_post")
def claim(request: Request, assessment: str) -> Response:
    """Accept or refuse a decision that came back in a spreadsheet."""
    service, actor = service_of(request), actor_of(request)
    if field(request, "then") == "accept":
        deciding.accept_claim(service, actor, assessment, **_seen(request))
        return go(f"/clients/{assessment}/actions", "decided", request)
    deciding.refuse_claim(service, actor, assessment, **_seen(request))
    return go(f"/clients/{assessment}/result", "refused", request)


def _faults(request: Request, assessment: str) -> dict[str, str]:
    """What is wrong with the form itself, by field."""
    choice = field(request, "decision")
    if not choice:
        return {"decision": "Choose the support to offer."}
    if choice in (CONFIRM, ASK):
        return {}
    service = service_of(request)
    latest = scoring.latest(service, actor_of(request), assessment)
    proposed = latest["band"] if latest is not None else None
    return change_faults(service, proposed, choice, field(request, "reason"), field(request, "note"))


def _decide(request: Request, assessment: str) -> None:
    service, actor, choice = service_of(request), actor_of(request), field(request, "decision")
    about = {**_seen(request), "note": field(request, "note")}
    if choice == CONFIRM:
        deciding.confirm(service, actor, assessment, **about)
    elif choice == ASK:
        deciding.ask_for_more(service, actor, assessment, **about)
    else:
        deciding.override(service, actor, assessment, band=choice, reason=field(request, "reason"), **about)


def _seen(request: Request) -> dict[str, Any]:
    """What the adviser saw when they decided, and the id of the form."""
    seen = {name: field(request, name) for name in ("score_id", "last")}
    return {**seen, "submission": submission_of(request)}

"""In what state is the service: what is in force, is scoring on, and is the audit trail in order?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from triage import suspension as machine
from triage._version import __version__
from triage.casework import suspension, upkeep
from triage.casework.upkeep import Trail
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.engine import Engine
from triage.errors import CaseworkError
from triage.policies import Promoted
from triage.policies import words as said
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
        trouble=service.policy.trouble,
        trail=_trail(upkeep.trail(service, actor_of(request), folder)),
        due=upkeep.due(service, actor_of(request), folder),
    )


def _said(off: Suspension) -> dict[str, str]:
    return {"reason": off.reason, "by": off.by, "at": words.moment(off.at) if off.at else ""}


def _in_force(request: Request) -> list[tuple[str, str, str]]:
    """What is in force: what it is, its version, and what is to be said about it."""
    service = service_of(request)
    engine = service.engines.now
    return [
        ("Software", f"ltu-triage {__version__}", ""),
        ("Model", engine.versions.model, engine.words.source()[-1]),
        ("Checklist", engine.versions.checklist, engine.checklist.title),
        ("Cut-offs", engine.versions.cutoffs, " ".join(_approved(engine.cutoffs, service.today))),
        *_promoted(service.policy.of(engine), engine),
    ]


def _approved(cutoffs: Cutoffs, today: date) -> Iterator[str]:
    """Who answers for the cut-offs, and which file they are."""
    governance = cutoffs.file.governance or Governance()
    if governance.demonstration:
        yield "For demonstration only: nobody approved them."
    else:
        yield f"Approved by {governance.approved_by} on {words.day(governance.approved_on)}."
        passed = governance.review_date is not None and governance.review_date < today
        yield f"{'Were to' if passed else 'To'} be reviewed by {words.day(governance.review_date)}."
        if passed:
            yield "That day has passed: review them, and have them approved again."
    yield f"SHA-256 {cutoffs.digest}."


def _promoted(policy: Promoted | None, engine: Engine) -> Iterator[tuple[str, str, str]]:
    """Who put a promoted policy in force, and on what evidence."""
    if policy is None:
        return
    record, evidence = policy.record, policy.record.evidence
    yield ("In force since", words.moment(policy.since), f"Put in force by {policy.by}.")
    yield ("Promoted", words.moment(record.at), f"By {record.by}: {record.why}")
    about = [said.people(evidence), said.scores(evidence)]
    if not policy.is_about(engine.bundle):
        about.append(said.OTHER_MODEL)
    yield ("Evidence", evidence["model"]["id"], " ".join(about))
    if record.trade_off:
        yield ("Trade-off", "A gap between groups widens", record.trade_off)


def _trail(found: Trail) -> dict[str, Any]:
    return {
        "events": f"{found.events:,}",
        "at": words.moment(found.at),
        "exported": f"Event {found.exported:,}" if found.exported else "Never",
        "exported_at": words.moment(found.exported_at),
        "waiting": found.waiting,
        "sound": found.sound,
    }

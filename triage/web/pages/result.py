"""What does the adviser see of a score, and how do they decide on it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import assessments, deciding, scoring, suspension
from triage.casework.service import Service
from triage.casework.standing import record_of
from triage.decisions.states import State, can
from triage.errors import CaseworkError, ConflictError, DecisionError, UserError
from triage.records.database import Row
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.result import ResultView, view_of_stored
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
#: The choices of the decision form beside the bands.
CONFIRM, ASK = "confirm", "ask"


@router.get("/clients/{assessment}/view", name="first_view")
def first_view(request: Request, assessment: str) -> Response:
    """The adviser's own view, before the score is shown."""
    return _view_page(request, assessment)


@router.post("/clients/{assessment}/view", name="first_view_post")
def first_view_post(request: Request, assessment: str) -> Response:
    """The view is noted, and the score worked out."""
    try:
        scoring.first_view(service_of(request), actor_of(request), assessment, field(request, "band"))
    except CaseworkError:
        return _view_page(request, assessment, {"band": "Choose the support that you have in mind."}, 422)
    return score(request, assessment)


@router.post("/clients/{assessment}/score", name="score_post")
def score(request: Request, assessment: str) -> Response:
    """Work the score out, and show it."""
    scoring.score(service_of(request), actor_of(request), assessment)
    return RedirectResponse(f"/clients/{assessment}/result", 303)


@router.get("/clients/{assessment}/result", name="result")
def result(request: Request, assessment: str) -> Response:
    """The score, explained, with the decision beside it."""
    return _result_page(request, assessment)


@router.post("/clients/{assessment}/decision", name="decision_post")
def decide(request: Request, assessment: str) -> Response:
    """Confirm the proposed support or choose another, with a reason."""
    service, actor = service_of(request), actor_of(request)
    choice = field(request, "decision")
    about: dict[str, Any] = {name: field(request, name) for name in ("score_id", "note", "submission", "last")}
    try:
        if not choice:
            raise DecisionError("Choose the support to offer.")
        if choice == CONFIRM:
            deciding.confirm(service, actor, assessment, **about)
        elif choice == ASK:
            deciding.ask_for_more(service, actor, assessment, **about)
        else:
            reason = field(request, "reason")
            if not reason:
                raise DecisionError("Choose a reason for another support than the proposed one.")
            deciding.override(service, actor, assessment, band=choice, reason=reason, **about)
    except (CaseworkError, DecisionError) as problem:
        return _result_page(request, assessment, _errors(problem, choice), 422)
    return go(f"/clients/{assessment}/actions", "decided", request)


@router.post("/clients/{assessment}/withdraw", name="withdraw_post")
def withdraw(request: Request, assessment: str) -> Response:
    """Take the decision back."""
    about = {name: field(request, name) for name in ("score_id", "submission", "last")}
    deciding.withdraw(service_of(request), actor_of(request), assessment, **about)
    return go(f"/clients/{assessment}/result", "withdrawn", request)


@router.post("/clients/{assessment}/claim", name="claim_post")
def claim(request: Request, assessment: str) -> Response:
    """Accept or refuse a decision that came back in a spreadsheet."""
    service, actor = service_of(request), actor_of(request)
    about = {name: field(request, name) for name in ("score_id", "submission", "last")}
    if field(request, "then") == "accept":
        deciding.accept_claim(service, actor, assessment, **about)
    else:
        deciding.refuse_claim(service, actor, assessment, **about)
    return go(f"/clients/{assessment}/result", "decided", request)


def scored(request: Request, assessment: str) -> tuple[Service, Row, Row | None]:
    """The service, the assessment, and the score that counts."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    return service, row, scoring.latest(service, actor, assessment)


def decision_of(service: Service, row: Row | None) -> dict[str, str] | None:
    """A decision for a page: what, by whom, when, why."""
    if row is None:
        return None
    record = record_of(row)
    cutoffs = service.engines.now.cutoffs
    known = {band.id: band.name for band in cutoffs.bands}
    reasons = {reason.id: reason.text for reason in service.reasons.reasons}
    return {
        "what": words.DECISIONS[record.action],
        "band": known.get(record.band or "", record.band or ""),
        "by": record.by,
        "at": words.moment(row["at"]),
        "reason": reasons.get(record.reason, record.reason),
        "note": record.note,
    }


def _result_page(
    request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    service, row, latest = scored(request, assessment)
    actor = actor_of(request)
    if latest is None:
        return RedirectResponse(f"/clients/{assessment}", 303)
    engine = service.engines.now
    scoring.shown(service, actor, latest["id"])
    view = view_of_stored(scoring.data_of(latest), engine, service.services, service.today)
    standing = deciding.standing(service, actor, assessment)
    state = standing.decision_state
    mine = scoring.first_view_of(service, actor, assessment)
    names = {band.id: band.name for band in engine.cutoffs.bands}
    typed = {name: field(request, name) if errors else "" for name in ("decision", "reason", "note")}
    claimed = standing.last if state == "claimed" else None
    return render(
        request, "clients/result.html", status, row=row, view=view, score=latest, errors=errors or {},
        decided=standing.in_force is not None, decision=decision_of(service, standing.in_force), state=state,
        last=standing.last["id"] if standing.last is not None else "", typed=typed, practice=row["practice"],
        first=names.get(mine["band"], mine["band"]) if mine is not None else "",
        choices=_choices(view, names, state, latest), reasons=[(r.id, r.text) for r in service.reasons.reasons],
        doubt=_doubt(latest), rounds=row["round"], claimed=decision_of(service, claimed),
        back=f"/clients/{assessment}", scored_on=words.day(latest["scored_on"]), suspended=suspension.words(service),
        printed=False,
    )  # fmt: skip


def _choices(view: ResultView, names: Mapping[str, str], state: State, latest: Row) -> list[tuple[str, str]]:
    """What can be decided now: the proposed support first, then the others."""
    proposed = view.band.id if view.band is not None else None
    found = []
    if proposed is not None and can(state, "confirm"):
        found.append((CONFIRM, f"Confirm: {names.get(proposed, proposed)}"))
    if can(state, "override"):
        found += [(band, f"Change to: {name}") for band, name in names.items() if band != proposed]
    if can(state, "ask"):
        found.append((ASK, "The client asks for more support: the next band up"))
    return [] if latest["other_versions"] else found


def _doubt(latest: Row) -> str:
    """Why nobody can decide on this score any more; empty where they can."""
    if latest["outdated"]:
        return "Answers have changed since this score was worked out."
    if latest["expired"]:
        return "This score was worked out some time ago. Ask whether anything has changed."
    if latest["other_versions"]:
        return "The model, the checklist or the cut-offs have changed since."
    return ""


def _view_page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    bands = [(band.id, band.name, band.offers) for band in service.engines.now.cutoffs.bands]
    return render(
        request, "clients/view.html", status, row=row, bands=bands, errors=errors or {}, practice=row["practice"],
        back=f"/clients/{assessment}/check",
    )  # fmt: skip


def _errors(problem: UserError, choice: str) -> dict[str, str]:
    """Each fault at its field; a rule of decisions at the field that it is about."""
    if isinstance(problem, ConflictError):
        return {"decision": problem.message}
    if problem.faults:
        return {fault.where: f"{fault.what} {fault.hint}".strip() for fault in problem.faults}
    where = (
        "note"
        if "needs a note" in problem.message
        else "reason"
        if "reason" in problem.message and choice
        else "decision"
    )
    return {where: problem.message}

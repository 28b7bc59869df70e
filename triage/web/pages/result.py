"""What does the adviser see of a score, and from what can they choose?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import assessments, deciding, scoring
from triage.casework.service import Service
from triage.casework.standing import Standing
from triage.decisions.states import can
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.pages import words
from triage.web.pages.decisions import DECIDED, band_names, decision_of, next_up, reason_choices
from triage.web.rendering import render
from triage.web.result import view_of_stored
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
    except CaseworkError as problem:
        if not problem.faults:
            raise
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
    return result_page(request, assessment)


def scored(request: Request, assessment: str) -> tuple[Service, Row, Row | None]:
    """The service, the assessment, and the score that counts; that it is shown to somebody is noted."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    latest = scoring.latest(service, actor, assessment)
    if latest is not None:
        scoring.shown(service, actor, latest["id"])
    return service, row, latest


def result_page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """The page of the result; the record where there is no score."""
    service, row, latest = scored(request, assessment)
    actor = actor_of(request)
    if latest is None:
        return RedirectResponse(f"/clients/{assessment}", 303)
    view = view_of_stored(scoring.data_of(latest), service.engines.now, service.services, service.today)
    standing = deciding.standing(service, actor, assessment)
    mine = scoring.first_view_of(service, actor, assessment)
    names = band_names(service)
    return render(
        request, "clients/result.html", status, row=row, view=view, score=latest, errors=errors or {},
        **_decision(service, standing), choices=_choices(service, standing, latest),
        claimed=_claimed(service, standing, actor.name), reasons=reason_choices(service), doubt=_doubt(latest),
        first=names.get(mine["band"], mine["band"]) if mine is not None else "",
        typed={name: field(request, name) if errors else "" for name in ("decision", "reason", "note")},
        scored_on=words.day(latest["scored_on"]), practice=row["practice"], back=f"/clients/{assessment}",
        printed=False,
    )  # fmt: skip


def _decision(service: Service, standing: Standing) -> dict[str, Any]:
    """The decision on this score, else the one before it that still counts; and what is to be said of it."""
    decided = standing.decision_state in DECIDED
    more = next_up(service, standing, standing.newest["band"] if standing.newest is not None else None)
    return {
        "decided": decided,
        "decision": decision_of(service, standing.in_force),
        "state": standing.decision_state,
        "last": standing.chain[-1]["id"] if standing.chain else "",
        "more": band_names(service)[more] if more and can(standing.decision_state, "ask") else "",
    }


def _claimed(service: Service, standing: Standing, name: str) -> dict[str, Any] | None:
    """The decision from a spreadsheet that waits here, and whether this person can accept it."""
    if standing.decision_state != "claimed":
        return None
    said = decision_of(service, standing.chain[-1])
    assert said is not None
    return {**said, "own": said["by"].strip().casefold() == name.strip().casefold()}


def _choices(service: Service, standing: Standing, latest: Row) -> list[tuple[str, str]]:
    """What can be decided now: the proposed support first, then the others."""
    names, proposed, state = band_names(service), latest["band"], standing.decision_state
    if latest["other_versions"] or not can(state, "override"):
        return []
    found = [(CONFIRM, f"Confirm: {names.get(proposed, proposed)}")] if proposed is not None else []
    other = "Change to" if proposed is not None else "Offer"
    found += [(band, f"{other}: {name}") for band, name in names.items() if band != proposed]
    more = next_up(service, standing, proposed)
    return [*found, (ASK, f"The client asks for more: {names[more]}")] if more else found


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

"""A client wants a decision looked at again: who does it, and what comes of it?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, deciding, reviews
from triage.errors import CaseworkError, DecisionError
from triage.web.pages import words
from triage.web.pages.record import errors_of
from triage.web.pages.result import decision_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.get("/clients/{assessment}/review", name="ask_review")
def ask(request: Request, assessment: str) -> Response:
    """The client asks."""
    return _ask_page(request, assessment)


@router.post("/clients/{assessment}/review", name="ask_review_post")
def ask_post(request: Request, assessment: str) -> Response:
    """The request is recorded."""
    service, actor = service_of(request), actor_of(request)
    try:
        reviews.ask(service, actor, assessment, field(request, "why"), field(request, "submission"))
    except CaseworkError as problem:
        return _ask_page(request, assessment, errors_of(problem, "why"), 422)
    return go(f"/clients/{assessment}", "review", request)


@router.get("/reviews", name="reviews")
def waiting(request: Request) -> Response:
    """Requests that wait for an answer, the first due first."""
    service, actor = service_of(request), actor_of(request)
    found = reviews.open_reviews(service, actor)
    lines = [{**row, "day": words.day(row["due"]), "asked": words.day(row["asked_at"])} for row in found.rows]
    return render(request, "reviews/open.html", lines=lines, today=service.today.isoformat())


@router.get("/reviews/{review}", name="review")
def review(request: Request, review: str) -> Response:
    """One request, with the decision and the form for the answer."""
    return _page(request, review)


@router.post("/reviews/{review}", name="review_post")
def review_post(request: Request, review: str) -> Response:
    """The request is answered."""
    service, actor = service_of(request), actor_of(request)
    given: Any = field(request, "result")
    changed = given == "changed"
    try:
        if changed and not field(request, "band"):
            decided_anew = field(request, "anew") == "yes"
            if not decided_anew:
                return _page(request, review, {"band": "Choose the support that the client gets."}, 422)
        reviews.close(
            service, actor, review, result=given, note=field(request, "note"), last=field(request, "last"),
            band=field(request, "band") if changed else "", reason=field(request, "reason") if changed else "",
        )  # fmt: skip
    except CaseworkError as problem:
        return _page(request, review, errors_of(problem, "result"), 422)
    except DecisionError as problem:
        return _page(request, review, {"reason": problem.message}, 422)
    return go("/reviews", "reviewed", request)


def _ask_page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    due = reviews.working_days_after(service.today, service.settings.review_days)
    return render(
        request, "reviews/ask.html", status, row=row, due=words.day(due), days=service.settings.review_days,
        why=field(request, "why") if errors else "", errors=errors or {}, practice=row["practice"],
        back=f"/clients/{assessment}",
    )  # fmt: skip


def _page(request: Request, review: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    found = reviews.find(service, actor, review)
    row = assessments.find(service, actor, found["assessment"])
    standing = deciding.standing(service, actor, row["id"])
    bands = [(band.id, band.name) for band in service.engines.now.cutoffs.bands if band.id != standing.band]
    return render(
        request, "reviews/review.html", status, review=found, row=row, errors=errors or {}, bands=bands,
        decision=decision_of(service, standing.in_force), reasons=[(r.id, r.text) for r in service.reasons.reasons],
        last=standing.last["id"] if standing.last is not None else "", asked=words.moment(found["asked_at"]),
        due=words.day(found["due"]), results=words.RESULTS, closed=words.moment(found["closed_at"]), back="/reviews",
        own=actor.account == (standing.in_force or {}).get("by"), practice=row["practice"],
        typed={name: field(request, name) if errors else "" for name in ("result", "band", "reason", "note")},
        objected=row["state"] == "objected",
    )  # fmt: skip

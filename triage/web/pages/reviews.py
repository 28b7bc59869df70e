"""A client wants a decision looked at again: who does it, and what comes of it?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, deciding, reviews
from triage.casework.standing import Standing
from triage.errors import CaseworkError, DecisionError
from triage.records.database import Row
from triage.web.forms import errors_of, submission_of
from triage.web.pages import words
from triage.web.pages.decisions import band_names, change_faults, decision_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
_FIELDS = ("result", "band", "reason", "note")


@router.get("/clients/{assessment}/review", name="ask_review")
def ask(request: Request, assessment: str) -> Response:
    """The client asks."""
    return _ask_page(request, assessment)


@router.post("/clients/{assessment}/review", name="ask_review_post")
def ask_post(request: Request, assessment: str) -> Response:
    """The request is recorded."""
    service, actor = service_of(request), actor_of(request)
    try:
        reviews.ask(service, actor, assessment, field(request, "why"), submission_of(request))
    except CaseworkError as problem:
        return _ask_page(request, assessment, errors_of(problem, "why"), 422)
    return go(f"/clients/{assessment}", "review", request)


@router.get("/reviews", name="reviews")
def waiting(request: Request) -> Response:
    """Requests that wait for an answer, the first due first."""
    found = reviews.open_reviews(service_of(request), actor_of(request))
    lines = [{**row, "day": words.day(row["due"]), "asked": words.day(row["asked_at"])} for row in found.rows]
    return render(request, "reviews/open.html", lines=lines, more=found.total - len(lines))


@router.get("/reviews/{review}", name="review")
def review(request: Request, review: str) -> Response:
    """One request, with the decision and the form for the answer."""
    return _page(request, review)


@router.post("/reviews/{review}", name="review_post")
def review_post(request: Request, review: str) -> Response:
    """The request is answered."""
    errors = _faults(request, review)
    if not errors:
        try:
            _answer(request, review)
        except (CaseworkError, DecisionError) as problem:
            errors = errors_of(problem, "result")
    if errors:
        return _page(request, review, errors, 422)
    return go("/reviews", "reviewed", request)


def _answer(request: Request, review: str) -> None:
    service, actor, result = service_of(request), actor_of(request), field(request, "result")
    changed = result == "changed"
    reviews.close(
        service, actor, review, result="changed" if changed else "upheld", note=field(request, "note"),
        last=field(request, "last"), band=field(request, "band") if changed else "",
        reason=field(request, "reason") if changed else "",
    )  # fmt: skip


def _faults(request: Request, review: str) -> dict[str, str]:
    """What is wrong with the form itself, by field."""
    result, band, note = (field(request, name) for name in ("result", "band", "note"))
    if result not in words.RESULTS:
        return {"result": "Choose what comes of it."}
    if not note:
        return {"note": "Say what the client is told."}
    if result == "upheld" or not _asks_for_band(request, review):
        return {}
    if not band:
        return {"band": "Choose the support that the client gets from now on."}
    service, standing = service_of(request), _standing(request, review)
    proposed = standing.newest["band"] if standing.newest is not None else None
    if band == proposed:
        return {}
    return change_faults(service, proposed, band, field(request, "reason"), note, field="band")


def _standing(request: Request, review: str) -> Standing:
    service, actor = service_of(request), actor_of(request)
    return deciding.standing(service, actor, reviews.find(service, actor, review)["assessment"])


def _asks_for_band(request: Request, review: str) -> bool:
    """True where a change is still to be made: nobody has decided anew, and the client does not object."""
    service, actor = service_of(request), actor_of(request)
    return not _changed_before(_standing(request, review), reviews.find(service, actor, review))


def _changed_before(standing: Standing, asked: Row) -> bool:
    now = standing.in_force
    return standing.state == "objected" or (now is not None and now["id"] != asked["decision"])


def _ask_page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    due = reviews.working_days_after(service.today, service.settings.review_days)
    asked = next((item for item in reviews.of(service, actor, assessment) if item["state"] == "open"), None)
    return render(
        request, "reviews/ask.html", status, row=row, due=words.day(asked["due"] if asked else due), asked=asked,
        days=service.settings.review_days, why=field(request, "why") if errors else "", errors=errors or {},
        practice=row["practice"], back=f"/clients/{assessment}",
    )  # fmt: skip


def _page(request: Request, review: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    found = reviews.find(service, actor, review)
    row = assessments.find(service, actor, found["assessment"])
    standing = deciding.standing(service, actor, row["id"])
    return render(
        request, "reviews/review.html", status, review=found, row=row, errors=errors or {},
        decision=decision_of(service, standing.in_force), changed_before=_changed_before(standing, found),
        bands=[(band, name) for band, name in band_names(service).items() if band != standing.band],
        reasons=[(reason.id, reason.text) for reason in service.reasons.reasons],
        last=standing.last["id"] if standing.last is not None else "", asked=words.day(found["asked_at"]),
        due=words.day(found["due"]), late=found["due"] < service.today.isoformat(), results=words.RESULTS,
        closed=words.moment(found["closed_at"]), own=_own(actor.account, standing, found, row),
        typed={name: field(request, name) if errors else "" for name in _FIELDS}, practice=row["practice"],
        objected=row["state"] == "objected", back="/reviews",
    )  # fmt: skip


def _own(account: str, standing: Standing, asked: Row, row: Row) -> bool:
    """True for whoever took the decision that is to be looked at again."""
    about: dict[str, Any] = {item["id"]: item["by"] for item in standing.rows}
    return bool(account == about.get(asked["decision"], row["adviser"]))

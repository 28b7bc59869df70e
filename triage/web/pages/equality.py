"""How are the voluntary equality questions asked after a decision, and what do all answers together tell?"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, equality
from triage.casework.equality import LEAST
from triage.casework.equality_questions import EqualityQuestions, load_equality
from triage.errors import CaseworkError
from triage.web.forms import errors_of
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.get("/clients/{assessment}/equality", name="equality")
def questions(request: Request, assessment: str) -> Response:
    """The questions, on a page of their own."""
    return _page(request, assessment)


@router.post("/clients/{assessment}/equality", name="equality_post")
def answers(request: Request, assessment: str) -> Response:
    """The answers are kept apart; or the client does not want to answer."""
    service, actor = service_of(request), actor_of(request)
    try:
        if field(request, "then") == "decline":
            equality.decline(service, actor, assessment)
            return go(f"/clients/{assessment}", "equality_declined", request)
        equality.record(service, actor, assessment, _given(request, _questions(request)))
    except CaseworkError as problem:
        return _page(request, assessment, errors_of(problem))
    return go(f"/clients/{assessment}", "equality", request)


@router.get("/figures/equality", name="equality_counts")
def counts(request: Request) -> Response:
    """What all answers together tell."""
    found = equality.counts(service_of(request), actor_of(request))
    return render(
        request,
        "equality/counts.html",
        counts=found,
        least=LEAST,
        until=words.day(f"{found.until}-01").partition(" ")[2] if found.until else "",
        back="/figures",
    )


def _page(request: Request, assessment: str, errors: Mapping[str, str] | None = None) -> Response:
    row = assessments.find(service_of(request), actor_of(request), assessment)
    found = _questions(request)
    return render(
        request,
        "equality/questions.html",
        200 if errors is None else 422,
        errors=errors or {},
        row=row,
        can_ask=equality.may_ask(row),
        questions=found,
        chosen=_given(request, found) if errors is not None else {},
        practice=row["practice"],
        back=f"/clients/{assessment}/actions",
    )


def _questions(request: Request) -> EqualityQuestions:
    return load_equality(service_of(request).engines.now.checklist.folder)


def _given(request: Request, asked: EqualityQuestions) -> dict[str, str]:
    """What was chosen, by question."""
    sent = {question.id: field(request, question.id) for question in asked.questions}
    return {name: value for name, value in sent.items() if value}

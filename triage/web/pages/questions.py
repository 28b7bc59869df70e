"""How are the questions asked? One to a page, what matters most first; each answer is kept at once."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import assessments, interview
from triage.casework.interview import DECLINED, NOT_ASKED, Answer, Draft
from triage.checklist import Question
from triage.errors import AccessError, AnswersError
from triage.numbers import shortest
from triage.records.database import Row
from triage.web.pages.checking import enough, words_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
#: No text that stands for nothing is as long as this.
_SHORT = 40
#: Why no answer can be changed now, by the state of the assessment.
_LOCKED = {
    "decided": "A decision has been recorded on these answers, so they stay as they are. If something has changed, ask "
    "again: everything so far is kept.",
    "closed": "This record is closed. Open it again first.",
}


@router.get("/clients/{assessment}/next", name="next_question")
def next_question(request: Request, assessment: str) -> Response:
    """On to the question that matters most now, or to the check of the answers."""
    draft = interview.draft(service_of(request), actor_of(request), assessment)
    if draft.next_question is None:
        return RedirectResponse(f"/clients/{assessment}/check", 303)
    return RedirectResponse(f"/clients/{assessment}/questions/{draft.next_question}", 303)


@router.get("/clients/{assessment}/questions/{question}", name="question")
def ask(request: Request, assessment: str, question: str) -> Response:
    """One question."""
    return _page(request, assessment, _question(request, question))


@router.post("/clients/{assessment}/questions/{question}", name="question_post")
def answer(request: Request, assessment: str, question: str) -> Response:
    """An answer, "prefer not to say", or a question that is passed over."""
    service, actor = service_of(request), actor_of(request)
    asked = _question(request, question)
    then, given = field(request, "then"), field(request, "answer")
    raw: object = {"skip": NOT_ASKED, "decline": DECLINED}.get(then, given)
    if (not raw and then != "later") or (raw is given and given and _says_nothing(request, question, given)):
        return _page(request, assessment, asked, {"answer": _nothing(asked)}, given, 422)
    try:
        if raw:
            interview.save_answer(service, actor, assessment, question, raw)
    except AnswersError as problem:
        return _page(request, assessment, asked, {"answer": _said(asked, problem)}, given, 422)
    if then == "later":
        return go(f"/clients/{assessment}", "saved" if raw else "later", request)
    if field(request, "from") == "check":
        return go(f"/clients/{assessment}/check", "answer", request)
    return RedirectResponse(f"/clients/{assessment}/next", 303)


@router.post("/clients/{assessment}/stop", name="stop_questions_post")
def stop(request: Request, assessment: str) -> Response:
    """The adviser stops asking."""
    interview.stop_here(service_of(request), actor_of(request), assessment)
    return RedirectResponse(f"/clients/{assessment}/check", 303)


def _says_nothing(request: Request, question: str, typed: str) -> bool:
    """True for a text that lists use for an empty cell, such as "n/a": here a question is left out by its button."""
    features = service_of(request).engines.now.features
    return len(typed) < _SHORT and features.normalise(question, typed).state == "not_asked"


def _nothing(question: Question) -> str:
    return "Choose an answer, or leave the question out." if not question.number else "Type an answer, or leave it out."


def _said(question: Question, problem: AnswersError) -> str:
    """What is wrong with an answer, without the names that programs use for answers."""
    if question.kind != "number":
        return "This is not one of the answers. Choose one of them, or leave the question out."
    return " ".join(f"{fault.what} {fault.hint}".strip() for fault in problem.faults)


def _question(request: Request, name: str) -> Question:
    found = service_of(request).engines.now.checklist.by_id.get(name)
    if found is None:
        raise AccessError("The checklist has no such question.")
    return found


def _page(
    request: Request,
    assessment: str,
    question: Question,
    errors: dict[str, str] | None = None,
    typed: str | None = None,
    status: int = 200,
) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    draft = interview.draft(service, actor, assessment)
    engine = service.engines.now
    areas, known = engine.features.areas, draft.answers.get(question.id)
    came_from = _from(request)
    choices = [(option.id, option.text) for option in question.options]
    if question.kind == "area" and areas is not None:
        choices = [(area.code, area.name) for area in areas.areas]
    return render(
        request, "clients/question.html", status, row=row, question=question, draft=draft, errors=errors or {},
        value=typed if typed is not None else _value(known), decline=words_of(engine).decline, declined=DECLINED,
        was_declined=known is not None and known.state == "declined", options=choices, came_from=came_from,
        back=f"/clients/{assessment}/{'check' if came_from else _before(draft, question, row)}",
        practice=row["practice"], number=_number(draft, question), enough=enough(engine, draft),
        early=question.id in draft.too_early, locked=_LOCKED.get(row["state"], ""),
    )  # fmt: skip


def _before(draft: Draft, question: Question, row: Row) -> str:
    """Where the back link goes: to the question that was answered before this one in this round, if any."""
    own = draft.answers.get(question.id)
    # A new round begins with answers of the round before, which was scored.
    since = row["scored_at"] or "" if row["round"] > 1 else ""
    before = [
        (answer.at, name)
        for name, answer in draft.answers.items()
        if name != question.id and name not in draft.unread and since < answer.at and (not own or answer.at < own.at)
    ]
    if before:
        return f"questions/{max(before)[1]}"
    return "job" if row["round"] == 1 else "check"


def _number(draft: Draft, question: Question) -> int:
    """The place of a question in this interview: after those that were settled."""
    open_now = question.id in draft.unanswered and question.id not in draft.passed_over
    return min(draft.asked + (1 if open_now else 0), draft.about) or 1


def _from(request: Request) -> str:
    sent = field(request, "from") if request.method == "POST" else request.query_params.get("from", "")
    return "check" if sent == "check" else ""


def _value(answer: Answer | None) -> str:
    if answer is None or answer.state == "not_asked":
        return ""
    if answer.state == "declined":
        return DECLINED
    return shortest(answer.value) if isinstance(answer.value, float) else str(answer.value)

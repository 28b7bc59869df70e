"""How are the questions asked? One to a page, what matters most first; each answer is kept at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import assessments, interview
from triage.casework.interview import DECLINED, NOT_ASKED, Answer, Draft
from triage.checklist import Question
from triage.engine import Engine
from triage.errors import AccessError, AnswersError
from triage.numbers import shortest
from triage.records.database import Row
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


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
    if then == "skip":
        interview.save_answer(service, actor, assessment, question, NOT_ASKED)
    elif not given and then != "later":
        what = "Choose an answer, or leave the question out." if asked.options else "Type an answer, or leave it out."
        return _page(request, assessment, asked, {"answer": what}, given, 422)
    elif given:
        raw: object = DECLINED if given == DECLINED else given
        try:
            interview.save_answer(service, actor, assessment, question, raw)
        except AnswersError as problem:
            error = " ".join(f"{fault.what} {fault.hint}".strip() for fault in problem.faults)
            return _page(request, assessment, asked, {"answer": error}, given, 422)
    if then == "later":
        return go(f"/clients/{assessment}", "saved", request)
    if field(request, "from") == "check":
        return go(f"/clients/{assessment}/check", "answer", request)
    return RedirectResponse(f"/clients/{assessment}/next", 303)


@router.post("/clients/{assessment}/stop", name="stop_questions_post")
def stop(request: Request, assessment: str) -> Response:
    """The adviser stops asking."""
    interview.stop_here(service_of(request), actor_of(request), assessment)
    return RedirectResponse(f"/clients/{assessment}/check", 303)


@router.get("/clients/{assessment}/check", name="check_answers")
def check(request: Request, assessment: str) -> Response:
    """Every answer, with a link to change it."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    draft = interview.draft(service, actor, assessment)
    engine = service.engines.now
    known = draft.answers
    asked = [_line(engine, q, known.get(q.id), row) for q in engine.checklist.questions if _stands(q, draft)]
    context = assessments.context_of(row)
    beside = [
        (item.label, words.context_text(item, context.get(item.id)), f"/clients/{row['id']}/details")
        for item in engine.checklist.context
        if item.id in context or item.kind == "choice"
    ]
    return render(
        request, "clients/check.html", row=row, draft=draft, asked=asked, beside=beside, practice=row["practice"],
        optional=[(q, engine.checklist.question(q).label) for q in draft.optional], back=f"/clients/{row['id']}",
        too_early=[engine.checklist.question(name).label for name in draft.too_early], enough=_enough(engine, draft),
    )  # fmt: skip


def _stands(question: Question, draft: Draft) -> bool:
    if question.id in draft.too_early:
        return question.id in draft.not_used
    return question.interview or question.id in draft.answers


def _line(engine: Engine, question: Question, answer: Answer | None, row: Row) -> dict[str, str]:
    text, note = "Not asked yet", ""
    if answer is not None and answer.state == "declined":
        text = words_of(engine).decline
    elif answer is not None and answer.state == "not_asked":
        text = "Left out"
    elif answer is not None:
        text = words.answer_text(engine, question, answer.value)
    return {
        "label": question.label,
        "text": text,
        "note": note,
        "change": f"/clients/{row['id']}/questions/{question.id}?from=check",
    }


def words_of(engine: Engine) -> Any:
    """The words of the forms, from the wording file."""
    return engine.words.wording.forms


def _question(request: Request, name: str) -> Question:
    found = service_of(request).engines.now.checklist.by_id.get(name)
    if found is None:
        raise AccessError("The checklist has no such question.")
    return found


def _enough(engine: Engine, draft: Draft) -> str:
    """Whether the rest is worth asking, as a chance in 100."""
    if draft.chance is None or not draft.enough_is_known or not draft.unanswered:
        return ""
    chance = max(1, round(100 * draft.chance))
    said = f"about {chance} in 100" if draft.chance >= 0.005 else "less than 1 in 100"
    return f"{engine.words.wording.notes.enough_known} The chance that they would is {said}."


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
    areas = engine.features.areas
    back = f"/clients/{assessment}/check" if _from(request) == "check" else f"/clients/{assessment}"
    return render(
        request, "clients/question.html", status, row=row, question=question, draft=draft, errors=errors or {},
        value=typed if typed is not None else _value(draft.answers.get(question.id)), decline=words_of(engine).decline,
        declined=DECLINED, areas=[(area.code, area.name) for area in areas.areas] if areas is not None else [],
        options=[(option.id, option.text) for option in question.options], back=back, came_from=_from(request),
        practice=row["practice"], number=_number(draft, question), enough=_enough(engine, draft),
    )  # fmt: skip


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

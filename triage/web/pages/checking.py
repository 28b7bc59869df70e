"""Are the answers right, and is enough known? Every answer of a client on one page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from triage.casework import assessments, interview, scoring
from triage.casework.interview import Draft
from triage.checklist import Question
from triage.checklist.wording import FormWords, fill
from triage.engine import Engine
from triage.engine.answers import OBJECTS
from triage.records.database import Row
from triage.web.pages import words
from triage.web.rendering import render
from triage.web.result.said import share, too_early
from triage.web.result.view import counts
from triage.web.security.guard import actor_of, service_of

router = APIRouter()
#: A line of the page: the label, what was said, the address of the change, a note.
Line = tuple[str, str, str, str]


@router.get("/clients/{assessment}/check", name="check_answers")
def check(request: Request, assessment: str) -> Response:
    """Every answer, with a link to change it."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    draft = interview.draft(service, actor, assessment)
    engine, wording = service.engines.now, service.engines.now.words.wording
    left = [name for name in draft.too_early if name not in draft.not_used]
    noted = scoring.first_view_of(service, actor, assessment)
    return render(
        request, "clients/check.html", row=row, draft=draft, practice=row["practice"], back=_back(draft, row),
        job_lines=_about_the_job(engine, row), asked=_asked(engine, draft, row),
        unasked=_links(engine, draft.unanswered), optional=_links(engine, draft.optional),
        too_early=too_early(left, engine.checklist, wording), enough=enough(engine, draft),
        too_few=_too_few(engine, draft), offer_view=row["state"] == "open" and noted is None,
    )  # fmt: skip


def enough(engine: Engine, draft: Draft) -> str:
    """That the rest is hardly worth asking, with the chance that it is; empty where it is worth asking."""
    if draft.chance is None or not draft.enough_is_known or draft.next_question is None:
        return ""
    wording = engine.words.wording
    chance = fill(wording.result_page.chance, chance=share(draft.chance, wording))
    return f"{wording.notes.enough_known} {chance}"


def words_of(engine: Engine) -> FormWords:
    """The words of the forms, from the wording file."""
    return engine.words.wording.forms


def _too_few(engine: Engine, draft: Draft) -> str:
    """That a score would propose nothing; empty where it would, or where there will be none."""
    if draft.status != "not_enough_answers":
        return ""
    asked, answered = counts([name for name, answer in draft.answers.items() if answer.state == "answered"], engine)
    return fill(engine.words.wording.band.not_enough, answered=answered, asked=asked)


def _back(draft: Draft, row: Row) -> str:
    """To the question that is open, else to the record."""
    if row["state"] == "open" and draft.next_question is not None:
        return f"/clients/{row['id']}/questions/{draft.next_question}"
    return f"/clients/{row['id']}"


def _open(row: Row) -> bool:
    """True while answers can be changed."""
    return row["state"] not in ("decided", "closed")


def _about_the_job(engine: Engine, row: Row) -> list[Line]:
    context = assessments.context_of(row)
    change = f"/clients/{row['id']}/job?from=check" if _open(row) else ""
    return [
        (item.label, words.context_text(item, context.get(item.id)), change, "")
        for item in engine.checklist.context
        if item.id != OBJECTS
    ]


def _asked(engine: Engine, draft: Draft, row: Row) -> list[Line]:
    """What was answered, and what the client preferred not to say."""
    lines = []
    for question in engine.checklist.questions:
        answer = draft.answers.get(question.id)
        if answer is None or answer.state == "not_asked" or question.id in draft.unread:
            continue
        declined = answer.state == "declined"
        text = words_of(engine).decline if declined else words.answer_text(engine, question, answer.value)
        note = "Kept, and not used yet: it is too early for this question." if question.id in draft.not_used else ""
        lines.append((question.label, text, _change(row, question) if _open(row) else "", note))
    return lines


def _change(row: Row, question: Question) -> str:
    return f"/clients/{row['id']}/questions/{question.id}?from=check"


def _links(engine: Engine, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, engine.checklist.question(name).label) for name in names]

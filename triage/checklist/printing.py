"""How does a checklist read on a screen, and how is it handed to a program?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import fill as fold_lines

from triage.checklist.checklist import Checklist
from triage.checklist.schema import ContextField, Factor, Question
from triage.checklist.services import Services
from triage.checklist.wording import ChecklistWords, Wording, fill, label_words
from triage.schema import as_data

_WIDTH = 100
_INDENT = " " * 6


def as_text(checklist: Checklist, services: Services, wording: Wording) -> str:
    """The whole checklist to read: questions, answers, direction with its hedges, support, sources."""
    words = wording.checklist
    lines = [*_head(checklist, words)]
    for factor in checklist.factors:
        lines += ["", _factor(factor)]
        for question in checklist.questions:
            if question.factor == factor.id:
                lines += ["", *_question(question, services, wording)]
    if checklist.context:
        lines += ["", words.beside, "-" * len(words.beside)]
        for field in checklist.context:
            lines += ["", *_context(field, wording)]
    return "\n".join(lines) + "\n"


def as_json(checklist: Checklist) -> str:
    """The checklist as JSON for programs: the fields of the file, with id and version in one word."""
    data = {
        "id": checklist.id,
        "version": checklist.version,
        "title": checklist.title,
        "source": as_data(checklist.source),
        "label": as_data(checklist.label),
        "factors": as_data(checklist.factors),
        "questions": as_data(checklist.questions),
        "context": as_data(checklist.context),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def stars(number: int) -> str:
    """ "3 stars", "1 star" or "no stars"."""
    return "no stars" if number == 0 else f"{number} star{'' if number == 1 else 's'}"


def attribution(checklist: Checklist) -> str:
    """Where the checklist comes from, in one line: title, publisher, date, licence."""
    source = checklist.source
    return ". ".join(part for part in (source.title, source.publisher, source.date, source.licence) if part) + "."


def _head(checklist: Checklist, words: ChecklistWords) -> Iterator[str]:
    yield f"{checklist.title} ({checklist.version})"
    yield ""
    yield fill(words.about, **label_words(checklist.label))
    yield fold_lines(f"{words.source}: {attribution(checklist)}", _WIDTH, subsequent_indent="  ")
    yield words.stars


def _factor(factor: Factor) -> str:
    title = f"{factor.row}. {factor.name} ({stars(factor.stars)})"
    return f"{title}\n{'-' * len(title)}"


def _question(question: Question, services: Services, wording: Wording) -> Iterator[str]:
    yield _asked(question.row, question.ask, question.id)
    if question.help:
        yield _block(question.help)
    for answer in _answers(question, wording):
        yield _block(answer, hang="    ")
    for name, text in _remarks(question, services, wording.checklist):
        yield _block(f"{name}: {text}" if name else text, hang="  ")


def _answers(question: Question, wording: Wording) -> Iterator[str]:
    words = wording.checklist
    counted = {None: "", "declined": f"  ({words.counts_as_declined})", "neutral": f"  ({words.neutral})"}
    for option in question.options:
        yield f"[ ] {option.text}{counted[option.counts_as]}"
    if question.number is not None:
        spec = question.number
        kind = words.whole_number if spec.whole else words.any_number
        yield f"____ {spec.unit} ({kind}, {spec.minimum:g} to {spec.maximum:g})"
    if question.kind == "area":
        yield f"____ ({words.area})"
    if question.decline:
        yield f"[ ] {wording.forms.decline}"


def _remarks(question: Question, services: Services, words: ChecklistWords) -> Iterator[tuple[str, str]]:
    if question.direction is not None:
        yield words.risk, question.direction.words
    if question.sensitivity != "none":
        yield "", getattr(words, question.sensitivity)
    if not question.interview:
        yield "", words.off_interview
    if question.not_applicable_until_weeks_after_job_ends is not None:
        yield "", fill(words.not_yet, weeks=question.not_applicable_until_weeks_after_job_ends)
    if question.can_change:
        yield words.help, question.can_change
    if names := services.names(question.support):
        yield words.support, ", ".join(names)
    if question.source:
        yield words.source, question.source


def _context(field: ContextField, wording: Wording) -> Iterator[str]:
    yield _asked("", field.ask, field.id)
    if field.help:
        yield _block(field.help)
    if field.kind == "date":
        yield _block(f"____ ({wording.checklist.date})")
    answers = [option.text for option in field.options]
    if field.kind == "yes_no":
        answers = [wording.forms.answer_yes, wording.forms.answer_no]
    for text in answers:
        yield _block(f"[ ] {text}", hang="    ")


def _asked(row: str, ask: str, item: str) -> str:
    return fold_lines(f"{row:<{len(_INDENT)}}{ask}  [{item}]", _WIDTH, subsequent_indent=_INDENT)


def _block(text: str, hang: str = "") -> str:
    return fold_lines(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + hang)

"""What stands on a paper form: the full one for a conversation, and half a page for an event?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import fill as fold_lines

from triage.checklist.checklist import COMPLEX_NEEDS, JOB_ENDS, Checklist
from triage.checklist.printing import attribution, stars
from triage.checklist.schema import ContextField, Question
from triage.checklist.services import Services
from triage.checklist.wording import FormWords, Wording, fill

_WIDTH = 90
_LINE = "________"
_ENTRY = 24


@dataclass(frozen=True)
class Item:
    """One question on a form.

    Attributes:
        row: its number on the checklist; empty for what is asked beside it.
        ask: the question.
        help: a line of help; empty where the form leaves it out.
        answers: what can be ticked.
        decline: the words for declining; empty where that is not offered.
        blank: the unit after a line to write on; None where there is nothing to write.
        note: when it is asked, or that it is optional.
        factor: the factor's name.
        stars: how well evidenced the factor is; None where no star applies.
        purpose: which way the answer points, with the source's own hedge.
        support: names of the services that it points to.
    """

    row: str
    ask: str
    help: str
    answers: tuple[str, ...]
    decline: str = ""
    blank: str | None = None
    note: str = ""
    factor: str = ""
    stars: int | None = None
    purpose: str = ""
    support: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form, before it is set as text or as a page.

    Attributes:
        kind: "full" or "event".
        title: its heading.
        lead: paragraphs above the questions.
        entries: labels of the lines to fill in at the top.
        beside: what is asked beside the checklist.
        items: the questions.
        boxes: headings with a line of help, each over an empty space to write in.
        ticks: single statements to tick at the end.
        foot: small print.
        words: the column headings of the full form.
    """

    kind: str
    title: str
    lead: tuple[str, ...]
    entries: tuple[str, ...]
    beside: tuple[Item, ...]
    items: tuple[Item, ...]
    boxes: tuple[tuple[str, str], ...]
    ticks: tuple[str, ...]
    foot: tuple[str, ...]
    words: FormWords


def full_form(checklist: Checklist, services: Services, wording: Wording) -> Form:
    """One page of guidance for a conversation: every question, what it is for, and no score."""
    words = wording.forms
    return Form(
        kind="full",
        title=words.full_title,
        lead=(words.full_lead, words.full_how),
        entries=(words.name, words.date, words.adviser),
        beside=tuple(_beside(field, wording) for field in checklist.context),
        items=tuple(_full_item(checklist, question, services, wording) for question in checklist.questions),
        boxes=((words.judgement, words.judgement_help), (words.agreed, words.agreed_help)),
        ticks=(),
        foot=(words.stars, wording.permitted_use.short, _small_print(checklist)),
        words=words,
    )


def event_form(checklist: Checklist, wording: Wording) -> Form:
    """Half a page for an event: at most six questions, none of them sensitive."""
    words = wording.forms
    job_ends = [field.label for field in checklist.context if field.id == JOB_ENDS]
    return Form(
        kind="event",
        title=words.event_title,
        lead=(words.event_lead,),
        entries=(words.name, *job_ends),
        beside=(),
        items=tuple(replace(_item(question, wording), row="") for question in checklist.event_form),
        boxes=(),
        ticks=(words.event_talk,),
        foot=(words.event_privacy, _small_print(checklist)),
        words=words,
    )


def form_text(form: Form) -> str:
    """The form as plain text, `_WIDTH` characters wide."""
    lines = [form.title, "=" * len(form.title), ""]
    lines += [_fold(paragraph) for paragraph in form.lead]
    lines += ["", *(f"{entry}: {'_' * _ENTRY}" for entry in form.entries)]
    for item in (*form.beside, *form.items):
        lines += ["", *_item_text(item, form.words)]
    for heading, help_line in form.boxes:
        lines += ["", heading, _fold(help_line), *["_" * _WIDTH] * 3]
    lines += ["", *(f"[ ] {tick}" for tick in form.ticks)] if form.ticks else []
    lines += ["", *(_fold(line) for line in form.foot)]
    return "\n".join(lines) + "\n"


def _full_item(checklist: Checklist, question: Question, services: Services, wording: Wording) -> Item:
    factor = checklist.factor(question.factor)
    return replace(
        _item(question, wording),
        help="",
        note=_note(question, wording.forms),
        factor=factor.name,
        stars=factor.stars,
        purpose=question.direction.words if question.direction is not None else "",
        support=services.names(question.support),
    )


def _item(question: Question, wording: Wording) -> Item:
    blank = question.number.unit if question.number is not None else ("" if question.kind == "area" else None)
    return Item(
        row=question.row,
        ask=question.ask,
        help=question.help,
        answers=tuple(option.text for option in question.options),
        decline=wording.forms.decline if question.decline else "",
        blank=blank,
    )


def _beside(field: ContextField, wording: Wording) -> Item:
    words = wording.forms
    answers = tuple(option.text for option in field.options)
    if field.kind == "yes_no":
        answers = (words.answer_yes, words.answer_no)
    help_line = field.help if field.id == COMPLEX_NEEDS else ""
    return Item("", field.ask, help_line, answers, blank="" if field.kind == "date" else None)


def _note(question: Question, words: FormWords) -> str:
    weeks = question.not_applicable_until_weeks_after_job_ends
    notes = [] if question.interview else [words.optional]
    if weeks is not None:
        notes.append(fill(words.not_yet, weeks=weeks))
    return ", ".join(notes)


def _small_print(checklist: Checklist) -> str:
    return f"{checklist.version}. {attribution(checklist)}"


def _item_text(item: Item, words: FormWords) -> Iterator[str]:
    note = f" ({item.note})" if item.note else ""
    yield _fold(f"{item.row:<5}{item.ask}{note}".strip() if item.row else f"{item.ask}{note}", hang=5)
    if item.help:
        yield _fold(item.help, indent=5)
    if item.blank is not None:
        yield _fold(f"{_LINE} {item.blank}".strip(), indent=5)
    for answer in (*item.answers, *filter(None, [item.decline])):
        yield _fold(f"[ ] {answer}", indent=5, hang=4)
    if item.stars is not None:
        purpose = f": {item.purpose}" if item.purpose else ""
        yield _fold(f"{item.factor}, {stars(item.stars)}{purpose}", indent=5)
    if item.support:
        yield _fold(f"{words.points_to}: {', '.join(item.support)}", indent=5)


def _fold(text: str, indent: int = 0, hang: int = 0) -> str:
    return fold_lines(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
    )

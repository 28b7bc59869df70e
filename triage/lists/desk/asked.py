"""What can a person type or choose to correct an answer of a list?"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from triage.checklist import DECLINED, ContextField, Question
from triage.checklist.wording import FormWords
from triage.engine import Engine
from triage.errors import ListError
from triage.faults import did_you_mean
from triage.features import Features

Kind = Literal["choice", "number", "date"]


@dataclass(frozen=True)
class Asked:
    """A question or field with its possible answers.

    Attributes:
        id: the question's id, for a correction.
        label, ask: what it is called, and how it is asked.
        kind: a choice of `answers`, a number of `unit` from `least` to `most`, or a day as 2026-10-31.
        answers: pairs of what to send and what to show; for a number that may be declined, only that. "" stands for
            "not given" everywhere.
        least, most, unit, whole: for a number.
        kept_apart: True for a question about health, attitudes or family background.
    """

    id: str
    label: str
    ask: str
    kind: Kind
    answers: tuple[tuple[str, str], ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    whole: bool = False
    kept_apart: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a page or for JSON."""
        return asdict(self)


def asked(engine: Engine, name: str) -> Asked:
    """The question or field `name` with its possible answers.

    Raises:
        ListError: there is none.
    """
    checklist, words = engine.checklist, engine.words.wording.forms
    if name in checklist.by_id:
        return _question(checklist.by_id[name], engine.features, words)
    if name in checklist.context_by_id:
        return _field(checklist.context_by_id[name], words)
    known = (*checklist.by_id, *checklist.context_by_id)
    raise ListError(f"There is no question '{name}'. {did_you_mean(name, known)}".rstrip())


def _question(question: Question, features: Features, words: FormWords) -> Asked:
    answers = [(option.id, option.text) for option in question.options]
    if question.kind == "area" and features.areas is not None:
        answers = [(area.code, area.name) for area in features.areas.areas]
    declined = ((DECLINED, words.decline),) if question.decline else ()
    found = Asked(
        question.id, question.label, question.ask, "choice", (*answers, *declined), kept_apart=question.kept_apart
    )
    span = question.number
    if span is None:
        return found
    number: Kind = "number"
    return replace(found, kind=number, least=span.minimum, most=span.maximum, unit=span.unit, whole=span.whole)


def _field(context: ContextField, words: FormWords) -> Asked:
    if context.kind == "date":
        return Asked(context.id, context.label, context.ask, "date")
    answers = tuple((option.id, option.text) for option in context.options)
    if context.kind == "yes_no":
        answers = (("yes", words.answer_yes), ("no", words.answer_no))
    return Asked(context.id, context.label, context.ask, "choice", answers)

"""What did this client answer, and which numbers does the model see?"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from triage.checklist import JOB_ENDS, REDUNDANCY_STATUS, ContextField, Question, applies
from triage.errors import AnswersError
from triage.faults import Fault, did_you_mean
from triage.features import Features
from triage.features.reading import Vocabulary, plain
from triage.features.text import fold
from triage.yamlfile import count

Answer = str | float
#: The context field by which a client objects to being scored.
OBJECTS = "objects_to_scoring"
#: A question with more whole numbers than this is read number by number.
_QUICK_NUMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """One client's answers as they were understood.

    Attributes:
        inputs: grid values in the order of the features file, NaN where missing.
        answers: normalised answers of the questions that count (option id, area code, or number).
        declined: questions that the client preferred not to answer.
        not_applicable: questions for which it is too early; their answers, if any, are not used.
        context: what was asked beside the questions.
    """

    inputs: list[float]
    answers: Mapping[str, Answer]
    declined: tuple[str, ...]
    not_applicable: tuple[str, ...]
    context: Mapping[str, Any]


class AnswerReader:
    """Reads answers against one checklist and its features."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._checklist = features.checklist
        self._width = len(features.inputs)
        self._codes = {question.id: _QuestionCodes(question, features) for question in self._checklist.questions}
        self._context = {field.id: context_reader(field, features) for field in self._checklist.context}
        self._late = tuple(
            question
            for question in self._checklist.questions
            if question.not_applicable_until_weeks_after_job_ends is not None
        )

    def read(self, given: Mapping[str, object], on: date | None = None) -> Case:
        """The case that `given` (answers by question id, and context fields) describes.

        Raises:
            AnswersError: an unknown question, an unknown option, an impossible number; all are listed.
        """
        if not isinstance(given, Mapping):
            raise AnswersError("Give the answers as a mapping of question ids to answers.")
        inputs = [math.nan] * self._width
        answers: dict[str, Answer] = {}
        declined: list[str] = []
        early: list[str] = []
        context: dict[str, Any] = {}
        faults: list[Fault] = []
        for key, value in given.items():
            codes = self._codes.get(key)
            if codes is None:
                faults.extend(self._read_context(key, value, context))
                continue
            state, answer, numbers = codes.known(value)
            if state == "answered":
                answers[key] = answer
                for place, number in numbers:
                    inputs[place] = number
            elif state == "declined":
                declined.append(key)
            elif state == "not_applicable":
                early.append(key)
            elif state == "unknown":
                faults.append(codes.fault(value))
        if faults:
            raise AnswersError(f"These answers cannot be scored as they stand: {count(faults)}.", faults)
        if self._late:
            early += self._too_early(context, answers, inputs, on, {*early, *declined})
        frozen = MappingProxyType(answers), tuple(declined), tuple(early), MappingProxyType(context)
        return Case(inputs, *frozen)

    def _too_early(
        self,
        context: Mapping[str, Any],
        answers: dict[str, Answer],
        inputs: list[float],
        on: date | None,
        settled: Collection[str],
    ) -> list[str]:
        """Questions that do not apply yet; an answer to one of them is set aside, one that was declined stays so."""
        status, ends = context.get(REDUNDANCY_STATUS), context.get(JOB_ENDS)
        if status is None and ends is None:
            return []
        today = day_of(on)
        found = []
        for question in self._late:
            if question.id not in settled and not applies(question, status, ends, today):
                found.append(question.id)
                answers.pop(question.id, None)
                for item in self._features.inputs_of[question.id]:
                    inputs[item.place] = math.nan
        return found

    def _read_context(self, key: str, value: object, context: dict[str, Any]) -> list[Fault]:
        reader = self._context.get(key)
        if reader is None:
            hint = did_you_mean(str(key), [*self._codes, *self._context])
            return [Fault(f"'{key}'", f"the checklist {self._checklist.version} has no such question.", hint)]
        try:
            read = reader(value)
        except ValueError as problem:
            return [Fault(f"'{key}'", str(problem))]
        if read is not None:
            context[key] = read
        return []


def context_reader(field: ContextField, features: Features) -> Callable[[object], Any]:
    """A function that reads the cells of a context field.

    It returns an option id, a date, True or False, or None where nothing was given, and raises a ValueError with a
    message that does not repeat the cell.
    """
    nothing = frozenset(fold(word) for word in ("", *features.synonyms.not_given, *features.synonyms.declined))
    if field.kind == "date":
        return lambda value: None if plain(value) is None or fold(str(value)) in nothing else _date(plain(value))
    choices: dict[str, Any] = {"yes": True, "no": False}
    if field.kind == "choice":
        choices = {option.id: option.id for option in field.options}
    spellings = {fold(name): meant for name, meant in choices.items()}
    spellings |= {fold(option.text): option.id for option in field.options}
    for name, words in features.synonyms.answers.get(field.id, {}).items():
        if name in choices:
            spellings |= {fold(word): choices[name] for word in words}

    def read(value: object) -> Any:
        value = plain(value)
        if value is None:
            return None
        folded = fold(str(value)) if not isinstance(value, bool) else ("no", "yes")[value]
        if folded in spellings:
            return spellings[folded]
        if folded in nothing:
            return None
        hint = did_you_mean(str(value), choices) or f"Use one of {', '.join(choices)}."
        raise ValueError(f"this is not one of the answers. {hint}")

    return read


def day_of(on: date | None) -> date:
    """The day that `on` names, also where it has a time; today where it is None."""
    return on.date() if isinstance(on, datetime) else on or date.today()


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("this is not a date. Write it as 2026-03-31.") from None


Known = tuple[str, Any, tuple[tuple[int, float], ...]]


class _QuestionCodes:
    """The answers of one question with their grid values, looked up at once where they are exact."""

    def __init__(self, question: Question, features: Features) -> None:
        self._question = question
        self._features = features
        self._inputs = features.inputs_of[question.id]
        self._vocabulary: Vocabulary = features.vocabularies[question.id]
        self._quick: dict[object, Known] = {option: self._read(option) for option in features.options(question)}
        span = question.number
        if span is not None and span.whole and span.maximum - span.minimum <= _QUICK_NUMBERS:
            whole = range(int(span.minimum), int(span.maximum) + 1)
            self._quick |= {year: self._read(year) for year in whole}

    def known(self, value: object) -> Known:
        """State, normalised answer, and the places and grid values of the inputs."""
        if type(value) is str or type(value) is int or type(value) is float:
            quick = self._quick.get(value)
            if quick is not None:
                return quick
        return self._read(value)

    def _read(self, value: object) -> Known:
        reading = self._vocabulary.read(value, suggest=False)
        if reading.state != "answered" or reading.value is None:
            return reading.state, None, ()
        numbers = ((item.place, item.value(reading.value)) for item in self._inputs)
        return (
            "answered",
            reading.value,
            tuple((place, number) for place, number in numbers if number == number),
        )

    def _name(self, answer: str) -> str:
        """An answer as a person may type it: an area by its name, an option by its id."""
        areas = self._features.areas
        if self._question.kind == "area" and areas is not None:
            return areas.by_code[answer].name
        return answer

    def fault(self, value: object) -> Fault:
        """The fault of an answer that was not understood."""
        reading = self._vocabulary.read(value)
        hint = f"Did you mean {self._name(reading.suggestion)!r}?" if reading.suggestion else ""
        if not hint and self._question.options:
            hint = f"Use one of {', '.join(option.id for option in self._question.options)}."
        return Fault(f"'{self._question.id}'", reading.problem, hint)

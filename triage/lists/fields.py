"""What does a cell answer, exactly, and what is said where it answers nothing?

Only what is exact after folding counts. A cross is ambiguous, a ditto mark is no answer, a near miss is a suggestion:
each counts as not given and is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from triage.checklist import DECLINED, NOT_APPLICABLE, ContextField, Question
from triage.engine import Columns
from triage.features import Features, fold
from triage.lists.cells import Cell
from triage.lists.dates import Century, age_on, read_date
from triage.lists.shown import A_TEXT, shown, words_in

NOT_GIVEN = "(not given)"
CONFIRM_MEANT = "meant? Please confirm"
AGE = "age"

_CROSSES = frozenset(["x", "✗", "✘", "✕", "✖", "×", "☒", "🗙", "╳"])
_TICKS = frozenset(["✓", "✔", "✔️", "☑", "√", "🗸", "yes", "y", "true"])
UNTICKED = frozenset(["no", "n", "false", "☐", "□", "-", "–", "—", "0"])
_UNITS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:years? old|years?|yrs?\.?|y\.?o\.?|y)\.?", re.IGNORECASE)
_BAND = re.compile(r"(\d{1,3})\s*(?:-|–|—|to)\s*(\d{1,3})(?:\s*(?:years?|yrs?))?", re.IGNORECASE)
_FROM = re.compile(r"(?:(\d{1,3})\s*(?:\+|plus|and over|or over|and above|or older)|(over)\s+(\d{1,3}))", re.IGNORECASE)
_UNDER = re.compile(r"(?:(under|below|less than)\s+(\d{1,3})|(\d{1,3})\s+(?:or under|and under))", re.IGNORECASE)
_MANY = 1_000

Read = Callable[[str], Cell]
#: True where all ages from the first to the last have the same points and the same range.
SameAges = Callable[[int, int], bool]


def not_given(label: str, what: str) -> str:
    """A problem that says that a field counts as not given."""
    return f"{label}: {what.rstrip('.')} {NOT_GIVEN}"


class QuestionField:
    """Reads the cells of a column that answers one question."""

    def __init__(self, question: Question, features: Features, dittos: frozenset[str], same: SameAges) -> None:
        self._question = question
        self._features = features
        self._dittos = dittos
        self._same = same
        self._strange = 0
        self._words = self._plain_words()

    def __call__(self, text: str) -> Cell:
        """What the cell `text` answers."""
        question = self._question
        vocabulary = self._features.vocabularies[question.id]
        plain = _without_unit(text) if question.number is not None else text
        if self._strange > _MANY and question.number is None and fold(plain) not in vocabulary.spellings:
            return Cell(None, not_given(question.label, f"{A_TEXT} is not one of the answers"))
        reading = vocabulary.read(plain)
        if reading.state == "answered":
            return Cell(reading.value)
        if reading.state == "declined":
            return Cell(reading.value or DECLINED)
        if reading.state == "not_applicable":
            return Cell(NOT_APPLICABLE)
        if reading.state == "not_asked":
            return Cell()
        self._strange += 1
        return self._unknown(text, reading.problem, reading.suggestion)

    def _unknown(self, text: str, problem: str, suggestion: str) -> Cell:
        label = self._question.label
        folded = fold(text)
        if folded in self._dittos:
            return Cell(None, not_given(label, "a ditto mark is not taken for an answer"))
        if folded in _CROSSES:
            return Cell(None, not_given(label, "a cross may mean yes or no"))
        if folded in _TICKS and not self._question.number:
            return Cell(None, not_given(label, "a tick does not say which answer"))
        if self._question.id == AGE and (band := age_band(text)) is not None:
            return read_band(text, band, self._question, self._same)
        what = f"{shown(text, self._words)} {_about(problem)}"
        if suggestion and not self._quiet(suggestion):
            what += f". Is '{self._name(suggestion)}' {CONFIRM_MEANT}"
        return Cell(None, not_given(label, what))

    def _plain_words(self) -> frozenset[str]:
        """Words of the answers, less those of answers that count as declined: they can speak of health."""
        if self._question.number is not None:
            return frozenset()
        spellings = self._features.vocabularies[self._question.id].spellings
        return words_in(spelling for spelling, option in spellings.items() if not self._quiet(option))

    def _quiet(self, option_id: str) -> bool:
        option = self._question.by_id.get(option_id)
        return option is not None and option.counts_as == DECLINED

    def _name(self, suggestion: str) -> str:
        if self._question.kind == "area" and self._features.areas is not None:
            return self._features.areas.by_code[suggestion].name
        return self._question.by_id[suggestion].text.replace(";", ",")


class OptionField:
    """Reads a column in which people tick one option of a question."""

    def __init__(self, question: Question, option: str, whole: QuestionField) -> None:
        self._question = question
        self._option = option
        self._whole = whole

    def __call__(self, text: str) -> Cell:
        """The option where the cell is ticked; an answer written out counts as well."""
        folded = fold(text)
        if folded in _TICKS or folded == "1":
            return Cell(self._option)
        if folded in UNTICKED:
            return Cell()
        return self._whole(text)


class BirthField:
    """Reads a column of birth dates as an age on the scoring date. `slashes` is False where none may be used."""

    def __init__(self, question: Question, on: date, slashes: bool, silent: frozenset[str], same: SameAges) -> None:
        spec = question.number
        self._question = question
        self._silent = silent
        self._same = same
        self._label = question.label
        self._oldest, self._youngest = (75, 16) if spec is None else (int(spec.maximum), int(spec.minimum))
        self._on = on
        self._slashes = slashes
        self._century = Century.of_births(on, self._youngest, self._oldest)

    def __call__(self, text: str) -> Cell:
        """The age in whole years; nothing where the date is not certain."""
        found = read_date(text, self._century)
        if found.kind == "empty" or fold(text) in self._silent:
            return Cell()
        if (band := age_band(text)) is not None:
            return read_band(text, band, self._question, self._same)
        if found.slash and not self._slashes:
            return Cell(None, not_given(self._label, "the birth dates of this column are not all day first"))
        if found.value is None:
            return Cell(None, not_given(self._label, f"the birth date cannot be used, {found.problem}"))
        age = age_on(found.value, self._on)
        if not self._youngest <= age <= self._oldest:
            span = f"{self._youngest} to {self._oldest}"
            return Cell(None, not_given(self._label, f"the birth date does not give an age from {span}"))
        return Cell(float(age))


class DateField:
    """Reads a column of other dates, such as the end of the job."""

    def __init__(self, label: str, on: date, slashes: bool, silent: frozenset[str]) -> None:
        self._label = label
        self._silent = silent
        self._slashes = slashes
        self._century = Century.near(on)

    def __call__(self, text: str) -> Cell:
        """The day; nothing where the cell is not one."""
        found = read_date(text, self._century)
        if fold(text) in self._silent:
            return Cell()
        if found.slash and not self._slashes:
            return Cell(None, not_given(self._label, "the dates of this column are not all day first"))
        if found.value is None and found.kind != "empty":
            return Cell(None, not_given(self._label, f"{shown(text)} cannot be used, {found.problem}"))
        return Cell(found.value)


class BandField:
    """Reads a column of age bands: a band counts where all its ages have the same points."""

    def __init__(self, question: Question, whole: QuestionField, same: SameAges) -> None:
        self._question = question
        self._whole = whole
        self._same = same

    def __call__(self, text: str) -> Cell:
        """The lowest age of the band, which stands for all of them."""
        band = age_band(text)
        return self._whole(text) if band is None else read_band(text, band, self._question, self._same)


class ContextChoice:
    """Reads a column for something asked beside the questions: a choice, or yes and no."""

    def __init__(self, field: ContextField, spellings: dict[str, str], silent: frozenset[str]) -> None:
        self._label = field.label
        self._spellings = spellings
        self._silent = silent
        self._words = words_in(spellings)

    def __call__(self, text: str) -> Cell:
        """The option id; nothing where the cell is not exactly one of them."""
        folded = fold(text)
        if folded in self._spellings:
            return Cell(self._spellings[folded])
        if folded in self._silent:
            return Cell()
        if folded in _CROSSES:
            return Cell(None, not_given(self._label, "a cross may mean yes or no"))
        return Cell(None, not_given(self._label, f"{shown(text, self._words)} is not one of the answers"))


class Silent:
    """Reads a column that may help to answer a question and where anything else is no fault: a town."""

    def __init__(self, field: QuestionField) -> None:
        self._field = field

    def __call__(self, text: str) -> Cell:
        """The answer where there is one, and nothing said otherwise."""
        return Cell(self._field(text).value)


def age_band(text: str) -> tuple[int | None, int | None] | None:
    """First and last age of a band such as "45-54", "55+" or "under 25"; None where the text is no band."""
    word = text.strip()
    if match := _BAND.fullmatch(word):
        return int(match[1]), int(match[2])
    if match := _FROM.fullmatch(word):
        return (int(match[3]) + 1 if match[2] else int(match[1])), None
    if match := _UNDER.fullmatch(word):
        return None, (int(match[2]) - 1 if match[1] else int(match[3]))
    return None


def read_band(text: str, band: tuple[int | None, int | None], question: Question, same: SameAges) -> Cell:
    """The lowest age of a band all of whose ages count the same; listed as not given otherwise."""
    spec = question.number
    lowest, highest = (16, 75) if spec is None else (int(spec.minimum), int(spec.maximum))
    first = max(lowest, band[0] if band[0] is not None else lowest)
    last = min(highest, band[1] if band[1] is not None else highest)
    if first > last:
        return Cell(None, not_given(question.label, f"'{text.strip()}' is not a possible age band"))
    if not same(first, last):
        return Cell(None, not_given(question.label, f"the band '{text.strip()}' takes in ages that count differently"))
    said = "" if first == last else f"{question.label}: the list says an age band, its lowest age stands for it"
    return Cell(float(first), said)


def _about(problem: str) -> str:
    """A problem such as "this is not a number." as it follows the text that it is about."""
    return problem.rstrip(".").removeprefix("this ").replace(";", ",")


def _without_unit(text: str) -> str:
    """ "57 yrs" as "57"."""
    match = _UNITS.fullmatch(text.strip())
    return match[1] if match else text


def spellings_of(field: ContextField, features: Features) -> dict[str, str]:
    """Option id by folded spelling, for something asked beside the questions."""
    spellings: dict[str, str] = {}
    for option, words in features.synonyms.answers.get(field.id, {}).items():
        spellings |= {fold(word): option for word in words}
    if field.kind == "yes_no":
        return spellings | {"yes": "yes", "no": "no"}
    spellings |= {fold(option.text): option.id for option in field.options}
    return spellings | {fold(option.id): option.id for option in field.options}


def same_points(score_many: Callable[[Any], Columns], first: int, last: int) -> bool:
    """True where the ages from `first` to `last` have one logit and one range: one interval of the model's table."""
    scored = score_many({AGE: np.arange(first, last + 1, dtype=np.float64)})
    return all(bool(np.all(values == values[0])) for values in (scored.logit, scored.lower, scored.upper))


def words_of(words: Sequence[str]) -> frozenset[str]:
    """Folded words."""
    return frozenset(fold(word) for word in words)

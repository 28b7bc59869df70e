"""Which answer did a person mean? Exact after folding; anything nearer than that is only a suggestion."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from triage.checklist import DECLINED, NOT_APPLICABLE, NOT_ASKED, Question
from triage.features.text import fold
from triage.numbers import shortest

State = Literal["answered", "declined", "not_asked", "not_applicable", "unknown"]


@dataclass(frozen=True)
class Reading:
    """How one answer was understood.

    Attributes:
        state: `unknown` means that it was not understood and counts as not given.
        value: an option id, an area code or a number; None unless `answered`.
        suggestion: an option id that may have been meant, for a person to confirm.
        problem: what is wrong, in words that do not repeat the answer; empty unless `unknown`.
    """

    state: State
    value: str | float | None = None
    suggestion: str = ""
    problem: str = ""


_NOTHING = Reading("not_asked")
#: A comma only parts thousands: "5,7" may be 5.7 or 57, and is not read.
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_RESERVED: dict[str, Reading] = {
    DECLINED: Reading("declined"),
    NOT_ASKED: _NOTHING,
    NOT_APPLICABLE: Reading("not_applicable"),
    "": _NOTHING,
}


def plain(cell: object) -> object:
    """`cell` in Python's own types: numpy's unpacked, a whole float as an int, None for each kind of "missing"."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        return int(cell) if cell.is_integer() else cell
    return None if type(cell).__name__ in ("NAType", "NaTType") else cell


def _nowhere(text: str) -> None:
    """The lookup of a question that has none."""
    del text


@dataclass(frozen=True)
class Vocabulary:
    """The spellings of one question's answers.

    Attributes:
        question: the question.
        spellings: option id or area code by folded spelling.
        shared: readings of the words that every question knows (declined, not given), by folded spelling.
        lookup: finds an option id or area code for a text that is no spelling, such as a postcode; or None.
    """

    question: Question
    spellings: Mapping[str, str]
    shared: Mapping[str, Reading]
    lookup: Callable[[str], str | None] = _nowhere

    def read(self, given: object, suggest: bool = True) -> Reading:
        """How `given` (text, a number, True or False, or None) answers this question.

        To look for a suggestion takes long; without `suggest` there is none.
        """
        given = plain(given)
        if given is None:
            return _NOTHING
        if isinstance(given, bool):
            given = "yes" if given else "no"
        text = str(given).strip()
        if text in _RESERVED:
            return _RESERVED[text]
        if self.question.number is not None:
            return self._number(text)
        return self._word(text, suggest)

    def _word(self, text: str, suggest: bool) -> Reading:
        folded = fold(text)
        if folded in self.spellings:
            return self._option(self.spellings[folded])
        if folded in self.shared:
            return self.shared[folded]
        if found := self.lookup(text):
            return self._option(found)
        near = difflib.get_close_matches(folded, list(self.spellings), n=1, cutoff=0.75) if suggest else []
        suggestion = self.spellings[near[0]] if near else ""
        return Reading("unknown", None, suggestion, "this is not one of the answers.")

    def _option(self, option_id: str) -> Reading:
        option = self.question.by_id.get(option_id)
        if option is not None and option.counts_as == "declined":
            return Reading("declined", option_id)
        return Reading("answered", option_id)

    def _number(self, text: str) -> Reading:
        spec = self.question.number
        assert spec is not None
        try:
            number = float(text.replace(",", "") if _NUMBER.fullmatch(text.strip()) else "")
        except ValueError:
            return self.shared.get(fold(text), Reading("unknown", None, "", "this is not a number."))
        if not spec.minimum <= number <= spec.maximum:
            span = f"{shortest(spec.minimum)} to {shortest(spec.maximum)} {spec.unit}"
            return Reading("unknown", None, "", f"this is not possible here; it must be {span}.")
        if spec.whole and not number.is_integer():
            return Reading("unknown", None, "", f"this must be a whole number of {spec.unit}.")
        return Reading("answered", number)

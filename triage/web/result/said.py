"""How are numbers, days and names written on the result page?"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from datetime import date

from triage.checklist import Checklist
from triage.checklist.wording import Wording, fill
from triage.engine import Engine
from triage.engine.reasons import spoken
from triage.engine.words import in_100
from triage.numbers import logistic

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
#: Statuses for which no figure is shown: the label of the model is not about these people.
WITHOUT_FIGURES = ("has_job", "redeployed")


def signed(log_odds: float) -> str:
    """Log-odds to two decimals with a proper sign: "+0.30", "−0.08", and "0.00" for what rounds to nothing."""
    text = f"{log_odds:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def odds(log_odds: float) -> str:
    """The odds that log-odds stand for, or what they multiply odds by: "1.35", "0.0025", "2,981"."""
    value = math.exp(log_odds)
    if value >= 100:
        return f"{value:,.0f}"
    # Below a tenth, two figures that say something.
    return f"{value:.{max(2, 1 - math.floor(math.log10(value)))}f}"


def people(log_odds: float) -> int:
    """People out of 100 at these log-odds."""
    return in_100(logistic(log_odds))


def share(chance: float, wording: Wording) -> str:
    """A chance out of 100, with words at both ends."""
    if chance < 0.01:
        return wording.result.fewer_than_one
    return wording.result.more_than_99 if chance > 0.99 else str(round(100 * chance))


def day(value: date) -> str:
    """A day as it is written in a sentence: "31 January 2021"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def joined(texts: Iterable[str]) -> str:
    """Texts with commas between them."""
    return ", ".join(texts)


def too_early(names: Iterable[str], checklist: Checklist, wording: Wording) -> tuple[str, ...]:
    """One sentence for each number of weeks after which these questions apply, and one for what never does."""
    weeks: dict[int | None, list[str]] = {}
    for name in names:
        question = checklist.question(name)
        weeks.setdefault(question.not_applicable_until_weeks_after_job_ends, []).append(question.label)
    return tuple(
        fill(wording.result_page.does_not_apply, questions=joined(labels))
        if after is None
        else fill(wording.notes.not_applicable_yet, weeks=after, questions=joined(labels))
        for after, labels in weeks.items()
    )


class Names:
    """What questions, answers and bands are called. An id that is not known any more is made readable."""

    def __init__(self, engine: Engine) -> None:
        self._features = engine.features
        self._questions = engine.checklist.by_id
        self._bands = {band.id: band.name for band in engine.cutoffs.bands}

    def label(self, question_id: str) -> str:
        """What a question is called."""
        question = self._questions.get(question_id)
        return question.label if question is not None else _readable(question_id)

    def answer(self, question_id: str, answer: str | float) -> str:
        """An answer as it is said, a number with its unit."""
        question = self._questions.get(question_id)
        try:
            if question is None:
                return _readable(str(answer))
            text = spoken(question, answer, self._features)
        except (KeyError, ValueError):
            return _readable(str(answer))
        unit = question.number.unit if question.number is not None else ""
        return f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()

    def band(self, band_id: str) -> str:
        """What a band is called."""
        return self._bands.get(band_id) or _readable(band_id)

    def bands(self, band_ids: Collection[str]) -> str:
        """Bands for a sentence, as `triage.cutoffs.names` joins them."""
        return " or ".join(f'"{self.band(item)}"' for item in band_ids)

    def place(self, question_id: str) -> tuple[int, str]:
        """The place of a question in the checklist, for sorting; unknown ones come last."""
        return (list(self._questions).index(question_id), "") if question_id in self._questions else (999, question_id)


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()

"""Which answers moved the figure enough to be named, and in which words?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from triage.checklist import Question
from triage.features import Features
from triage.numbers import shortest


@dataclass(frozen=True)
class Reason:
    """One answer that changes the odds by the stated ratio or more.

    Attributes:
        question: the question's id.
        text: a sentence from the checklist.
        log_odds: its exact contribution; above 0 for a reason, below 0 for a strength.
        sensitivity: that of the question, so that a door can leave it out.
    """

    question: str
    text: str
    log_odds: float
    sensitivity: str

    @property
    def odds_ratio(self) -> float:
        """What the odds are multiplied with."""
        return math.exp(self.log_odds)


def stands_out(log_odds: float, odds_ratio: float) -> bool:
    """True if a contribution changes the odds by `odds_ratio` or more, either way."""
    return abs(log_odds) >= _edge(odds_ratio)


@lru_cache(maxsize=16)
def _edge(odds_ratio: float) -> float:
    return math.log(odds_ratio)


def reasons_and_strengths(
    features: Features,
    answers: Mapping[str, str | float],
    contributions: Mapping[str, float],
    odds_ratio: float,
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Reasons and strengths, the strongest first; equal ones in the order of the checklist."""
    checklist = features.checklist
    found = [
        Reason(
            name,
            sentence(checklist.question(name), answer, contributions[name], features),
            contributions[name],
            checklist.question(name).sensitivity,
        )
        for name, answer in answers.items()
        if stands_out(contributions[name], odds_ratio)
    ]
    order = {question.id: place for place, question in enumerate(checklist.questions)}
    found.sort(key=lambda reason: (-abs(reason.log_odds), order[reason.question]))
    return tuple(item for item in found if item.log_odds > 0), tuple(item for item in found if item.log_odds < 0)


def sentence(question: Question, answer: str | float, log_odds: float, features: Features) -> str:
    """The sentence of a question for one answer, as a reason (above 0) or as a strength."""
    template = (question.reason if log_odds > 0 else question.strength) or f"{question.label}: {{answer}}"
    return template.replace("{answer}", spoken(question, answer, features))


def spoken(question: Question, answer: str | float, features: Features) -> str:
    """How an answer reads inside a sentence."""
    if question.kind == "area" and features.areas is not None:
        return features.areas.by_code[str(answer)].name
    if question.kind == "number":
        return shortest(float(answer))
    return question.by_id[str(answer)].spoken

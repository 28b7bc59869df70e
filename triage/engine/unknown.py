"""What could the questions that were not answered still change, and which one should be asked next?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.cutoffs import CutPoints
from triage.features import Features
from triage.numbers import logistic

Array = NDArray[np.float64]
#: How many random completions of an interview the chance of another band is worked out from.
COMPLETIONS = 512
_LATER = frozenset({"special_category", "attitude", "family_background"})


class Unknowns:
    """The worth of each question's possible answers, weighted as the reference population answers them."""

    def __init__(self, features: Features, bundle: Bundle) -> None:
        self._features = features
        self._bundle = bundle

    @cached_property
    def worth(self) -> dict[str, tuple[Array, Array]]:
        """By question: the log-odds of each answer, and its share."""
        found: dict[str, tuple[Array, Array]] = {}
        for question in self._features.checklist.questions:
            pairs = self._bundle.reference.shares.get(question.id, ())
            points = [self._points(question.id, answer) for answer, _ in pairs]
            found[question.id] = np.array(points), np.array([share for _, share in pairs])
        return found

    @cached_property
    def _completions(self) -> dict[str, Array]:
        """By question: the log-odds of `COMPLETIONS` random answers, spread evenly over their shares."""
        return {name: self._complete(name, points, shares) for name, (points, shares) in self.worth.items()}

    def _points(self, question_id: str, answer: str | float) -> float:
        tables = self._bundle.tables
        return sum(tables[item.id].at(item.value(answer)) for item in self._features.inputs_of[question_id])

    @staticmethod
    def _complete(name: str, points: Array, shares: Array) -> Array:
        if not len(points):
            return np.zeros(COMPLETIONS)
        at = (np.arange(COMPLETIONS) + 0.5) / COMPLETIONS
        chosen = np.minimum(np.searchsorted(np.cumsum(shares), at), len(points) - 1)
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        return points[chosen][np.argsort(np.random.Philox(key=seed).random_raw(COMPLETIONS), kind="stable")]

    def chance_of_another_band(
        self, questions: Sequence[str], plain: float, special: float, points: CutPoints
    ) -> float:
        """The chance that answers to `questions` would change the band; 0.0 where none is left.

        Args:
            questions: those that are still open.
            plain: log-odds without the health and disability answers.
            special: the log-odds of the health and disability answers so far, which count where together they raise.
            points: the cut-off points.
        """
        if not questions:
            return 0.0
        now = points.place(plain + max(special, 0.0))
        total = np.full(COMPLETIONS, plain)
        health = np.full(COMPLETIONS, special)
        for name in questions:
            if self._features.checklist.question(name).special_category:
                health = health + self._completions[name]
            else:
                total = total + self._completions[name]
        return float(np.mean(points.places(total + np.maximum(health, 0.0)) != now))

    def next_question(self, questions: Sequence[str], plain: float, special: float, points: CutPoints) -> str | None:
        """Of `questions`, the one most likely to change the band; among equals the one that moves most.

        Special-category, attitude and family questions come after the others. None where none is left. The arguments
        are those of `chance_of_another_band`.
        """
        now, chance = points.place(plain + max(special, 0.0)), logistic(plain + special)
        ranked = []
        for place, name in enumerate(questions):
            question = self._features.checklist.question(name)
            worth, shares = self.worth[name]
            if not len(worth):
                continue
            if question.special_category:
                after = plain + np.maximum(special + worth, 0.0)
            else:
                after = plain + worth + max(special, 0.0)
            changed = float(np.sum(shares[points.places(after) != now]))
            step = float(np.sum(shares * np.abs(1.0 / (1.0 + np.exp(-(plain + special + worth))) - chance)))
            ranked.append((question.sensitivity in _LATER, -changed, -step, place, name))
        return min(ranked)[-1] if ranked else None

"""How much does each person count: once as they are, and again in every resample of the clients?

Rows stand first and resamples second in every array here: [n, b] is n people in b resamples side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.errors import EvaluationError
from triage.evaluation.settings import Settings
from triage.outcomes import BACK, COMPETING, Competing, Label, Outcomes

Array = NDArray[np.float64]
#: Numbers in one array of weights. Enough to keep a processor busy, few enough to stay small (4 MB).
_CHUNK = 500_000


@dataclass(frozen=True, eq=False)
class Weights:
    """What n people count in b resamples.

    Attributes:
        people: [n, b] each person's own weight, times how often they were drawn.
        known: [n, b] the same times the inverse probability that the outcome is known; 0 where it is not.
    """

    people: Array
    known: Array


def canonical(outcomes: Outcomes, *scores: Array) -> NDArray[np.intp]:
    """The rows in an order that depends on what they hold and not on how they came."""
    keys = [*scores, *outcomes.inputs.T, outcomes.weight, outcomes.place, outcomes.weeks, outcomes.client.astype(str)]
    return np.lexsort(keys)


class Sample:
    """People whose spells are weighed once as they are, and again in every resample.

    A resample draws clients with replacement, all rows of a client together, and computes the censoring weights again
    from the people drawn: so an interval holds the uncertainty of the weights as well. Percentile intervals.

    Attributes:
        label: the outcome of everybody at the horizon.
        client: [n] whose spell it is: a number from 0 for each client.
        weeks: [n] when each spell ended or was lost from sight.
        ends: [n] True where it ended, False where it was lost.

    Raises:
        EvaluationError: nobody's outcome is known, or all known outcomes are the same.
    """

    def __init__(self, outcomes: Outcomes, horizon: float, competing: Competing, settings: Settings) -> None:
        self.label = outcomes.label(horizon, competing)
        self.settings = settings
        _check(self.label, outcomes.source)
        self._own = outcomes.weight
        self._clients, self.client = _places(outcomes.client.astype(str))
        self.weeks = outcomes.weeks
        self.ends = (outcomes.place == BACK) | ((outcomes.place == COMPETING) & (competing == "not_back"))
        moments, place = np.unique(outcomes.weeks, return_inverse=True)
        self._moments = _indicator(place, len(moments))
        before = self.ends & (outcomes.weeks <= horizon)
        self._at = np.searchsorted(moments, np.where(before, outcomes.weeks, horizon), side="left")

    def __len__(self) -> int:
        return len(self._own)

    @property
    def clients(self) -> int:
        """How many different people there are."""
        return self._clients

    @cached_property
    def once(self) -> Weights:
        """Everybody once, [n, 1]."""
        return Weights(self._own[:, None], self.label.weight[:, None])

    def resamples(self) -> Iterator[Weights]:
        """All resamples, some at a time. Each is drawn in turn, so how many go together changes nothing."""
        random, left = self.settings.random(), self.settings.resamples
        size = max(1, min(250, _CHUNK // len(self)))
        while left > 0:
            counts = [self._drawn(random) for _ in range(min(size, left))]
            left -= len(counts)
            yield self.weigh(np.column_stack(counts))

    def _drawn(self, random: np.random.Generator) -> Array:
        """How often each row's client is drawn, [n]."""
        drawn = np.bincount(random.integers(0, self._clients, self._clients), minlength=self._clients)
        return drawn[self.client].astype(np.float64)

    def weigh(self, counts: Array) -> Weights:
        """The weights of people who count `counts` [n, b] times: `label_of` for many resamples at once."""
        own = self._own[:, None] * counts
        chance = self._staying(own)[self._at]
        known = np.where(self.label.known[:, None], own / np.maximum(chance, 1e-12), 0.0)
        return Weights(own, known)

    def _staying(self, own: Array) -> Array:
        return staying(self._moments @ (own * self.ends[:, None]), self._moments @ (own * ~self.ends[:, None]))


def staying(ended: Array, lost: Array) -> Array:
    """[moments + 1, b] the chance of being still in sight just before each moment (see `staying_known`).

    Exactly 0 from where everybody who was left is lost.

    Args:
        ended: [moments, b] the people whose spells ended at each moment, in order.
        lost: [moments, b] the people lost from sight then.
    """
    nobody = np.zeros((1, ended.shape[1]))
    later = np.vstack([np.cumsum((ended + lost)[:0:-1], axis=0)[::-1], nobody])[: len(ended)]
    kept = np.divide(later, later + lost, out=np.ones_like(lost), where=lost > 0)
    return np.vstack([nobody + 1.0, np.cumprod(kept, axis=0)])


def _places(names: NDArray[np.str_]) -> tuple[int, NDArray[np.intp]]:
    found, place = np.unique(names, return_inverse=True)
    return len(found), place


def _indicator(place: NDArray[np.intp], size: int) -> sparse.csr_array:
    """[size, n] 1 where a row has this place; a product with it adds up the rows of each place."""
    ones = np.ones(len(place))
    return sparse.csr_array((ones, (place, np.arange(len(place)))), shape=(size, len(place)))


def _check(label: Label, source: str) -> None:
    name = source or "these outcomes"
    cases = int(np.count_nonzero(label.outcome & label.known & (label.weight > 0)))
    known = int(np.count_nonzero(label.weight > 0))
    if not known:
        raise EvaluationError(
            f"In {name} nobody's outcome at {label.horizon:g} weeks is known: everybody was lost from sight before."
            " Follow people up for longer, or choose a shorter horizon."
        )
    if cases in (0, known):
        all_or_none = "all" if cases else "none"
        raise EvaluationError(
            f"In {name} {all_or_none} of the {known:,} people whose outcome at {label.horizon:g} weeks is known have"
            " the outcome. A score cannot be judged by people who all fared alike. Add people, or choose another"
            " horizon."
        )

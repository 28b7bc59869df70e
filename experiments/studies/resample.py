"""How far might a figure be from what it would be with other people? Resamples of people, the same for every method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.studies import metrics
from experiments.studies.cohort import Cohort

Array = NDArray[np.float64]
RESAMPLES = 1000
#: The ends of a 95% interval.
ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Figure:
    """A figure on the people as they are, and on each resample of them.

    Attributes:
        value: the figure.
        draws: [resamples] the same on each resample.
    """

    value: float
    draws: Array

    @property
    def low(self) -> float:
        """The lower end of the 95% interval."""
        return float(np.nanpercentile(self.draws, ENDS[0]))

    @property
    def high(self) -> float:
        """The upper end of the 95% interval."""
        return float(np.nanpercentile(self.draws, ENDS[1]))

    def minus(self, other: Figure) -> Figure:
        """The paired difference: both figures come from the same resamples."""
        return Figure(self.value - other.value, self.draws - other.draws)

    @property
    def verdict(self) -> str:
        """Of a difference: "ahead" or "behind" where the 95% interval excludes 0, else "level"."""
        return "ahead" if self.low > 0 else "behind" if self.high < 0 else "level"


@dataclass(frozen=True, eq=False)
class People:
    """Test people, and how often each is in each resample.

    Attributes:
        outcome: [n].
        weight: [n] censoring weights, 0 where the outcome is not known.
        counts: [1 + resamples, n] how often each person is there; the first row is everybody once.
    """

    outcome: NDArray[np.bool_]
    weight: Array
    counts: Array

    @classmethod
    def of(cls, cohort: Cohort, resamples: int = RESAMPLES, seed: int = 1) -> People:
        """Resamples of the people of a cohort. The censoring weights are those of the whole cohort throughout."""
        size, random = len(cohort), np.random.default_rng(seed)
        drawn = random.multinomial(size, np.full(size, 1 / size), size=resamples)
        counts = np.vstack([np.ones(size), drawn])
        return cls(cohort.label.outcome, cohort.label.weight, counts)

    def take(self, rows: NDArray[np.bool_]) -> People:
        """Some of the people."""
        return People(self.outcome[rows], self.weight[rows], self.counts[:, rows])


def measured(scores: Array, folds: NDArray[np.intp] | None, people: People) -> dict[str, Figure]:
    """Every figure of one method, each the mean over repeats.

    The AUC is computed within each test fold, since scores of different models are only then compared with their own
    kind, and averaged over folds; the others over all people of a repeat.

    Args:
        scores: [repeats, n] log-odds.
        folds: [repeats, n] folds, or None for one test set.
        people: the test people.
    """
    by_repeat = [
        _once(logits, None if folds is None else folds[repeat], people) for repeat, logits in enumerate(scores)
    ]
    return {name: _mean([one[name] for one in by_repeat]) for name in by_repeat[0]}


def _once(logits: Array, folds: NDArray[np.intp] | None, people: People) -> dict[str, Array]:
    weights = people.counts * people.weight
    places = np.zeros(len(logits), dtype=np.intp) if folds is None else folds
    inside = [places == fold for fold in np.unique(places)]
    aucs = [metrics.auc(logits[rows], people.outcome[rows], weights[:, rows]) for rows in inside]
    found = {"auc": np.mean(aucs, axis=0)}
    for name, metric in {"brier": metrics.brier, "slope": metrics.slope, "intercept": metrics.intercept}.items():
        found[name] = metric(logits, people.outcome, weights)
    for share in (0.08, 0.30):
        found[f"ppv{round(100 * share)}"] = metrics.precision(share)(logits, people.outcome, weights, people.counts)
    return found


def _mean(draws: Sequence[Array]) -> Figure:
    mean = np.mean(draws, axis=0)
    return Figure(float(mean[0]), mean[1:])

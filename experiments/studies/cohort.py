"""What does a method of a study get to see of some people? The answers twice over, and the outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.features import Features
from triage.outcomes.label import Label
from triage.outcomes.outcomes import Outcomes

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cohort:
    """People with answers and outcomes; no two rows are of one person.

    Attributes:
        outcomes: the answers on the grids of the checklist, and the spells.
        raw: [n, columns] the same answers as the source has them, not rounded, for the other methods.
        columns: names of the columns of `raw`.
        features: how answers become inputs.
        recipe: the evidence recipe for these features.
        horizon: weeks.
        rows: [n] each person's place in the whole cohort.
    """

    outcomes: Outcomes
    raw: Array
    columns: tuple[str, ...]
    features: Features
    recipe: Path
    horizon: float
    rows: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.outcomes)

    @cached_property
    def label(self) -> Label:
        """The outcome, with censoring weights computed from these very people."""
        return self.outcomes.label(self.horizon)

    def take(self, rows: NDArray[Any]) -> Cohort:
        """Some of the people; their censoring weights are then computed from them alone."""
        taken = self.outcomes.take(rows)
        return replace(self, outcomes=taken, raw=self.raw[rows], rows=self.rows[rows])

    @cached_property
    def known(self) -> tuple[Array, NDArray[np.bool_], Array]:
        """Raw answers, outcome and weight of those whose outcome is known: what the other methods learn from."""
        kept = self.label.weight > 0
        return self.raw[kept], self.label.outcome[kept], self.label.weight[kept]


def strata(cohort: Cohort) -> NDArray[np.intp]:
    """0 where the outcome is not known, 1 where it is False, 2 where it is True: for folds of equal make-up."""
    return np.where(cohort.label.weight > 0, 1 + cohort.label.outcome, 0)


def folds_of(groups: NDArray[np.intp], folds: int, seed: int) -> NDArray[np.intp]:
    """A fold for each person, at random within each group, so that each fold has nearly the same mixture."""
    random = np.random.default_rng(seed)
    order = np.lexsort([random.random(len(groups)), groups])
    found = np.empty(len(groups), dtype=np.intp)
    found[order] = np.arange(len(groups)) % folds
    return found

"""What do the people of each group add up to, and which share of them had the outcome?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Sample, Weights, staying

Array = NDArray[np.float64]


class Totals:
    """Sums over groups of people, of several values at once, for many resamples.

    Args:
        group: [n] each person's group, -1 for none.
        size: how many groups.
        values: by name, [n] what is added up.
    """

    def __init__(self, group: NDArray[np.intp], size: int, values: dict[str, Array]) -> None:
        self._names, self._size = tuple(values), size
        rows = np.flatnonzero(group >= 0)
        parts = [
            sparse.csr_array((cells[rows], (group[rows], rows)), shape=(size, len(group))) for cells in values.values()
        ]
        self._matrix = sparse.csr_array(sparse.vstack(parts))
        self._matrix.eliminate_zeros()

    def __call__(self, weights: Array) -> dict[str, Array]:
        """By name, [groups, b] for weights [n, b]."""
        sums = np.asarray(self._matrix @ weights).reshape(len(self._names), self._size, -1)
        return dict(zip(self._names, sums, strict=True))


class Observed:
    """The share with the outcome in each group of people, by the follow-up of that group alone.

    The people of a group are weighed among themselves: the chance of staying in sight is estimated from them, so the
    share is the Kaplan-Meier estimate of the group (with competing events, one minus the Aalen-Johansen estimate of
    returns). Weights of everybody would be wrong where some groups are lost from sight sooner than others.

    Args:
        group: [n] each person's group, -1 for none.
        size: how many groups.
        sample: the n people.
    """

    def __init__(self, group: NDArray[np.intp], size: int, sample: Sample) -> None:
        # What comes after the horizon counts as being in sight at it: nothing later changes a share at the horizon.
        weeks = np.minimum(sample.weeks, sample.label.horizon)
        place, starts, self._last = np.full(len(group), -1), [0], []
        for rows in (np.flatnonzero(group == k) for k in range(size)):
            moments, found = np.unique(weeks[rows], return_inverse=True)
            place[rows] = starts[-1] + found
            starts.append(starts[-1] + len(moments))
            self._last.append(int(np.searchsorted(moments, sample.label.horizon)))
        self._spans = list(pairwise(starts))
        known, ends = sample.label.known, sample.ends
        parts = {"ended": ends, "lost": ~ends, "known": known, "ill": known & sample.label.outcome}
        self._totals = Totals(place, starts[-1], {key: cells.astype(np.float64) for key, cells in parts.items()})

    def __call__(self, weights: Weights) -> Array:
        """[groups, b] shares, 0 to 1; NaN where nobody of a group is left in sight at the horizon."""
        sums = self._totals(weights.people)
        shares = np.full((len(self._spans), weights.people.shape[1]), np.nan)
        for k, (start, end) in enumerate(self._spans):
            ended, lost, known, ill = (sums[key][start:end] for key in ("ended", "lost", "known", "ill"))
            chance = staying(ended, lost)
            # Whose outcome is known stands at the moment up to which they had to be in sight for that.
            before = np.where(chance[:-1] > 0, chance[:-1], 1.0)
            share = ratio((ill / before).sum(axis=0), (known / before).sum(axis=0))
            shares[k] = np.where(chance[self._last[k]] > 0, share, np.nan)
        return shares

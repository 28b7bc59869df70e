"""What would a sweep look like that looks at every person again for each cut-off, group and resample?

The same sums as `triage.tuning.sweep.run`, by the loops that anybody would write first: to compare with, in figures and
in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.sample import Sample, Weights
from triage.tuning.sweep import Sums

Array = NDArray[np.float64]
Codes = Mapping[str, tuple[NDArray[np.intp], int]]


def plain(
    logits: Array, banded: NDArray[np.bool_], edges: Sequence[float], codes: Codes, sample: Sample, draws: int
) -> dict[str, Sums]:
    """The sums of the first `draws` resamples, by dimension.

    Args:
        logits: [n] log-odds that decide on the band.
        banded: [n] who has a band.
        edges: ascending log-odds.
        codes: by dimension, [n] each person's group and how many groups there are.
        sample: the people.
        draws: how many resamples, at most as many as the sample's settings say.
    """
    found = {name: Sums.empty(groups, len(edges), draws) for name, (_, groups) in codes.items()}
    draw = 0
    for weights in sample.resamples():
        for column in range(weights.people.shape[1]):
            if draw == draws:
                return found
            _one(logits, banded, edges, codes, sample, (weights, column), found, draw)
            draw += 1
    return found


def _one(
    logits: Array, banded: NDArray[np.bool_], edges: Sequence[float], codes: Codes, sample: Sample,
    weighed: tuple[Weights, int], found: Mapping[str, Sums], draw: int,
) -> None:  # fmt: skip
    weights, column = weighed
    people, known = weights.people[:, column], weights.known[:, column]
    for place, edge in enumerate((-np.inf, *edges)):
        flagged = banded & (logits >= edge)
        for name, (code, groups) in codes.items():
            for group in range(groups):
                rows = flagged & (code == group)
                found[name].people[group, place, draw] = people[rows].sum()
                found[name].known[group, place, draw] = known[rows].sum()
                found[name].cases[group, place, draw] = known[rows & sample.label.outcome].sum()

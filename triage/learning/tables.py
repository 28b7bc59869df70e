"""What is a model while it is being learned? One number per grid value of each input, and one for a missing answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.features import Features

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tables:
    """An additive model in float64.

    Attributes:
        intercept: log-odds where every table gives 0.
        values: by input, [grid values + 1] log-odds; the last one is for a missing answer.
    """

    intercept: float
    values: tuple[Array, ...]

    def logits(self, places: Places) -> Array:
        """Log-odds [n] of people at these places of the grids [n, inputs] (see `places_of`)."""
        total = np.full(len(places), self.intercept)
        for column, table in enumerate(self.values):
            total += table[places[:, column]]
        return total

    def plus(self, intercept: float, values: Sequence[Array]) -> Tables:
        """This model and another one on top of it."""
        added = tuple(one + other for one, other in zip(self.values, values, strict=True))
        return Tables(self.intercept + intercept, added)


def places_of(inputs: Array, features: Features) -> Places:
    """The place of each grid value on its grid [n, inputs]; one past the last where it is missing."""
    columns = []
    for item in features.inputs:
        values = inputs[:, item.place]
        found = np.searchsorted(np.array(item.grid.values), values)
        columns.append(np.where(np.isnan(values), len(item.grid.values), found))
    return np.column_stack(columns)

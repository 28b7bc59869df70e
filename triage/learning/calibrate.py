"""Are the log-odds of people who were held out too wide or too narrow, too high or too low?

An affine map of the logit, `intercept + slope * logit` (Cox 1958), fitted to cross-fitted scores. Its slope has a
prior around 1, as few outcomes say little about it. A slope near 0 says that the tables learned nothing that can be
trusted. That is rare: where there is nothing to learn, the tables have hardly left the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.learning.ridge import ridge

Array = NDArray[np.float64]
#: A slope at or outside these says that the fit went wrong.
LEAST_SLOPE, MOST_SLOPE = 0.1, 3.0
_SLOPE_SPREAD = 0.15


@dataclass(frozen=True)
class Affine:
    """`intercept + slope * logit`."""

    intercept: float
    slope: float

    def bounded(self) -> Affine:
        """The same with its slope within the bounds."""
        return Affine(self.intercept, min(max(self.slope, LEAST_SLOPE), MOST_SLOPE))

    @property
    def sound(self) -> bool:
        """False where the slope reached a bound."""
        return LEAST_SLOPE < self.slope < MOST_SLOPE


def affine(held_out: Array, outcome: Array, weight: Array, noise: float = 0.0) -> Affine:
    """The map that makes held-out scores [repeats, n] right on average and in their spread.

    Args:
        held_out: [repeats, n] log-odds.
        outcome, weight: [n].
        noise: a standard normal number that moves the middle of the slope's prior, for a draw.
    """
    repeats = len(held_out)
    logit = held_out.ravel()
    design = np.column_stack([np.ones(len(logit)), logit])
    centre = np.array([0.0, 1.0 + noise * _SLOPE_SPREAD])
    found = ridge(
        design,
        np.tile(outcome, repeats),
        np.tile(weight / repeats, repeats),
        np.zeros(len(logit)),
        np.array([_SLOPE_SPREAD]),
        centre,
    )
    return Affine(float(found[0]), float(found[1]))


def shift(logit: Array, outcome: Array, weight: Array) -> float:
    """The constant that makes these scores [n] right on average."""
    return float(ridge(np.ones((len(logit), 1)), outcome, weight, logit, np.empty(0))[0])

"""Which slope and which shift would make the log-odds right?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.chances import probability
from triage.evaluation.sample import Weights
from triage.outcomes import Label

Array = NDArray[np.float64]
_STEPS, _LONGEST, _NEAR = 60, 1.0, 1e-9
#: Beyond this slope or shift the people with and without the outcome are told apart completely: there is no best fit.
_WILD = 30.0


class Recalibration:
    """The weighted logistic fit of the outcome on the log-odds, a `Measure` (Cox 1958).

    `{name}/slope` is 1 and `{name}/intercept` 0 where the log-odds are right; a slope below 1 means that they are too
    far apart. `{name}/in_the_large` is the shift alone, the slope held at 1: above 0 where too few were expected.
    NaN where no fit is best, as where a score tells everybody apart.
    """

    def __init__(self, name: str, logits: Array, label: Label) -> None:
        self.name = name
        self._rows = np.flatnonzero(label.known)
        self._x = logits[self._rows]
        self._y = label.outcome[self._rows].astype(np.float64)
        weight = label.weight[self._rows][:, None]
        self._start = self._fit(weight, np.array([[0.0], [1.0]]))
        self._shift = self._move(weight, np.zeros(1))

    def __call__(self, weights: Weights) -> dict[str, Array]:
        weight = weights.known[self._rows]
        size = weight.shape[1]
        intercept, slope = self._fit(weight, np.repeat(np.nan_to_num(self._start, nan=0.0), size, axis=1))
        shift = self._move(weight, np.repeat(np.nan_to_num(self._shift, nan=0.0), size))
        return {f"{self.name}/slope": slope, f"{self.name}/intercept": intercept, f"{self.name}/in_the_large": shift}

    def _fit(self, weight: Array, start: Array) -> Array:
        """[2, b] intercept and slope by Newton's method, from `start` [2, b]."""
        beta, x, step = start.copy(), self._x, np.full(start.shape, np.nan)
        total = weight.sum(axis=0)
        for _ in range(_STEPS):
            chance = probability(beta[0] + x[:, None] * beta[1])
            miss = weight * (self._y[:, None] - chance)
            spread = weight * chance * (1 - chance)
            slope_miss, h01, h11 = x @ miss, x @ spread, x**2 @ spread
            h00 = spread.sum(axis=0)
            room = h00 * h11 - h01**2
            usable = room > 1e-12 * total**2
            room = np.where(usable, room, 1.0)
            first, second = miss.sum(axis=0), slope_miss
            step = np.stack([h11 * first - h01 * second, h00 * second - h01 * first]) / room
            step = np.where(usable, np.clip(step, -_LONGEST, _LONGEST), np.nan)
            beta += step
            if np.all(~(np.abs(step) > _NEAR)):
                break
        return np.where(np.all(np.abs(beta) < _WILD, axis=0) & np.all(np.abs(step) <= _NEAR, axis=0), beta, np.nan)

    def _move(self, weight: Array, start: Array) -> Array:
        """[b] the shift with the slope held at 1."""
        shift, step = start.copy(), np.full(start.shape, np.nan)
        wanted = self._y @ weight
        for _ in range(_STEPS):
            chance = probability(self._x[:, None] + shift)
            spread = (weight * chance * (1 - chance)).sum(axis=0)
            usable = spread > 0
            miss = wanted - (weight * chance).sum(axis=0)
            step = np.where(usable, np.clip(miss / np.where(usable, spread, 1.0), -_LONGEST, _LONGEST), np.nan)
            shift += step
            if np.all(~(np.abs(step) > _NEAR)):
                break
        return np.where((np.abs(shift) < _WILD) & (np.abs(step) <= _NEAR), shift, np.nan)

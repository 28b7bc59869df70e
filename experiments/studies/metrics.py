"""How good are log-odds, in many resamples of people at once?

Each function takes log-odds [n], the outcome [n] and weights [b, n], one row of weights per resample, and returns one
figure per resample, [b]. A person whose outcome is not known has weight 0. A tie counts a half.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Metric = Callable[[Array, Flags, Array], Array]


def probability(logits: Array) -> Array:
    """The logistic of log-odds."""
    return 0.5 * (1.0 + np.tanh(0.5 * logits))


def auc(logits: Array, outcome: Flags, weights: Array) -> Array:
    """The weighted chance that somebody with the outcome scores higher than somebody without."""
    order, starts = _ties(logits)
    sorted_weights, ill = weights[:, order], outcome[order]
    with_it = np.add.reduceat(sorted_weights * ill, starts, axis=1)
    without = np.add.reduceat(sorted_weights * ~ill, starts, axis=1)
    below = np.cumsum(without, axis=1) - without / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Array = (with_it * below).sum(axis=1) / (with_it.sum(axis=1) * without.sum(axis=1))
    return found


def _ties(logits: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """An ascending order, and where in it each group of equal values starts."""
    order = np.argsort(logits, kind="stable")
    return order, np.flatnonzero(np.r_[True, np.diff(logits[order]) != 0])


def brier(logits: Array, outcome: Flags, weights: Array) -> Array:
    """The weighted mean of the squared difference between probability and outcome."""
    squared = (probability(logits) - outcome) ** 2
    found: Array = (weights @ squared) / weights.sum(axis=1)
    return found


def slope(logits: Array, outcome: Flags, weights: Array) -> Array:
    """The slope of a weighted logistic regression of the outcome on the log-odds; 1 is ideal."""
    return _calibration(logits, outcome, weights)[:, 1]


def intercept(logits: Array, outcome: Flags, weights: Array) -> Array:
    """By how much all log-odds would have to rise so that the mean probability is the share observed; 0 is ideal."""
    shift = np.zeros(len(weights))
    observed = weights @ outcome
    for _ in range(30):
        chance = probability(logits + shift[:, np.newaxis])
        step = (observed - (weights * chance).sum(axis=1)) / (weights * chance * (1 - chance)).sum(axis=1)
        shift += np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    return shift


def _calibration(logits: Array, outcome: Flags, weights: Array) -> Array:
    """[b, 2] intercept and slope by Newton's method; NaN where everybody has the same log-odds."""
    centre = float(logits.mean())
    centred = logits - centre
    if not np.ptp(centred):
        return np.full((len(weights), 2), np.nan)
    found = np.tile([0.0, 1.0], (len(weights), 1))
    found[:, 0] = centre
    for _ in range(30):
        chance = probability(found[:, :1] + found[:, 1:] * centred)
        short, bent = weights * (outcome - chance), weights * chance * (1 - chance)
        first, second = short.sum(axis=1), short @ centred
        a, b, c = bent.sum(axis=1), bent @ centred, bent @ centred**2
        scale = a * c - b * b
        step = np.column_stack([c * first - b * second, a * second - b * first]) / scale[:, np.newaxis]
        found += np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    found[:, 0] -= found[:, 1] * centre
    return found


def precision(share: float) -> Callable[[Array, Flags, Array, Array], Array]:
    """A metric: of the `share` of people who score highest, the share with the outcome.

    It takes a fourth argument, [b, n]: how often each person is there, known outcome or not, since all are ranked.
    People who score alike at the edge are in it by the same fraction.
    """

    def metric(logits: Array, outcome: Flags, weights: Array, counts: Array) -> Array:
        order, starts = _ties(-logits)
        there = np.add.reduceat(counts[:, order], starts, axis=1)
        before = np.cumsum(there, axis=1) - there
        room = share * counts.sum(axis=1, keepdims=True) - before
        part = np.clip(room / np.where(there > 0, there, 1.0), 0.0, 1.0)
        known = np.add.reduceat(weights[:, order], starts, axis=1)
        ill = np.add.reduceat((weights * outcome)[:, order], starts, axis=1)
        found: Array = (part * ill).sum(axis=1) / (part * known).sum(axis=1)
        return found

    return metric


def calibration_error(chances: Array, logits: Array, weight: Array, groups: int = 10) -> float:
    """Expected calibration error: the mean absolute difference between probability and `chances` over equal groups.

    Args:
        chances: [n] true probabilities, or outcomes as 0 and 1.
        logits: [n] log-odds; their tenths are the groups.
        weight: [n] how much each counts.
        groups: how many groups.
    """
    order = np.argsort(logits, kind="stable")
    told = probability(logits)
    parts = [part for part in np.array_split(order, groups) if weight[part].sum() > 0]
    gaps = [
        np.average(told[part], weights=weight[part]) - np.average(chances[part], weights=weight[part]) for part in parts
    ]
    return float(np.average(np.abs(gaps), weights=[weight[part].sum() for part in parts]))

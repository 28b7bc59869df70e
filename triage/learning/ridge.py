"""How far do the outcomes pull the tables away from the evidence?

A logistic regression with the evidence score as its offset. Each term has a normal prior around 0: its spread is that
which the evidence states for itself, times one multiple for all that cross-validation chooses. Few outcomes cannot
move much against it; many can. It is fitted by Newton's method, which for so few terms needs a handful of steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.errors import Defect

Array = NDArray[np.float64]
_STEPS = 100
_TOLERANCE = 1e-9
_ROUNDING = 1e-12
#: Spread of the prior of the intercept: so wide that it only keeps a fit finite in which nobody has the outcome.
_INTERCEPT_SPREAD = 10.0


def ridge(
    design: Array,
    outcome: Array,
    weight: Array,
    offset: Array,
    spread: Array,
    centre: Array | None = None,
    warm: Array | None = None,
) -> Array:
    """The intercept and the weights of the terms, [1 + terms].

    Args:
        design: [n, 1 + terms]; its first column is 1 for everybody.
        outcome: [n] 0 or 1.
        weight: [n] 0 or more.
        offset: [n] log-odds that the terms are added to.
        spread: [terms] standard deviations of the terms' priors.
        centre: [1 + terms] the middle of the priors; 0 where None.
        warm: [1 + terms] where to begin; the result depends on it by no more than the tolerance.
    """
    penalty = 1 / np.r_[_INTERCEPT_SPREAD, spread] ** 2
    middle = np.zeros(len(penalty)) if centre is None else centre
    found = middle.copy() if warm is None else warm.copy()
    loss = _loss(design, outcome, weight, offset, penalty, middle, found)
    for _ in range(_STEPS):
        chance = _logistic(offset + design @ found)
        slope = design.T @ (weight * (chance - outcome)) + penalty * (found - middle)
        curve = (design * (weight * chance * (1 - chance))[:, np.newaxis]).T @ design
        curve[np.diag_indices_from(curve)] += penalty
        step = np.linalg.solve(curve, slope)
        after = _loss(design, outcome, weight, offset, penalty, middle, found - step)
        # Halved until it helps: far from the optimum a whole step may overshoot.
        while after > loss + _ROUNDING * abs(loss) and np.abs(step).max() > _TOLERANCE:
            step /= 2
            after = _loss(design, outcome, weight, offset, penalty, middle, found - step)
        found, loss = found - step, after
        if np.abs(step).max() < _TOLERANCE:
            return found
    raise Defect("The regression on the evidence did not converge.")


def _loss(
    design: Array, outcome: Array, weight: Array, offset: Array, penalty: Array, middle: Array, at: Array
) -> float:
    return log_loss(offset + design @ at, outcome, weight) + 0.5 * float(np.sum(penalty * (at - middle) ** 2))


def log_loss(logit: Array, outcome: Array, weight: Array) -> float:
    """The weighted sum of minus the log-likelihood."""
    return float(weight @ (np.logaddexp(0.0, logit) - outcome * logit))


def _logistic(logit: Array) -> Array:
    found: Array = 0.5 * (1.0 + np.tanh(0.5 * logit))
    return found

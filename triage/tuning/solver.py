"""Which cut-off finds the most people, with so many places a week and groups no further apart than that?

A cut-off changes something only where it passes a person's score. So the finite set of scores holds every distinct
cut-off there is, and looking at all of them is exact. Figures are those of the people as they are, without resampling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Sample
from triage.numbers import UNIT, fifty_digits, logit, to_unit

Array = NDArray[np.float64]
#: Consequences closer than this are equal: sums of weights differ by as much in another order.
SAME = 1e-12
_MOST_DIGITS = 15


@dataclass(frozen=True)
class Wish:
    """What is asked of a cut-off.

    Attributes:
        band: the band whose cut-off it is.
        places: places a week, 0 or more.
        arrivals: people with enough answers for a band who come in a week, above 0.
        most_gap: the most by which recall may differ between the groups of `dimension`, 0 to 1; None for no limit.
        dimension: the id of a way to group people.
    """

    band: str
    places: float
    arrivals: float
    most_gap: float | None = None
    dimension: str = "age"


@dataclass(frozen=True, eq=False)
class Steps:
    """Every distinct cut-off, from the highest down, and what follows from each.

    Attributes:
        logit: [m] the score that each lets in last.
        flagged: [m] the share of everybody with a band at or above it.
        recall: [m] the share of the people with the outcome at or above it.
        gap: [m] the largest difference in recall between two groups; NaN where it cannot be told; 0 for one group.
        recalls: [groups, m] the recall of each group that is compared; NaN where it has nobody with the outcome.
    """

    logit: Array
    flagged: Array
    recall: Array
    gap: Array
    recalls: Array


def steps_of(
    logits: Array, banded: NDArray[np.bool_], sample: Sample, code: NDArray[np.intp], shown: Sequence[int]
) -> Steps:
    """The steps of some people.

    Args:
        logits: [n] log-odds that decide on the band.
        banded: [n] who has a band; the others are left out.
        sample: the people.
        code: [n] each person's group.
        shown: the groups whose recall is compared.
    """
    own, known = sample.once.people[:, 0], sample.once.known[:, 0]
    cases = np.where(sample.label.outcome, known, 0.0)
    scores, place = np.unique(-logits[banded], return_inverse=True)
    size = len(scores)

    def at_or_above(weight: Array) -> Array:
        return np.cumsum(np.bincount(place, weight[banded], size))

    def share(weight: Array) -> Array:
        sums = at_or_above(weight)
        return ratio(sums, sums[-1:])

    recalls = (
        np.stack([share(np.where(code == group, cases, 0.0)) for group in shown]) if shown else np.zeros((1, size))
    )
    return Steps(-scores, share(own), share(cases), recalls.max(axis=0) - recalls.min(axis=0), recalls)


@dataclass(frozen=True)
class Solved:
    """The best cut-off under a wish.

    Attributes:
        best: its place in the steps; None where none keeps to the wish.
        equal: the places of the others that keep to it and find as many. Cut-offs are nested, so they flag the same
            people and more.
        why: in words.
    """

    best: int | None
    equal: tuple[int, ...]
    why: str


def allowed(steps: Steps, wish: Wish, below: float = -math.inf, above: float = math.inf) -> NDArray[np.bool_]:
    """[m] which cut-offs keep to the places, to the gap and between the bands below and above."""
    fits: NDArray[np.bool_] = steps.flagged * wish.arrivals <= wish.places + SAME
    if wish.most_gap is not None:
        fits &= np.nan_to_num(steps.gap, nan=np.inf) <= wish.most_gap + SAME
    lower, upper = _between(steps, below, above)
    return fits & (lower < upper)


def _between(steps: Steps, below: float, above: float) -> tuple[Array, Array]:
    """[m] above the first and up to the second lie a step's cut-offs between two bands; none where these are crossed.

    A step that reaches past the band above may still be cut below it.
    """
    lower = np.maximum(np.append(steps.logit[1:], -np.inf), below)
    return lower, np.minimum(steps.logit, above - UNIT)


def solve(steps: Steps, wish: Wish, below: float = -math.inf, above: float = math.inf) -> Solved:
    """The cut-off that finds the most, and of those that find as many the one that needs the fewest places.

    Args:
        steps: every distinct cut-off.
        wish: what it has to keep to.
        below, above: the cut-offs of the bands below and above, log-odds, between which it has to lie.
    """
    fits = np.flatnonzero(allowed(steps, wish, below, above))
    if not len(fits):
        return Solved(None, (), _none(steps, wish, below, above))
    # The highest stands first, and needs the fewest places.
    best, *equal = fits[steps.recall[fits] >= steps.recall[fits].max() - SAME].tolist()
    why = "It finds the most people with the outcome of all cut-offs that keep to the limits"
    return Solved(best, tuple(equal), f"{why}; of those that find as many it needs the fewest places.")


def _none(steps: Steps, wish: Wish, below: float, above: float) -> str:
    without = Wish(wish.band, wish.places, wish.arrivals)
    if not allowed(steps, without).any():
        least = float(steps.flagged.min()) * wish.arrivals
        return f"No cut-off keeps to the places: the highest scores alone need {least:.3g} places a week."
    if not allowed(steps, without, below, above).any():
        return "No cut-off keeps to the places and stays between the bands below and above. Move those too."
    return f"No cut-off within the places keeps recall within {100 * (wish.most_gap or 0):g} points between the groups."


def people_alike(steps: Steps, place: int, below: float = -math.inf, above: float = math.inf) -> tuple[float, float]:
    """The log-odds (above the first, up to the second) between which every cut-off flags the same people.

    Args:
        steps: every distinct cut-off.
        place: of one of them.
        below, above: the cut-offs of the bands below and above, which are not reached.
    """
    lower, upper = _between(steps, below, above)
    return float(lower[place]), float(upper[place])


def percent_within(low: float, high: float) -> Decimal:
    """The cut-off in percent with the fewest digits that lies above `low` and at or below `high`, log-odds."""
    with fifty_digits():
        top = 100 / (1 + (-Decimal(high)).exp())
        for digits in range(_MOST_DIGITS):
            step = Decimal(1).scaleb(-digits)
            below = top.quantize(step, ROUND_FLOOR)
            # Released values are rounded, so the next one up may still be within.
            for found in (below + step, below):
                if 0 < found < 100 and low < to_unit(logit(found / 100)) <= high:
                    return found
    raise ValueError(f"no cut-off of {_MOST_DIGITS} digits lies between {low!r} and {high!r}")


def shortest_percent(steps: Steps, place: int, below: float = -math.inf, above: float = math.inf) -> Decimal:
    """The cut-off of one step in percent, between those of two bands, in as few digits as say it."""
    return percent_within(*people_alike(steps, place, below, above))

"""Who was out of work beyond the horizon, who was not, and of whom is that not known?

Some people are lost from sight before the horizon. Those who remain in sight stand for them: each person whose outcome
is known is weighted by the inverse of the chance that it is known (Robins and Finkelstein 2000; Graf and others 1999,
Statistics in Medicine 18). That chance is the Kaplan-Meier estimate with "lost from sight" as the event. At equal weeks
an end of the spell comes before a loss. Where somebody is followed up to the horizon, the weighted share with the
outcome then equals the Kaplan-Meier estimate of that share, without competing events; with them, one minus the
Aalen-Johansen estimate of returns. Where nobody is, the share says nothing of the horizon: `guards.review` stops there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: How a spell stands when it was last heard of: ended by a first return to work; ended by an event after which there
#: is no return (retired, died); or without work still.
BACK, COMPETING, OUT = 0, 1, 2
#: What a competing event before the horizon means: known not to be back in work, or lost from sight at that moment.
Competing = Literal["not_back", "censored"]


@dataclass(frozen=True, eq=False)
class Label:
    """The outcome of n people at one horizon.

    Attributes:
        outcome: [n] True where the first return to work comes after the horizon or never; False where not known.
        known: [n] True where the outcome is known.
        weight: [n] each person's own weight times the inverse probability that the outcome is known; 0 where it is
            not. The weights of people alike add up to those of the people whom they stand for.
        horizon: weeks since the job ended.
    """

    outcome: Flags
    known: Flags
    weight: Array
    horizon: float

    @property
    def rate(self) -> float:
        """The estimated share with the outcome, 0 to 1; NaN where nobody's outcome is known."""
        total = float(self.weight.sum())
        return float(self.weight[self.outcome].sum()) / total if total else float("nan")


def label_of(
    weeks: Array, place: NDArray[np.int8], weight: Array, horizon: float, competing: Competing = "not_back"
) -> Label:
    """The outcome at `horizon` of people with these spells.

    Args:
        weeks: [n] weeks until the spell ended or was last heard of, 0 or more.
        place: [n] `BACK`, `COMPETING` or `OUT`.
        weight: [n] each person's own weight, 0 or more.
        horizon: weeks, more than 0.
        competing: what a competing event before the horizon means.
    """
    ends = (place == BACK) | ((place == COMPETING) & (competing == "not_back"))
    before = ends & (weeks <= horizon)
    # Last heard of without work at the horizon or later: the first return, if any, comes after it.
    beyond = (weeks > horizon) | (~ends & (weeks >= horizon))
    known = before | beyond
    chance = staying_known(weeks, ends, weight, np.where(before, weeks, horizon))
    outcome = beyond | (before & (place == COMPETING))
    return Label(outcome, known, np.where(known, weight / np.maximum(chance, 1e-12), 0.0), horizon)


def staying_known(weeks: Array, ends: Flags, weight: Array, at: Array) -> Array:
    """The chance of being still in sight just before each moment of `at`: Kaplan-Meier, a loss being the event.

    Args:
        weeks: [n] when each spell ended or was lost from sight.
        ends: [n] True where it ended, False where it was lost.
        weight: [n] each person's own weight.
        at: [m] moments, in weeks.

    Returns:
        [m] chances, 0 to 1.
    """
    moments, place = np.unique(weeks, return_inverse=True)
    ended = np.bincount(place, weight * ends, len(moments))
    lost = np.bincount(place, weight * ~ends, len(moments))
    in_sight = np.cumsum((ended + lost)[::-1])[::-1] - ended
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = np.where(lost > 0, 1.0 - lost / in_sight, 1.0)
    after = np.r_[1.0, np.cumprod(np.maximum(factors, 0.0))]
    found: Array = after[np.searchsorted(moments, at, side="left")]
    return found

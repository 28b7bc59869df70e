"""How much has a population moved, and how much would it seem to have moved by chance alone?

The population stability index of counts in B groups is the sum over the groups of `(p - q) * ln(p / q)`, with p the
shares now and q those before. Where nothing changed, it is about `(1/n + 1/m)` times a chi-square of B - 1 degrees of
freedom, for n people now and m before (Yurdakul 2018): so it is above 0 by chance, and the more so the fewer people.
That holds where people come one by one. People of one event are alike, and then chance moves more than it says here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.casework.figures_tables import LEAST
from triage.monitoring.rules import DriftRules

Array = NDArray[np.float64]
#: An empty group counts as half a person: its logarithm would be endless.
_HALF = 0.5


@dataclass(frozen=True)
class Change:
    """One population beside another.

    Attributes:
        index: the population stability index.
        by_chance: what it would be on average if nothing had changed.
        bound: what chance alone reaches as seldom as the rules say.
        size: "small", "moderate" or "large", by the convention.
    """

    index: float
    by_chance: float
    bound: float
    size: str

    @property
    def counts(self) -> bool:
        """True where it is more than chance would give."""
        return self.index > self.bound

    def data(self) -> dict[str, float | str | bool]:
        """As plain data.

        All of it follows from the number of people who answered, so it has two decimals: more would tell how many did
        not. The bound is rounded up.
        """
        return {
            "psi": round(self.index, 2), "by_chance": round(self.by_chance, 2),
            "bound": math.ceil(100 * self.bound) / 100, "size": self.size, "may_be_chance": not self.counts,
        }  # fmt: skip


def psi(now: Array, before: Array) -> float:
    """The population stability index of two sets of counts in the same groups.

    Args:
        now, before: [groups] counts, at least one of each above 0. A group that is empty in both is left out; one that
            is empty in one counts there as half a person.
    """
    there = (now > 0) | (before > 0)
    p, q = (np.where(cells[there] > 0, cells[there], _HALF) / cells.sum() for cells in (now, before))
    return float(np.sum((p - q) * np.log(p / q)))


def change(now: Array, before: Array, rules: DriftRules) -> Change | None:
    """How far `now` is from `before`, [groups] counts each; None where there are fewer than two groups or people."""
    from scipy.stats import chi2

    groups = int(np.count_nonzero((now > 0) | (before > 0)))
    people, others = float(now.sum()), float(before.sum())
    if groups < 2 or people < rules.least_people or others < rules.least_people:
        return None
    unit = 1 / people + 1 / others
    index = psi(now, before)
    bound = unit * float(chi2.ppf(rules.chance, groups - 1))
    return Change(index, unit * (groups - 1), bound, rules.size(index))


def merged(*counts: Array) -> list[NDArray[np.intp]]:
    """Neighbouring groups put together until each holds nobody or at least `LEAST` people, in each of `counts`.

    The index of few groups tells how many people are in each. So no group with a few people may go into it.

    Args:
        counts: [groups] counts of each population of people.

    Returns:
        The places of the old groups that make up each new one, in order.
    """
    parts = [np.array([place]) for place in range(len(counts[0]))]
    while len(parts) > 1:
        sizes = np.array([[cells[part].sum() for cells in counts] for part in parts])
        small = np.flatnonzero(((sizes > 0) & (sizes < LEAST)).any(axis=1))
        if not len(small):
            return parts
        at = int(small[0])
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(parts)]
        other = min(beside, key=lambda place: float(sizes[place].sum()))
        low, high = sorted((at, other))
        parts[low : high + 1] = [np.concatenate([parts[low], parts[high]])]
    return parts


def put_together(counts: Array, parts: list[NDArray[np.intp]]) -> Array:
    """[new groups] the counts of groups that were put together."""
    return np.array([float(counts[part].sum()) for part in parts])

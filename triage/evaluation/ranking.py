"""Who stands above whom, and what does flagging the top of the order find?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Weights
from triage.outcomes import Label

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Order:
    """People from the highest score down; those with equal scores stand on one rung.

    Attributes:
        rows: [n] the people in this order.
        start, end: [n] for each place in the order, where its rung begins and where the next one does.
        cases, others: [n + 1] how many with the outcome, and known to be without it, stand before each place.
    """

    def __init__(self, score: Array, label: Label) -> None:
        self.rows = np.argsort(-score, kind="stable")
        ordered = score[self.rows]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        sizes = np.diff(np.r_[starts, len(ordered)])
        self.start, self.end = np.repeat(starts, sizes), np.repeat(starts + sizes, sizes)
        case = (label.known & label.outcome)[self.rows]
        other = (label.known & ~label.outcome)[self.rows]
        self.cases, self.others = (np.r_[0, np.cumsum(flags)] for flags in (case, other))
        self.case_rows, self.other_rows = self.rows[case], self.rows[other]
        self.case_places = np.flatnonzero(case)


class Ladder:
    """An order of n people in b resamples: their weights, added up from the top."""

    def __init__(self, order: Order, weights: Weights) -> None:
        self._order = order
        self._people = _added_up(weights.people[order.rows])
        self._case_weights = weights.known[order.case_rows]
        self._cases = _added_up(self._case_weights)
        self._others = _added_up(weights.known[order.other_rows])

    @property
    def auc(self) -> Array:
        """[b] the chance that somebody with the outcome stands above somebody without; a tie counts a half."""
        order, cases = self._order, self._order.case_places
        first, last = order.others[order.start[cases]], order.others[order.end[cases]]
        passed = self._others[first]
        if not np.array_equal(first, last):
            passed = (passed + self._others[last]) / 2
        lost = np.einsum("nb,nb->b", self._case_weights, passed)
        pairs = self._cases[-1] * self._others[-1]
        return ratio(pairs - lost, pairs)

    def top(self, share: float | Array) -> dict[str, Array]:
        """What flagging the top `share` of everybody gives, [b] each; ties at the edge are flagged in part.

        The share is of all people, whether or not their outcome is known; the rest is of those known.
        """
        people, order = self._people, self._order
        wanted = np.broadcast_to(np.asarray(share), people.shape[1:]) * people[-1]
        edge = np.maximum(_first_at_least(people, wanted), 1) - 1
        start, end, column = order.start[edge], order.end[edge], np.arange(people.shape[1])
        above = people[start, column]
        part = np.clip(ratio(wanted - above, people[end, column] - above), 0.0, 1.0)
        flagged = []
        for sums, before in ((self._cases, order.cases), (self._others, order.others)):
            over, upto = sums[before[start], column], sums[before[end], column]
            flagged.append(over + part * (upto - over))
        return rates(flagged[0], flagged[1], self._cases[-1], self._others[-1])


def _added_up(ordered: Array) -> Array:
    """[n + 1, b] sums of the first 0, 1, ... n rows."""
    sums = np.zeros((len(ordered) + 1, ordered.shape[1]))
    np.cumsum(ordered, axis=0, out=sums[1:])
    return sums


def _first_at_least(sums: Array, wanted: Array) -> NDArray[np.intp]:
    """[b] the first row of each ascending column that reaches the value; the last row where none does."""
    column = np.arange(sums.shape[1])
    low, high = np.zeros(len(column), dtype=np.intp), np.full(len(column), len(sums) - 1, dtype=np.intp)
    while np.any(low < high):
        middle = (low + high) // 2
        reached = sums[middle, column] >= wanted
        low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
    return low


def rates(found: Array, wrong: Array, cases: Array, others: Array) -> dict[str, Array]:
    """The four rates of flagging `found` of `cases` and `wrong` of `others`; NaN where there is nobody to count."""
    return {
        "ppv": ratio(found, found + wrong),
        "npv": ratio(others - wrong, (cases - found) + (others - wrong)),
        "sensitivity": ratio(found, cases),
        "false_positive_rate": ratio(wrong, others),
    }


class Ranking:
    """AUC and the top and lowest shares of one score, a `Measure`; its figures are named `{name}/...`.

    Args:
        name: of the score.
        score: [n] higher is more at risk; any scale.
        label: what is known of the people.
        shares: which top and lowest shares.
        rules: by name, [n] people whom a rule flags: the score is also told at the workload of each.
    """

    def __init__(
        self, name: str, score: Array, label: Label, shares: Sequence[float], rules: dict[str, Flags] | None = None
    ) -> None:
        self.name, self.shares, self.rules = name, shares, rules or {}
        self._order = Order(score, label)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        ladder = Ladder(self._order, weights)
        found = {f"{self.name}/auc": ladder.auc}
        tops = [ladder.top(share) for share in self.shares]
        for key in ("ppv", "npv", "sensitivity", "false_positive_rate"):
            found[f"{self.name}/top/{key}"] = np.stack([top[key] for top in tops])
        found[f"{self.name}/lowest/safe"] = np.stack([ladder.top(1 - share)["npv"] for share in self.shares])
        for rule, flagged in self.rules.items():
            share = ratio(weights.people[flagged].sum(axis=0), weights.people.sum(axis=0))
            found |= {f"{self.name}/at/{rule}/{key}": cells for key, cells in ladder.top(share).items()}
        return found


class Rule:
    """What flagging some people finds, a `Measure`; its figures are named `{name}/...`.

    Args:
        name: of the rule.
        flagged: [n] whom it flags.
        outcome: [n] see `Label`.
        among: [n] whom it speaks of; everybody where None.
    """

    def __init__(self, name: str, flagged: Flags, outcome: Flags, among: Flags | None = None) -> None:
        here = np.ones(len(flagged), dtype=np.bool_) if among is None else among
        self.name, self._here, self._flagged = name, here, flagged & here
        self._cases, self._others = here & outcome, here & ~outcome

    def __call__(self, weights: Weights) -> dict[str, Array]:
        known, flag = weights.known, self._flagged
        found, wrong = known[flag & self._cases].sum(axis=0), known[flag & self._others].sum(axis=0)
        told = rates(found, wrong, known[self._cases].sum(axis=0), known[self._others].sum(axis=0))
        told["workload"] = ratio(weights.people[flag].sum(axis=0), weights.people[self._here].sum(axis=0))
        told["auc"] = 0.5 + (told["sensitivity"] - told["false_positive_rate"]) / 2
        return {f"{self.name}/{key}": cells for key, cells in told.items()}

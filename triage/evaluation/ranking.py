"""Who stands above whom, and what does flagging the top of the order find?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Weights

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ladder:
    """The people from the highest score down, those with equal scores on one rung; g rungs, b resamples.

    Attributes:
        people: [g, b] everybody's own weight, added up from the top.
        cases: [g, b] weight of those known to have the outcome, added up from the top.
        others: [g, b] the same for those known not to have it.
    """

    people: Array
    cases: Array
    others: Array

    @property
    def auc(self) -> Array:
        """[b] the chance that somebody with the outcome stands above somebody without; a tie counts a half."""
        steps = np.diff(self.cases, axis=0, prepend=0.0)
        middle = self.others[-1] - self.others + np.diff(self.others, axis=0, prepend=0.0) / 2
        return ratio(np.einsum("gb,gb->b", steps, middle), self.cases[-1] * self.others[-1])

    def top(self, share: float | Array) -> dict[str, Array]:
        """What flagging the top `share` of everybody gives, [b] each; ties at the edge are flagged in part.

        The share is of all people, whether or not their outcome is known; the rest is of those known.
        """
        wanted = np.broadcast_to(np.asarray(share), self.people.shape[1:]) * self.people[-1]
        places = range(self.people.shape[1])
        rung = np.array([np.searchsorted(self.people[:, b], wanted[b]) for b in places])
        rung = np.minimum(rung, len(self.people) - 1)
        above, step = self._to(self.people, rung)
        part = np.clip(ratio(wanted - above, step), 0.0, 1.0)
        found, more = self._to(self.cases, rung)
        wrong, worse = self._to(self.others, rung)
        return rates(found + part * more, wrong + part * worse, self.cases[-1], self.others[-1])

    def _to(self, sums: Array, rung: NDArray[np.intp]) -> tuple[Array, Array]:
        """What lies above a rung, and what lies on it, [b] each."""
        column = np.arange(sums.shape[1])
        above = np.where(rung > 0, sums[rung - 1, column], 0.0)
        return above, sums[rung, column] - above


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
        outcome: [n] see `Label`.
        shares: which top and lowest shares.
        rules: by name, [n] people whom a rule flags: the score is also told at the workload of each.
    """

    def __init__(
        self, name: str, score: Array, outcome: Flags, shares: Sequence[float], rules: dict[str, Flags] | None = None
    ) -> None:
        self.name, self.shares, self.rules = name, shares, rules or {}
        self._order = np.argsort(-score, kind="stable")
        ordered = score[self._order]
        self._starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self._outcome = outcome

    def ladder(self, weights: Weights) -> Ladder:
        """The people on their rungs."""
        known = weights.known[self._order]
        cases = known * self._outcome[self._order][:, None]
        return Ladder(self._up(weights.people[self._order]), self._up(cases), self._up(known - cases))

    def _up(self, ordered: Array) -> Array:
        rungs = ordered if len(self._starts) == len(ordered) else np.add.reduceat(ordered, self._starts, axis=0)
        return np.cumsum(rungs, axis=0)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        ladder = self.ladder(weights)
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

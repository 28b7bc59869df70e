"""How many were expected in each group of people, and how many were there? What is flagging at a threshold worth?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.chances import probability
from triage.evaluation.figures import ratio
from triage.evaluation.sample import Sample, Weights
from triage.evaluation.totals import Observed, Totals

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Probabilities at which help might begin, for the decision curve.
THRESHOLDS = tuple(percent / 100 for percent in range(1, 61))


class Cells:
    """Observed and expected by group, a `Measure`; its figures are named `{name}/...`, one for each group.

    Expected is the mean prediction of all people of a group, observed their share by their own follow-up.

    Args:
        name: of the table.
        group: [n] each person's group, -1 for none.
        size: how many groups.
        logits: [n] log-odds.
        sample: the n people.
    """

    def __init__(self, name: str, group: NDArray[np.intp], size: int, logits: Array, sample: Sample) -> None:
        self.name = name
        self._people = Totals(group, size, {"one": np.ones(len(group)), "p": probability(logits)})
        self._observed = Observed(group, size, sample)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        people, observed = self._people(weights.people), self._observed(weights)
        predicted = ratio(people["p"], people["one"])
        return {
            f"{self.name}/predicted": predicted,
            f"{self.name}/observed": observed,
            f"{self.name}/observed_over_expected": ratio(observed, predicted),
            f"{self.name}/share": ratio(people["one"], weights.people.sum(axis=0)),
        }


class Benefit:
    """The decision curve, a `Measure`: net benefit by threshold (Vickers and Elkin 2006).

    Found cases as a share of everybody, less the people flagged in vain, each counted as much as the threshold says a
    needless offer costs: `threshold / (1 - threshold)`. Offering to nobody is worth 0.
    """

    def __init__(self, name: str, logits: Array, outcome: Flags) -> None:
        self.name = name
        place = np.searchsorted(np.array(THRESHOLDS), probability(logits), side="right")
        values = {"one": np.ones(len(logits)), "y": outcome.astype(np.float64)}
        self._known = Totals(place, len(THRESHOLDS) + 1, values)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        known = self._known(weights.known)
        total, rate = known["one"].sum(axis=0), ratio(known["y"].sum(axis=0), known["one"].sum(axis=0))
        # A person in place k reaches the first k thresholds.
        flagged, found = (np.cumsum(known[key][::-1], axis=0)[::-1][1:] for key in ("one", "y"))
        cost = (np.array(THRESHOLDS) / (1 - np.array(THRESHOLDS)))[:, None]
        model = ratio(found, total) - cost * ratio(flagged - found, total)
        everybody = rate - cost * (1 - rate)
        return {
            f"{self.name}/net": model,
            f"{self.name}/everybody": everybody,
            f"{self.name}/over_best": model - np.maximum(everybody, 0.0),
        }

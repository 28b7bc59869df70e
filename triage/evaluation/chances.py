"""Do the probabilities come true? Brier score and its parts, log loss, and the calibration curve by score tenth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Weights

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
TENTHS = 10


def probability(logits: Array) -> Array:
    """The probability of each log-odds."""
    from scipy.special import expit

    chances: Array = expit(logits)
    return chances


def tenths(score: Array, weight: Array) -> NDArray[np.intp]:
    """[n] the tenth that each person's score lies in, 0 the lowest; equal scores stay together.

    A tenth by weight of everybody. Where many people have one score, there are fewer than ten groups.
    """
    place = np.unique(score, return_inverse=True)[1]
    mass = np.bincount(place, weight)
    middle = np.cumsum(mass) - mass / 2
    tenth = np.minimum((TENTHS * middle / mass.sum()).astype(np.intp), TENTHS - 1)
    return np.unique(tenth, return_inverse=True)[1][place]


class Totals:
    """Sums over groups of people, of several values at once, for many resamples.

    Args:
        group: [n] each person's group, -1 for none.
        size: how many groups.
        values: by name, [n] what is added up.
    """

    def __init__(self, group: NDArray[np.intp], size: int, values: dict[str, Array]) -> None:
        self._names, self._size = tuple(values), size
        rows = np.flatnonzero(group >= 0)
        parts = [
            sparse.csr_array((cells[rows], (group[rows], rows)), shape=(size, len(group))) for cells in values.values()
        ]
        self._matrix = sparse.csr_array(sparse.vstack(parts))
        self._matrix.eliminate_zeros()

    def __call__(self, weights: Array) -> dict[str, Array]:
        """By name, [groups, b] for weights [n, b]."""
        sums = np.asarray(self._matrix @ weights).reshape(len(self._names), self._size, -1)
        return dict(zip(self._names, sums, strict=True))


class Chances:
    """How well probabilities come true, a `Measure`; its figures are named `{name}/...`.

    The tenths are set once, from everybody as they are. A person's censoring weight counts in the mean prediction as
    in the share observed, so that both speak of the same people.

    The Brier score is reliability less resolution plus uncertainty (Murphy 1973), plus what the tenths hide: the
    spread of the predictions within them, less twice their covariance with the outcome (Stephenson and others 2008).
    """

    def __init__(self, name: str, logits: Array, outcome: Flags, weight: Array) -> None:
        self.name = name
        chance, ill = probability(logits), outcome.astype(np.float64)
        self.tenth = tenths(logits, weight)
        self.size = int(self.tenth.max()) + 1
        # log(1 + e^x) - y x is the log loss, and does not overflow.
        loss = np.logaddexp(0.0, logits) - ill * logits
        values = {"one": np.ones_like(chance), "p": chance, "pp": chance**2, "y": ill, "py": chance * ill, "loss": loss}
        self._known = Totals(self.tenth, self.size, values)
        self._people = Totals(self.tenth, self.size, {"one": np.ones_like(chance)})

    def __call__(self, weights: Weights) -> dict[str, Array]:
        known = self._known(weights.known)
        found = _scores(known) | _parts(known)
        found["curve/predicted"], found["curve/observed"] = (ratio(known[key], known["one"]) for key in ("p", "y"))
        everybody = self._people(weights.people)["one"]
        found["curve/share"] = ratio(everybody, everybody.sum(axis=0))
        return {f"{self.name}/{key}": cells for key, cells in found.items()}


def _scores(known: dict[str, Array]) -> dict[str, Array]:
    """Figures over everybody, [b] each, from sums by tenth."""
    total = {key: cells.sum(axis=0) for key, cells in known.items()}
    observed, predicted = ratio(total["y"], total["one"]), ratio(total["p"], total["one"])
    return {
        "brier": ratio(total["pp"] - 2 * total["py"] + total["y"], total["one"]),
        "log_loss": ratio(total["loss"], total["one"]),
        "observed": observed,
        "predicted": predicted,
        "observed_over_expected": ratio(observed, predicted),
    }


def _parts(known: dict[str, Array]) -> dict[str, Array]:
    share = ratio(known["one"], known["one"].sum(axis=0))
    filled = known["one"] > 0
    predicted, observed = (np.where(filled, ratio(known[key], known["one"]), 0.0) for key in ("p", "y"))
    rate = (share * observed).sum(axis=0)
    spread = ratio(known["pp"].sum(axis=0), known["one"].sum(axis=0)) - (share * predicted**2).sum(axis=0)
    together = ratio(known["py"].sum(axis=0), known["one"].sum(axis=0)) - (share * predicted * observed).sum(axis=0)
    return {
        "ece": (share * np.abs(predicted - observed)).sum(axis=0),
        "parts/reliability": (share * (predicted - observed) ** 2).sum(axis=0),
        "parts/resolution": (share * (observed - rate) ** 2).sum(axis=0),
        "parts/uncertainty": rate * (1 - rate),
        "parts/within": spread - 2 * together,
    }

"""Do the probabilities come true? Brier score and its parts, log loss, and the calibration curve by score tenth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import ratio
from triage.evaluation.sample import Sample, Weights
from triage.evaluation.totals import Observed, Totals

Array = NDArray[np.float64]
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


class Chances:
    """How well probabilities come true, a `Measure`; its figures are named `{name}/...`.

    The tenths are set once, from everybody as they are. The curve, and the calibration error, set the mean prediction
    of all people of a tenth beside their share by their own follow-up (see `Observed`). All other figures are of
    everybody at once: there a person's censoring weight counts in what is predicted as in what is observed.

    The Brier score is reliability less resolution plus uncertainty (Murphy 1973), plus what the tenths hide: the
    spread of the predictions within them, less twice their covariance with the outcome (Stephenson and others 2008).
    """

    def __init__(self, name: str, logits: Array, sample: Sample) -> None:
        self.name = name
        chance, ill = probability(logits), sample.label.outcome.astype(np.float64)
        self.tenth = tenths(logits, sample.once.people[:, 0])
        self.size = int(self.tenth.max()) + 1
        # log(1 + e^x) - y x is the log loss, and does not overflow.
        loss = np.logaddexp(0.0, logits) - ill * logits
        values = {"one": np.ones_like(chance), "p": chance, "pp": chance**2, "y": ill, "py": chance * ill, "loss": loss}
        self._known = Totals(self.tenth, self.size, values)
        self._people = Totals(self.tenth, self.size, {"one": np.ones_like(chance), "p": chance})
        self._observed = Observed(self.tenth, self.size, sample)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        known = self._known(weights.known)
        people = self._people(weights.people)
        share, predicted = ratio(people["one"], people["one"].sum(axis=0)), ratio(people["p"], people["one"])
        observed = self._observed(weights)
        found = _scores(known) | _parts(known) | {"ece": _gap(share, predicted, observed)}
        found |= {"curve/share": share, "curve/predicted": predicted, "curve/observed": observed}
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


def _gap(share: Array, predicted: Array, observed: Array) -> Array:
    """[b] the mean gap over the tenths whose share is known."""
    gap = np.abs(predicted - observed)
    told = np.isfinite(gap)
    return ratio(np.where(told, share * gap, 0.0).sum(axis=0), np.where(told, share, 0.0).sum(axis=0))


def _parts(known: dict[str, Array]) -> dict[str, Array]:
    share = ratio(known["one"], known["one"].sum(axis=0))
    filled = known["one"] > 0
    predicted, observed = (np.where(filled, ratio(known[key], known["one"]), 0.0) for key in ("p", "y"))
    rate = (share * observed).sum(axis=0)
    spread = ratio(known["pp"].sum(axis=0), known["one"].sum(axis=0)) - (share * predicted**2).sum(axis=0)
    together = ratio(known["py"].sum(axis=0), known["one"].sum(axis=0)) - (share * predicted * observed).sum(axis=0)
    return {
        "parts/reliability": (share * (predicted - observed) ** 2).sum(axis=0),
        "parts/resolution": (share * (observed - rate) ** 2).sum(axis=0),
        "parts/uncertainty": rate * (1 - rate),
        "parts/within": spread - 2 * together,
    }

"""How good are these log-odds at saying who is long-term unemployed? The core of every evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.bounds import bounds
from triage.evaluation.chances import Chances
from triage.evaluation.figures import Figures, Progress, measure
from triage.evaluation.ranking import Ranking
from triage.evaluation.recalibration import Recalibration
from triage.evaluation.sample import Sample, canonical
from triage.evaluation.settings import DEFAULTS, Settings
from triage.outcomes import Competing, Outcomes

Array = NDArray[np.float64]
#: The name of the score that is judged, among the figures.
MODEL = "model"


def judge(
    logits: Array,
    outcomes: Outcomes,
    horizon: float,
    *,
    settings: Settings = DEFAULTS,
    competing: Competing = "not_back",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The main figures of one score, each with its 95% interval. Needs no engine: out-of-fold log-odds will do.

    Args:
        logits: [n] log-odds, row by row with `outcomes`; finite.
        outcomes: what happened to the n people.
        horizon: weeks since the job ended.
        settings: seed, resamples, shares.
        competing: what a competing event before the horizon means.
        progress: is told how many resamples are done, and of how many.

    Returns:
        Plain data. A figure is {"value": x, "low": l, "high": h}: the estimate and its 95% interval, None where it
        cannot be told ("ece" never has one). Keys: "auc", "brier", "log_loss", "slope", "intercept", "in_the_large",
        "ece", "observed", "predicted", "observed_over_expected" (figures); "brier_parts" (figures "reliability",
        "resolution", "uncertainty", "within"; the first less the second plus the others is the Brier score); "top" (a
        list, one entry a share: "share" and the figures "ppv", "npv", "sensitivity", "false_positive_rate"); "lowest"
        (the same, with the figure "safe", the share without the outcome); "curve" (a list, one entry a score tenth from
        the lowest: "people", "known", "share", the figures "predicted" and "observed", and the bounds "least" and
        "most").

    Raises:
        EvaluationError: nobody's outcome is known, or all known outcomes are the same.
    """
    order = canonical(outcomes, logits)
    people, ordered = outcomes.take(order), logits[order]
    sample = Sample(people, horizon, competing, settings)
    measures = main_measures(MODEL, ordered, sample)
    return main_data(MODEL, measure(sample, measures, progress), sample, measures[1])


def main_measures(name: str, logits: Array, sample: Sample) -> tuple[Ranking, Chances, Recalibration]:
    """What is measured of every score that gives probabilities."""
    label = sample.label
    return (
        Ranking(name, logits, label, sample.settings.shares),
        Chances(name, logits, sample),
        Recalibration(name, logits, label),
    )


_SINGLE = (
    "auc", "brier", "log_loss", "slope", "intercept", "in_the_large", "ece", "observed", "predicted",
    "observed_over_expected",
)  # fmt: skip
_PARTS = ("reliability", "resolution", "uncertainty", "within")
_RATES = ("ppv", "npv", "sensitivity", "false_positive_rate")


def main_data(name: str, figures: Figures, sample: Sample, chances: Chances) -> dict[str, Any]:
    """The figures of `main_measures` as plain data (see `judge`)."""
    shares = sample.settings.shares
    single = {key: figures.of(f"{name}/{key}") for key in _SINGLE}
    # A mean of gaps grows with each resample's noise: the resampled values lie above what they should stand around.
    single["ece"] = {**single["ece"], "low": None, "high": None}
    return {
        **single,
        "brier_parts": {key: figures.of(f"{name}/parts/{key}") for key in _PARTS},
        "top": [
            {"share": share, **{key: figures.of(f"{name}/top/{key}", place) for key in _RATES}}
            for place, share in enumerate(shares)
        ],
        "lowest": [
            {"share": share, "safe": figures.of(f"{name}/lowest/safe", place)} for place, share in enumerate(shares)
        ],
        "curve": _curve(name, figures, sample, chances),
    }


def _curve(name: str, figures: Figures, sample: Sample, chances: Chances) -> list[dict[str, Any]]:
    return [
        {
            **bounds(sample, chances.tenth == tenth),
            "share": figures.value(f"{name}/curve/share", tenth),
            "predicted": figures.of(f"{name}/curve/predicted", tenth),
            "observed": figures.of(f"{name}/curve/observed", tenth),
        }
        for tenth in range(chances.size)
    ]

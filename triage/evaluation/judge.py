"""How good are these log-odds at saying who is long-term unemployed? The core of every evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.settings import Settings
from triage.outcomes import Competing, Outcomes

Array = NDArray[np.float64]


def judge(
    logits: Array,
    outcomes: Outcomes,
    horizon: float,
    *,
    settings: Settings = Settings(),
    competing: Competing = "not_back",
) -> dict[str, Any]:
    """The main figures of one score, each with its 95% interval. Needs no engine: out-of-fold log-odds will do.

    Args:
        logits: [n] log-odds, row by row with `outcomes`.
        outcomes: what happened to the n people.
        horizon: weeks since the job ended.
        settings: seed, resamples, shares.
        competing: what a competing event before the horizon means.

    Returns:
        Plain data. A figure is {"value": x, "low": l, "high": h}: the estimate and its 95% interval; a value is
        None where it cannot be estimated. Keys: "auc", "brier", "log_loss", "slope", "intercept", "in_the_large",
        "ece", "observed", "predicted", "observed_over_expected" (figures); "brier_parts" (figures "reliability",
        "resolution", "uncertainty", "within"); "top" and "lowest" (a list, one entry a share: "share" and the figures
        "ppv", "npv", "sensitivity", "false_positive_rate" for the top, "safe" for the lowest); "curve" (a list, one
        entry a score tenth).

    Raises:
        EvaluationError: nobody's outcome is known, or all known outcomes are the same.
    """
    raise NotImplementedError

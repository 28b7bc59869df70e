"""Would the figures be others if people were counted otherwise: without the supported, or with other ends censored?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.errors import EvaluationError
from triage.evaluation.judge import judge
from triage.evaluation.settings import Settings
from triage.outcomes import COMPETING, Competing, Outcomes
from triage.outcomes.guards import SUPPORT_NOTES, supported

Array = NDArray[np.float64]
#: What is told of each way to count.
_TOLD = ("auc", "brier", "slope", "observed", "predicted", "observed_over_expected", "top")


def counted_otherwise(
    main: dict[str, Any], logits: Array, outcomes: Outcomes, horizon: float, settings: Settings, competing: Competing
) -> dict[str, Any]:
    """The main figures with competing events taken the one way or the other; `main` are those of the way in use.

    "competing_people" counts the people who retired or died before the horizon; where there are none the two ways are
    one, and only the one in use is told.
    """
    early = (outcomes.place == COMPETING) & (outcomes.weeks <= horizon)
    found: dict[str, Any] = {"competing_people": int(np.count_nonzero(early)), "used": competing}
    found[competing] = {"people": len(outcomes), **{key: main[key] for key in _TOLD}}
    other: Competing = "censored" if competing == "not_back" else "not_back"
    if early.any():
        found[other] = _told(logits, outcomes, horizon, settings, other)
    return found


def by_support(
    logits: Array,
    outcomes: Outcomes,
    horizon: float,
    settings: Settings,
    competing: Competing,
    standard: str = "standard",
) -> dict[str, Any] | None:
    """The main figures of people with and without support beyond the standard; None where the file does not tell."""
    if not any(name in outcomes.notes for name in SUPPORT_NOTES):
        return None
    received = supported(outcomes, standard)
    return {
        "supported_people": int(np.count_nonzero(received)),
        "without": _told(logits[~received], outcomes.take(~received), horizon, settings, competing),
        "only": _told(logits[received], outcomes.take(received), horizon, settings, competing),
    }


def _told(logits: Array, outcomes: Outcomes, horizon: float, settings: Settings, way: Competing) -> dict[str, Any]:
    """The main figures of some people; with the reason instead where there are none."""
    if not len(outcomes):
        return {"people": 0, "reason": "Nobody."}
    try:
        found = judge(logits, outcomes, horizon, settings=settings, competing=way)
    except EvaluationError as problem:
        return {"people": len(outcomes), "reason": problem.message}
    return {"people": len(outcomes), **{key: found[key] for key in _TOLD}}

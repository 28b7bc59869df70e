"""How sure is each point of a curve?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import Figure, figure, rounded

Array = NDArray[np.float64]
#: A curve as plain data: {"value": [...], "low": [...], "high": [...]}; None where a point cannot be told.
Curve = dict[str, list[float | None]]
_MIDDLE = (2.5, 97.5)


def curve(once: Array, again: Array) -> Curve:
    """A curve with its 95% intervals, point by point: as `triage.evaluation.figures.figure`, for many at once.

    Args:
        once: [k] the values.
        again: [k, r] the values in r resamples.
    """
    sure = np.isfinite(once) & np.isfinite(again).all(axis=1) if again.shape[1] else np.zeros(len(once), dtype=bool)
    low, high = np.full(len(once), np.nan), np.full(len(once), np.nan)
    if sure.any():
        low[sure], high[sure] = np.percentile(again[sure], _MIDDLE, axis=1)
    # Where some resamples say nothing, the rule for single figures decides whether the others are enough.
    points = [_point(once[k], low[k], high[k]) if sure[k] else told(once[k], again[k]) for k in range(len(once))]
    return {key: [point[key] for point in points] for key in ("value", "low", "high")}


def told(value: float | Array, again: Array) -> Figure:
    """One figure with its 95% interval, without one where it is 0 or 1 in every resample (see `Figures.of`)."""
    found = figure(value, again)
    return _no_false_certainty(found)


def _point(value: float, low: float, high: float) -> Figure:
    return _no_false_certainty({"value": rounded(value), "low": rounded(low), "high": rounded(high)})


def _no_false_certainty(found: Figure) -> Figure:
    same = found["value"] in (0.0, 1.0) and found["low"] == found["value"] == found["high"]
    return found | {"low": None, "high": None} if same else found

"""How sure is a figure? Its value, and the middle 95% of its values in the resamples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.sample import Sample, Weights

Array = NDArray[np.float64]
#: A figure as plain data: {"value": x, "low": l, "high": h}; None where it cannot be told.
Figure = dict[str, float | None]
#: Anything that turns weights [n, b] into named arrays [..., b].
Measure = Callable[[Weights], Mapping[str, Array]]
Progress = Callable[[int, int], None]

_MIDDLE = (2.5, 97.5)
#: An interval is given where a figure could be computed in at least this share of the resamples.
_ENOUGH = 0.95
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Figures:
    """Named figures with their values in the resamples.

    Attributes:
        once: by name [...], from everybody once.
        again: by name [..., r], from r resamples.
    """

    once: Mapping[str, Array]
    again: Mapping[str, Array]

    def of(self, name: str, *place: int) -> Figure:
        """One figure with its 95% interval.

        There is none where a share of 0 or 1 is the same in every resample: drawing again shows nothing but what there
        is, and does not say how sure that is.
        """
        told = figure(self.once[name][place], self.again[name][place])
        sure = told["value"] in (0.0, 1.0) and told["low"] == told["value"] == told["high"]
        return told | {"low": None, "high": None} if sure else told

    def value(self, name: str, *place: int) -> float | None:
        """One figure without an interval."""
        return rounded(self.once[name][place])

    def ahead(self, one: str, other: str, *place: int) -> Figure:
        """One figure less another, paired: both from the same people in each resample."""
        return figure(
            self.once[one][place] - self.once[other][place], self.again[one][place] - self.again[other][place]
        )


def measure(sample: Sample, measures: Iterable[Measure], progress: Progress | None = None) -> Figures:
    """Every figure of `measures`, once and in each resample of `sample`.

    Args:
        sample: the people.
        measures: their names may not overlap.
        progress: is told how many resamples are done, and of how many.
    """
    chosen = tuple(measures)
    once = {name: cells[..., 0] for name, cells in _all(chosen, sample.once).items()}
    parts: dict[str, list[Array]] = {name: [np.empty((*np.shape(cells), 0))] for name, cells in once.items()}
    done = 0
    for weights in sample.resamples():
        for name, cells in _all(chosen, weights).items():
            parts[name].append(cells)
        done += weights.people.shape[1]
        if progress is not None:
            progress(done, sample.settings.resamples)
    return Figures(once, {name: np.concatenate(cells, axis=-1) for name, cells in parts.items()})


def _all(measures: tuple[Measure, ...], weights: Weights) -> dict[str, Array]:
    return {name: cells for item in measures for name, cells in item(weights).items()}


def figure(value: float | Array, resampled: Array) -> Figure:
    """A value with the middle 95% of its resampled values as plain data, to six significant digits.

    The ends are None where it could not be computed in more than a twentieth of the resamples.
    """
    told = resampled[np.isfinite(resampled)]
    if not np.isfinite(value) or not len(told) or len(told) < _ENOUGH * len(resampled):
        return {"value": rounded(value), "low": None, "high": None}
    low, high = np.percentile(told, _MIDDLE)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}


def verdict(difference: Figure, *, more_is_better: bool = True) -> str:
    """ "ahead" or "behind" where the 95% interval of a paired difference excludes 0, otherwise "level"."""
    low, high = difference["low"], difference["high"]
    if low is None or high is None or low <= 0 <= high:
        return "level"
    return "ahead" if (low > 0) == more_is_better else "behind"


def rounded(value: float | Array) -> float | None:
    """`value` to six significant digits; None where it is not a number."""
    number = float(value)
    if not np.isfinite(number):
        return None
    # A sum of many floats that should be 0 may miss it by the last bits.
    return 0.0 if abs(number) < 1e-12 else float(f"{number:.{_DIGITS}g}")


def ratio(above: Array, below: Array) -> Array:
    """`above / below`, NaN where there is nothing below."""
    above, below = np.broadcast_arrays(above, below)
    share: Array = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return share

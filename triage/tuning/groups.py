"""Whom does a cut-off miss, and whom does it flag in vain, in each group of people?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.dimensions import Dimension, compared
from triage.evaluation.figures import figure
from triage.evaluation.settings import Settings
from triage.tuning.intervals import Curve, curve, told
from triage.tuning.sweep import Swept

Array = NDArray[np.float64]
#: The rates by which groups are compared.
RATES = ("recall", "false_positive_rate", "flagged")
#: What is told of each group at each cut-off.
CURVES = ("recall", "ppv", "flagged", "missed", "in_vain", "false_positive_rate")


@dataclass(frozen=True, eq=False)
class Gap:
    """How far apart two groups are: of those shown, the one with the highest rate and the one with the lowest.

    They are chosen for being furthest apart, so some difference is there by chance alone; the resamples are of these.

    Attributes:
        highest, lowest: names of groups.
        rates: their rates, the higher first, 0 to 1.
        again: [r] the difference in each resample.
    """

    highest: str
    lowest: str
    rates: tuple[float, float]
    again: Array

    @property
    def value(self) -> float:
        """The difference, 0 to 1."""
        return self.rates[0] - self.rates[1]

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {"highest": self.highest, "lowest": self.lowest, "difference": figure(self.value, self.again)}


def big_enough(people: NDArray[np.int64], cases: NDArray[np.int64], settings: Settings) -> list[int]:
    """The groups that are shown: others would be about persons, and say little.

    Args:
        people: [groups] how many rows with a band.
        cases: [groups] how many of them are known to have the outcome.
        settings: how many are needed.
    """
    return np.flatnonzero((people >= settings.least_people) & (cases >= settings.least_cases)).tolist()


class Groups:
    """The groups of one sweep.

    Args:
        found: the ways to group people.
        swept: the sums.
        settings: which groups are too small to be shown.
    """

    def __init__(self, found: Sequence[Dimension], swept: Swept, settings: Settings) -> None:
        self.dimensions = tuple(found)
        self._swept = swept
        self._settings = settings

    def shown(self, item: Dimension) -> list[int]:
        """The groups with enough people and enough cases to be shown."""
        return big_enough(self._swept.rows[item.id][:, 0], self._swept.cases[item.id][:, 0], self._settings)

    def data(self, at: Sequence[int]) -> list[dict[str, Any]]:
        """Every way to group people, with its curves at the edges `at` (see `triage.tuning.tune`)."""
        return [
            {
                "id": item.id, "name": item.name, "source": item.source,
                "groups": [self._group(item, place, at) for place in self._inhabited(item)],
            }
            for item in self.dimensions
        ]  # fmt: skip

    def at(self, edge: int) -> list[dict[str, Any]]:
        """Every group that is shown, at one edge: figures, and how many cases are found and missed."""
        return [
            {"id": item.id, "groups": [self._at(item, place, edge) for place in self.shown(item)]}
            for item in self.dimensions
        ]

    def gaps(self, edge: int) -> Iterator[tuple[Dimension, str, Gap]]:
        """The largest gap of each rate at one edge, by dimension; none where a rate cannot be told for a group."""
        for item in self.dimensions:
            for rate in RATES:
                found = self.gap(item, rate, edge)
                if found is not None:
                    yield item, rate, found

    def gap(self, item: Dimension, rate: str, edge: int) -> Gap | None:
        """The largest gap of one rate at one edge."""
        return self.gap_curve(item, rate, slice(edge, edge + 1))[0]

    def gap_curve(self, item: Dimension, rate: str, at: slice) -> list[Gap | None]:
        """The largest gap of one rate at some edges; None where it cannot be told."""
        shown = compared(item, self.shown(item))
        if len(shown) < 2:
            return [None] * len(range(*at.indices(len(self._swept.edges))))
        once, again = (
            np.stack([sums[item.id].rates(place, at)[rate] for place in shown])
            for sums in (self._swept.once, self._swept.again)
        )
        return [_gap([item.groups[k] for k in shown], once[:, k, 0], again[:, k]) for k in range(once.shape[1])]

    def _inhabited(self, item: Dimension) -> list[int]:
        return np.flatnonzero(self._swept.rows[item.id][:, 0] > 0).tolist()

    def _group(self, item: Dimension, place: int, at: Sequence[int]) -> dict[str, Any]:
        if place not in self.shown(item):
            return {"name": item.groups[place], "shown": False}
        return {
            **self._counted(item, place),
            "curves": self._curves(item, place, at),
            "counts": {"cases": [int(self._swept.cases[item.id][place, edge + 1]) for edge in at]},
        }

    def _counted(self, item: Dimension, place: int) -> dict[str, Any]:
        counts = {
            name: int(cells[item.id][place, 0])
            for name, cells in (
                ("people", self._swept.rows),
                ("known", self._swept.known),
                ("cases", self._swept.cases),
            )
        }
        return {"name": item.groups[place], "shown": True, **counts}

    def _curves(self, item: Dimension, place: int, at: Sequence[int]) -> dict[str, Curve]:
        once, again = (sums[item.id].rates(place) for sums in (self._swept.once, self._swept.again))
        chosen = list(at)
        return {name: curve(once[name][chosen, 0], again[name][chosen]) for name in CURVES}

    def _at(self, item: Dimension, place: int, edge: int) -> dict[str, Any]:
        at = slice(edge, edge + 1)
        once, again = (sums[item.id].rates(place, at) for sums in (self._swept.once, self._swept.again))
        cases = self._swept.cases[item.id][place]
        return {
            "name": item.groups[place],
            "people": int(self._swept.rows[item.id][place, 0]),
            "cases": int(cases[edge + 1]),
            "cases_below": int(cases[0] - cases[edge + 1]),
            **{name: told(once[name][0, 0], again[name][0]) for name in CURVES},
        }


def _gap(names: Sequence[str], once: Array, again: Array) -> Gap | None:
    if not np.all(np.isfinite(once)):
        return None
    high, low = int(np.argmax(once)), int(np.argmin(once))
    return Gap(names[high], names[low], (float(once[high]), float(once[low])), again[high] - again[low])

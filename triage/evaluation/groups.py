"""For whom does the model work: what does it find, and whom does it flag in vain, in each group of people?

Values and differences between groups come from fairlearn; their intervals from the resamples. The figures of a cut-off
speak of the people who have a band.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.bounds import bounds
from triage.evaluation.cells import Cells
from triage.evaluation.dimensions import Dimension
from triage.evaluation.figures import Figures, figure, ratio, rounded
from triage.evaluation.sample import Sample, Weights
from triage.evaluation.totals import Totals

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
RATES = ("recall", "false_positive_rate", "workload")


class GroupRates:
    """Recall, false-positive rate and workload by group at one cut-off, a `Measure` named `{name}/...`."""

    def __init__(self, name: str, dimension: Dimension, flagged: Flags, banded: Flags, outcome: Flags) -> None:
        self.name = name
        size = len(dimension.groups)
        parts = {"cases": banded & outcome, "others": banded & ~outcome}
        parts |= {"found": parts["cases"] & flagged, "wrong": parts["others"] & flagged}
        self._known = Totals(dimension.code, size, {key: cells.astype(np.float64) for key, cells in parts.items()})
        everybody = {"one": banded.astype(np.float64), "flagged": (banded & flagged).astype(np.float64)}
        self._people = Totals(dimension.code, size, everybody)

    def __call__(self, weights: Weights) -> dict[str, Array]:
        known, people = self._known(weights.known), self._people(weights.people)
        return {
            f"{self.name}/recall": ratio(known["found"], known["cases"]),
            f"{self.name}/false_positive_rate": ratio(known["wrong"], known["others"]),
            f"{self.name}/workload": ratio(people["flagged"], people["one"]),
        }


class Groups:
    """The fairness tables of one model.

    Args:
        found: the ways to group people.
        logits: [n] log-odds.
        place: [n] the band of each person, -1 for none.
        bands: the ids of the bands, from the standard one up.
        sample: the people.
    """

    def __init__(
        self, found: Sequence[Dimension], logits: Array, place: NDArray[np.intp], bands: Sequence[str], sample: Sample
    ) -> None:
        self._found, self._place, self._sample = found, place, sample
        self._bands = tuple(bands)
        outcome = sample.label.outcome
        self.measures: list[Cells | GroupRates] = []
        for item in found:
            self.measures.append(Cells(f"group/{item.id}", item.code, len(item.groups), logits, sample))
            for k, band in enumerate(self._bands[1:], start=1):
                self.measures.append(GroupRates(f"group/{item.id}/{band}", item, place >= k, place >= 0, outcome))

    def data(self, figures: Figures) -> list[dict[str, Any]]:
        """One entry for each way to group people, as plain data (see `triage.evaluation.evaluate`)."""
        return [self._dimension(item, figures) for item in self._found]

    def _dimension(self, item: Dimension, figures: Figures) -> dict[str, Any]:
        counts = [bounds(self._sample, item.code == place) for place in range(len(item.groups))]
        shown = [place for place, count in enumerate(counts) if self._may_show(count)]
        fair = _Fair(item, shown, self._place, self._sample)
        frames = {band: fair.at(k) for k, band in enumerate(self._bands[1:], start=1)}
        groups = [
            self._group(item, place, counts[place], figures, frames) if place in shown else _hidden(item.groups[place])
            for place in range(len(item.groups))
            if counts[place]["people"]
        ]
        between = {band: self._between(item, shown, band, figures, frames[band]) for band in frames}
        return {"id": item.id, "name": item.name, "source": item.source, "groups": groups, "between_groups": between}

    def _may_show(self, count: dict[str, Any]) -> bool:
        settings = self._sample.settings
        return bool(count["people"] >= settings.least_people and count["cases"] >= settings.least_cases)

    def _group(
        self, item: Dimension, place: int, count: dict[str, Any], figures: Figures, frames: dict[str, Any]
    ) -> dict[str, Any]:
        name = f"group/{item.id}"
        keys = ("predicted", "observed", "observed_over_expected")
        cuts = {}
        for band, frame in frames.items():
            cuts[band] = {key: figures.of(f"{name}/{band}/{key}", place) for key in RATES}
            for key, told in cuts[band].items():
                if told["value"] is not None:
                    told["value"] = rounded(frame.by_group[key][place])
        return {
            "name": item.groups[place],
            "shown": True,
            **count,
            **{key: figures.of(f"{name}/{key}", place) for key in keys},
            "cutoffs": cuts,
        }

    def _between(self, item: Dimension, shown: list[int], band: str, figures: Figures, frame: Any) -> dict[str, Any]:
        """The largest difference between two groups that are shown, by rate; None where there are not two.

        The interval is that of the difference between these two groups. They are chosen for being furthest apart, so
        some difference is there by chance alone.
        """
        told: dict[str, Any] = dict.fromkeys(RATES)
        for key in RATES if frame is not None and len(shown) > 1 else ():
            once, again = (cells[f"group/{item.id}/{band}/{key}"] for cells in (figures.once, figures.again))
            if np.all(np.isfinite(once[shown])):
                high, low = (shown[int(find(once[shown]))] for find in (np.argmax, np.argmin))
                spread = figure(float(frame.difference()[key]), again[high] - again[low])
                told[key] = {"highest": item.groups[high], "lowest": item.groups[low], **spread}
        return told


def _hidden(name: str) -> dict[str, Any]:
    return {"name": name, "shown": False}


class _Fair:
    """Fairlearn's tables of the groups that are shown."""

    def __init__(self, item: Dimension, shown: list[int], place: NDArray[np.intp], sample: Sample) -> None:
        self._rows = np.isin(item.code, shown) & (place >= 0)
        self._code, self._place, self._sample = item.code, place, sample

    def at(self, band: int) -> Any:
        """A `MetricFrame` at the cut-off of a band; None where nobody is shown."""
        from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate

        if not self._rows.any():
            return None
        code, outcome = self._code[self._rows], self._sample.label.outcome[self._rows]
        # People alike in group, outcome and band go in as one row with their weights added up: fairlearn reads its
        # rows one by one, and the sums are the same.
        alike = 4 * code + 2 * outcome + (self._place[self._rows] >= band)
        kinds, place = np.unique(alike, return_inverse=True)
        known, people = (
            {"sample_weight": np.bincount(place, cells[self._rows, 0])}
            for cells in (self._sample.once.known, self._sample.once.people)
        )
        return MetricFrame(
            metrics=dict(zip(RATES, (true_positive_rate, false_positive_rate, selection_rate), strict=True)),
            y_true=kinds // 2 % 2,
            y_pred=kinds % 2,
            sensitive_features=kinds // 4,
            sample_params=dict(zip(RATES, (known, known, people), strict=True)),
        )

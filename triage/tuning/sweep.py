"""What follows from each cut-off, for everybody and for each group, once and in every resample of the clients?

People are put between two neighbouring edges once. A resample then adds up weights by group and place, and the sums
from the top down are those at or above each edge: no person is looked at again for another cut-off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.dimensions import Dimension
from triage.evaluation.figures import Progress, ratio
from triage.evaluation.sample import Sample, Weights
from triage.evaluation.totals import Totals
from triage.numbers import logit, to_unit

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: The cut-offs of a sweep, in percent of the probability that decides on bands.
PERCENTS = tuple(range(1, 100))
#: The name of the group that holds everybody.
EVERYBODY = "everybody"


def edge_of(percent: Decimal | int) -> float:
    """The smallest log-odds that reach a cut-off of `percent` (above 0, below 100), on the grid of released values."""
    return to_unit(logit(Decimal(percent) / 100))


@dataclass(frozen=True, eq=False)
class Sums:
    """Weights added up by group, at or above each edge; place 0 of the second axis is everybody with a band.

    Attributes:
        people: [groups, edges + 1, r] everybody's own weight.
        known: [groups, edges + 1, r] the weights of the people whose outcome is known, who stand for the others.
        cases: [groups, edges + 1, r] of these, the people with the outcome.
    """

    people: Array
    known: Array
    cases: Array

    @classmethod
    def empty(cls, groups: int, edges: int, resamples: int) -> Sums:
        """Room for so many."""
        shape = (groups, edges + 1, resamples)
        return cls(np.empty(shape), np.empty(shape), np.empty(shape))

    def put(self, start: int, part: Sums) -> None:
        """Put some resamples in their place."""
        end = start + part.people.shape[-1]
        for name in ("people", "known", "cases"):
            getattr(self, name)[..., start:end] = getattr(part, name)

    def rates(self, group: int, at: slice = slice(None)) -> dict[str, Array]:
        """What some edges do in one group, by name [edges, r], as shares; NaN where there is nobody to count.

        `recall` is of those with the outcome, `ppv` of those flagged, `npv` of those not flagged,
        `false_positive_rate` of those without the outcome; `flagged`, `found` (with the outcome and flagged), `missed`
        (with it and not flagged) and `in_vain` (flagged without it) are of everybody with a band.
        """
        people, known, cases = (cells[group, 1:][at] for cells in (self.people, self.known, self.cases))
        everybody, all_known, all_cases = (cells[group, :1] for cells in (self.people, self.known, self.cases))
        wrong, others = known - cases, all_known - all_cases
        return {
            "ppv": ratio(cases, known),
            "npv": ratio(others - wrong, all_known - known),
            "recall": ratio(cases, all_cases),
            "false_positive_rate": ratio(wrong, others),
            "flagged": ratio(people, everybody),
            "found": ratio(cases, all_known),
            "missed": ratio(all_cases - cases, all_known),
            "in_vain": ratio(wrong, all_known),
        }


class Tally:
    """Adds up the people of each group at or above each edge.

    Args:
        code: [n] each person's group.
        groups: how many groups.
        place: [n] how many edges each person reaches; -1 for people without a band, who are left out.
        edges: how many edges.
        outcome: [n] True for people known to have the outcome.
    """

    def __init__(
        self, code: NDArray[np.intp], groups: int, place: NDArray[np.intp], edges: int, outcome: Flags
    ) -> None:
        self.shape = (groups, edges)
        cell = np.where(place < 0, -1, code * (edges + 1) + place)
        size = groups * (edges + 1)
        one = np.ones(len(cell))
        self._people = Totals(cell, size, {"one": one})
        self._known = Totals(cell, size, {"one": one, "cases": outcome.astype(np.float64)})

    def __call__(self, weights: Weights) -> Sums:
        """The sums for weights of n people in b resamples."""
        people, known = self._people(weights.people), self._known(weights.known)
        return Sums(*(self._from_the_top(cells) for cells in (people["one"], known["one"], known["cases"])))

    def _from_the_top(self, cells: Array) -> Array:
        groups, edges = self.shape
        apart = cells.reshape(groups, edges + 1, -1)
        return np.cumsum(apart[:, ::-1], axis=1)[:, ::-1]


@dataclass(frozen=True, eq=False)
class Swept:
    """Sums by the id of a dimension; `EVERYBODY` has one group.

    Attributes:
        edges: [edges] ascending log-odds, inclusive.
        once: everybody as they are, r = 1.
        again: in each resample.
        rows: by dimension, [groups, edges + 1] rows at or above each edge.
        known: the same of those whose outcome is known; `cases` of those known to have it.
    """

    edges: Array
    once: Mapping[str, Sums]
    again: Mapping[str, Sums]
    rows: Mapping[str, NDArray[np.int64]]
    known: Mapping[str, NDArray[np.int64]]
    cases: Mapping[str, NDArray[np.int64]]

    def at(self, edge: float) -> int:
        """The place of an edge.

        Raises:
            KeyError: it is none of those that were swept.
        """
        place = int(np.searchsorted(self.edges, edge))
        if place == len(self.edges) or self.edges[place] != edge:
            raise KeyError(edge)
        return place


class Sweep:
    """One score, with the edges that it is cut at.

    Args:
        logits: [n] log-odds that decide on the band.
        banded: [n] True for people who have a band.
        edges: log-odds, in any order; equal ones count once.
        found: the ways to group people.
        sample: the n people.
    """

    def __init__(
        self, logits: Array, banded: Flags, edges: Sequence[float], found: Sequence[Dimension], sample: Sample
    ) -> None:
        self.edges = np.unique(np.array(edges, dtype=np.float64))
        place = np.where(banded, np.searchsorted(self.edges, logits, side="right"), -1)
        codes = {EVERYBODY: (np.zeros(len(place), dtype=np.intp), 1)}
        codes |= {item.id: (item.code, len(item.groups)) for item in found}
        known, cases = sample.label.known, sample.label.known & sample.label.outcome
        size = len(self.edges)
        self.tallies = {name: Tally(code, groups, place, size, cases) for name, (code, groups) in codes.items()}
        flags = (np.ones(len(place), dtype=np.bool_), known, cases)
        self._counts = [
            {name: _counted(code, groups, place, size, these) for name, (code, groups) in codes.items()}
            for these in flags
        ]

    def swept(self, once: Mapping[str, Sums], again: Mapping[str, Sums]) -> Swept:
        """The sums with the counts of rows."""
        return Swept(self.edges, once, again, *self._counts)


def run(sweeps: Sequence[Sweep], sample: Sample, progress: Progress | None = None) -> list[Swept]:
    """Every sweep, once and in the same resamples: so that two of them can be compared in pairs.

    Args:
        sweeps: of the same people.
        sample: the people.
        progress: is told how many resamples are done, and of how many.
    """
    total, done = sample.settings.resamples, 0
    again = [{name: Sums.empty(*tally.shape, total) for name, tally in sweep.tallies.items()} for sweep in sweeps]
    for weights in sample.resamples():
        for sweep, sums in zip(sweeps, again, strict=True):
            for name, tally in sweep.tallies.items():
                sums[name].put(done, tally(weights))
        done += weights.people.shape[1]
        if progress is not None:
            progress(done, total)
    once = [{name: tally(sample.once) for name, tally in sweep.tallies.items()} for sweep in sweeps]
    return [sweep.swept(*sums) for sweep, *sums in zip(sweeps, once, again, strict=True)]


def _counted(
    code: NDArray[np.intp], groups: int, place: NDArray[np.intp], edges: int, these: Flags
) -> NDArray[np.int64]:
    """[groups, edges + 1] how many of `these` stand at or above each edge."""
    rows = these & (place >= 0)
    cells = np.bincount(code[rows] * (edges + 1) + place[rows], minlength=groups * (edges + 1))
    return np.cumsum(cells.reshape(groups, edges + 1)[:, ::-1], axis=1)[:, ::-1]

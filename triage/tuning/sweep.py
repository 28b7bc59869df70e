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
from triage.evaluation.totals import Observed, Totals
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
        share: [groups, r] the share with the outcome by the follow-up of each group alone; None to take it from the
            weights of everybody, which are wrong for groups that are not lost from sight alike.
    """

    people: Array
    known: Array
    cases: Array
    share: Array | None = None

    @classmethod
    def empty(cls, groups: int, edges: int, resamples: int, *, own_share: bool = False) -> Sums:
        """Room for so many."""
        shape = (groups, edges + 1, resamples)
        share = np.empty((groups, resamples)) if own_share else None
        return cls(np.empty(shape), np.empty(shape), np.empty(shape), share)

    def put(self, start: int, part: Sums) -> None:
        """Put some resamples in their place."""
        end = start + part.people.shape[-1]
        for name in ("people", "known", "cases"):
            getattr(self, name)[..., start:end] = getattr(part, name)
        if self.share is not None and part.share is not None:
            self.share[:, start:end] = part.share

    def rates(self, group: int, at: slice = slice(None)) -> dict[str, Array]:
        """What some edges do in one group, by name [edges, r], as shares; NaN where there is nobody to count.

        `recall` is of those with the outcome, `ppv` of those flagged, `npv` of those not flagged,
        `false_positive_rate` of those without the outcome; `flagged`, `found` (with the outcome and flagged), `missed`
        (with it and not flagged) and `in_vain` (flagged without it) are of everybody with a band.
        """
        people, known, cases = (cells[group, 1:][at] for cells in (self.people, self.known, self.cases))
        everybody, all_known, all_cases = (cells[group, :1] for cells in (self.people, self.known, self.cases))
        wrong, others = known - cases, all_known - all_cases
        share = ratio(all_cases, all_known) if self.share is None else self.share[group][None]
        # How many of each kind are flagged, times how many there are of it.
        found, missed = (_part(above, all_cases, share) for above in (cases, all_cases - cases))
        in_vain, spared = (_part(above, others, 1 - share) for above in (wrong, others - wrong))
        return {
            "ppv": ratio(found, found + in_vain),
            "npv": ratio(spared, spared + missed),
            "recall": ratio(cases, all_cases),
            "false_positive_rate": ratio(wrong, others),
            "flagged": ratio(people, everybody),
            "found": found,
            "missed": missed,
            "in_vain": in_vain,
        }


class Tally:
    """Adds up the people of each group at or above each edge.

    Args:
        code: [n] each person's group.
        groups: how many groups.
        place: [n] how many edges each person reaches; -1 for people without a band, who are left out.
        edges: how many edges.
        outcome: [n] True for people known to have the outcome.
        share: gives the share with the outcome by each group's own follow-up; None for that of everybody's weights.
    """

    def __init__(
        self, code: NDArray[np.intp], groups: int, place: NDArray[np.intp], edges: int, outcome: Flags,
        share: Observed | None = None,
    ) -> None:  # fmt: skip
        self.shape = (groups, edges)
        self._share = share
        cell = np.where(place < 0, -1, code * (edges + 1) + place)
        size = groups * (edges + 1)
        one = np.ones(len(cell))
        self._people = Totals(cell, size, {"one": one})
        self._known = Totals(cell, size, {"one": one, "cases": outcome.astype(np.float64)})

    def __call__(self, weights: Weights) -> Sums:
        """The sums for weights of n people in b resamples."""
        added, known = self._people(weights.people), self._known(weights.known)
        people, all_known, cases = map(self._from_the_top, (added["one"], known["one"], known["cases"]))
        return Sums(people, all_known, cases, None if self._share is None else self._share(weights))

    def room(self, resamples: int) -> Sums:
        """Room for the sums of so many resamples."""
        return Sums.empty(*self.shape, resamples, own_share=self._share is not None)

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
        known: the same, clients whose outcome is known; `cases` those known to have it. Each counts once in a group,
            where their highest row stands, and rows without weight count nowhere: a file put in twice says no more.
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
        own_shares: whether groups get PPV and the like by their own follow-up; without, those are everybody's.
    """

    def __init__(
        self, logits: Array, banded: Flags, edges: Sequence[float], found: Sequence[Dimension], sample: Sample,
        *, own_shares: bool = True,
    ) -> None:  # fmt: skip
        self.edges = np.unique(np.array(edges, dtype=np.float64))
        place = np.where(banded, np.searchsorted(self.edges, logits, side="right"), -1)
        codes = {EVERYBODY: (np.zeros(len(place), dtype=np.intp), 1)}
        codes |= {item.id: (item.code, len(item.groups)) for item in found}
        cases = sample.label.known & sample.label.outcome
        size = len(self.edges)
        shares = {
            item.id: Observed(np.where(banded, item.code, -1), len(item.groups), sample)
            for item in (found if own_shares else ())
        }
        self.tallies = {
            name: Tally(code, groups, place, size, cases, shares.get(name)) for name, (code, groups) in codes.items()
        }
        self._counts = [_counts(code, groups, place, size, sample) for code, groups in codes.values()]

    def swept(self, once: Mapping[str, Sums], again: Mapping[str, Sums]) -> Swept:
        """The sums with the counts of rows."""
        rows, known, cases = (dict(zip(self.tallies, each, strict=True)) for each in zip(*self._counts, strict=True))
        return Swept(self.edges, once, again, rows, known, cases)


def run(sweeps: Sequence[Sweep], sample: Sample, progress: Progress | None = None) -> list[Swept]:
    """Every sweep, once and in the same resamples: so that two of them can be compared in pairs.

    Args:
        sweeps: of the same people.
        sample: the people.
        progress: is told how many resamples are done, and of how many.
    """
    total, done = sample.settings.resamples, 0
    again = [{name: tally.room(total) for name, tally in sweep.tallies.items()} for sweep in sweeps]
    for weights in sample.resamples():
        for sweep, sums in zip(sweeps, again, strict=True):
            for name, tally in sweep.tallies.items():
                sums[name].put(done, tally(weights))
        done += weights.people.shape[1]
        if progress is not None:
            progress(done, total)
    once = [{name: tally(sample.once) for name, tally in sweep.tallies.items()} for sweep in sweeps]
    return [sweep.swept(*sums) for sweep, *sums in zip(sweeps, once, again, strict=True)]


def one_each(
    client: NDArray[np.intp], code: NDArray[np.intp], place: NDArray[np.intp], rows: NDArray[np.intp]
) -> NDArray[np.intp]:
    """One of the `rows` for each client in each group: the one with the highest place."""
    order = rows[np.lexsort((place[rows], code[rows], client[rows]))]
    key = np.stack([client[order], code[order]])
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = np.any(key[:, 1:] != key[:, :-1], axis=0)
    return order[last]


def _part(above: Array, below: Array, share: Array) -> Array:
    """`above / below` of a share: 0 where the share is, whoever else there may be."""
    return np.where(share > 0, ratio(above, below) * share, share)


def _counts(
    code: NDArray[np.intp], groups: int, place: NDArray[np.intp], edges: int, sample: Sample
) -> list[NDArray[np.int64]]:
    """Rows, clients whose outcome is known and those known to have it; [groups, edges + 1], at or above each edge."""
    banded = np.flatnonzero(place >= 0)
    known = banded[sample.label.weight[banded] > 0]
    cases = known[sample.label.outcome[known]]
    found = []
    for rows in (banded, *(one_each(sample.client, code, place, rows) for rows in (known, cases))):
        cells = np.bincount(code[rows] * (edges + 1) + place[rows], minlength=groups * (edges + 1))
        found.append(np.cumsum(cells.reshape(groups, edges + 1)[:, ::-1], axis=1)[:, ::-1])
    return found

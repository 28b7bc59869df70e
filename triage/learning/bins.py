"""Along which steps may a table depart from the evidence?

Grid values with few people are taken together, so that a table has at most `MOST_BINS` steps that were learned. Along
an input with an order, a departure is a walk: each step from one bin to the next is a term of its own, so that near
values get near points. Answers without an order have a term each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.features import Features, Input
from triage.learning.tables import Places

Array = NDArray[np.float64]
MOST_BINS = 20
#: How far a table may depart from the evidence's own shape, against how far it may depart from its size.
SHAPE_SHARE = 1.0


@dataclass(frozen=True, eq=False)
class Bins:
    """The bins of every input.

    Attributes:
        of: by input, [grid values + 1] the bin of each place on the grid; -1 for a missing answer.
        counts: [inputs] how many bins there are.
        ordered: [inputs] whether the bins stand in an order.
    """

    of: tuple[NDArray[np.intp], ...]
    counts: tuple[int, ...]
    ordered: tuple[bool, ...]

    def by_bin(self, tables: Sequence[Array]) -> list[Array]:
        """Tables by grid value [grid values + 1] as means by bin [bins]."""
        means = []
        for part, table, size in zip(self.of, tables, self.counts, strict=True):
            members = np.bincount(part[:-1], minlength=size)
            means.append(np.bincount(part[:-1], table[:-1], size) / members)
        return means

    def codes(self, places: Places) -> Array:
        """Bins [n, inputs] as numbers, NaN where an answer is missing."""
        columns = [table[places[:, k]] for k, table in enumerate(self.of)]
        codes = np.column_stack(columns).astype(np.float64)
        codes[codes < 0] = np.nan
        return codes


def bins_of(places: Places, features: Features) -> Bins:
    """Bins with about as many of these people in each; an input with few values has a bin for each."""
    parts = [_bins(places[:, item.place], item) for item in features.inputs]
    of = tuple(np.r_[part, -1] for part in parts)
    ordered = tuple(item.direction != "none" or not item.codes for item in features.inputs)
    return Bins(of, tuple(int(part[-1]) + 1 for part in parts), ordered)


def _bins(column: NDArray[np.intp], item: Input) -> NDArray[np.intp]:
    size = len(item.grid.values)
    if size <= MOST_BINS:
        return np.arange(size)
    given = np.sort(column[column < size])
    if not len(given):
        return np.zeros(size, dtype=np.intp)
    # Every cut starts a bin, so the lowest value that anybody has is none.
    cuts = np.unique(given[(len(given) * np.arange(1, MOST_BINS)) // MOST_BINS])
    cuts = cuts[cuts > given[0]]
    return np.searchsorted(cuts, np.arange(size), side="right")


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of the regression: for each, its input and what it is worth in each bin.

    Attributes:
        owner: [terms] the input of each term.
        shapes: by input, [bins, terms of the input]: zero on average over the people who answered.
        scale: [terms] each term's share of the spread: a departure from end to end has a spread of about 1.
    """

    owner: NDArray[np.intp]
    shapes: tuple[Array, ...]
    scale: Array

    def design(self, codes: Array) -> Array:
        """[n, terms]: every term's value for each person; 0 where the answer is missing."""
        columns = []
        for k, shape in enumerate(self.shapes):
            missing = np.isnan(codes[:, k])
            places = np.where(missing, len(shape), codes[:, k]).astype(np.intp)
            columns.append(np.vstack([shape, np.zeros(shape.shape[1])])[places])
        return np.ascontiguousarray(np.hstack(columns))

    def values(self, weights: Array) -> list[Array]:
        """By input, [bins] the departure that these weights of the terms [terms] add up to."""
        return [shape @ weights[self.owner == k] for k, shape in enumerate(self.shapes)]


def terms_of(bins: Bins, codes: Array, weight: Array, evidence: Sequence[Array]) -> Terms:
    """The terms for people with these codes [n, inputs] and weights [n]; `evidence` is log-odds by input and bin."""
    shapes, scales = [], []
    for k, size in enumerate(bins.counts):
        given = ~np.isnan(codes[:, k])
        share = np.bincount(codes[given, k].astype(np.intp), weight[given], size)
        total = share.sum()
        share = share / total if total else np.full(size, 1 / size)
        raw, scale = _shapes(size, bins.ordered[k], evidence[k])
        shapes.append(raw - share @ raw)
        scales.append(scale)
    owner = np.repeat(np.arange(len(shapes)), [shape.shape[1] for shape in shapes])
    return Terms(owner, tuple(shapes), np.concatenate(scales))


def _shapes(size: int, ordered: bool, evidence: Array) -> tuple[Array, Array]:
    """The terms of one input [bins, terms] and their scales [terms]: its size, then its steps or answers."""
    if size == 1:
        return np.empty((1, 0)), np.empty(0)
    reach = float(np.ptp(evidence))
    along = evidence / reach if reach else np.linspace(0.0, 1.0, size)
    if size == 2:
        return along[:, np.newaxis], np.ones(1)
    if ordered:
        steps = (np.arange(size)[:, np.newaxis] >= np.arange(1, size)).astype(np.float64)
        scale = SHAPE_SHARE / np.sqrt(size - 1)
    else:
        steps, scale = np.eye(size), SHAPE_SHARE / np.sqrt(2)
    return np.column_stack([along, steps]), np.r_[1.0, np.full(steps.shape[1], scale)]

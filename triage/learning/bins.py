"""Along which steps may a table depart from the evidence?

Grid values with few people are taken together, so that a table has at most `MOST_BINS` steps that were learned. Along
an input with an order, a departure is a walk: each step from one bin to the next is a term of its own, so that near
values get near points. Answers without an order have a term each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.features import Features, Input
from triage.learning.tables import Places

Array = NDArray[np.float64]
MOST_BINS = 20


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


def terms_of(bins: Bins, codes: Array, weight: Array) -> Terms:
    """The terms for people with these codes [n, inputs] and weights [n]."""
    shapes, scales = [], []
    for k, size in enumerate(bins.counts):
        given = ~np.isnan(codes[:, k])
        share = np.bincount(codes[given, k].astype(np.intp), weight[given], size)
        total = share.sum()
        share = share / total if total else np.full(size, 1 / size)
        if bins.ordered[k]:
            raw = (np.arange(size)[:, np.newaxis] >= np.arange(1, size)).astype(np.float64)
            scale = 1 / np.sqrt(max(size - 1, 1))
        else:
            raw, scale = np.eye(size), 1 / np.sqrt(2)
        shapes.append(raw - share @ raw)
        scales.append(np.full(raw.shape[1], scale))
    owner = np.repeat(np.arange(len(shapes)), [shape.shape[1] for shape in shapes])
    return Terms(owner, tuple(shapes), np.concatenate(scales))

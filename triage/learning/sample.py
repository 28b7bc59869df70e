"""Whom does a model learn from? People in an order of their own, where they start from, and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.features import Features
from triage.learning.bins import Bins, bins_of
from triage.learning.folds import in_order, people_of
from triage.learning.settings import Settings
from triage.learning.start import Start
from triage.learning.tables import Places, places_of
from triage.outcomes import Label, Outcomes

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """The people of one learning, sorted by what stands in their rows.

    Attributes:
        start, settings, horizon: what was asked for.
        outcomes: the rows in order.
        order: [n] for each of them, its place in the rows that were given.
        label: their outcomes at the horizon.
        places, codes: [n, inputs] places on the grids, and bins (NaN where missing).
        clients: the distinct clients; `client` [n] is the place of each row's among them.
        scale: what the label's weights are multiplied by, so that they add up to the number of people that they are
            worth (Kish 1965).
    """

    start: Start
    settings: Settings
    horizon: float
    outcomes: Outcomes
    order: NDArray[np.intp]
    label: Label
    places: Places
    bins: Bins
    codes: Array
    clients: NDArray[np.object_]
    client: NDArray[np.intp]
    scale: float

    @classmethod
    def of(cls, outcomes: Outcomes, start: Start, horizon: float, settings: Settings) -> Sample:
        """The sample of some outcomes."""
        order = in_order(outcomes)
        ordered = outcomes.take(order)
        label = ordered.label(horizon, settings.competing)
        places = places_of(ordered.inputs, start.features)
        bins = bins_of(places, start.features)
        clients, client = people_of(ordered)
        return cls(
            start, settings, horizon, ordered, order, label, places, bins, bins.codes(places), clients, client,
            _scale(label.weight),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.order)

    @property
    def features(self) -> Features:
        """The features that the answers were encoded with."""
        return self.start.features

    @cached_property
    def outcome(self) -> Array:
        """[n] 1 for the outcome, 0 without it or where it is not known."""
        return self.label.outcome.astype(np.float64)

    @cached_property
    def weight(self) -> Array:
        """[n] the label's weights, scaled to add up to the number of people that they are worth."""
        return self.label.weight * self.scale

    @cached_property
    def offset(self) -> Array:
        """[n] log-odds by the evidence."""
        return self.start.tables.logits(self.places)

    @cached_property
    def evidence(self) -> list[Array]:
        """By input, [bins] log-odds by the evidence."""
        return self.bins.by_bin(self.start.tables.values)

    @cached_property
    def shares(self) -> tuple[Array, ...]:
        """By input, how the people with a known outcome who answered are spread over the grid values."""
        known = self.places[self.label.known]
        found = []
        for item in self.features.inputs:
            size = len(item.grid.values)
            counts = np.bincount(known[:, item.place], minlength=size + 1)[:size].astype(np.float64)
            found.append(counts / counts.sum() if counts.sum() else np.full(size, 1 / size))
        return tuple(found)

    def reweighted(self, by_client: Array) -> Sample:
        """The same people with their own weights times one factor per client; the censoring weights follow.

        The scale stays: the factors say how another sample of as many people could look, and not that there are fewer.
        """
        weighted = replace(self.outcomes, weight=self.outcomes.weight * by_client[self.client])
        return replace(self, outcomes=weighted, label=weighted.label(self.horizon, self.settings.competing))

    def given_order(self, values: Array) -> Array:
        """`values` [n] by sorted row, put in the order in which the rows were given."""
        found = np.empty_like(values)
        found[self.order] = values
        return found


def _scale(weight: Array) -> float:
    total = float(np.sum(weight**2))
    return float(weight.sum()) / total if total else 1.0

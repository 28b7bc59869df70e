"""Who is proposed for the places of one list? The highest scores, and never part of a tied group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.cutoffs.cutoffs import Cutoffs, CutPoints


@dataclass(frozen=True)
class Edge:
    """A tied group that does not fit into the places that are left, so that a person has to decide.

    Attributes:
        band: the band whose places are meant.
        tied: how many people share the score at the edge.
        places_left: how many of the places are left for them.
        logit: the score that they share, in log-odds.
    """

    band: str
    tied: int
    places_left: int
    logit: float


@dataclass(frozen=True)
class Proposal:
    """The cut-off points of one list, and the groups at their edges.

    Attributes:
        points: cut-off points that hold for this list.
        edges: one for each capacity whose edge falls inside a tied group.
        used_fallback: True if no band has a capacity, so that the rules of a single client hold.
    """

    points: CutPoints
    edges: tuple[Edge, ...]
    used_fallback: bool

    def at_the_edge(self, band_logits: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of these log-odds belong to a tied group at an edge."""
        return np.isin(band_logits, [edge.logit for edge in self.edges])


def propose(cutoffs: Cutoffs, single: CutPoints, band_logits: NDArray[np.float64]) -> Proposal:
    """The cut-off points for one list.

    Places go to the highest scores. A tied group is never split: it stays below the cut-off and is named. A score
    at or above the national floor of a band is in that band whatever the places.

    Args:
        cutoffs: the policy.
        single: its cut-off points for a single client.
        band_logits: log-odds that decide on bands, of everybody on the list with enough answers.
    """
    ordered = np.sort(band_logits)[::-1]
    points, groups = list(single.edges), []
    taken = 0
    for place in range(len(cutoffs.bands) - 1, 0, -1):
        rule, edge = cutoffs.bands[place].rule, None
        if rule is not None and rule.capacity is not None:
            cut, edge = _share_out(ordered, taken + rule.capacity, cutoffs.bands[place].id)
            points[place - 1] = min(cut, single.floors[place - 1])
        # A band can never be harder to reach than the one above it.
        points[place - 1] = min(points[place - 1 :])
        if edge is not None and edge.logit < points[place - 1]:
            groups.append(edge)
        taken = int(np.count_nonzero(ordered >= points[place - 1]))
    final = CutPoints(single.ids, tuple(points), single.floors)
    return Proposal(final, tuple(groups), not cutoffs.has_capacity)


def _share_out(ordered: NDArray[np.float64], places: int, band: str) -> tuple[float, Edge | None]:
    """The smallest log-odds that get one of the places, and the tied group that does not fit."""
    if places >= len(ordered):
        return (-np.inf, None)
    next_in_line = float(ordered[places])
    above = int(np.count_nonzero(ordered > next_in_line))
    cut = float(ordered[above - 1]) if above else float("inf")
    if above == places:
        return cut, None
    tied = int(np.count_nonzero(ordered == next_in_line))
    return cut, Edge(band, tied, places - above, next_in_line)

"""In which order are the places of one event offered, and who stands near the line? A proposal, and nothing more."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triage.cutoffs.capacity import propose
from triage.cutoffs.cutoffs import Cutoffs, CutPoints
from triage.cutoffs.schema import Rule
from triage.errors import CutoffsError

#: Where somebody stands: in a band above this one; with a place; in the tied group at the edge of the places; on the
#: reserve; in the tied group at its edge; or after that.
Part = Literal["above", "place", "edge", "reserve", "reserve_edge", "below"]
MOST_PLACES = 1_000_000


@dataclass(frozen=True)
class Tied:
    """A group of equal scores that is larger than what is left for it: how many people, and how many are left."""

    people: int
    left: int


@dataclass(frozen=True)
class Order:
    """The proposed order of one list, for each person in the order in which they were given.

    Attributes:
        ranks: 1 and how many people have a higher score; people with equal scores have equal ranks.
        parts: where each person stands.
        bands: the band that is proposed for each; a tied group at the edge stays below until a person decides.
        near: True for those with a place who stand near the line.
        edge: the tied group at the edge of the places; None where there is none.
        reserve_edge: the same for the reserve.
        left: places for which nobody is proposed.
    """

    ranks: tuple[int, ...]
    parts: tuple[Part, ...]
    bands: tuple[str, ...]
    near: tuple[bool, ...]
    edge: Tied | None
    reserve_edge: Tied | None
    left: int


def with_places(cutoffs: Cutoffs, band: str, places: int) -> Cutoffs:
    """The policy with so many places of one band for one list; its own rule of that band holds for a single client.

    The version names the places, so that a band that rests on them is never taken for one of the policy alone.

    Raises:
        CutoffsError: there is no such band, it is everybody's, or the number is not one of places.
    """
    chosen = cutoffs.band(band)
    if chosen.rule is None:
        raise CutoffsError(f"The band '{band}' is everybody's, so it has no places to share out. Name one above it.")
    if not 1 <= places <= MOST_PLACES:
        raise CutoffsError(f"Give a whole number of places from 1 to {MOST_PLACES:,}.")
    new = replace(chosen, rule=Rule(capacity=places, fallback=chosen.rule.level))
    bands = tuple(new if item.id == band else item for item in cutoffs.bands)
    file = replace(cutoffs.file, version=f"{cutoffs.file.version}+{band}={places}", bands=bands)
    return Cutoffs(file, hashlib.sha256(f"{cutoffs.digest}\0{band}\0{places}".encode()).hexdigest())


def order(
    cutoffs: Cutoffs,
    single: CutPoints,
    band: str,
    band_logits: NDArray[np.float64],
    lower_logits: NDArray[np.float64],
    reserve: int = 0,
) -> Order:
    """The order in which the places of `band` are offered.

    Somebody with a place is near the line if the range of their score reaches down to the next person without one, or
    if their odds are less than `reason_odds_ratio` times as high: what the policy takes for no difference.

    Args:
        cutoffs: the policy `with_places` of that band.
        single: its cut-off points for a single client.
        band: whose places they are.
        band_logits: [n] log-odds that decide on bands, of everybody with enough answers.
        lower_logits: [n] the lower ends of their ranges on the same scale.
        reserve: how many people are to stand ready for a place that is given back.
    """
    proposal = propose(cutoffs, single, band_logits)
    found, place = proposal.points.places(band_logits), proposal.points.ids.index(band)
    rule = cutoffs.band(band).rule
    assert rule is not None
    assert rule.capacity is not None
    inside, waiting = found == place, found < place
    left = max(rule.capacity - int(np.count_nonzero(inside)), 0)
    groups, sizes = np.unique(band_logits[waiting], return_counts=True)
    named, edge, reserve_edge = _queued(list(zip(groups[::-1], sizes[::-1], strict=True)), left, reserve)
    line, least = groups.max(initial=-math.inf), math.log(cutoffs.file.reason_odds_ratio)
    near = inside & ((lower_logits <= line) | (band_logits - line < least))
    parts: list[Part] = [
        "above" if above else "place" if has else named[float(logit)]
        for above, has, logit in zip(found > place, inside, band_logits, strict=True)
    ]
    return Order(
        tuple((1 + len(found) - np.searchsorted(np.sort(band_logits), band_logits, side="right")).tolist()),
        tuple(parts), tuple(proposal.points.ids[at] for at in found), tuple(near.tolist()), edge, reserve_edge, left,
    )  # fmt: skip


def _queued(
    queue: Sequence[tuple[float, int]], left: int, reserve: int
) -> tuple[dict[float, Part], Tied | None, Tied | None]:
    """Where each group of equal scores without a place stands, and the tied groups at the two edges.

    Of the group at the edge of the places, those who get none are the first of the reserve.
    """
    named: dict[float, Part] = {}
    edge = reserve_edge = None
    for logit, people in ((float(logit), int(people)) for logit, people in queue):
        if not named and left:
            named[logit], edge = "edge", Tied(people, left)
            reserve = max(reserve - (people - left), 0)
        elif people <= reserve:
            named[logit] = "reserve"
            reserve -= people
        elif reserve:
            named[logit], reserve_edge, reserve = "reserve_edge", Tied(people, reserve), 0
        else:
            named[logit] = "below"
    return named, edge, reserve_edge

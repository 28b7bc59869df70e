"""In which order are the places of an event offered? Checked against a slow and plain way, for any list."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_capacity import IDS, SCORES, points, policy
from tests.worlds import examples
from triage.cutoffs import Order, order, propose, with_places
from triage.errors import CutoffsError

PLACES = st.integers(1, 12)
RESERVES = st.integers(0, 8)
BANDS = st.sampled_from(IDS[1:3])
WIDTHS = st.floats(0, 4)


def proposed(scores: list[float], band: str, places: int, reserve: int, width: float = 0.0) -> Order:
    """The order of some people, each with a range that reaches so far down."""
    logits = np.array(scores, dtype=np.float64)
    single = points(2, {})
    return order(with_places(policy([None, None]), band, places), single, band, logits, logits - width, reserve)


@given(scores=SCORES, band=BANDS, places=PLACES, reserve=RESERVES)
@examples(300)
def test_everybody_comes_out_and_equal_scores_stay_together(
    scores: list[float], band: str, places: int, reserve: int
) -> None:
    found = proposed(scores, band, places, reserve)
    assert len(found.parts) == len(found.ranks) == len(found.bands) == len(found.near) == len(scores)
    for score in set(scores):
        alike = [at for at, one in enumerate(scores) if one == score]
        assert len({(found.parts[at], found.ranks[at], found.bands[at], found.near[at]) for at in alike}) == 1
    assert list(found.ranks) == [1 + sum(other > one for other in scores) for one in scores]


@given(scores=SCORES, band=BANDS, places=PLACES, reserve=RESERVES)
@examples(300)
def test_places_and_the_reserve_go_down_the_order_and_are_never_overfilled(
    scores: list[float], band: str, places: int, reserve: int
) -> None:
    found = proposed(scores, band, places, reserve)
    line = [part for _, part in sorted(zip((-one for one in scores), found.parts, strict=True))]
    after = [name for name in ("above", "place", "edge", "reserve", "reserve_edge", "below") if name in line]
    assert list(dict.fromkeys(line)) == after, "a lower score never stands before a higher one"
    assert line.count("place") <= places
    if found.edge is None:
        assert found.left == places - line.count("place")
        assert not found.left or set(line) <= {"above", "place"}
        assert line.count("reserve") <= reserve
    else:
        assert found.edge.people == line.count("edge") > found.edge.left == places - line.count("place") > 0
        assert line.count("reserve") <= max(reserve - (found.edge.people - found.edge.left), 0)
    if found.reserve_edge is not None:
        assert found.reserve_edge.people == line.count("reserve_edge") > found.reserve_edge.left > 0
    if "below" in line and not reserve:
        assert "reserve" not in line


@given(scores=SCORES, places=PLACES)
@examples(200)
def test_it_is_the_solver_of_the_lists_with_the_tied_group_that_it_names(scores: list[float], places: int) -> None:
    cutoffs, single = with_places(policy([None, None]), IDS[2], places), points(2, {})
    proposal = propose(cutoffs, single, np.array(scores, dtype=np.float64))
    found = proposed(scores, IDS[2], places, 0)
    assert [proposal.points.ids[proposal.points.place(score)] for score in scores] == list(found.bands)
    named = [(edge.tied, edge.places_left) for edge in proposal.edges]
    assert named == ([(found.edge.people, found.edge.left)] if found.edge else [])


@given(scores=SCORES, places=PLACES, width=WIDTHS)
@examples(300)
def test_near_the_line_is_whoever_cannot_be_told_from_the_next_without_a_place(
    scores: list[float], places: int, width: float
) -> None:
    found = proposed(scores, IDS[2], places, 0, width)
    without = [one for one, part in zip(scores, found.parts, strict=True) if part != "place"]
    for score, part, near in zip(scores, found.parts, found.near, strict=True):
        if part != "place" or not without:
            assert not near
        else:
            # The cut-offs of these tests take a tenth of the odds for no difference.
            assert near == (score - width <= max(without) or score - max(without) < math.log(1.1))


@given(scores=SCORES, places=PLACES, floor=st.integers(-6, 6))
@examples(200)
def test_a_national_floor_holds_whatever_the_places(scores: list[float], places: int, floor: int) -> None:
    single = points(2, {1: floor / 2})
    logits = np.array(scores, dtype=np.float64)
    cutoffs = with_places(policy([None, None]), IDS[2], places)
    found = order(cutoffs, single, IDS[2], logits, logits)
    held = [part for score, part in zip(scores, found.parts, strict=True) if score >= floor / 2]
    assert set(held) <= {"place"}


@given(scores=SCORES, places=PLACES, reserve=RESERVES, mixed=st.randoms(use_true_random=False))
@examples(60)
def test_the_order_of_the_list_does_not_matter(scores: list[float], places: int, reserve: int, mixed: object) -> None:
    other = list(scores)
    mixed.shuffle(other)  # type: ignore[attr-defined]
    one, two = (proposed(each, IDS[1], places, reserve) for each in (scores, other))
    assert sorted(zip(scores, one.parts, one.ranks, strict=True)) == sorted(
        zip(other, two.parts, two.ranks, strict=True)
    )


def test_six_people_with_one_score_and_two_places_left() -> None:
    found = proposed([2.0, 2.0, *[1.0] * 6, 0.5, 0.0], IDS[2], 4, 6)
    assert found.parts == ("place", "place", *["edge"] * 6, "reserve", "reserve")
    assert found.ranks == (1, 1, *[3] * 6, 9, 10)
    assert found.edge is not None
    assert (found.edge.people, found.edge.left, found.left) == (6, 2, 2)
    assert set(found.bands[2:8]) == {IDS[1]}, "they stay below until a person decides"


def test_the_version_names_the_places() -> None:
    cutoffs = policy([None, None])
    made = with_places(cutoffs, IDS[2], 40)
    assert made.version == f"{cutoffs.version}+{IDS[2]}=40"
    assert made.digest != with_places(cutoffs, IDS[2], 41).digest
    assert replace(made.band(IDS[2]), rule=None) == replace(cutoffs.band(IDS[2]), rule=None)


@pytest.mark.parametrize(("band", "places"), [(IDS[0], 4), ("nobody", 4), (IDS[1], 0), (IDS[1], 1_000_001)])
def test_places_that_are_none_are_refused(band: str, places: int) -> None:
    with pytest.raises(CutoffsError):
        with_places(policy([None, None]), band, places)

"""Who gets the places of one list? Checked against a slow and plain way of sharing them out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.cutoffs import Cutoffs, CutoffsFile, CutPoints, propose
from triage.schema import validate

SCORES = st.lists(st.integers(-6, 6).map(lambda k: k / 2), max_size=40)
IDS = ("standard", "enhanced", "intensive", "most")


def policy(rules: list[int | None]) -> Cutoffs:
    """Bands above the standard one: a number of places, or None for a fixed cut-off."""
    bands: list[dict[str, Any]] = [{"id": IDS[0], "name": "a", "offers": "a"}]
    for place, rule in enumerate(rules):
        level = {"probability": (0.2, 0.5, 0.8)[place]}
        found = level if rule is None else {"capacity": rule, "fallback": level}
        bands.append({"id": IDS[place + 1], "name": "b", "offers": "b", "rule": found})
    data = {
        "id": "x", "version": "1", "title": "x", "checklist": "x", "permitted_use": "x", "reasoning": "x",
        "bands": bands, "enough_answers": {"at_least": 1}, "enough_is_known": 0.1, "reason_odds_ratio": 1.1,
        "complex_needs_from": 3,
    }  # fmt: skip
    return Cutoffs(validate(CutoffsFile, data), "")


def points(count: int, floors: dict[int, float]) -> CutPoints:
    edges = (-1.5, 0.0, 1.5)[:count]
    return CutPoints(IDS[: count + 1], edges, tuple(floors.get(place, math.inf) for place in range(count)))


def by_hand(rules: list[int | None], single: CutPoints, scores: list[float]) -> dict[float, int]:
    """The band of each distinct score: groups of equal scores, from the highest, take places while they all fit."""
    groups = sorted(set(scores), reverse=True)
    found: dict[float, int] = {}
    for place in range(len(rules), 0, -1):
        rule, used = rules[place - 1], 0
        full = False
        for score in groups:
            if score in found:
                continue
            size = scores.count(score)
            by_floor = score >= single.floors[place - 1]
            if rule is None:
                inside = score >= single.edges[place - 1]
            elif full or used + size > rule:
                # No later group may jump the queue, however small it is; a floor holds whatever the places.
                full, inside = True, by_floor
            else:
                inside = True
            if inside:
                found[score] = place
                used += size
    return {score: found.get(score, 0) for score in groups}


RULES = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=3)


@given(rules=RULES, scores=SCORES)
@examples(400)
def test_places_go_to_the_highest_and_equal_scores_stay_together(rules: list[int | None], scores: list[float]) -> None:
    single = points(len(rules), {})
    proposal = propose(policy(rules), single, np.array(scores))
    assert {score: proposal.points.place(score) for score in set(scores)} == by_hand(rules, single, scores)


@given(rules=RULES, scores=SCORES, floor=st.integers(-6, 6), place=st.integers(0, 2))
@examples(300)
def test_no_capacity_pushes_anybody_below_the_national_floor(
    rules: list[int | None], scores: list[float], floor: int, place: int
) -> None:
    place = min(place, len(rules) - 1)
    if rules[place] is None:
        return
    single = points(len(rules), {place: floor / 2})
    proposal = propose(policy(rules), single, np.array(scores))
    assert all(proposal.points.place(score) >= place + 1 for score in scores if score >= floor / 2)


@given(rules=RULES, scores=SCORES)
@examples(300)
def test_nobody_gets_less_than_the_standard_band(rules: list[int | None], scores: list[float]) -> None:
    proposal = propose(policy(rules), points(len(rules), {}), np.array(scores))
    places = [proposal.points.place(score) for score in sorted(scores)]
    assert all(place >= 0 for place in places)
    assert places == sorted(places), "a higher score never gets less"
    assert list(proposal.points.edges) == sorted(proposal.points.edges)


@given(rules=RULES, scores=SCORES)
@examples(300)
def test_a_tied_group_at_the_edge_is_named_with_its_size_and_the_places_left(
    rules: list[int | None], scores: list[float]
) -> None:
    proposal = propose(policy(rules), points(len(rules), {}), np.array(scores))
    for edge in proposal.edges:
        place = IDS.index(edge.band)
        assert edge.tied == scores.count(edge.logit)
        assert 0 < edge.places_left < edge.tied
        assert proposal.points.place(edge.logit) < place, "the group stays below until a person decides"
        inside = sum(1 for score in scores if proposal.points.place(score) == place)
        assert inside + edge.places_left == rules[place - 1]
    named = proposal.at_the_edge(np.array(scores))
    assert named.tolist() == [score in {edge.logit for edge in proposal.edges} for score in scores]


@given(rules=RULES, scores=SCORES)
@examples(200)
def test_places_are_used_up_as_far_as_whole_groups_allow(rules: list[int | None], scores: list[float]) -> None:
    proposal = propose(policy(rules), points(len(rules), {}), np.array(scores))
    for place, rule in enumerate(rules, start=1):
        inside = [score for score in scores if proposal.points.place(score) == place]
        below = [score for score in scores if proposal.points.place(score) < place]
        if rule is None:
            continue
        assert len(inside) <= rule
        if below:
            next_group = below.count(max(below))
            assert len(inside) + next_group > rule, "the next group would have fitted"


@given(scores=SCORES, order=st.randoms(use_true_random=False))
@examples(60)
def test_the_order_of_the_list_does_not_matter(scores: list[float], order: Any) -> None:
    other = list(scores)
    order.shuffle(other)
    cutoffs, single = policy([4, 3]), points(2, {})
    assert propose(cutoffs, single, np.array(scores)) == propose(cutoffs, single, np.array(other))


def test_without_a_capacity_the_rules_of_a_single_client_hold() -> None:
    single = points(2, {})
    proposal = propose(policy([None, None]), single, np.array([0.0, 2.0]))
    assert proposal.points == single
    assert proposal.used_fallback
    assert proposal.edges == ()


def test_an_empty_list_is_no_trouble() -> None:
    proposal = propose(policy([3, 0]), points(2, {}), np.array([]))
    assert proposal.edges == ()
    assert proposal.points.place(5.0) >= 0


def test_people_in_a_higher_band_take_no_place_of_a_lower_one() -> None:
    """Three places below, and two people above who got theirs by a capacity that reaches past a fixed cut-off."""
    proposal = propose(policy([3, None, 2]), points(3, {}), np.array([-0.5, -0.6, -0.7, -0.8, -0.9, -1.0]))
    assert [proposal.points.place(score) for score in (-0.5, -0.6, -0.7, -0.8, -0.9, -1.0)] == [3, 3, 1, 1, 1, 0]

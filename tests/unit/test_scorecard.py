"""Does a scorecard refuse tables that could break a rule, and does it say what it can be expected to do?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.errors import Defect
from triage.numbers import UNIT
from triage.scorecard import InputTable, Scorecard
from triage.scorecard.expected import expected_at, expected_auc

DRAWS = 10


def table(points: tuple[float, ...] = (-0.5, 0.0, 0.75), edges: tuple[float, ...] = (1.0, 3.0)) -> InputTable:
    draws = np.add.outer(np.array(points), np.arange(-5, 5) / 8)
    return InputTable("a", "qa", edges, points, draws, np.zeros(DRAWS))


def card(*tables: InputTable, baseline: float = -2.0) -> Scorecard:
    return Scorecard(baseline, tables or (table(),), 2, 9)


def test_a_value_at_an_edge_belongs_above_it() -> None:
    found = [table().at(value) for value in (0.0, 0.999, 1.0, 2.9, 3.0, 99.0)]
    assert found == [-0.5, -0.5, 0.0, 0.0, 0.75, 0.75]


def test_a_missing_value_is_worth_exactly_nothing() -> None:
    assert table().at(math.nan) == 0.0
    assert card().logit([math.nan]) == -2.0
    assert card().contributions([math.nan]) == (0.0,)


def test_one_client_and_many_give_the_same() -> None:
    two = card(table(), replace(table((0.25, 1.0), (2.0,)), input_id="b"))
    rows = np.array([[0.0, 5.0], [math.nan, 1.0], [3.0, math.nan], [math.nan, math.nan]])
    many = two.contributions_many(rows)
    assert [tuple(row) for row in many.tolist()] == [two.contributions(row) for row in rows.tolist()]
    assert [two.logit(row) for row in rows.tolist()] == (two.baseline + many.sum(axis=1)).tolist()


def test_the_range_is_order_statistics_of_the_draws_and_holds_the_score() -> None:
    one = card()
    lower, upper = one.interval_logits(np.array([[0.0], [5.0], [math.nan]]))
    for place, value in enumerate((0, 2)):
        sums = sorted(one.baseline + one.tables[0].draws[value])
        logit = one.baseline + one.tables[0].points[value]
        assert lower[place] == min(sums[1], logit)
        assert upper[place] == max(sums[8], logit)
    assert lower[2] == upper[2] == one.baseline


def test_the_nominal_coverage_is_that_of_the_ranks() -> None:
    assert card().coverage == pytest.approx(7 / 11)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: card(table((0.1, 0.2, 0.3))), "not a multiple"),
        (lambda: card(baseline=0.1), "not a multiple"),
        (lambda: card(baseline=math.nan), "multiple|add up"),
        (lambda: card(baseline=17.0), "multiple|add up"),
        (lambda: card(table((-9.0, 0.0, 9.0)), table((-9.0, 0.0, 9.0))), "add up to more than 16"),
        (lambda: card(table((14.0 + UNIT, 0.0, 0.0))), "add up to more than 16"),
        (lambda: card(table(edges=(1.0,))), "edges that do not fit"),
        (lambda: card(table(edges=(3.0, 1.0))), "edges that do not fit"),
        (lambda: card(table(edges=(1.0, 1.0))), "edges that do not fit"),
        (lambda: card(replace(table(), draws=np.zeros((2, DRAWS)))), "draws of the wrong shape"),
        (lambda: card(replace(table(), missing_draws=np.zeros(3))), "draws of the wrong shape"),
        (lambda: card(replace(table(), draws=np.full((3, DRAWS), 0.1))), "not a multiple"),
        (lambda: card(replace(table(), missing_draws=np.full(DRAWS, np.inf))), "not a multiple"),
        (lambda: replace(card(), lower_rank=0), "ranks"),
        (lambda: replace(card(), upper_rank=11), "ranks"),
        (lambda: replace(card(), lower_rank=9), "ranks"),
    ],
)
def test_tables_that_could_break_a_rule_are_refused(make: Any, says: str) -> None:
    with pytest.raises(Defect, match=says):
        make()


def test_the_very_edge_of_the_range_is_allowed() -> None:
    assert card(table((14.0, 0.0, 0.0))).logit([0.0]) == 12.0


# ------------------------------------------------------------------------- what can be expected

CHANCES = st.lists(st.integers(1, 99).map(lambda k: k / 100), min_size=3, max_size=60)


@given(chances=CHANCES, share=st.sampled_from([0.08, 0.3, 0.5, 0.9]))
@examples(150)
def test_flagging_a_share_finds_what_counting_finds(chances: list[float], share: float) -> None:
    """Against copying each person ten thousand times and flagging one after the other."""
    chance = np.array(chances)
    found = expected_at(chance, chance, share)
    wanted, left, hit = share * len(chance), share * len(chance), 0.0
    for score in sorted(set(chances), reverse=True):
        group = chances.count(score)
        taken = min(group, left)
        hit += taken * score
        left -= taken
    assert left == pytest.approx(0, abs=1e-9)
    assert found.ppv == pytest.approx(hit / wanted)
    assert found.sensitivity == pytest.approx(hit / sum(chances))
    ill_left = sum(chances) - hit
    assert found.npv == pytest.approx(1 - ill_left / (len(chances) - wanted))


@given(chances=CHANCES, scores=st.lists(st.integers(0, 5), min_size=60, max_size=60))
@examples(100)
def test_the_auc_is_the_chance_that_a_pair_stands_in_the_right_order(chances: list[float], scores: list[int]) -> None:
    score, chance = np.array(scores[: len(chances)], dtype=float), np.array(chances)
    right = total = 0.0
    for one in range(len(chance)):
        for other in range(len(chance)):
            weight = chance[one] * (1 - chance[other])
            total += weight
            right += weight * (1.0 if score[one] > score[other] else 0.5 if score[one] == score[other] else 0.0)
    assert expected_auc(score, chance) == pytest.approx(right / total)


def test_a_score_that_says_nothing_has_an_auc_of_a_half() -> None:
    assert expected_auc(np.zeros(50), np.linspace(0.1, 0.9, 50)) == pytest.approx(0.5)

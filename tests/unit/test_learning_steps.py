"""Does each step between the fit and the release do what it says, and no more?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from tests.learning_people import start_of, write_content
from triage.learning import Start
from triage.learning.steps import centred, directed, in_range, moved, neutral, rounded, scaled
from triage.learning.tables import Tables, places_of

Array = NDArray[np.float64]
UNIT = 2.0**-36
YEARS, HEALTH, SKILL = 1, (3, 4), 5
#: The codes of "good", "fair" and "poor" in the two inputs of "health".
PATH = ((0, 0), (1, 0), (0, 1))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return start_of(write_content(tmp_path_factory.mktemp("tiny")))


def random_tables(seed: int, start: Start, spread: float = 1.0) -> Tables:
    random = np.random.default_rng(seed)
    values = [random.normal(0, spread, len(item.grid.values) + 1) for item in start.features.inputs]
    return Tables(float(random.normal()), tuple(values))


def random_shares(seed: int, start: Start) -> list[Array]:
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(len(item.grid.values))) for item in start.features.inputs]


def slow_isotonic(values: Array, weight: Array) -> Array:
    """Rising, by the formula of minima and maxima of means (Barlow and others 1972): no algorithm to get wrong."""
    size = len(values)

    def mean(one: int, other: int) -> float:
        return float(np.average(values[one : other + 1], weights=weight[one : other + 1]))

    return np.array([max(min(mean(a, b) for b in range(k, size)) for a in range(k + 1)) for k in range(size)])


@pytest.mark.parametrize("seed", range(5))
def test_a_directed_input_gets_the_nearest_table_that_keeps_the_direction(start: Start, seed: int) -> None:
    tables, shares = random_tables(seed, start), random_shares(seed, start)
    found = directed(tables, start.features, shares, start.tables)
    rising = found.values[YEARS]
    assert np.all(np.diff(rising[:-1]) >= 0)
    np.testing.assert_allclose(rising[:-1], slow_isotonic(tables.values[YEARS][:-1], shares[YEARS]), atol=1e-4)
    falling = IsotonicRegression(increasing=False).fit_transform(
        np.arange(3), tables.values[SKILL][:-1], sample_weight=shares[SKILL] + 1e-6
    )
    np.testing.assert_allclose(found.values[SKILL][:-1], falling, atol=1e-12)
    for place in (0, 2, 6):
        np.testing.assert_array_equal(found.values[place], tables.values[place])
    assert [table[-1] for table in found.values] == [table[-1] for table in tables.values]
    assert found.intercept == tables.intercept


def health_path(tables: Tables) -> list[float]:
    one, other = (tables.values[place] for place in HEALTH)
    return [float(one[a] + other[b]) for a, b in PATH]


@pytest.mark.parametrize("seed", range(20))
def test_a_choice_whose_inputs_have_a_direction_only_together_keeps_it(start: Start, seed: int) -> None:
    tables = random_tables(seed, start)
    before = health_path(tables)
    kept = all(one <= other for one, other in pairwise(before))
    found = directed(tables, start.features, random_shares(seed, start), start.tables)
    after = health_path(found)
    assert all(one <= other for one, other in pairwise(after))
    for place in HEALTH:
        fit, evidence, now = tables.values[place][:-1], start.tables.values[place][:-1], found.values[place][:-1]
        assert np.all(now >= np.minimum(fit, evidence) - UNIT), "it lies between the fit and the evidence"
        assert np.all(now <= np.maximum(fit, evidence) + UNIT)
        assert found.values[place][-1] == tables.values[place][-1]
    if kept:
        np.testing.assert_allclose(after, before, atol=4 * UNIT)
    else:
        assert min(other - one for one, other in pairwise(after)) < 1e-9, "it goes no further than it must"


@pytest.mark.parametrize("seed", range(30))
def test_options_made_equal_stay_in_order_once_released(start: Start, seed: int) -> None:
    """Two inputs that are rounded apart must not turn "as bad" into "better" by the last digit."""
    tables = directed(random_tables(seed, start, 3.0), start.features, random_shares(seed, start), start.tables)
    out = rounded(centred(neutral(tables, start.shares), start.shares))
    assert all(one <= other for one, other in pairwise(health_path(out)))


@pytest.mark.parametrize("seed", range(3))
def test_a_missing_answer_gets_the_mean_odds_and_nothing_else_moves(start: Start, seed: int) -> None:
    tables, shares = random_tables(seed, start), random_shares(seed, start)
    found = neutral(tables, shares)
    for before, after, share in zip(tables.values, found.values, shares, strict=True):
        np.testing.assert_array_equal(after[:-1], before[:-1])
        assert np.exp(after[-1]) == pytest.approx(sum(share * np.exp(before[:-1])), rel=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_centring_makes_silence_worth_nothing_and_moves_no_score(start: Start, seed: int) -> None:
    shares = random_shares(seed, start)
    before = neutral(random_tables(seed, start), shares)
    after = centred(before, shares)
    for table, share in zip(after.values, shares, strict=True):
        assert table[-1] == 0.0
        assert share @ np.exp(table[:-1]) == pytest.approx(1.0, abs=1e-10)
    random = np.random.default_rng(seed)
    places = np.column_stack([random.integers(0, len(table), 200) for table in after.values])
    np.testing.assert_allclose(after.logits(places), before.logits(places), rtol=0, atol=1e-12)


def test_a_table_is_released_in_whole_units_without_negative_zeros(start: Start) -> None:
    tables = random_tables(1, start)
    tiny = Tables(-1e-14, tuple(np.where(np.arange(len(table)) == 0, -1e-14, table) for table in tables.values))
    found = rounded(tiny)
    for table, one in zip(found.values, tiny.values, strict=True):
        assert np.all(np.rint(table / UNIT) == table / UNIT)
        assert np.abs(table - one).max() <= UNIT / 2
        assert not np.signbit(table[0])
    assert str(found.intercept) == "0.0"


def test_scores_that_could_lie_too_far_out_are_drawn_in(start: Start) -> None:
    def finish(tables: Tables) -> Tables:
        return centred(neutral(tables, start.shares), start.shares)

    small, large = finish(random_tables(2, start, 0.5)), finish(random_tables(2, start, 6.0))
    assert in_range(small, finish) is small
    found = in_range(large, finish)
    assert abs(found.intercept) + sum(np.abs(table).max() for table in found.values) <= 16
    for before, after in zip(large.values, found.values, strict=True):
        np.testing.assert_array_equal(np.argsort(before[:-1]), np.argsort(after[:-1]))


def test_scaling_is_of_the_whole_score(start: Start) -> None:
    tables = random_tables(4, start)
    places = places_of(start.reference.simulate()[:50], start.features)
    np.testing.assert_allclose(scaled(tables, 0.7, -0.3).logits(places), 0.7 * tables.logits(places) - 0.3, atol=1e-12)


def test_how_far_a_step_moved_a_table_is_told(start: Start) -> None:
    before = Tables(0.0, tuple(np.zeros(len(item.grid.values) + 1) for item in start.features.inputs))
    values = [table.copy() for table in before.values]
    values[SKILL][:] = [0.5, 0.0, -1.0, 0.25]
    after, people = Tables(0.0, tuple(values)), [np.full(len(t) - 1, 1 / (len(t) - 1)) for t in values]
    told = {item.input: item for item in moved("direction", before, after, start.features, people)}
    skill = told["skill"]
    assert (skill.most, skill.mean, skill.missing, skill.constant) == (1.0, pytest.approx(0.5), 0.25, 0.0)
    assert (told["years"].most, told["years"].mean, told["years"].missing) == (0.0, 0.0, 0.0)
    whole = tuple(table - 0.4 for table in before.values)
    for item in moved("centring", before, Tables(2.8, whole), start.features, people):
        assert item.constant == pytest.approx(-0.4)
        assert item.most == pytest.approx(0.0, abs=1e-12)
        assert item.missing == pytest.approx(0.0, abs=1e-12)

"""Does a number land on the grid value that exact arithmetic gives, alone and in a column?"""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.features.grid import Grid
from triage.features.schema import GridSpec, InputSpec
from triage.schema import validate

Made = tuple[InputSpec, Decimal, Decimal, int]
STEPS = ("1", "0.1", "0.25", "0.05", "0.001", "7", "1000", "2500000", "0.3")


def spec(start: Decimal, stop: Decimal, step: Decimal, rule: str) -> InputSpec:
    number = {"unit": "x", "from": float(start), "to": float(stop), "step": float(step), "round": rule}
    return validate(InputSpec, {"id": "x", "question": "x", "number": number})


@st.composite
def grids(draw: st.DrawFn) -> Made:
    step = Decimal(draw(st.sampled_from(STEPS)))
    start = step * draw(st.integers(-60, 60))
    count = draw(st.integers(1, 400))
    # The end need not lie on the grid.
    stop = start + step * count + step * draw(st.sampled_from((Decimal(0), Decimal("0.4"))))
    return spec(start, stop, step, draw(st.sampled_from(("down", "nearest")))), start, step, count


def by_fractions(item: InputSpec, start: Decimal, step: Decimal, count: int, number: float) -> float:
    """The grid value of a number, by exact fractions of the digits that a person would type."""
    assert item.number is not None
    at = (Fraction(repr(number)) - Fraction(start)) / Fraction(step)
    place = math.floor(at if item.number.round == "down" else at + Fraction(1, 2))
    return float(start + step * min(max(place, 0), count))


@given(made=grids(), parts=st.lists(st.integers(-3000, 45_000), min_size=1, max_size=40))
@examples(150)
def test_a_number_goes_where_exact_arithmetic_says(made: Made, parts: list[int]) -> None:
    """Between values, on them, halfway between two, and beyond both ends; the upper of two equally near."""
    item, start, step, count = made
    grid = Grid.of(item)
    numbers = [float(start + step * Decimal(part) / 100) for part in parts]
    wanted = [by_fractions(item, start, step, count, number) for number in numbers]
    assert [grid.snap(number) for number in numbers] == wanted
    assert grid.snap_many(np.array(numbers)).tolist() == wanted
    assert all(value in grid.places for value in wanted)


@given(made=grids())
@examples(60)
def test_a_grid_value_stays_where_it_is(made: Made) -> None:
    item, start, step, count = made
    grid = Grid.of(item)
    assert grid.values == tuple(float(start + step * k) for k in range(count + 1))
    assert [grid.snap(value) for value in grid.values] == list(grid.values)
    assert [grid.places[value] for value in grid.values] == list(range(len(grid.values)))


@given(made=grids(), precision=st.integers(1, 5))
@examples(30)
def test_the_decimal_precision_of_a_caller_changes_nothing(made: Made, precision: int) -> None:
    """An application may work in money with few digits; its clients' ages stay what they are."""
    with localcontext(Context(prec=precision)):
        assert Grid.of(made[0]) == Grid.of(made[0])
        narrow = Grid.of(made[0])
    assert narrow == Grid.of(made[0])


@pytest.mark.parametrize(
    ("rate", "value"),
    [
        (2.25, 2.3),
        (2.35, 2.4),
        (2.249999, 2.2),
        (3.0, 3.0),
        (0.04, 0.0),
        (0.05, 0.1),
        (25.0, 20.0),
        (-1.0, 0.0),
        (4.45, 4.5),
    ],
)
def test_a_rate_goes_to_the_nearest_tenth_and_up_when_halfway(rate: float, value: float) -> None:
    assert Grid.of(spec(Decimal(0), Decimal(20), Decimal("0.1"), "nearest")).snap(rate) == value


def test_an_age_in_fractions_counts_as_the_last_birthday() -> None:
    grid = Grid.of(spec(Decimal(16), Decimal(75), Decimal(1), "down"))
    assert [grid.snap(age) for age in (24.99, 25.0, 15.0, 16.0, 75.9, 99.0)] == [24, 25, 16, 16, 75, 75]


def test_missing_stays_missing_in_a_column() -> None:
    grid = Grid.of(spec(Decimal(0), Decimal(5), Decimal(1), "down"))
    found = grid.snap_many(np.array([math.nan, 2.7, math.nan]))
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == 2


def test_codes_are_their_own_grid() -> None:
    item = validate(InputSpec, {"id": "x", "question": "x", "codes": {"a": 5, "b": -2, "c": 5, "d": 0}})
    grid = Grid.of(item)
    assert grid.values == (-2.0, 0.0, 5.0)
    assert grid.edges == (0.0, 5.0)
    assert [grid.snap(code) for code in (-2, 0, 5)] == [-2, 0, 5]


def test_a_grid_of_too_many_values_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 5,000 values"):
        spec(Decimal(0), Decimal(1000), Decimal("0.1"), "down")


def test_a_grid_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="must be below"):
        validate(GridSpec, {"unit": "x", "from": 2, "to": 1, "step": 1})

"""Are released numbers exact, and is a probability the logistic of its log-odds?"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.numbers import MAX_LOGIT, UNIT, is_released, logistic, logit, shortest, to_unit

LOG_ODDS = st.decimals(min_value=-16, max_value=16, allow_nan=False, places=30)


def nearest_unit(value: Decimal) -> Fraction:
    """The nearest multiple of 2^-36, the even one of two equally near, by fractions."""
    steps = Fraction(value) * 2**36
    below = math.floor(steps)
    rest = steps - below
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1)
    return Fraction(below + up, 2**36)


@given(value=LOG_ODDS)
@examples(300)
def test_a_released_value_is_the_nearest_multiple(value: Decimal) -> None:
    found = to_unit(value)
    assert Fraction(found) == nearest_unit(value)
    assert is_released(found)


@pytest.mark.parametrize("steps", [0.5, 1.5, 2.5, -0.5, -1.5])
def test_halfway_goes_to_the_even_multiple(steps: float) -> None:
    value = Decimal(steps) / Decimal(2**36)
    assert to_unit(value) / UNIT == round(steps)


def test_the_unit_and_the_bound_are_those_of_the_design() -> None:
    assert UNIT == 1 / 68_719_476_736
    assert MAX_LOGIT == 16


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 16 + UNIT, -16 - UNIT, UNIT / 2, 0.1, 1 / 3])
def test_what_is_not_released_is_told_apart(value: float) -> None:
    assert not is_released(value)


@pytest.mark.parametrize("value", [0.0, -0.0, UNIT, -UNIT, 16.0, -16.0, 0.5, 15.999999999985448])
def test_what_is_released_is_known(value: float) -> None:
    assert is_released(value)


@given(parts=st.lists(st.integers(-(2**40), 2**40).map(lambda k: k * UNIT), max_size=4096), order=st.randoms())
@examples(20)
def test_thousands_of_released_values_add_up_exactly_in_any_order(parts: list[float], order: object) -> None:
    """What the module promises: a sum of up to 4,096 such numbers is exact."""
    exact = sum(map(Fraction, parts), Fraction(0))
    assert Fraction(sum(parts)) == exact
    order.shuffle(parts)
    assert Fraction(sum(parts)) == exact


@given(chance=st.decimals(min_value=Decimal("1e-6"), max_value=Decimal("0.999999"), places=9))
@examples(100)
def test_log_odds_and_probability_are_each_others_inverse(chance: Decimal) -> None:
    assert abs(logistic(float(logit(chance))) - float(chance)) < 1e-15
    assert abs(math.exp(float(logit(chance))) - float(chance / (1 - chance))) < 1e-9 * float(chance / (1 - chance))


def test_known_values() -> None:
    assert logit(Decimal("0.5")) == 0
    assert str(logit(Decimal("0.12"))).startswith("-1.99243016469020616208")  # ln 3 - ln 22
    assert logistic(0.0) == 0.5
    assert logistic(-800.0) == 0.0
    assert logistic(800.0) == 1.0
    assert logistic(math.log(3)) == pytest.approx(0.75, abs=1e-15)


def test_a_callers_decimal_settings_change_nothing() -> None:
    """An application may work with few digits, and round down."""
    wanted = to_unit(logit(Decimal("0.0789")))
    with localcontext(Context(prec=4, rounding=ROUND_DOWN)):
        assert to_unit(logit(Decimal("0.0789"))) == wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [(57.0, "57"), (0.1, "0.1"), (1234567.5, "1234567.5"), (-2.0, "-2"), (1e6, "1000000"), (0.0, "0")],
)
def test_a_number_is_written_in_the_fewest_digits(value: float, text: str) -> None:
    assert shortest(value) == text
    assert float(text) == value

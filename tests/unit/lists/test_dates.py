"""A wrong birth date makes somebody older or younger than they are, and moves their score."""

from __future__ import annotations

from datetime import date

import pytest

from triage.lists.dates import Century, age_on, read_date

ON = date(2026, 10, 1)
BORN = Century.of_births(ON)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/04/1975", date(1975, 4, 3)),
        ("3.4.1975", date(1975, 4, 3)),
        ("3-4-75", date(1975, 4, 3)),
        ("31/12/60", date(1960, 12, 31)),
        ("01/02/05", date(2005, 2, 1)),
        ("1975-04-03", date(1975, 4, 3)),
        ("1975-04-03 00:00:00", date(1975, 4, 3)),
        ("3 April 1975", date(1975, 4, 3)),
        ("3rd Apr 75", date(1975, 4, 3)),
        ("Thursday 3rd of April 1975", date(1975, 4, 3)),
        ("April 3, 1975", date(1975, 4, 3)),
        ("27487", date(1975, 4, 3)),
        ("27487.0", date(1975, 4, 3)),
        ("29/02/1980", date(1980, 2, 29)),
    ],
)
def test_dates_are_read_day_first_in_every_common_form(text: str, day: date) -> None:
    assert read_date(text, BORN).value == day


@pytest.mark.parametrize(
    "text",
    [
        "31/02/1979",
        "32/01/1979",
        "1/2/20",
        "1/2/49",
        "31/3 or when stock done",
        "1975",
        "12",
        "soon",
        "3 Foo 1975",
        "0",
    ],
)
def test_what_is_not_certainly_a_day_is_not_used(text: str) -> None:
    """Somebody with such a cell keeps their other answers and loses the age only."""
    cell = read_date(text, BORN)
    assert cell.value is None
    assert cell.problem
    assert text not in cell.problem


def test_a_date_that_can_only_be_month_first_says_so() -> None:
    assert read_date("04/23/1975", BORN).kind == "month_first"
    assert read_date("04/23/75", BORN).kind == "month_first"
    assert read_date("31/31/1975", BORN).kind == "unusable"


def test_two_digit_years_need_one_century_with_an_age_from_16_to_75() -> None:
    assert read_date("1/10/10", BORN).value == date(2010, 10, 1)
    assert read_date("2/10/10", BORN).value is None
    assert read_date("2/10/50", BORN).value == date(1950, 10, 2)
    assert read_date("1/10/50", BORN).value is None


def test_other_dates_take_the_century_within_ten_years() -> None:
    near = Century.near(ON)
    assert read_date("31/3/27", near).value == date(2027, 3, 31)
    assert read_date("31/3/60", near).value is None


def test_an_empty_cell_is_no_fault() -> None:
    assert read_date(None, BORN).kind == "empty"
    assert read_date("  ", BORN).kind == "empty"


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1980, 10, 1), ON, 46),
        (date(1980, 10, 2), ON, 45),
        (date(1980, 2, 29), date(2026, 2, 28), 45),
        (date(1980, 2, 29), date(2026, 3, 1), 46),
    ],
)
def test_age_counts_whole_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age

"""A date must mean the same day however it is written, and never another day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from triage.lists.dates import Century, age_on, read_date

ON = date(2026, 10, 1)
BORN = Century.of_births(ON)
BIRTHS = st.dates(date(1951, 1, 1), date(2010, 9, 30))
FORMS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%A %d %B %Y", "%d/%m/%y")


@given(BIRTHS, st.sampled_from(FORMS))
def test_every_form_of_a_birth_date_gives_that_day(born: date, form: str) -> None:
    assert read_date(born.strftime(form), BORN).value == born


@given(BIRTHS)
def test_serial_numbers_of_a_spreadsheet_give_that_day(born: date) -> None:
    assert read_date(str((born - date(1899, 12, 30)).days), BORN).value == born


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_or_is_repeated(text: str) -> None:
    cell = read_date(text, BORN)
    assert (cell.value is None) == (cell.kind != "day")
    assert len(text.strip()) < 4 or text not in cell.problem


@given(st.integers(1, 31), st.integers(1, 12), st.integers(0, 99))
def test_a_two_digit_year_is_used_only_with_an_age_from_16_to_75(day: int, month: int, year: int) -> None:
    found = read_date(f"{day}/{month}/{year:02d}", BORN).value
    ages = []
    for century in (1800, 1900, 2000):
        try:
            ages.append(age_on(date(century + year, month, day), ON))
        except ValueError:
            continue
    fitting = [age for age in ages if 16 <= age <= 75]
    assert (found is not None) == (len(fitting) == 1)
    assert found is None or age_on(found, ON) == fitting[0]


@given(BIRTHS, st.integers(0, 800))
def test_nobody_is_a_year_older_before_the_birthday(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    age = age_on(born, on)
    assert age == on.year - born.year - int((on.month, on.day) < (born.month, born.day))
    assert age_on(born, on + timedelta(days=1)) - age in (0, 1)

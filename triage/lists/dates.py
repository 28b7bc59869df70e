"""Which day does a cell of a list mean, and when is it safer to say that we do not know?

Dates are day first, always. "03/04/1975" is 3 April. A column in which some date is impossible day first but
possible month first ("04/23/1975") was typed by somebody with another habit, so none of its slash dates is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["empty", "day", "month_first", "unusable"]

#: Years within which a two-digit year of an ordinary date (the end of a job) must fall.
NEAR_YEARS = 10

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_LONG = {name[:3]: name for name in (*_LONG_MONTHS, "november", "december")}
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_SLASH = re.compile(rf"(\d{{1,2}})\s*[/.\-]\s*(\d{{1,2}})\s*[/.\-]\s*(\d{{4}}|\d{{2}}){_TIME}")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*(?:of\s+)?([a-z]+)[\s\-/.,]*(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]+)[\s.]*(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WEEKDAY = re.compile(r"^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[\s,]+")
_SERIAL_START = date(1899, 12, 30)


@dataclass(frozen=True)
class DateCell:
    """How one cell reads as a date.

    Attributes:
        kind: `day` (with `value`), `empty`, `month_first` (impossible day first, possible month first), or
            `unusable`.
        value: the day, where it is one.
        slash: True for an all-number date such as 3/4/1975, the kind that depends on which part comes first.
        problem: why it is not used, in words that do not repeat the cell.
    """

    kind: Kind
    value: date | None = None
    slash: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Century:
    """Which years a two-digit year may stand for: those between `first` and `last`, if there is exactly one."""

    first: date
    last: date

    @classmethod
    def of_births(cls, on: date, youngest: int = 16, oldest: int = 75) -> Century:
        """Birth dates of people aged `youngest` to `oldest` on the day `on`."""
        return cls(_years_before(on, oldest + 1) + timedelta(days=1), _years_before(on, youngest))

    @classmethod
    def near(cls, on: date) -> Century:
        """Days within ten years of `on`, for dates that are not births."""
        return cls(_years_before(on, NEAR_YEARS), _years_before(on, -NEAR_YEARS))

    def day(self, year: int, month: int, day: int) -> date | None:
        """The only day in range that a two-digit year can mean; None where there is none or several."""
        found = [
            when
            for hundreds in (1800, 1900, 2000, 2100)
            if (when := _day(hundreds + year, month, day)) is not None and self.first <= when <= self.last
        ]
        return found[0] if len(found) == 1 else None


def read_date(text: str | None, century: Century) -> DateCell:
    """What the cell `text` says as a date, day first."""
    word = (text or "").strip().lower()
    if not word:
        return DateCell("empty")
    if match := _ISO.fullmatch(word):
        return _found(_day(*(int(part) for part in match.groups())))
    if match := _SLASH.fullmatch(word):
        return _slash(match, century)
    word = _WEEKDAY.sub("", word)
    if match := _DAY_MONTH.fullmatch(word):
        return _named(match[1], match[2], match[3], century)
    if match := _MONTH_DAY.fullmatch(word):
        return _named(match[2], match[1], match[3], century)
    if match := _SERIAL.fullmatch(word):
        return _found(_SERIAL_START + timedelta(days=int(match[1])))
    return DateCell("unusable", problem="this is not a date.")


def age_on(born: date, on: date) -> int:
    """Whole years from `born` to `on`; somebody born on 29 February is a year older from 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _slash(match: re.Match[str], century: Century) -> DateCell:
    day, month = int(match[1]), int(match[2])
    if len(match[3]) == 4:
        value, other = _day(int(match[3]), month, day), _day(int(match[3]), day, month)
        turned = other is not None
    else:
        value = century.day(int(match[3]), month, day)
        turned = 1 <= day <= 12 < month <= 31
        if value is None and 1 <= month <= 12 and 1 <= day <= 31:
            return DateCell("unusable", slash=True, problem="the century of this year is not certain.")
    if value is None and turned:
        return DateCell("month_first", slash=True, problem="this is not a date with the day first.")
    if value is None:
        return DateCell("unusable", slash=True, problem="there is no such day.")
    return DateCell("day", value, slash=True)


def _named(day: str, name: str, year: str, century: Century) -> DateCell:
    short = name[:3]
    if short not in _MONTHS or not (_LONG[short].startswith(name) or name == "sept"):
        return DateCell("unusable", problem="this is not a date.")
    month = _MONTHS.index(short) + 1
    if len(year) == 2:
        value = century.day(int(year), month, int(day))
        return _found(value, "the century of this year is not certain.")
    return _found(_day(int(year), month, int(day)))


def _found(value: date | None, problem: str = "there is no such day.") -> DateCell:
    return DateCell("day", value) if value is not None else DateCell("unusable", problem=problem)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)

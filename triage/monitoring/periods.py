"""Into which months or weeks does the time fall that is looked at?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from triage.records.plain import moment

Unit = Literal["month", "week"]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """One month or week.

    Attributes:
        start: its first day.
        name: "2026-03" for a month, "2026-W10" for a week.
        words: how a page calls it.
    """

    start: date
    name: str
    words: str

    @property
    def step(self) -> int:
        """Days from 1970 to its first day: where it stands on a line over time."""
        return (self.start - _EPOCH).days


def period_of(day: date, unit: Unit) -> Period:
    """The period that a day lies in."""
    if unit == "month":
        start = day.replace(day=1)
        return Period(start, f"{start:%Y-%m}", f"{start:%B %Y}")
    start = day - timedelta(days=day.weekday())
    year, week, _ = start.isocalendar()
    return Period(start, f"{year}-W{week:02}", f"week from {start.day} {start:%B %Y}")


def periods_between(first: date, last: date, unit: Unit) -> tuple[Period, ...]:
    """Every period from that of the day `first` to that of the day `last`, empty ones among them."""
    found = [period_of(first, unit)]
    while found[-1].start < period_of(last, unit).start:
        # No month has more than 31 days, so that many days on lies in the next one.
        step = 31 if unit == "month" else 7
        found.append(period_of(found[-1].start + timedelta(days=step), unit))
    return tuple(found)


def beginning(day: date) -> str:
    """The first moment of a day in local time, as records keep it."""
    return moment(datetime.combine(day, datetime.min.time()).astimezone())

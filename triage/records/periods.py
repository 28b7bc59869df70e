"""How long is each kind of record kept, and why?"""

from __future__ import annotations

from calendar import isleap
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

from triage.content import ContentFolder
from triage.errors import ContentError
from triage.faults import did_you_mean
from triage.schema import Content, content, length, within
from triage.yamlfile import read_yaml

Kind = Literal[
    "list_identities", "uploads", "lists", "assessments", "equality_monitoring", "reviews", "audit", "sessions",
    "practice", "held_forms",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
#: The first must not be kept longer than the second. Names mean nothing without their list, equality answers nothing
#: without the outcome, and what the audit trail vouches for must not outlast it.
_WITHIN = (
    ("list_identities", "lists"),
    ("uploads", "list_identities"),
    ("equality_monitoring", "assessments"),
    ("lists", "audit"),
    ("assessments", "audit"),
    ("reviews", "audit"),
)


@content
class Length(Content):
    """A length of time: hours, days or years, and one of them only."""

    hours: Annotated[int, within(ge=1, le=10_000)] | None = None
    days: Annotated[int, within(ge=1, le=10_000)] | None = None
    years: Annotated[int, within(ge=1, le=100)] | None = None

    def __post_init__(self) -> None:
        if sum(number is not None for number in (self.hours, self.days, self.years)) != 1:
            raise ValueError("give one of 'hours', 'days' and 'years'")

    @property
    def words(self) -> str:
        """As people say it: "30 days", "1 year"."""
        [(unit, number)] = ((unit, number) for unit, number in self._given.items() if number is not None)
        return f"{number} {unit if number != 1 else unit.removesuffix('s')}"

    def before(self, now: datetime) -> datetime:
        """The moment that lies this long before `now`; a year before 29 February is 28 February."""
        if self.years is None:
            return now - timedelta(hours=self.hours or 0, days=self.days or 0)
        year = now.year - self.years
        leap_day = (now.month, now.day) == (2, 29)
        return now.replace(year=year, day=28 if leap_day and not isleap(year) else now.day)

    @property
    def _given(self) -> dict[str, int | None]:
        return {"hours": self.hours, "days": self.days, "years": self.years}


@content
class Period(Content):
    """How long one kind of record is kept: a length of its own, or that of another kind."""

    kind: Kind
    holds: Annotated[str, length(least=1)]
    keep: Length | None = None
    same_as: Kind | None = None
    counts_from: Annotated[str, length(least=1)]
    why: Annotated[str, length(least=1)]

    def __post_init__(self) -> None:
        if (self.keep is None) == (self.same_as is None):
            raise ValueError("give either 'keep' or 'same_as'")


@content
class Periods(Content):
    """The retention file: one period for each kind of record."""

    version: str
    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        given = [period.kind for period in self.periods]
        problems = [f"'{kind}' stands here twice" for kind in sorted({kind for kind in given if given.count(kind) > 1})]
        problems += [f"there is no period for '{kind}'" for kind in KINDS if kind not in given]
        problems += [
            f"'{period.kind}' must take its period from a kind that has one of its own"
            for period in self.periods
            if period.same_as is not None and not any(p.kind == period.same_as and p.keep for p in self.periods)
        ]
        if not problems:
            problems = [
                f"'{one}' must not be kept longer than '{two}'" for one, two in _WITHIN if self._longer(one, two)
            ]
        if problems:
            raise ValueError("; ".join(problems))

    @cached_property
    def by_kind(self) -> dict[str, Period]:
        """Periods by their kind."""
        return {period.kind: period for period in self.periods}

    def of(self, kind: str) -> Length:
        """How long records of this kind are kept.

        Raises:
            ContentError: there is no such kind.
        """
        period = self.by_kind.get(kind)
        if period is None:
            raise ContentError(f"There is no kind of record '{kind}'. {did_you_mean(kind, KINDS)}".strip())
        if period.same_as is not None:
            return self.of(period.same_as)
        assert period.keep is not None
        return period.keep

    def before(self, kind: str, now: datetime) -> datetime:
        """What of this kind is older than this moment has been kept long enough at `now`."""
        return self.of(kind).before(now)

    def _longer(self, one: str, two: str) -> bool:
        at = datetime(2001, 1, 1)  # any moment: only lengths are compared
        return self.before(one, at) < self.before(two, at)


def load_periods(folder: ContentFolder | None = None, *, path: str | Path | None = None) -> Periods:
    """The retention periods: those in the file at `path`, or of a content folder, or the shipped ones.

    Raises:
        ContentError: the file is missing or has faults; all are named with their line.
    """
    found = Path(path) if path is not None else (folder or ContentFolder()).find("retention.yaml")
    if found is None:
        raise ContentError("There is no retention.yaml. It says how long each kind of record is kept.")
    return read_yaml(found, Periods, ContentError)

"""What happened in a period: the facts that management figures are made of, without anybody's name.

Invented clients are left out, and of clients who object everything but that they were asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table

from triage.casework.service import Service
from triage.records.database import Row, View
from triage.records.plain import moment, when
from triage.records.tables import actions, answers, assessments, decisions, first_views, reviews, scores, showings

#: How many weeks a period can have.
WEEKS = (4, 13, 26, 52)
#: How an interview is held. Paper, lists and partners' apps are none of them.
INTERVIEWS = ("in_person", "phone", "video")
#: Steps by which a person answers a proposal.
TAKEN = ("confirm", "override", "ask", "accept")
#: A longer pause than this means that the interview went on another time.
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Period:
    """So many weeks, from a Monday to the end of the present week."""

    weeks: int
    today: date

    @property
    def mondays(self) -> tuple[date, ...]:
        """The first day of each week."""
        this = monday(self.today)
        return tuple(this - timedelta(weeks=back) for back in reversed(range(self.weeks)))

    @cached_property
    def since(self) -> str:
        """The moment at which it begins, as records keep it."""
        return moment(datetime.combine(self.mondays[0], datetime.min.time()).astimezone())


def monday(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def week_of(at: str) -> date:
    """The first day of the week of a moment."""
    return monday(when(at).astimezone().date())


@dataclass(frozen=True)
class Facts:
    """Rows of the records that count in a period, for one office or for all.

    Attributes:
        period: the weeks.
        started: assessments that began in it.
        scored: the last score of each client that was worked out in it.
        decided: the last decision on each client in it, where it was not taken back.
        taken: decisions in it by which a person answered a proposal.
        views: bands that advisers had in mind, with "proposed" and "decided", which may be None.
        actions, reviews: whatever still waits, and reviews that were closed in it.
        minutes_on_page: from the first look at a score to the decision on it.
        minutes_to_score: from the start of an interview to its score, held in one sitting.
        broken: interviews with a pause that was too long to be part of it.
    """

    period: Period
    started: Sequence[Row]
    scored: Sequence[Row]
    decided: Sequence[Row]
    taken: Sequence[Row]
    views: Sequence[Row]
    actions: Sequence[Row]
    reviews: Sequence[Row]
    minutes_on_page: Sequence[float] = field(default_factory=list)
    minutes_to_score: Sequence[float] = field(default_factory=list)
    broken: int = 0


def read_facts(service: Service, period: Period, office: str) -> Facts:
    """The facts of a period; `office` is empty for all of them."""
    with service.database.read() as view:
        reading = _Reading(view, period, office)
        taken = reading.rows(decisions, decisions.c.action.in_(TAKEN), decisions.c.at >= period.since)
        started = reading.rows(assessments, assessments.c.started_at >= period.since, objected=True)
        spoken = [row for row in started if row["held"] in INTERVIEWS and row["state"] != "objected"]
        minutes, broken = reading.interviews(spoken)
        return Facts(
            period,
            started,
            reading.last(scores),
            [row for row in reading.last(decisions, decisions.c.action.in_((*TAKEN, "withdraw"))) if row["band"]],
            taken,
            reading.views(),
            reading.rows(actions, actions.c.state.notin_(("finished", "not_taken_up")), objected=True),
            reading.rows(reviews, (reviews.c.state == "open") | (reviews.c.closed_at >= period.since), objected=True),
            reading.looks(taken),
            minutes,
            broken,
        )


class _Reading:
    """Reads what counts."""

    def __init__(self, view: View, period: Period, office: str) -> None:
        self._view = view
        self._since = period.since
        self._office = office

    def rows(self, table: Table, *where: Any, objected: bool = False) -> list[Row]:
        """Rows of a table, each with the "case_office" of its assessment."""
        query = sa.select(table, assessments.c.office.label("case_office"))
        if table is not assessments:
            query = query.join(assessments, assessments.c.id == table.c.assessment)
        query = query.where(assessments.c.practice.is_(False), *where)
        if not objected:
            query = query.where(assessments.c.state != "objected")
        if self._office:
            query = query.where(assessments.c.office == self._office)
        return self._view.all(query.order_by(table.c.id))

    def last(self, table: Table, *where: Any) -> list[Row]:
        """The last row of each client in the period."""
        found: dict[str, Row] = {}
        for row in sorted(self.rows(table, table.c.at >= self._since, *where), key=lambda row: row["number"]):
            found[row["assessment"]] = row
        return list(found.values())

    def views(self) -> list[Row]:
        """Views of the period beside the first band that was proposed in their round, and the last one decided."""
        found = self.rows(first_views, first_views.c.at >= self._since)
        proposed = {
            (row["assessment"], row["round"]): row["band"]
            for row in sorted(self._of(scores, found), key=lambda row: -row["number"])
        }
        in_round = {row["id"]: row["round"] for row in self._of(scores, found)}
        decided = {
            (row["assessment"], in_round.get(row["score"])): row["band"]
            for row in sorted(self._of(decisions, found), key=lambda row: row["number"])
            if row["action"] in TAKEN
        }
        keys = [(row["assessment"], row["round"]) for row in found]
        return [
            {**row, "proposed": proposed.get(key), "decided": decided.get(key)}
            for row, key in zip(found, keys, strict=True)
        ]

    def looks(self, taken: Sequence[Row]) -> list[float]:
        """Minutes from the first look at a score to the first decision on it."""
        wanted = {row["score"] for row in taken if row["score"]}
        looked = self._first("score", self._all_in(showings, showings.c.score, wanted))
        decided = self._first("score", [row for row in taken if row["score"]])
        return [_minutes(looked[score], at) for score, at in decided.items() if score in looked]

    def interviews(self, spoken: Sequence[Row]) -> tuple[list[float], int]:
        """Minutes from the start to the first score of interviews in one sitting, and how many were broken off."""
        scored = self._first("assessment", self._of(scores, spoken, "id"))
        steps: Mapping[str, list[str]] = defaultdict(list)
        for row in self._of(answers, spoken, "id"):
            if row["round"] == 1:
                steps[row["assessment"]].append(row["at"])
        minutes, broken = [], 0
        for row in spoken:
            if (end := scored.get(row["id"])) is None:
                continue
            at = [when(text) for text in sorted({row["started_at"], *steps[row["id"]], end}) if text <= end]
            if any(later - before > PAUSE for before, later in pairwise(at)):
                broken += 1
            else:
                minutes.append(_minutes(row["started_at"], end))
        return minutes, broken

    def _of(self, table: Table, rows: Sequence[Row], name: str = "assessment") -> list[Row]:
        return self._all_in(table, table.c.assessment, {row[name] for row in rows})

    def _all_in(self, table: Table, column: Any, wanted: set[str]) -> list[Row]:
        """Rows whose column is one of many values: so many at once as every database takes."""
        names, found = sorted(wanted), []
        for first in range(0, len(names), 500):
            found += self._view.all(sa.select(table).where(column.in_(names[first : first + 500])))
        return found

    @staticmethod
    def _first(name: str, rows: Sequence[Row]) -> dict[str, str]:
        """The earliest moment by what the rows are about."""
        first: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: row["at"]):
            first.setdefault(row[name], row["at"])
        return first


def _minutes(start: str, end: str) -> float:
    return (when(end) - when(start)).total_seconds() / 60

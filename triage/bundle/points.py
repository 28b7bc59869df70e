"""How is the whole model written as a table that people can read, and read back without a loss?"""

from __future__ import annotations

import csv
import io
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from triage.errors import BundleError
from triage.features import Features, Input
from triage.numbers import shortest
from triage.scorecard import Scorecard

COLUMNS = ("question", "input", "from", "to", "answers", "points", "odds_ratio")


@dataclass(frozen=True)
class PointsRow:
    """One interval of one input: grid values `start` to `stop`, and what they are worth in log-odds."""

    question: str
    input: str
    start: float
    stop: float
    answers: str
    points: float

    @property
    def odds_ratio(self) -> float:
        """How many times the odds of the base rate."""
        return math.exp(self.points)


@dataclass(frozen=True)
class PointsTable:
    """The points of one input, as `points.csv` holds them."""

    input_id: str
    edges: tuple[float, ...]
    points: tuple[float, ...]

    def at(self, value: float) -> float:
        """Log-odds at a grid value; 0.0 for a missing answer (NaN)."""
        return self.points[bisect_right(self.edges, value)] if value == value else 0.0


def points_rows(scorecard: Scorecard, features: Features) -> list[PointsRow]:
    """Every interval of every input, in the order of the features file."""
    rows: list[PointsRow] = []
    for table, item in zip(scorecard.tables, features.inputs, strict=True):
        values = item.grid.values
        starts = [values[0], *table.edges]
        for place, start in enumerate(starts):
            inside = [value for value in values if table.interval(value) == place]
            answers = _answers(item, inside)
            rows.append(PointsRow(item.question.id, item.id, start, inside[-1], answers, table.points[place]))
    return rows


def write_points(rows: Sequence[PointsRow]) -> str:
    """The rows as CSV; numbers are written so that they come back to the bit."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        odds = f"{row.odds_ratio:.3f}"
        writer.writerow(
            (row.question, row.input, shortest(row.start), shortest(row.stop), row.answers, repr(row.points), odds)
        )
    return buffer.getvalue()


def read_points(text: str) -> list[PointsRow]:
    """The rows of a `points.csv`.

    Raises:
        BundleError: a column or a number is damaged.
    """
    try:
        return [
            PointsRow(
                row["question"],
                row["input"],
                float(row["from"]),
                float(row["to"]),
                row["answers"],
                float(row["points"]),
            )
            for row in csv.DictReader(io.StringIO(text))
        ]
    except (KeyError, TypeError, ValueError):
        raise BundleError("points.csv of the bundle is damaged. Get the bundle again.") from None


def tables_of(rows: Sequence[PointsRow]) -> dict[str, PointsTable]:
    """The tables by input id."""
    grouped: dict[str, list[PointsRow]] = {}
    for row in rows:
        grouped.setdefault(row.input, []).append(row)
    return {
        name: PointsTable(name, tuple(row.start for row in items[1:]), tuple(row.points for row in items))
        for name, items in grouped.items()
    }


def _answers(item: Input, values: Sequence[float]) -> str:
    if item.codes:
        return ";".join(answer for answer, code in item.codes.items() if code in values)
    first, last = shortest(values[0]), shortest(values[-1])
    return f"{first} to {last}" if len(values) > 1 else first

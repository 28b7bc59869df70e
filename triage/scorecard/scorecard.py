"""What is the whole model? A baseline and one table of points per input, in log-odds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.errors import Defect
from triage.numbers import MAX_LOGIT, UNIT

Array = NDArray[np.float64]


@dataclass(frozen=True)
class InputTable:
    """The points of one input.

    Attributes:
        input_id: the input.
        question_id: its question.
        edges: ascending; interval i holds the grid values from `edges[i-1]` up to below `edges[i]`.
        points: log-odds by interval, `len(edges) + 1` of them; a missing answer is worth exactly 0.
        draws: [intervals, draws] log-odds in other possible tables; their spread gives the interval.
        missing_draws: [draws] log-odds of a random answer of the reference population in each draw.
    """

    input_id: str
    question_id: str
    edges: tuple[float, ...]
    points: tuple[float, ...]
    draws: Array
    missing_draws: Array

    def interval(self, value: float) -> int:
        """The interval of a grid value (not NaN)."""
        return bisect_right(self.edges, value)

    def at(self, value: float) -> float:
        """Log-odds at a grid value; 0.0 for a missing answer (NaN)."""
        return self.points[self.interval(value)] if value == value else 0.0


@dataclass(frozen=True)
class Scorecard:
    """An additive model: `logit = baseline + sum over inputs of table(value)`.

    Attributes:
        baseline: log-odds of a client who answers nothing.
        tables: one per input, in the order of the features file.
        lower_rank, upper_rank: which order statistics (1-based, from the smallest) of the draws bound the
            interval; its nominal coverage is `(upper_rank - lower_rank) / (draws + 1)`.
    """

    baseline: float
    tables: tuple[InputTable, ...]
    lower_rank: int
    upper_rank: int

    def __post_init__(self) -> None:
        for table in self.tables:
            _check_shape(table, self.draw_count)
        _check_released([self.baseline, *self.all_values()])
        extremes = sum(max(abs(point) for point in table.points) for table in self.tables)
        if abs(self.baseline) + extremes > MAX_LOGIT:
            raise Defect(f"The tables can add up to more than {MAX_LOGIT:g} log-odds.")
        if not 1 <= self.lower_rank < self.upper_rank <= self.draw_count:
            raise Defect("The ranks of the interval do not fit the number of draws.")

    @property
    def draw_count(self) -> int:
        """How many draws each table has."""
        return len(self.tables[0].missing_draws)

    @property
    def coverage(self) -> float:
        """Nominal coverage of the interval, as a share."""
        return (self.upper_rank - self.lower_rank) / (self.draw_count + 1)

    @cached_property
    def width(self) -> int:
        """How many inputs the model has."""
        return len(self.tables)

    def all_values(self) -> list[float]:
        """Every log-odds of every table, draws included."""
        values: list[float] = []
        for table in self.tables:
            values.extend(table.points)
            values.extend(table.draws.ravel().tolist())
            values.extend(table.missing_draws.tolist())
        return values

    def contributions(self, inputs: Sequence[float]) -> tuple[float, ...]:
        """Log-odds by input for one client's grid values (NaN where missing)."""
        return tuple(table.at(value) for table, value in zip(self.tables, inputs, strict=True))

    def logit(self, inputs: Sequence[float]) -> float:
        """Log-odds for one client's grid values; the same in any order of the inputs."""
        return self.baseline + sum(self.contributions(inputs))

    def contributions_many(self, inputs: Array) -> Array:
        """Log-odds [n, inputs] for grid values [n, inputs]."""
        columns = [_lookup(table, inputs[:, place]) for place, table in enumerate(self.tables)]
        return np.column_stack(columns)

    def interval_logits(self, inputs: Array) -> tuple[Array, Array]:
        """Lower and upper log-odds [n], each bounded by the logit itself."""
        sums = np.full((len(inputs), self.draw_count), self.baseline)
        for place, table in enumerate(self.tables):
            rows = np.vstack([table.draws, table.missing_draws])
            sums += rows[interval_many(table, inputs[:, place])]
        sums.sort(axis=1)
        logit = self.baseline + self.contributions_many(inputs).sum(axis=1)
        return np.minimum(sums[:, self.lower_rank - 1], logit), np.maximum(sums[:, self.upper_rank - 1], logit)


def interval_many(table: InputTable, values: Array) -> NDArray[np.intp]:
    """The interval of each grid value; one past the last where the value is missing."""
    places = np.searchsorted(np.array(table.edges), values, side="right")
    return np.where(np.isnan(values), len(table.points), places)


def _lookup(table: InputTable, values: Array) -> Array:
    return np.array([*table.points, 0.0])[interval_many(table, values)]


def _check_shape(table: InputTable, draws: int) -> None:
    intervals = len(table.points)
    if len(table.edges) + 1 != intervals or sorted(set(table.edges)) != list(table.edges):
        raise Defect(f"The table of '{table.input_id}' has edges that do not fit its points.")
    if table.draws.shape != (intervals, draws) or table.missing_draws.shape != (draws,):
        raise Defect(f"The table of '{table.input_id}' has draws of the wrong shape.")


def _check_released(values: Sequence[float]) -> None:
    array = np.array(values)
    steps = array / UNIT
    if not np.all(np.isfinite(array) & (np.abs(array) <= MAX_LOGIT) & (np.rint(steps) == steps)):
        raise Defect("A value of the tables is not a multiple of 2^-36 within the released range.")

"""What does the engine say about many clients at once?"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.bundle import OUTPUTS
from triage.checklist import REDUNDANCY_STATUS
from triage.engine.answers import day_of
from triage.engine.encode_columns import (
    ANSWERED,
    DECLINED,
    EARLY,
    UNKNOWN,
    ColumnEncoder,
    as_columns,
    cell_faults,
)
from triage.engine.parts import Parts
from triage.errors import AnswersError
from triage.faults import Fault
from triage.numbers import UNIT
from triage.yamlfile import count

Array = NDArray[np.float64]
#: The statuses of a client, by their code.
STATUSES = ("proposed", "not_enough_answers", "has_job", "redeployed", "objected")
#: How many rows one call of the model takes, and how many one task of a thread.
CALL_ROWS, TASK_ROWS = 1024, 16_384
TOP = 3
#: Rows whose strongest answers are found at once: few enough to stay in the processor's cache.
_TOP_ROWS = 4096


@dataclass(frozen=True)
class Columns:
    """Scores of n clients as columns; row i belongs to cell i of each column that was given.

    Attributes:
        probability, lower, upper: [n], 0 to 1; NaN for a client who objects.
        logit, lower_logit, upper_logit, band_logit: [n], log-odds.
        contributions: [n, questions] log-odds, in the order of the checklist.
        band_place: [n] int8, the place of the proposed band (0 is the standard one); -1 where there is none.
        lowest_place, highest_place: [n] int8, the bands that the range reaches; -1 where there is none.
        status_code: [n] int8, a place in `STATUSES`.
        states: [n, questions] int8: 0 not asked, 1 answered, 2 declined, 3 too early.
        inputs: [n, inputs] grid values that the model saw.
        questions: question ids.
        bands: band ids.
        versions: of the model, the checklist and the cut-offs.
    """

    probability: Array
    lower: Array
    upper: Array
    logit: Array
    lower_logit: Array
    upper_logit: Array
    band_logit: Array
    contributions: Array
    band_place: NDArray[np.int8]
    lowest_place: NDArray[np.int8]
    highest_place: NDArray[np.int8]
    status_code: NDArray[np.int8]
    states: NDArray[np.int8]
    inputs: Array
    baseline: float
    questions: tuple[str, ...]
    bands: tuple[str, ...]
    versions: Any
    _odds_ratio: float = field(repr=False)

    def __len__(self) -> int:
        return len(self.logit)

    @cached_property
    def band(self) -> NDArray[np.object_]:
        """[n] the proposed band's id, None where there is none."""
        return np.array([*self.bands, None], dtype=object)[self.band_place]

    @cached_property
    def status(self) -> NDArray[np.object_]:
        """[n] the status, one of `STATUSES`."""
        return np.array(STATUSES, dtype=object)[self.status_code]

    @cached_property
    def reasons(self) -> NDArray[np.object_]:
        """[n, 3] questions that raise the odds by the stated ratio or more, the strongest first; None fills up."""
        return np.array([*self.questions, None], dtype=object)[top_places(self.contributions, self._odds_ratio)]

    @cached_property
    def strengths(self) -> NDArray[np.object_]:
        """[n, 3] questions that lower the odds as much, the strongest first; None fills up."""
        return np.array([*self.questions, None], dtype=object)[top_places(-self.contributions, self._odds_ratio)]


def score_columns(engine: Parts, given: Any, on: date | None = None, people: int = 0) -> Columns:
    """The scores of `given` (see `Engine.score_many`); of `people` who answer nothing where it has no column."""
    columns, size = as_columns(given, engine.features)
    size = size if columns else people
    call = _Call(engine, columns, size, day_of(on))
    starts = range(0, size, TASK_ROWS)
    if len(starts) > 1:
        # Imported here because it takes several milliseconds, and one client needs no threads.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(call.run, starts))
    else:
        call.run(0)
    return call.result()


class _Call:
    """One call of `score_many`: arrays of the whole length that tasks fill in, slice by slice."""

    def __init__(self, engine: Parts, columns: Mapping[str, Any], size: int, on: date) -> None:
        self.engine, self.columns, self.size, self.on = engine, columns, size, on
        self.encoder = ColumnEncoder(engine.features)
        width, questions = len(engine.features.inputs), len(engine.checklist.questions)
        self.inputs = np.full((size, width), np.nan)
        self.states = np.zeros((size, questions), dtype=np.int8)
        self.outputs = {name: np.empty(size) for name in OUTPUTS[1:]}
        self.by_input = np.empty((size, width))
        self.band_logit = np.empty(size)
        self.places = np.empty((3, size), dtype=np.int8)
        self.status = np.zeros(size, dtype=np.int8)
        self.contributions = self.by_input if self._one_to_one() else np.empty((size, questions))

    def _one_to_one(self) -> bool:
        """True where the inputs are the questions, in the same order."""
        return [item.question.id for item in self.engine.features.inputs] == [
            q.id for q in self.engine.checklist.questions
        ]

    def run(self, start: int) -> None:
        """Encode and score the rows of one task."""
        rows = slice(start, min(start + TASK_ROWS, self.size))
        self._encode(rows)
        for first in range(rows.start, rows.stop, CALL_ROWS):
            part = slice(first, min(first + CALL_ROWS, rows.stop))
            found = self.engine.bundle.run_raw(self.inputs[part])
            self.by_input[part] = found[0]
            for name, values in zip(OUTPUTS[1:], found[1:], strict=True):
                self.outputs[name][part] = values
        self._explain(rows)
        self._propose(rows)

    def _encode(self, rows: slice) -> None:
        part = {name: cells[rows] for name, cells in self.columns.items()}
        early = self.encoder.early(part, rows.stop - rows.start, self.on)
        for column, question in enumerate(self.engine.checklist.questions):
            if question.id in part:
                states, values = self.encoder.question(question, part[question.id])
                self.states[rows, column] = states
                for k, place in enumerate(self.engine.places[question.id]):
                    self.inputs[rows, place] = values[:, k]
            if question.id in early:
                self._set_aside(rows, column, early[question.id])
        self.status[rows] = self._context_status(rows, part)

    def _set_aside(self, rows: slice, column: int, early: NDArray[np.bool_]) -> None:
        self.states[rows, column][early & ~np.isin(self.states[rows, column], (DECLINED, UNKNOWN))] = EARLY
        for place in self.engine.places[self.engine.checklist.questions[column].id]:
            self.inputs[rows, place][early] = np.nan

    def _context_status(self, rows: slice, part: Mapping[str, Any]) -> NDArray[np.int8]:
        status = np.zeros(rows.stop - rows.start, dtype=np.int8)
        if REDUNDANCY_STATUS in part:
            codes, readings = self.encoder.context(REDUNDANCY_STATUS, part[REDUNDANCY_STATUS])
            known = {name: code for code, name in enumerate(STATUSES) if name in ("has_job", "redeployed")}
            status = np.array([known.get(str(reading), 0) for reading in readings], dtype=np.int8)[codes]
        status[self.encoder.objected(part, len(status))] = STATUSES.index("objected")
        return status

    def _explain(self, rows: slice) -> None:
        if self.contributions is not self.by_input:
            for column, question in enumerate(self.engine.checklist.questions):
                places = list(self.engine.places[question.id])
                self.contributions[rows, column] = self.by_input[rows][:, places].sum(axis=1)

    def _propose(self, rows: slice) -> None:
        engine = self.engine
        special = self.by_input[rows][:, list(engine.special_places)].sum(axis=1)
        raised = np.maximum(-special, 0.0)
        self.band_logit[rows] = self.outputs["logit"][rows] + raised
        few = self._informative(rows) < engine.at_least
        self.status[rows][few & (self.status[rows] == 0)] = STATUSES.index("not_enough_answers")
        ends = (self.outputs["logit"], self.outputs["lower_logit"], self.outputs["upper_logit"])
        for k, end in enumerate(ends):
            places = engine.points.places(end[rows] + raised).astype(np.int8)
            places[self.status[rows] != 0] = -1
            self.places[k, rows] = places

    def _informative(self, rows: slice) -> NDArray[np.intp]:
        counted = self.engine.counted
        total = np.zeros(rows.stop - rows.start, dtype=np.intp)
        for column, question in enumerate(self.engine.checklist.questions):
            if question.id in counted:
                known = ~np.isnan(self.inputs[rows][:, list(self.engine.places[question.id])])
                total += (self.states[rows, column] == ANSWERED) & known.any(axis=1)
        return total

    def result(self) -> Columns:
        """The filled columns.

        Raises:
            AnswersError: some cells could not be read; all columns are named with their first rows.
        """
        self._check()
        objected = self.status == STATUSES.index("objected")
        for values in (*self.outputs.values(), self.band_logit):
            values[objected] = np.nan
        self.contributions[objected] = np.nan
        engine, found = self.engine, self.outputs
        return Columns(
            found["probability"], found["lower"], found["upper"], found["logit"], found["lower_logit"],
            found["upper_logit"], self.band_logit, self.contributions, self.places[0], self.places[1], self.places[2],
            self.status, self.states, self.inputs, engine.bundle.manifest.baseline,
            tuple(question.id for question in engine.checklist.questions), engine.points.ids, engine.versions,
            engine.cutoffs.file.reason_odds_ratio,
        )  # fmt: skip

    def _check(self) -> None:
        faults: list[Fault] = []
        for column, question in enumerate(self.engine.checklist.questions):
            rows = np.flatnonzero(self.states[:, column] == UNKNOWN)
            if len(rows):
                faults.append(cell_faults(question.id, rows.tolist()))
        for name in self.columns:
            if name in self.engine.checklist.context_by_id:
                codes, readings = self.encoder.context(name, self.columns[name])
                wrong = np.array([isinstance(reading, ValueError) for reading in readings])[codes]
                if wrong.any():
                    faults.append(cell_faults(name, np.flatnonzero(wrong).tolist()))
        if faults:
            raise AnswersError(f"These columns cannot be scored: {count(faults)}.", faults)


def top_places(contributions: Array, odds_ratio: float) -> NDArray[np.int8]:
    """[n, 3] the places of the largest contributions of at least `log(odds_ratio)`, -1 where there are fewer.

    Of equal ones the first comes first. Contributions count to the nearest 2^-36, of which released ones are multiples.
    """
    found = np.full((len(contributions), TOP), -1, dtype=np.int8)
    for start in range(0, len(contributions), _TOP_ROWS):
        part = contributions[start : start + _TOP_ROWS]
        found[start : start + _TOP_ROWS] = _top_of(part, math.log(odds_ratio))
    return found


def _top_of(contributions: Array, least: float) -> Array:
    """As `top_places`, for few rows. Value and place go into one number, so that whole columns can be compared."""
    rows, width = contributions.shape
    room = float(1 << width.bit_length())
    keys = np.rint(contributions.T / UNIT, order="C") * room
    keys += np.arange(room - 1, room - 1 - width, -1.0)[:, np.newaxis]
    best = np.full((TOP, rows), -room / UNIT**1.5)
    for key in keys:
        for highest in best:
            lower = np.minimum(highest, key)
            np.maximum(highest, key, out=highest)
            key = lower
    values = np.floor(best / room)
    return np.where(values * UNIT >= least, room - 1 - (best - values * room), -1.0).T

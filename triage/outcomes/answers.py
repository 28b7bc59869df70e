"""What did the people in an outcomes file answer? Read as at every other door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.engine.encode_columns import NOT_ASKED, UNKNOWN, ColumnEncoder, as_columns
from triage.features import Features
from triage.outcomes.problems import Remark, in_rows

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Where more than this share of the answers to a question cannot be read, the column is not what its heading says.
MOST_UNREAD = 0.5


@dataclass
class Answers:
    """The answers of a file, chunk by chunk; `unread` has row numbers by question."""

    features: Features
    inputs: list[Array] = field(default_factory=list)
    states: list[NDArray[np.int8]] = field(default_factory=list)
    unread: dict[str, list[int]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._encoder = ColumnEncoder(self.features)

    def add(self, columns: Mapping[str, pl.Series], numbers: Sequence[int]) -> None:
        """Read the columns of some rows, by question id."""
        size = len(numbers)
        inputs = np.full((size, len(self.features.inputs)), np.nan)
        questions = self.features.checklist.questions
        states = np.zeros((size, len(questions)), dtype=np.int8)
        cells, _ = as_columns(dict(columns), self.features)
        for place, question in enumerate(questions):
            if question.id not in cells:
                continue
            state, values = self._encoder.question(question, cells[question.id])
            unread = np.flatnonzero(state == UNKNOWN)
            self.unread.setdefault(question.id, []).extend(numbers[row] for row in unread.tolist())
            self.given[question.id] = self.given.get(question.id, 0) + int((state != NOT_ASKED).sum())
            states[:, place] = np.where(state == UNKNOWN, NOT_ASKED, state)
            inputs[:, [item.place for item in self.features.inputs_of[question.id]]] = values
        self.inputs.append(inputs)
        self.states.append(states)

    def whole(self) -> tuple[Array, NDArray[np.int8]]:
        """Grid values [n, inputs] and states [n, questions] of all rows."""
        none = np.empty((0, len(self.features.inputs)))
        no_state = np.empty((0, len(self.features.checklist.questions)), dtype=np.int8)
        return np.concatenate([none, *self.inputs]), np.concatenate([no_state, *self.states])

    def remarks(self) -> list[Remark]:
        """What could not be read, by question; "stop" where it is most of a column."""
        found = []
        for name, rows in self.unread.items():
            if not rows:
                continue
            share = len(rows) / self.given[name]
            figures: dict[str, float | int | str] = {
                "question": name,
                "cells": len(rows),
                "share": share,
                "first_row": rows[0],
            }
            where = f"Column '{name}': cells that are not among its answers count as not given: {in_rows(rows)}"
            stop = share > MOST_UNREAD
            what = (
                "That is more than half of them: correct the column or take it out."
                if stop
                else "Correct them if you can."
            )
            found.append(Remark("unread_answers", "stop" if stop else "warn", f"{where} {what}", figures))
        return found


def objecting(column: pl.Series, features: Features) -> tuple[Flags, Flags]:
    """[n] who objects to being scored, and whose cell cannot be read."""
    name = "objects_to_scoring"
    cells, _ = as_columns({name: column}, features)
    codes, readings = ColumnEncoder(features).context(name, cells[name])
    objects = np.array([reading is True for reading in readings])[codes]
    return objects, np.array([isinstance(reading, ValueError) for reading in readings])[codes]


def texts_of(parts: Iterable[pl.Series]) -> pl.Series:
    """Parts of a column as one column of text; days as ISO days, whole numbers without a decimal point."""
    found = [_text(part) for part in parts]
    return pl.concat(found) if found else pl.Series([], dtype=pl.String)


def _text(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Datetime):
        column = column.dt.date()
    if column.dtype.is_float():
        column = column.fill_nan(None)
    text = column.cast(pl.String)
    if column.dtype.is_float():
        text = text.str.strip_suffix(".0")
    return text.str.strip_chars().replace("", None)

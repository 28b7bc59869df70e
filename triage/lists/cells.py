"""How is a column of text understood without reading the same text twice?

A column of a million rows holds few different texts. Each is read once, in Python; the rows then only look up what
was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

Value = str | float | date
Codes = NDArray[np.int64]

#: Different texts that one column may hold before what was found is forgotten and begun anew.
_KEEP = 200_000


@dataclass(frozen=True)
class Cell:
    """What one text means for one field.

    Attributes:
        value: an option id, an area code, a number, a day, "declined" or "not_applicable"; None: not given.
        problem: why it is not used, or what a person should know; empty where there is nothing to say.
    """

    value: Value | None = None
    problem: str = ""


class Space:
    """The different answers of one field over the whole list; place 0 stands for "not given"."""

    def __init__(self) -> None:
        self.values: list[Value | None] = [None]
        self._places: dict[Value, int] = {}

    def place(self, value: Value | None) -> int:
        """The place of `value`, which is added where it is new."""
        if value is None:
            return 0
        if value not in self._places:
            self._places[value] = len(self.values)
            self.values.append(value)
        return self._places[value]


class Reader:
    """Reads one column for one field: texts once, rows by look-up."""

    def __init__(self, read: Callable[[str], Cell], space: Space) -> None:
        self._read = read
        self._space = space
        self._begin()

    def _begin(self) -> None:
        self._type = pl.Categorical(pl.Categories.random())
        self._known = 0
        self._places: list[int] = [0]
        self._problems: list[str] = [""]

    def column(self, column: pl.Series) -> tuple[Codes, pl.Series | None]:
        """For each row the place of its value in the space, and the problems (null where none), if any."""
        if self._known > _KEEP:
            self._begin()
        coded = column.cast(self._type)
        self._learn(coded)
        codes = _shifted(coded)
        places = np.asarray(self._places, dtype=np.int64)[codes]
        if not any(self._problems):
            return places, None
        problems = pl.Series([text or None for text in self._problems], dtype=pl.String)
        return places, problems.gather(pl.Series(codes))

    def _learn(self, coded: pl.Series) -> None:
        new = coded.unique().drop_nulls()
        physical = new.to_physical().to_list()
        texts = new.cast(pl.String).to_list()
        short = max((code + 2 for code in physical), default=0) - len(self._places)
        self._places.extend([-1] * short)
        self._problems.extend([""] * short)
        for code, text in zip(physical, texts, strict=True):
            if self._places[code + 1] < 0:
                cell = self._read(text)
                self._places[code + 1] = self._space.place(cell.value)
                self._problems[code + 1] = cell.problem
                self._known += 1


def _shifted(coded: pl.Series) -> Codes:
    """Codes from 1; 0 where the cell is empty."""
    numbers: Codes = (coded.to_physical().cast(pl.Int64) + 1).fill_null(0).to_numpy()
    return numbers

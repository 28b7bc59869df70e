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
        self._known: dict[str, tuple[int, str]] = {}

    def column(self, column: pl.Series) -> tuple[Codes, pl.Series | None]:
        """For each row the place of its value in the space, and the problems (null where none), if any."""
        codes, texts = distinct(column)
        if len(self._known) + len(texts) > _KEEP:
            self._known = {}
        found = [self._look_up(text) for text in texts]
        places = np.array([0, *(place for place, _ in found)], dtype=np.int64)[codes]
        if not any(problem for _, problem in found):
            return places, None
        problems = pl.Series([None, *(problem or None for _, problem in found)], dtype=pl.String)
        return places, problems.gather(pl.Series(codes))

    def _look_up(self, text: str) -> tuple[int, str]:
        known = self._known.get(text)
        if known is None:
            cell = self._read(text)
            known = self._known[text] = self._space.place(cell.value), cell.problem
        return known


def distinct(column: pl.Series) -> tuple[Codes, list[str]]:
    """Codes from 1 for the different texts of a column, 0 where a cell is empty, and the texts in that order."""
    # Polars forgets the codes of a category as soon as no series has it, so they hold for this column only.
    coded = column.cast(pl.Categorical(pl.Categories.random())).to_physical()
    codes: Codes = (coded.cast(pl.Int64) + 1).fill_null(0).to_numpy()
    first = np.full(int(codes.max(initial=0)) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return codes, column.gather(pl.Series(first[1:])).to_list()

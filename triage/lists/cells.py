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
        self._forget()

    def _forget(self) -> None:
        self._known = pl.Enum([])
        self._places: list[int] = []
        self._problems: list[str | None] = []

    def column(self, column: pl.Series) -> tuple[Codes, pl.Series | None]:
        """For each row the place of its value in the space, and the problems (null where none), if any."""
        if len(self._places) > _KEEP:
            self._forget()
        coded = column.cast(self._known, strict=False)
        if coded.null_count() > column.null_count():
            self._learn(column.filter(coded.is_null() & column.is_not_null()).unique(maintain_order=True).to_list())
            coded = column.cast(self._known)
        codes = coded.to_physical().cast(pl.Int64).fill_null(len(self._places)).to_numpy()
        places = np.array([*self._places, 0], dtype=np.int64)[codes]
        if not np.array([*map(bool, self._problems), False])[codes].any():
            return places, None
        return places, pl.Series([*self._problems, None], dtype=pl.String).gather(pl.Series(codes))

    def _learn(self, texts: list[str]) -> None:
        for text in texts:
            cell = self._read(text)
            self._places.append(self._space.place(cell.value))
            self._problems.append(cell.problem or None)
        self._known = pl.Enum([*self._known.categories, *texts])

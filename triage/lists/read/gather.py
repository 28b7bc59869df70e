"""How do rows that come one by one become parts with columns?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from triage.lists.read.source import Chunk


@dataclass
class Row:
    """What one row of a sheet holds while it is read.

    Attributes:
        cells: column -> text, without the empty ones.
        dates: columns whose text is a real date.
        struck: columns whose cells are struck through.
        fills: the fills of the cells, an empty text for none or white.
    """

    number: int = 0
    hidden: bool = False
    cells: dict[int, str] = field(default_factory=dict)
    dates: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    fills: set[str] = field(default_factory=set)


@dataclass
class Gathered:
    """The rows since the last part, column by column; a column is filled up with nulls only when it is needed."""

    table: str
    numbers: list[int] = field(default_factory=list)
    columns: list[list[str | None]] = field(default_factory=list)
    dates: dict[int, list[int]] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    coloured: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def add(self, row: Row) -> None:
        """Take in a row with content."""
        at = len(self.numbers)
        while len(self.columns) <= max(row.cells):
            self.columns.append([])
        for column, text in row.cells.items():
            values = self.columns[column]
            if len(values) < at:
                values.extend([None] * (at - len(values)))
            values.append(text)
        for column in row.dates:
            self.dates.setdefault(column, []).append(at)
        if row.struck and is_struck(row.cells, row.struck):
            self.struck.add(row.number)
        if len(row.fills) == 1 and (fill := next(iter(row.fills))):
            self.coloured[row.number] = fill
        if row.hidden:
            self.hidden.add(row.number)
        self.numbers.append(row.number)

    def part(self) -> Chunk:
        """All the rows as one chunk."""
        count = len(self.numbers)
        for values in self.columns:
            values.extend([None] * (count - len(values)))
        columns = {f"c{index}": pl.Series(values, dtype=pl.String) for index, values in enumerate(self.columns)}
        return Chunk(
            table=self.table,
            first_row=self.numbers[0],
            row_numbers=numbers_of(self.numbers),
            cells=pl.DataFrame(columns),
            dates={index: mask(places, count) for index, places in self.dates.items()},
            struck=frozenset(self.struck),
            coloured=self.coloured,
            hidden_rows=frozenset(self.hidden),
        )


def is_struck(cells: Mapping[int, str], struck: Collection[int]) -> bool:
    """True where most cells of a row are struck through, or the first with letters: somebody's name."""
    name = min((column for column, text in cells.items() if any(map(str.isalpha, text))), default=None)
    return 2 * len(struck) > len(cells) or name in struck


def numbers_of(numbers: list[int]) -> range | list[int]:
    """A range where the numbers follow one another."""
    if numbers[-1] - numbers[0] + 1 == len(numbers):
        return range(numbers[0], numbers[-1] + 1)
    return numbers


def mask(places: list[int], count: int) -> pl.Series:
    """True at the places, false elsewhere."""
    flags = [False] * count
    for place in places:
        flags[place] = True
    return pl.Series(flags, dtype=pl.Boolean)

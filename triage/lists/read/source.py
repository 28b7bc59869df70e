"""What does every kind of list look like once it is open?

One shape for CSV and workbooks: a source has tables, a table gives its rows in chunks of text cells. Nothing is
interpreted here. The first row is just a row, and a cell's text is what a person sees in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

CHUNK_ROWS = 65_536


@dataclass(frozen=True)
class SourceColumn:
    """A column by its place, from 0; `letter` is "A", "B" ... in a sheet and empty in a CSV."""

    index: int
    letter: str
    hidden: bool


@dataclass(frozen=True)
class Chunk:
    """Some consecutive rows of one table.

    Attributes:
        table: the sheet's name, or the file's name for a CSV.
        first_row: the row number of the first row.
        row_numbers: for each row, from 1, the number that a person sees: the row of the sheet, or the line of the
            file on which the record starts.
        cells: every column as text, named c0, c1, ...; null where a cell is empty. All chunks of a table have
            the same columns. Line breaks inside a cell are single line feeds.
        dates: column index -> a true/false value per row: true where the cell is a real date of the workbook.
            Its text is then "2026-03-31", or "2026-03-31 09:30:00" with a time of day. Columns without any
            real date in this chunk are absent; a CSV never has one.
        struck: numbers of the rows where most cells that are not empty, or the first with letters, are struck through.
        coloured: row number -> fill ("FFFF00", "theme 5", "indexed 13") where all its cells share one fill that
            is not white. Reported, never interpreted.
        hidden_rows: numbers of the rows that the workbook hides.
        merged: ranges of the whole table, as (first row, first column, last row, last column), rows from 1 and
            columns from 0, both ends included. The text is in the top left cell, the others are null.
        trimmed: True where it is certain that no text begins or ends with a space of any kind, and that none is
            empty; False says nothing.
    """

    table: str
    first_row: int
    row_numbers: Sequence[int]
    cells: pl.DataFrame
    dates: Mapping[int, pl.Series] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    coloured: Mapping[int, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    trimmed: bool = False


@dataclass(frozen=True)
class SourceTable:
    """One sheet, or the only table of a CSV.

    A hidden sheet is named and never read: it has no columns, no rows and gives no chunk.
    `rows` counts the rows that the chunks will give, the empty ones among them included.
    """

    name: str
    columns: tuple[SourceColumn, ...]
    hidden: bool
    rows: int
    read: Callable[[int], Iterator[Chunk]] = field(repr=False, compare=False)

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows in order, `size` to a chunk (fewer in the last). Each call reads from the start."""
        return self.read(size)


def hidden_table(name: str) -> SourceTable:
    """A sheet that is named and not read."""
    return SourceTable(name, (), True, 0, nothing)


def nothing(_: int) -> Iterator[Chunk]:
    return iter(())


@dataclass(frozen=True)
class Source:
    """An open list. `notes` are whole sentences for the person: how the file was read, and what was left out."""

    path: Path
    kind: Literal["csv", "xlsx"]
    tables: tuple[SourceTable, ...]
    notes: tuple[str, ...]

"""What stands in an outcomes file of any format: headings, and rows with the numbers that people see?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from triage.errors import ListError, OutcomesError
from triage.lists.read import Chunk, SourceTable, open_source

_CHUNK = 65_536
#: The headings are looked for in the first rows with any text.
_HEAD = 64
_PARQUET = b"PAR1"


@dataclass(frozen=True)
class Rows:
    """Some rows: the number that a person sees for each, and the cells with columns c0, c1, ... (text, or typed)."""

    numbers: Sequence[int]
    cells: pl.DataFrame


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes:
        name: the sheet's name, "" where the file has one table only.
        headings: the text at the head of each column, "" for none.
        rows: gives the rows below the headings; empty rows are left out.
        hidden: columns that the workbook hides, by place.
    """

    name: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterator[Rows]]
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheets:
    """An open file: its tables, and sentences about how it was read."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]


def open_sheets(path: Path) -> Sheets:
    """The tables of a CSV, a workbook or a Parquet file, by its content.

    Raises:
        OutcomesError: it is a Parquet file that cannot be read.
        ListError: it is another file that cannot be read.
    """
    if _is_parquet(path):
        return Sheets((_parquet(path),), ("Read as Parquet; rows are counted from 1.",))
    source = open_source(path)
    visible = [table for table in source.tables if not table.hidden]
    sheets = [sheet for table in visible if (sheet := _sheet(table, source.kind == "xlsx")) is not None]
    return Sheets(tuple(sheets), source.notes)


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_PARQUET)) == _PARQUET
    except OSError:
        return False


def _parquet(path: Path) -> Sheet:
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError):
        raise OutcomesError(f"{path.name} is not a whole Parquet file. Write it again, or give a CSV.") from None
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if nested:
        raise OutcomesError(f"{path.name}: the column '{nested[0]}' holds no single cells. Leave it out.")
    spans = [name for name, kind in frame.schema.items() if kind == pl.Duration]
    if spans:
        raise OutcomesError(f"{path.name}: the column '{spans[0]}' holds spans of time. Write it as a number of weeks.")
    headings = tuple(frame.columns)
    frame = frame.rename({name: f"c{place}" for place, name in enumerate(headings)})
    decimals = [name for name, kind in frame.schema.items() if kind.is_decimal()]
    frame = frame.with_columns(pl.col(decimals).cast(pl.Float64)) if decimals else frame

    def rows() -> Iterator[Rows]:
        for start in range(0, frame.height, _CHUNK):
            part = frame.slice(start, _CHUNK)
            yield _filled(Rows(range(start + 1, start + 1 + part.height), part))

    return Sheet("", headings, rows)


def _sheet(table: SourceTable, named: bool) -> Sheet | None:
    """The table with its first row that has text as headings; None where no row has any."""
    head = next(table.chunks(_HEAD), None)
    if head is None:
        return None
    filled = _filled(Rows(head.row_numbers, head.cells))
    if not len(filled.numbers):
        return None
    first = filled.numbers[0]
    headings = tuple((text or "").strip() for text in filled.cells.row(0))
    name = table.name if named else ""

    def rows() -> Iterator[Rows]:
        for chunk in table.chunks(_CHUNK):
            _refuse_merged(chunk, first, name)
            part = _filled(Rows(chunk.row_numbers, chunk.cells))
            below = pl.Series([number > first for number in part.numbers], dtype=pl.Boolean)
            kept = [number for number in part.numbers if number > first]
            yield part if len(kept) == len(part.numbers) else Rows(kept, part.cells.filter(below))

    return Sheet(name, headings, rows, frozenset(column.index for column in table.columns if column.hidden))


def _filled(rows: Rows) -> Rows:
    """The rows that have a cell with anything in it."""
    if not rows.cells.width:
        return rows
    texts = [
        pl.col(name).str.strip_chars().replace("", None)
        for name, kind in rows.cells.schema.items()
        if kind == pl.String
    ]
    cells = rows.cells.with_columns(texts)
    empty = cells.select(pl.all_horizontal(pl.all().is_null())).to_series()
    if not empty.any():
        return Rows(rows.numbers, cells)
    kept = [number for number, bare in zip(rows.numbers, empty.to_list(), strict=True) if not bare]
    return Rows(kept, cells.filter(~empty))


def _refuse_merged(chunk: Chunk, heading: int, name: str) -> None:
    """Only the top left cell of a merged range has its text: the other rows would lose theirs without a word."""
    found = next((span for span in chunk.merged if span[2] > heading), None)
    if found is not None:
        sheet = f"Sheet '{name}': " if name else ""
        raise ListError(
            f"{sheet}cells are merged in rows {found[0]} to {found[2]}. Unmerge them and give each row its own cells."
        )

"""What do the rows of a chunk say once the mess that does not depend on answers is tidied?

Outer spaces go, empty text becomes nothing, ditto marks of organisational columns are filled from above, and every
row gets its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.lists.headers import Headings
from triage.lists.kinds import ABOVE, CLIENT, EMPTY, NO_HEADINGS, Kinds, RowRules, row_kinds
from triage.lists.read.source import Chunk, SourceTable
from triage.lists.vocabulary import Role, Vocabulary

#: The only columns in which "as above" is filled from above. Never names, never answers.
FILLED = ("department", "shift", "session", "employer", "job_title")


@dataclass(frozen=True)
class Table:
    """A table of the list with what its columns hold. `headings` is None where none were found."""

    source: SourceTable
    headings: Headings | None
    roles: tuple[Role, ...]

    @property
    def own(self) -> bool:
        """True where this program wrote the table."""
        return self.headings is not None and self.headings.own

    @property
    def out_rows(self) -> int:
        """How many rows of the output the table gives: all but the headings."""
        return self.source.rows - (self.headings.rows if self.headings else 0)

    def visible(self, place: int) -> bool:
        """False for a column that the workbook hides. In an output of this program such a column still counts."""
        return self.own or not self.source.columns[place].hidden


@dataclass(frozen=True)
class Rows:
    """Consecutive tidy rows of one table.

    Attributes:
        table: where they stand.
        numbers: the row numbers that a person sees.
        cells: text by column (c0, c1, ...), without outer spaces, null where empty.
        kinds: what each row is (see `triage.lists.kinds`).
        struck: True where the row is struck through.
        coloured: how many rows have a colour of their own.
        hidden: how many of the rows the workbook hides.
        filled: how many ditto marks were filled from above.
    """

    table: Table
    numbers: NDArray[np.int64]
    cells: pl.DataFrame
    kinds: Kinds
    struck: NDArray[np.bool_]
    coloured: int = 0
    hidden: int = 0
    filled: int = 0

    def __len__(self) -> int:
        return len(self.numbers)


def tidy_rows(table: Table, vocabulary: Vocabulary, size: int) -> Iterator[Rows]:
    """The rows of a table in order, all but its headings, at most `size` at a time."""
    filler = _Filler(table, vocabulary)
    for chunk, start, stop, above in _pieces(table, size):
        yield _rows(table, chunk, start, stop, above, vocabulary, filler)


def plain_rows(table: Table, columns: Sequence[str], size: int) -> Iterator[Rows]:
    """The same rows with these columns only, and without looking at what each row is."""
    for chunk, start, stop, _ in _pieces(table, size):
        numbers = np.asarray(chunk.row_numbers[start:stop], dtype=np.int64)
        cells = chunk.cells.select(columns).slice(start, stop - start)
        cells = cells if chunk.trimmed else stripped(cells)
        yield Rows(table, numbers, cells, np.zeros(len(numbers), dtype=np.int8), np.zeros(len(numbers), dtype=bool))


def _pieces(table: Table, size: int) -> Iterator[tuple[Chunk, int, int, bool]]:
    """Chunks with the part of them that is not headings: where it starts and stops, and if it is above them."""
    headings = table.headings
    begin, end = (headings.first, headings.first + headings.rows) if headings else (0, 0)
    place = 0
    for chunk in table.source.chunks(size):
        height = len(chunk.row_numbers)
        for first, last in ((0, begin - place), (end - place, height)):
            start, stop = max(first, 0), min(last, height)
            if start < stop:
                yield chunk, start, stop, place + start < begin
        place += height


def first_rows(table: SourceTable, count: int) -> tuple[list[tuple[str | None, ...]], Chunk | None]:
    """The first rows as text, and the chunk that they come from (None for an empty table)."""
    chunks = table.chunks(count)
    chunk = next(chunks, None)
    rest: Sequence[tuple[str | None, ...]] = chunk.cells.rows() if chunk is not None else []
    return list(rest), chunk


def _rows(
    table: Table, chunk: Chunk, start: int, stop: int, above: bool, vocabulary: Vocabulary, filler: _Filler
) -> Rows:
    cells = chunk.cells.slice(start, stop - start)
    cells = cells if chunk.trimmed else stripped(cells)
    numbers = np.asarray(chunk.row_numbers[start:stop], dtype=np.int64)
    filled = 0
    if table.headings is None:
        kinds: Kinds = np.full(len(numbers), NO_HEADINGS, dtype=np.int8)
    elif above:
        kinds = np.full(len(numbers), ABOVE, dtype=np.int8)
    elif table.own:
        kinds = np.full(len(numbers), CLIENT, dtype=np.int8)
    else:
        rules = RowRules(table.roles, table.headings.parts, vocabulary)
        kinds = row_kinds(cells, rules, _across(chunk, numbers))
        cells, filled = filler.fill(cells, kinds)
    kinds = _emptied(cells, kinds)
    return Rows(
        table,
        numbers,
        cells,
        kinds,
        _marked(chunk.struck, numbers),
        int(_marked(chunk.coloured, numbers).sum()),
        int(_marked(chunk.hidden_rows, numbers).sum()),
        filled,
    )


def stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """Text without outer spaces, and null where nothing else was there."""
    if not cells.width or not cells.height:
        return cells
    cells = cells.select(pl.all().str.strip_chars())
    blank = cells.select((pl.all() == "").any()).row(0)
    names = [name for name, has in zip(cells.columns, blank, strict=True) if has]
    return cells.with_columns(pl.when(pl.col(name) != "").then(name).alias(name) for name in names) if names else cells


def _emptied(cells: pl.DataFrame, kinds: Kinds) -> Kinds:
    """Rows without any text are empty whatever stands around them."""
    if not cells.width:
        return np.full(cells.height, EMPTY, dtype=np.int8)
    blank = cells.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"].to_numpy()
    return np.where(blank, np.int8(EMPTY), kinds)


def _marked(marked: object, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not marked:
        return np.zeros(len(numbers), dtype=bool)
    assert isinstance(marked, frozenset | dict)
    return np.isin(numbers, np.fromiter(marked, dtype=np.int64))


def _across(chunk: Chunk, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for rows in which one cell is merged over three columns or more."""
    merged = {top for top, left, bottom, right in chunk.merged if top == bottom and right - left >= 2}
    return _marked(frozenset(merged), numbers)


class _Filler:
    """Fills ditto marks from above, over the edges of chunks. Only rows of clients are looked at."""

    def __init__(self, table: Table, vocabulary: Vocabulary) -> None:
        words = vocabulary.words.rows.get("ditto", ())
        self._marks = sorted({word.casefold() for word in words})
        self._columns = [
            f"c{at}" for at, role in enumerate(table.roles) if role.kind == "column" and role.name in FILLED
        ]
        self._above: dict[str, str | None] = {}

    def fill(self, cells: pl.DataFrame, kinds: Kinds) -> tuple[pl.DataFrame, int]:
        """The cells with the marks filled, and how many there were."""
        client = pl.Series(kinds == CLIENT)
        filled = 0
        for name in self._columns:
            column = cells[name]
            mark = column.str.to_lowercase().is_in(self._marks).fill_null(False) & client
            count = int(mark.sum())
            if count:
                filled += count
                cells = cells.with_columns(self._filled(column, mark, client))
            last = cells[name].filter(client)
            if len(last):
                self._above[name] = last[-1]
        return cells, filled

    def _filled(self, column: pl.Series, mark: pl.Series, client: pl.Series) -> pl.Series:
        # An empty cell above is something to copy as well, so it must not be skipped as a null would be.
        shown = column.fill_null("")
        before = pl.Series([self._above.get(column.name) or ""])
        source = pl.DataFrame({"text": shown, "take": client & ~mark}).select(
            pl.when("take").then("text").forward_fill()
        )
        above = source.to_series().fill_null(before[0])
        taken = pl.DataFrame({"mark": mark, "above": above, "text": shown}).select(
            pl.when("mark").then("above").otherwise("text").alias(column.name)
        )
        text = taken.to_series()
        return text.set(text == "", None)

"""How is an old Excel workbook (.xls) read?

With xlrd, which gives hidden rows and columns, merged ranges and fonts too. The format ends at 65,536 rows and 256
columns, so a sheet is held whole and given out in chunks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT

from triage.errors import ListError
from triage.lists.read.chunks import rechunked
from triage.lists.read.gather import is_struck, mask
from triage.lists.read.letters import column_letters
from triage.lists.read.limits import Limits
from triage.lists.read.ole import protected
from triage.lists.read.source import Chunk, Source, SourceColumn, SourceTable, hidden_table
from triage.lists.read.strings import plain_text
from triage.lists.read.styles import Style, format_kind
from triage.lists.read.values import styled_text

SOLID, WHITE = 1, (255, 255, 255)


def open_xls(path: Path, limits: Limits) -> Source:
    """The sheets of an old workbook; raises ListError where it cannot be read in full."""
    book = open_book(path)
    try:
        tables = [table_of(path, book, sheet, limits) for sheet in book.sheets()]
    except ListError:
        raise
    except Exception:
        raise broken(path) from None
    if not any(table.rows for table in tables):
        raise ListError(f"{path.name} has no rows in a visible sheet. Check that the right file was chosen.")
    return Source(path, "xlsx", tuple(tables), ("Read as an old Excel workbook (.xls).",))


def open_book(path: Path) -> Any:
    """The workbook with its styles; raises ListError."""
    try:
        return xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
    except Exception as error:  # xlrd raises whatever its arithmetic runs into, recursion errors included.
        if "encrypted" in str(error).lower():
            raise protected(path) from None
        raise broken(path) from None


def broken(path: Path) -> ListError:
    return ListError(
        f"{path.name} is an old Excel workbook (.xls) that cannot be read. Open it in Excel, choose "
        "File > Save As > Excel Workbook (.xlsx), and try again."
    )


def table_of(path: Path, book: Any, sheet: Any, limits: Limits) -> SourceTable:
    """One sheet; a hidden one is named and not read."""
    if sheet.visibility:
        return hidden_table(sheet.name)
    chunk = OldSheet(path, book, sheet, limits).chunk()
    hidden = {index for index, facts in sheet.colinfo_map.items() if facts.hidden or not facts.width}
    width = chunk.cells.width if chunk else 0
    columns = tuple(SourceColumn(at, column_letters(at), at in hidden) for at in range(width))

    def chunks(size: int) -> Iterator[Chunk]:
        return rechunked([chunk] if chunk else [], size)

    return SourceTable(sheet.name, columns, False, chunk.cells.height if chunk else 0, chunks)


@dataclass
class OldSheet:
    """A sheet of an old workbook, to be made into one chunk."""

    path: Path
    book: Any
    sheet: Any
    limits: Limits

    def chunk(self) -> Chunk | None:
        """All rows up to the last one with content; None for an empty sheet."""
        rows = [self.row(number) for number in range(self.sheet.nrows)]
        while rows and not any(text for text, _ in rows[-1]):
            rows.pop()
        if not rows:
            return None
        width = max(at + 1 for row in rows for at, (text, _) in enumerate(row) if text)
        columns = {f"c{at}": [row[at][0] if at < len(row) else None for row in rows] for at in range(width)}
        dates = {at: [number for number, row in enumerate(rows) if at < len(row) and row[at][1]] for at in range(width)}
        chunk = Chunk(
            table=self.sheet.name,
            first_row=1,
            row_numbers=range(1, len(rows) + 1),
            cells=pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)),
            dates={at: mask(places, len(rows)) for at, places in dates.items() if places},
            merged=tuple((top + 1, left, bottom, right - 1) for top, bottom, left, right in self.sheet.merged_cells),
        )
        return replace(chunk, struck=self.struck(rows), coloured=self.coloured(rows), hidden_rows=self.hidden(rows))

    def row(self, number: int) -> list[tuple[str | None, bool]]:
        return [self.text(cell) for cell in self.sheet.row(number)]

    def text(self, cell: Any) -> tuple[str | None, bool]:
        """A cell's text, and whether it is a real date."""
        if cell.ctype == XL_CELL_TEXT:
            self.check_length(cell.value)
            return plain_text(cell.value) or None, False
        if cell.ctype in (XL_CELL_NUMBER, XL_CELL_DATE):
            return styled_text(repr(cell.value), self.style(cell), bool(self.book.datemode))
        if cell.ctype == XL_CELL_BOOLEAN:
            return ("TRUE" if cell.value else "FALSE"), False
        if cell.ctype == XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A"), False
        return None, False

    def check_length(self, text: str) -> None:
        if len(text) > self.limits.cell_characters:
            raise ListError(
                f"{self.path.name}, sheet '{self.sheet.name}': a cell has more than "
                f"{self.limits.cell_characters:,} characters. Shorten or empty it, and try again."
            )

    def style(self, cell: Any) -> Style:
        number = self.book.xf_list[cell.xf_index].format_key
        code = self.book.format_map[number].format_str if number in self.book.format_map else ""
        kind, digits = format_kind(number, code)
        return Style(kind, digits)

    def struck(self, rows: list[list[tuple[str | None, bool]]]) -> frozenset[int]:
        """Rows where most cells with text, or the first with letters, are struck through."""
        found = set()
        for number, row in enumerate(rows):
            cells = {at: text for at, (text, _) in enumerate(row) if text}
            if is_struck(cells, [at for at in cells if self.is_struck(number, at)]):
                found.add(number + 1)
        return frozenset(found)

    def is_struck(self, number: int, at: int) -> bool:
        font = self.book.xf_list[self.sheet.cell_xf_index(number, at)].font_index
        return bool(self.book.font_list[font].struck_out)

    def coloured(self, rows: list[list[tuple[str | None, bool]]]) -> dict[int, str]:
        """Rows whose cells with text share one fill that is not white."""
        found = {}
        for number, row in enumerate(rows):
            fills = {self.fill(number, at) for at, (text, _) in enumerate(row) if text}
            if len(fills) == 1 and (fill := fills.pop()):
                found[number + 1] = fill
        return found

    def fill(self, number: int, at: int) -> str:
        background = self.book.xf_list[self.sheet.cell_xf_index(number, at)].background
        colour = self.book.colour_map.get(background.pattern_colour_index)
        if background.fill_pattern != SOLID or colour is None or colour == WHITE:
            return ""
        return "".join(f"{part:02X}" for part in colour)

    def hidden(self, rows: list[list[tuple[str | None, bool]]]) -> frozenset[int]:
        """Rows with text that the workbook hides."""
        return frozenset(
            number + 1
            for number, row in enumerate(rows)
            if any(text for text, _ in row)
            and number in self.sheet.rowinfo_map
            and self.sheet.rowinfo_map[number].hidden
        )

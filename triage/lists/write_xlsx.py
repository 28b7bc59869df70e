"""How is an output written as a workbook that opens ready to use?

Rows go to the disk as they come, so that the memory does not grow with the list.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import polars as pl
import xlsxwriter
import xlsxwriter.exceptions

from triage.cutoffs import Band
from triage.errors import ListError
from triage.lists.names import OVERRIDES
from triage.lists.results import CROSSES
from triage.lists.safety import is_dangerous
from triage.lists.speak_first import Line
from triage.lists.styles import WIDTH, WIDTHS, Styles, make_styles

ABOUT, CLIENTS, SPEAK, PLACES, PROBLEMS, MEANING = (
    "About this list",
    "Clients",
    "Speak to first",
    "Places",
    "Problems",
    "What the figures mean",
)
_BANDS = ("proposed_band", "decided_band")
_CHANCES = ("probability", "lower", "upper")
_WRAPPED = ("unanswered", "status", "problem", *(f"{kind}_{k}" for kind in ("reason", "strength") for k in (1, 2, 3)))
_CELL, _CUT = 32_767, " [cut]"
_SHEET, _LINES, _SPEAK = 1_048_576, 8, 38
#: A page: lines of text with the name of their style.
Page = Sequence[tuple[str, str, str]]


class WorkbookSink:
    """Writes the sheets of one workbook: the clients and the problems as they come, the other pages at the end.

    `places`: with a sheet of the order in which the places of the list are offered.
    """

    def __init__(
        self, path: Path, names: Sequence[str], carried: Sequence[str], bands: Sequence[Band], places: bool = False
    ) -> None:
        self._path = path
        self._names = list(names)
        self._carried = list(carried)
        self._bands = {band.id: (place, band.name) for place, band in enumerate(bands)}
        # Rows wait here for the end, so that nobody's data stays behind where writing is broken off.
        self._waiting = TemporaryDirectory(prefix="ltu-triage-")
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": self._waiting.name,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_size(2400, 1500)
        self._styles = make_styles(self._book.add_format, len(bands))
        sheets = (ABOUT, CLIENTS, SPEAK, *((PLACES,) if places else ()), PROBLEMS, MEANING)
        self._sheets = {name: self._book.add_worksheet(name) for name in sheets}
        self._rows = 0
        self._problems = 0

    def __enter__(self) -> WorkbookSink:
        self._head(CLIENTS, self._names)
        shown = [*self._carried, "row", "status", "problem"]
        self._problem_places = [self._names.index(name) for name in shown]
        self._head(PROBLEMS, shown)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._waiting:
            if kind is None:
                self._save()
                return
            self._book.fileclosed = True
            for sheet in self._sheets.values():
                sheet.row_data_fh.close()

    def _save(self) -> None:
        self._finish(CLIENTS, self._rows, len(self._names))
        self._finish(PROBLEMS, self._problems, len(self._carried) + 3)
        self._sheets[ABOUT].activate()
        try:
            self._book.close()
        except xlsxwriter.exceptions.FileCreateError:
            raise ListError(f"{self._path} cannot be written. Is it open in another program?") from None

    def write(self, frame: pl.DataFrame) -> None:
        """Writes the rows of `frame`."""
        sheet = self._sheets[CLIENTS]
        styles = [self._style(name) for name in self._names]
        problem, status = self._names.index("problem"), self._names.index("status")
        folded = [(place, WIDTHS.get(name, WIDTH)) for place, name in enumerate(self._names) if name in _WRAPPED]
        for row in frame.iter_rows():
            self._rows += 1
            sheet.set_row(self._rows, _row_height(row, folded))
            for place, (value, style) in enumerate(zip(row, styles, strict=True)):
                if value is not None and self._names[place] in _BANDS:
                    self._band(place, value, row[status])
                elif value is not None:
                    self._cell(sheet, self._rows, place, value, style)
            if row[problem] is not None:
                self._write_problems(row, problem)

    def _band(self, place: int, band: str, status: str) -> None:
        """A band in words, and beside a proposed one whether the range reaches another."""
        at, name = self._bands[band]
        if self._names[place] == _BANDS[0] and CROSSES in status:
            name = f"{name} ({CROSSES})"
        self._sheets[CLIENTS].write_string(self._rows, place, name, self._styles.bands[at])

    def _write_problems(self, row: Sequence[Any], problem: int) -> None:
        """One line for each thing that is wrong with a row."""
        for item in row[problem].split("; "):
            self._problems += 1
            if self._problems >= _SHEET:
                return
            self._sheets[PROBLEMS].set_row(self._problems, _row_height((item,), [(0, WIDTHS["problem"])]))
            for place, source in enumerate(self._problem_places):
                value = item if source == problem else row[source]
                if value is not None:
                    self._cell(self._sheets[PROBLEMS], self._problems, place, value, self._style(self._names[source]))

    def speak_first(self, lines: Sequence[Line]) -> None:
        """Writes the sheet of the people to speak to first."""
        headings = [*self._carried, "row", "why", "ask first", "then", "and then", "to know"]
        self._head(SPEAK, headings)
        sheet = self._sheets[SPEAK]
        first = len(self._carried) + 1
        sheet.set_column(first, len(headings) - 1, _SPEAK)
        folded = [(place, _SPEAK) for place in range(first, len(headings))]
        for number, line in enumerate(lines, start=1):
            cells = (*line.carried, line.row, line.why, *line.ask, line.know)
            sheet.set_row(number, _row_height(cells, folded))
            for place, value in enumerate(cells):
                if value not in (None, ""):
                    self._cell(
                        sheet, number, place, value, self._styles.wrapped if place >= first else self._styles.text
                    )
        self._finish(SPEAK, len(lines), len(headings))

    def in_order(self, headings: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Writes the sheet of the order in which the places are offered."""
        self._head(PLACES, headings)
        sheet = self._sheets[PLACES]
        sheet.set_column(len(headings) - 2, len(headings) - 1, _SPEAK)
        for number, cells in enumerate(lines, start=1):
            sheet.set_row(number, _row_height(cells, [(len(headings) - 1, _SPEAK)]))
            for place, value in enumerate(cells):
                if value not in (None, ""):
                    text = self._styles.wrapped if place >= len(headings) - 2 else self._styles.text
                    self._cell(sheet, number, place, value, self._styles.whole if isinstance(value, int) else text)
        self._finish(PLACES, len(lines), len(headings))

    def first_page(self, lines: Page) -> None:
        """Writes the page that the workbook opens with."""
        self._page(ABOUT, lines)

    def last_page(self, lines: Page) -> None:
        """Writes the page about the figures."""
        self._page(MEANING, lines)

    def _page(self, name: str, lines: Page) -> None:
        """A page of text: style, left cell, right cell."""
        sheet = self._sheets[name]
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 96)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        for number, (style, left, right) in enumerate(lines):
            chosen = getattr(self._styles, style)
            sheet.set_row(number, _height(style, left, right))
            if left and not right:
                sheet.merge_range(number, 0, number, 1, left, chosen)
            elif right:
                sheet.write_string(number, 0, left, self._styles.strong)
                sheet.write_string(number, 1, right, chosen)

    def _head(self, name: str, headings: Sequence[str]) -> None:
        sheet = self._sheets[name]
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, WIDTHS.get(heading, WIDTH))
        sheet.set_row(0, 32)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self._styles.fill_in if heading in OVERRIDES else self._styles.head)
        sheet.freeze_panes(1, min(len(self._carried), 2))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _finish(self, name: str, rows: int, columns: int) -> None:
        self._sheets[name].autofilter(0, 0, min(max(rows, 1), _SHEET - 1), columns - 1)

    def _style(self, name: str) -> Any:
        styles: Styles = self._styles
        if name in _CHANCES:
            return styles.chance
        if name in ("logit", "row"):
            return styles.odds if name == "logit" else styles.whole
        return styles.wrapped if name in _WRAPPED else styles.text

    def _cell(self, sheet: Any, row: int, place: int, value: Any, style: Any) -> None:
        if isinstance(value, int | float):
            sheet.write_number(row, place, value, style)
            return
        if is_dangerous(value):
            style = self._styles.quoted_wrapped if style is self._styles.wrapped else self._styles.quoted
            value = value if value[0] != "'" else f"'{value}"
        if len(value) > _CELL:
            value = value[: _CELL - len(_CUT)] + _CUT
        sheet.write_string(row, place, value, style)


def _row_height(cells: Sequence[Any], folded: Sequence[tuple[int, int]]) -> float:
    """The height of a row in points, so that text that is folded at these widths can be read."""
    lines = max((math.ceil(len(cells[place] or "") / (0.95 * width)) for place, width in folded), default=1)
    return 13.5 * min(max(lines, 1), _LINES) + 1.5


def _height(style: str, left: str, right: str) -> float:
    """The height of a line of a page, in points: spreadsheets do not find that of merged cells."""
    if style == "title":
        return 30.0
    lines = max(math.ceil(len(right) / 100), math.ceil(len(left) / (32 if right else 130)), 1)
    return 15.5 * lines + (10.0 if style == "section" else 0.0)

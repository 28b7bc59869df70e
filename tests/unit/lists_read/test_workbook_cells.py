"""Does a workbook come out as the person who filled it in sees it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font, PatternFill

from tests.golden.malformed.containers import label, number, old_workbook
from triage.errors import ListError
from triage.lists.read import Chunk, Limits, SourceTable, open_source

pytestmark = pytest.mark.slow

# Everything that XML 1.0 can carry, and what only an escape can.
TEXT = st.text(
    st.one_of(st.sampled_from(list("ab<&>\"'\n\t _x000D_é日\u0301👍\x0b")), st.characters(codec="utf-8")), max_size=8
).filter(lambda text: "\r" not in text and "\x00" not in text and "\ufffe" not in text and "\uffff" not in text)
WHOLE = st.integers(-(10**15) + 1, 10**15 - 1)
DECIMAL = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))
DAY = st.dates(date(1900, 3, 1), date(2100, 1, 1))
CELL = st.one_of(st.none(), TEXT, WHOLE, DECIMAL, st.booleans(), DAY)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=8)


def seen(value: object) -> str | None:
    """What a person sees in a cell that holds the value."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        text = format(value, ".15g").upper()
        return "0" if text == "-0" else text
    return str(value)


def trimmed(rows: Sequence[Sequence[str | None]]) -> list[tuple[str | None, ...]]:
    """Without the empty rows at the end and the empty columns at the right."""
    kept = [list(row) for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((at + 1 for row in kept for at, cell in enumerate(row) if cell), default=0)
    return [tuple((row + [None] * width)[:width]) for row in kept]


def write_sheet(path: Path, rows: list[list[object]], in_place: bool) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": in_place}) as book:
        sheet = book.add_worksheet("Session 1")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(at, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif isinstance(value, (int, float)):
                    sheet.write_number(at, column, value)


def table_rows(table: SourceTable, size: int = 3) -> list[tuple[str | None, ...]]:
    return [row for chunk in table.chunks(size) for row in chunk.cells.rows()]


@settings(max_examples=60)
@given(TABLE, st.booleans())
@example([["_x000D_", "_x0041_\n_"], ["  ", " a "]], True)
@example([["_x000D_", "_x0041_\n_"], ["  ", " a "]], False)
def test_every_cell_comes_out_as_it_is_seen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]], in_place: bool
) -> None:
    """A phone number with ".0" or a date as 27484 would go straight into the list that is worked from."""
    path = tmp_path_factory.getbasetemp() / "list.xlsx"
    write_sheet(path, rows, in_place)
    expected = trimmed([[seen(value) for value in row] for row in rows])
    if not expected:
        with pytest.raises(ListError, match="no rows"):
            open_source(path)
        return
    [table] = open_source(path).tables
    assert table_rows(table) == expected
    assert table.rows == len(expected)
    dates = {(number, at) for number, row in enumerate(rows, 1) for at, value in enumerate(row) if type(value) is date}
    assert real_dates(list(table.chunks(2))) == dates


def real_dates(chunks: list[Chunk]) -> set[tuple[int, int]]:
    return {
        (number, column)
        for chunk in chunks
        for column, mask in chunk.dates.items()
        for number, flag in zip(chunk.row_numbers, mask, strict=True)
        if flag
    }


@settings(max_examples=40)
@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_workbook_too_large_to_keep_is_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """A large list is read twice from the disk: both times, and in any chunk size, it must be the same list."""
    path = tmp_path_factory.getbasetemp() / "list.xlsx"
    write_sheet(path, [["Name"], *rows], True)
    [kept] = open_source(path).tables
    [again] = open_source(path, limits=Limits(kept_cells=0)).tables
    first = list(kept.chunks(100))
    assert table_rows(kept, 1) == table_rows(again, 2) == [row for chunk in first for row in chunk.cells.rows()]
    assert [number for chunk in again.chunks(2) for number in chunk.row_numbers] == list(first[0].row_numbers)
    assert kept.columns == again.columns
    assert kept.rows == again.rows == first[0].cells.height


def test_marks_of_rows_and_columns_survive_any_chunk_size(tmp_path: Path) -> None:
    """A struck-through leaver on row 2,000 is still a leaver when the list is read in pieces."""
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 41):
        for column in range(1, 4):
            cell = sheet.cell(row, column, f"cell {row} {column}")
            if row % 7 == 0:
                cell.font = Font(strike=True)
            if row % 11 == 0:
                cell.fill = PatternFill("solid", fgColor="FFCCE5FF")
        sheet.cell(row, 4, date(2026, 3, 1) + timedelta(row))
        sheet.row_dimensions[row].hidden = row % 5 == 0
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A1:C1")
    book.save(path)
    [table] = open_source(path).tables
    assert [column.letter for column in table.columns if column.hidden] == ["B"]
    for size in (1, 3, 40, 100):
        chunks = list(table.chunks(size))
        assert frozenset().union(*(chunk.struck for chunk in chunks)) == frozenset(range(7, 41, 7))
        assert frozenset().union(*(chunk.hidden_rows for chunk in chunks)) == frozenset(range(5, 41, 5))
        assert real_dates(chunks) == {(row, 3) for row in range(1, 41)}
        assert all(chunk.merged == ((1, 0, 1, 2),) for chunk in chunks)
        assert all(chunk.cells.height == len(chunk.row_numbers) <= size for chunk in chunks)
        assert all(set(chunk.struck) <= set(chunk.row_numbers) for chunk in chunks)
        assert all(chunk.first_row == chunk.row_numbers[0] for chunk in chunks)


def test_a_row_counts_as_coloured_only_when_all_of_it_is(tmp_path: Path) -> None:
    """One yellow cell is a note to somebody; a yellow row means something to the person who filled it."""
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for row, fills in enumerate([("FFFFFF00", "FFFFFF00"), ("FFFFFF00", None), ("FFFFFFFF", "FFFFFFFF")], 1):
        for column, fill in enumerate(fills, 1):
            cell = sheet.cell(row, column, "text")
            if fill:
                cell.fill = PatternFill("solid", fgColor=fill)
    book.save(path)
    [table] = open_source(path).tables
    [chunk] = table.chunks()
    assert dict(chunk.coloured) == {1: "FFFF00"}


@settings(max_examples=40)
@given(st.lists(st.lists(st.one_of(TEXT, WHOLE), min_size=1, max_size=4), min_size=1, max_size=6))
def test_an_old_workbook_comes_out_as_it_is_seen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> None:
    """Payroll systems still hand out .xls."""
    path = tmp_path_factory.getbasetemp() / "list.xls"
    records = b"".join(
        label(at, column, value) if isinstance(value, str) else number(at, column, float(str(value)))
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if isinstance(value, int) or all(character <= "\uffff" for character in str(value))
    )
    path.write_bytes(old_workbook({"Session 1": (0, records)}))
    seen_rows = [
        [seen(value) if not isinstance(value, str) or all(c <= "\uffff" for c in value) else None for value in row]
        for row in rows
    ]
    expected = trimmed(seen_rows)
    if not expected:
        with pytest.raises(ListError, match="no rows"):
            open_source(path)
        return
    [table] = open_source(path).tables
    assert table_rows(table) == expected


def test_a_list_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Half of yesterday's list and half of today's would look like one."""
    for name, content in (("list.csv", b"Name\nBaird\n"), ("list.xlsx", None)):
        path = tmp_path / name
        if content is None:
            write_sheet(path, [["Name"], ["Baird"]], True)
        else:
            path.write_bytes(content)
        [table] = open_source(path, limits=replace(Limits(), kept_cells=0)).tables
        path.write_bytes(path.read_bytes() + b"Reid\n")
        with pytest.raises(ListError, match="was changed by another program"):
            list(table.chunks())

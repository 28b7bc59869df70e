"""Does the list that is read hold exactly the cells of the list that was written, on the same lines?"""

from __future__ import annotations

import csv
import io
import random
from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from triage.errors import ListError
from triage.lists.read import Limits
from triage.lists.read.csv_layout import Layout, lay_out
from triage.lists.read.csv_rows import careful_chunks, quick_cells, read_chunks, record_lines, tidy_bytes
from triage.lists.read.dialect import Dialect
from triage.lists.read.text import open_text

pytestmark = pytest.mark.slow

Row = tuple[str | None, ...]

# Quotation marks, separators, line breaks and blanks on purpose: they are what readers disagree about.
CELL = st.text(st.sampled_from(list('ab"",;\t|\n é日0 =\'#\ufeff\u2028\x0b\x85')), max_size=6)
WIDE = st.integers(2, 5)
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows of one width; the last row has text, since empty rows at the end are left out on purpose."""
    width = draw(WIDE)
    row = st.lists(CELL, min_size=width, max_size=width)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    rows[-1][0] = rows[-1][0] or "x"
    return rows


def written(rows: list[list[str]], separator: str, line_break: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n", quoting=quoting).writerows(rows)
    return out.getvalue().replace("\n", line_break)


def laid_out(path: Path, separator: str, width: int) -> Layout:
    return lay_out(open_text(path), Dialect(separator, width), Limits())


def laid_out_or_message(path: Path, block: int = 1_000_000) -> Layout | str:
    try:
        return lay_out(open_text(path), Dialect(",", 2), Limits(), block)
    except ListError as error:
        return str(error)


def all_rows(layout: Layout, size: int) -> list[tuple[int, Row]]:
    return [
        (number, row)
        for chunk in read_chunks(layout, size)
        for number, row in zip(chunk.row_numbers, chunk.cells.rows(), strict=True)
    ]


def expected(rows: list[list[str]]) -> list[tuple[int, Row]]:
    found: list[tuple[int, Row]] = []
    line = 1
    for row in rows:
        found.append((line, tuple(cell or None for cell in row)))
        line += 1 + sum(cell.count("\n") for cell in row)
    return found


@given(
    tables(),
    st.sampled_from(",;\t|"),
    BREAKS,
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 5),
)
@example([['"', "\n"]], ",", "\r\n", csv.QUOTE_MINIMAL, 1)
def test_cells_and_line_numbers_survive_every_dialect(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    separator: str,
    line_break: str,
    quoting: int,
    size: int,
) -> None:
    """A name that changes, moves to another row or is reported on another line would be noticed at once."""
    path = tmp_path_factory.getbasetemp() / "list.csv"
    # A mark of its own, since a first cell may start with the same character.
    path.write_bytes(BOM_UTF8 + written(rows, separator, line_break, quoting).encode())
    layout = laid_out(path, separator, len(rows[0]))
    assert all_rows(layout, size) == expected(rows)
    assert layout.rows == len(rows)


@given(tables(), BREAKS, st.data())
def test_quick_and_careful_reader_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], line_break: str, data: st.DataObject
) -> None:
    """Otherwise one stray mark far down in a list would change how the rows above it are read."""
    path = tmp_path_factory.getbasetemp() / "list.csv"
    ragged = [row[: data.draw(st.integers(1, len(row)))] for row in rows]
    ragged[-1][0] = ragged[-1][0] or "x"
    path.write_bytes(BOM_UTF8 + written(ragged, ",", line_break).encode())
    layout = laid_out(path, ",", len(rows[0]))
    assert len(layout.segments) == 1
    segment = layout.segments[0]
    content = path.read_bytes()[segment.start : segment.end]
    quick = quick_cells(layout, segment, tidy_bytes(layout.text.encoding, content))
    careful = list(careful_chunks(layout, segment))
    assert quick is not None, "the quick reader gave up on a list that follows the rules"
    assert quick.rows() == [row for chunk in careful for row in chunk.cells.rows()]
    numbers = [number for chunk in careful for number in chunk.row_numbers]
    assert list(record_lines(layout, segment, content)) == numbers


@given(st.text(st.sampled_from(list('ab",\n')), min_size=1, max_size=40))
def test_any_text_is_read_like_the_standard_library_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Stray quotation marks must never lose a row without a word."""
    path = tmp_path_factory.getbasetemp() / "list.csv"
    path.write_bytes(text.encode())
    layout = laid_out_or_message(path)
    if isinstance(layout, str):
        assert "quotation mark" in layout or "no rows" in layout
        return
    rows = [tuple(cell or None for cell in row) for row in csv.reader(io.StringIO(text, newline=""))]
    while rows and not any(rows[-1]):
        rows.pop()
    found = [row for _, row in all_rows(layout, 3)]
    while found and not any(found[-1]):
        found.pop()
    assert [row + (None,) * (layout.width - len(row)) for row in rows] == found


@given(st.text(st.sampled_from(list('ab",\n\r')), min_size=1, max_size=40), st.integers(1, 12))
def test_where_the_file_is_cut_into_blocks_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, text: str, block: int
) -> None:
    """A large list is read in blocks: a name at the edge of one must not be cut, doubled or moved."""
    path = tmp_path_factory.getbasetemp() / "list.csv"
    path.write_bytes(text.encode())
    small, whole = laid_out_or_message(path, block), laid_out_or_message(path)
    assert isinstance(small, str) == isinstance(whole, str)
    if isinstance(small, str) or isinstance(whole, str):
        assert small == whole
    else:
        assert (small.width, small.rows, small.long_lines) == (whole.width, whole.rows, whole.long_lines)
        assert all_rows(small, 4) == all_rows(whole, 4)


def test_rows_that_the_quick_reader_counts_otherwise_are_read_with_care(tmp_path: Path) -> None:
    """Whatever a later version of the quick reader does with odd rows, none may be lost or added."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"Name,Age\nBaird,41\n")
    layout = laid_out(path, ",", 2)
    [segment] = layout.segments
    assert quick_cells(layout, replace(segment, records=3), path.read_bytes()) is None
    assert quick_cells(replace(layout, width=1), segment, path.read_bytes()) is None
    layout.segments = [replace(segment, records=3)]
    assert [row for _, row in all_rows(layout, 5)] == [("Name", "Age"), ("Baird", "41")]


def test_a_stray_mark_in_a_long_list_costs_no_row_and_moves_none(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = [f"Person {number},{number % 60}" for number in range(20_000)]
    lines[19_000] = 'Person 19000,5" nails'
    path.write_text("\n".join(lines))
    whole = laid_out(path, ",", 2)
    pieces = lay_out(open_text(path), Dialect(",", 2), Limits(), 50_000)
    assert [segment.careful for segment in whole.segments] == [True]
    assert sum(segment.careful for segment in pieces.segments) == 1
    assert len(pieces.segments) > 3
    found = all_rows(pieces, 4_096)
    assert found == all_rows(whole, 65_536)
    assert [number for number, _ in found] == list(range(1, 20_001))
    assert [",".join(str(cell) for cell in row) for _, row in found] == lines


def test_a_long_list_with_quotation_marks_everywhere_is_the_same_in_both_readers(tmp_path: Path) -> None:
    """The quick reader splits the work among processors: a comment over two lines must stay in one piece."""
    dice = random.Random(5)
    pieces = ["Reid", 'Jo "Jim"', "late,\nleft early", "", ", ,", '"', "Mòrag", "\n\n", "x" * 60]
    rows = [[dice.choice(pieces) for _ in range(6)] for _ in range(40_000)]
    rows[-1][0] = "end"
    path = tmp_path / "list.csv"
    path.write_bytes(written(rows, ",", "\r\n").encode())
    layout = laid_out(path, ",", 6)
    assert all_rows(layout, 10_000) == expected(rows)
    assert not any(segment.careful for segment in layout.segments)
    layout.segments = [replace(segment, careful=True) for segment in layout.segments]
    assert all_rows(layout, 10_000) == expected(rows)

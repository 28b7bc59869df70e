"""Does whatever a person picks end in a list or in a message, never in a traceback?"""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.malformed.build import CASES, build
from triage.errors import ListError
from triage.lists.read import Chunk, Limits, open_source
from triage.lists.read.chunks import rechunked
from triage.lists.read.csv_layout import lay_out
from triage.lists.read.dialect import Dialect
from triage.lists.read.letters import column_index, column_letters
from triage.lists.read.sniff import not_opened
from triage.lists.read.text import open_text

pytestmark = pytest.mark.slow

# Small files of each kind, to be damaged at random.
SOUND = [
    "shared_texts",
    "hidden_struck_and_coloured",
    "old_workbook_in_full",
    "utf16_from_excel",
    "line_breaks_inside_cells",
]


def read_to_the_end(path: Path) -> str | None:
    """The message of a refusal; None where every table gave as many rows as it promised."""
    try:
        for table in open_source(path).tables:
            assert sum(chunk.cells.height for chunk in table.chunks(7)) == table.rows
    except ListError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", SOUND)
def test_random_damage_ends_in_a_list_or_a_message(name: str, tmp_path: Path) -> None:
    """Memory sticks and mail gateways damage files in more ways than anyone can list."""
    whole = build(name, tmp_path).read_bytes()
    path = tmp_path / CASES[name].file
    dice = random.Random(11)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 20))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path.write_bytes(data[: dice.choice((len(data), dice.randrange(1, len(data))))])
        message = read_to_the_end(path)
        assert message is None or path.name in message


@given(st.binary(min_size=1, max_size=80))
def test_random_bytes_end_in_a_list_or_a_message(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "list.csv"
    path.write_bytes(data)
    read_to_the_end(path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    """Excel on Windows locks the list that it shows; what to do is to close it there."""
    denied = str(not_opened(tmp_path / "list.xlsx", PermissionError(errno.EACCES, "denied")))
    assert denied.startswith("list.xlsx may not be read: permission was denied. Close it")
    broken = str(not_opened(tmp_path / "list.xlsx", OSError(errno.EIO, "input/output error")))
    assert "could not be opened (Input/output error)" in broken
    if os.geteuid():
        path = tmp_path / "list.csv"
        path.write_text("Name\n")
        path.chmod(0)
        with pytest.raises(ListError, match="permission was denied"):
            open_source(path)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ListError, match="NUL"):
        open_source(Path("list\0.csv"))


def test_a_line_that_never_ends_is_refused_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Name,Age\n" + b"x" * 900)
    with pytest.raises(ListError, match="line 2: the line does not end"):
        lay_out(open_text(path), Dialect(",", 2), Limits(record_bytes=100), block_size=40)


def test_an_open_quotation_mark_is_refused_before_the_rest_is_held(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b'Name,Age\n"x' + b"y,1\n" * 300)
    with pytest.raises(ListError, match="line 2: a quotation mark"):
        lay_out(open_text(path), Dialect(",", 2), Limits(record_bytes=100), block_size=40)


@given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 10))
def test_chunks_of_any_size_hold_the_same_rows(heights: list[int], size: int) -> None:
    parts, row = [], 1
    for height in heights:
        numbers = range(row, row + height)
        cells = pl.DataFrame({"c0": [str(number) for number in numbers]})
        dates = {0: pl.Series([number % 2 == 0 for number in numbers])} if row % 3 else {}
        parts.append(Chunk("list", row, numbers, cells, dates, frozenset(numbers)))
        row += height + row % 2
    found = list(rechunked(parts, size))
    assert [n for chunk in found for n in chunk.row_numbers] == [n for part in parts for n in part.row_numbers]
    assert [c for chunk in found for c in chunk.cells["c0"]] == [c for part in parts for c in part.cells["c0"]]
    assert all(chunk.cells.height == size for chunk in found[:-1])
    for chunk in found:
        assert chunk.struck == frozenset(chunk.row_numbers)
        assert all(len(mask) == chunk.cells.height for mask in chunk.dates.values())


def test_a_chunk_has_at_least_one_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name\n")
    with pytest.raises(ValueError, match="at least one row"):
        list(open_source(path).tables[0].chunks(0))


@given(st.integers(0, 16_383))
def test_column_letters_are_those_of_the_spreadsheet(index: int) -> None:
    assert column_index(column_letters(index)) == index


def test_column_letters_at_the_edges() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    for letters in ("", "a", "XFE", "A1"):
        with pytest.raises(ValueError, match="not a column"):
            column_index(letters)

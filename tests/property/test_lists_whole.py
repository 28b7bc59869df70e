"""Whatever is in a list: nothing is lost, nothing runs, and an output that comes back is the same again."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.lists_strategies import CELL, lists, save
from tests.unit.lists.tools import ON, engine, rows_of
from triage.lists.score import Request, score_list

#: Files are slow, so there are fewer examples than elsewhere; ten times as many in a soak.
FEW = settings(max_examples=max(60, settings().max_examples // 3))
FEWER = settings(max_examples=max(15, settings().max_examples // 20))


def scored(path: Path, name: str, size: int = 1_000, full: bool = True) -> Path:
    out = path.parent / name
    return score_list(engine(), Request(path, out, ON, answers=full, sensitive=full, size=size)).out


@FEW
@given(lists())
def test_every_row_comes_out_in_its_order(rows: list[list[str]]) -> None:
    """A person whose row vanished is not called."""
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        found = rows_of(scored(path, "out.csv", full=False))
        lines = [int(row["row"]) for row in found]
        titled = rows[0][0] == "Invented list"
        assert len(found) == len(rows) - 1
        assert lines == sorted(set(lines))
        assert all(row["status"] for row in found)
        assert found[-1]["status"] not in ("not a client", "empty")
        assert (found[0]["status"] == "not a client") or not titled


@FEW
@given(lists())
def test_an_output_that_is_scored_again_is_the_same_file(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        first = scored(path, "one.csv")
        assert scored(first, "two.csv").read_bytes() == first.read_bytes()


@FEWER
@given(lists())
def test_a_workbook_that_is_scored_again_gives_the_same_csv(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        book = scored(path, "one.xlsx")
        assert scored(book, "two.csv").read_bytes() == scored(path, "direct.csv").read_bytes()


@FEWER
@given(lists(), st.integers(1, 7))
def test_the_size_of_chunks_does_not_show(rows: list[list[str]], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        assert scored(path, "small.csv", size).read_bytes() == scored(path, "large.csv").read_bytes()


@FEW
@given(lists())
def test_no_cell_of_an_output_can_run(rows: list[list[str]]) -> None:
    """Every cell that a spreadsheet could take for a formula is a number or begins with an apostrophe."""
    with tempfile.TemporaryDirectory() as folder:
        text = scored(save(rows, Path(folder) / "list.csv"), "out.csv").read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")), cell
            assert not cell.startswith("-") or is_number(cell), cell


@FEW
@given(st.lists(CELL, min_size=1, max_size=6))
def test_carried_text_comes_back_letter_by_letter(names: list[str]) -> None:
    """Apart from outer spaces: a name with an accent, a quotation mark or an equals sign stays what it is."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [["Known as", "Age"], *[[name, "40"] for name in names]]
        first = scored(save(rows, Path(folder) / "list.csv"), "one.csv")
        second = scored(first, "two.csv")
        assert [row["Known as"] for row in rows_of(first)] == [row["Known as"] for row in rows_of(second)]
        for name, row in zip(names, rows_of(first), strict=True):
            if "QQ" not in name:
                assert row["Known as"].removeprefix("'").split() in (name.split(), name.removeprefix("'").split())


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

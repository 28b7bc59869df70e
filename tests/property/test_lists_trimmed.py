"""A part of a CSV is spared the search for outer spaces only where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.lists.read.limits import Limits
from triage.lists.read.opening import open_source
from triage.lists.tidy import stripped

#: White space of every kind that a list can hold in a cell without quotation marks, among letters.
SIGNS = st.sampled_from(
    [*"ab12", " ", "\t", "\x0b", "\x0c", "\x1c", "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u202f",
     "\u205f", "\u3000", "é", "’", "文"]
)  # fmt: skip
CELLS = st.text(SIGNS, max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_no_space_is_left_in_a_trimmed_part(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str
) -> None:
    """A space that is left at the end of "yes " would cost that client the answer."""
    lines = [separator.join(cell.replace(separator, "") for cell in row) for row in [("one", "two", "three"), *rows]]
    path = tmp_path_factory.getbasetemp() / "trimmed.csv"
    path.write_text("\n".join([*lines, "end"]) + "\n", encoding="utf-8", newline="")
    for table in open_source(path, limits=Limits()).tables:
        for chunk in table.chunks():
            assert not chunk.trimmed or stripped(chunk.cells).equals(chunk.cells)


def test_a_list_without_spaces_is_trimmed(tmp_path: Path) -> None:
    """Otherwise a million rows would be searched for nothing."""
    path = tmp_path / "plain.csv"
    path.write_text("name,answer\nExample One,yes\nExample Two,\n", encoding="utf-8")
    assert [chunk.trimmed for chunk in open_source(path).tables[0].chunks()] == [True]
    path.write_text("name,answer\nExample One,yes \nExample Two,\n", encoding="utf-8")
    assert [chunk.trimmed for chunk in open_source(path).tables[0].chunks()] == [False]

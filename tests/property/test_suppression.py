"""Can a hidden count be worked out from what is shown? Every table that would show the same is made and looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from triage.casework.suppression import TOTAL, hidden, hidden_parts

Table = dict[str, dict[str, int]]


def split(whole: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to make `whole` of so many counts."""
    if parts == 1:
        yield (whole,)
        return
    for first in range(whole + 1):
        for rest in split(whole - first, parts - 1):
            yield (first, *rest)


def alike(table: Table, gaps: frozenset[tuple[str, str]]) -> Iterator[Table]:
    """Every table that has the same totals of columns and shows the same counts and totals of rows."""
    rows, columns = list(table), list(next(iter(table.values())))
    wholes = [sum(table[row][column] for row in rows) for column in columns]
    for made in product(*(split(whole, len(rows)) for whole in wholes)):
        other = {
            row: {column: made[place][number] for place, column in enumerate(columns)}
            for number, row in enumerate(rows)
        }
        counts = {(row, column) for row in rows for column in columns} - gaps
        totals = [row for row in rows if (row, TOTAL) not in gaps]
        if all(other[row][column] == table[row][column] for row, column in counts) and all(
            sum(other[row].values()) == sum(table[row].values()) for row in totals
        ):
            yield other


def alike_in_all(table: Table, gaps: frozenset[tuple[str, str]]) -> Iterator[Table]:
    """As `alike`, where the totals of columns may be hidden, too, and only that of everything is known."""
    rows, columns = list(table), list(next(iter(table.values())))
    cells = [(row, column) for row in rows for column in columns]
    shown = [(row, column) for row in (*rows, TOTAL) for column in (*columns, TOTAL) if row or column]
    for made in split(sum(value(table, (row, TOTAL)) for row in rows), len(cells)):
        counts = dict(zip(cells, made, strict=True))
        other = {row: {column: counts[row, column] for column in columns} for row in rows}
        if all(value(other, cell) == value(table, cell) for cell in shown if cell not in gaps):
            yield other


def value(table: Table, cell: tuple[str, str]) -> int:
    row, column = cell
    if row == TOTAL:
        return sum(counts[column] for counts in table.values())
    return sum(table[row].values()) if column == TOTAL else table[row][column]


@st.composite
def tables(draw: st.DrawFn, most: int = 9) -> Table:
    """Small tables, so that all tables like them can be made, with small counts among them."""
    rows, columns = draw(st.sampled_from([(2, 2), (3, 2), (2, 3), (4, 1), (3, 1), (1, 3)]))
    counts = st.integers(0, most // rows)
    return {f"r{row}": {f"c{column}": draw(counts) for column in range(columns)} for row in range(rows)}


def is_shown(table: Table, limit: int) -> bool:
    """A table with a column below the limit is not shown at all."""
    return all(sum(row[column] for row in table.values()) >= limit for column in next(iter(table.values())))


@given(tables(), st.integers(2, 5), st.booleans())
def test_no_hidden_count_can_be_worked_out(table: Table, limit: int, noughts: bool) -> None:
    if not is_shown(table, limit):
        return
    gaps = hidden(table, limit, noughts=noughts)
    others = list(alike(table, gaps))
    assert table in others
    for cell in gaps:
        possible = {value(other, cell) for other in others}
        assert len(possible) > limit // 2, (cell, possible)


@given(tables(), st.integers(2, 5), st.booleans())
def test_no_hidden_count_or_total_of_a_column_can_be_worked_out(table: Table, limit: int, noughts: bool) -> None:
    if sum(value(table, (row, TOTAL)) for row in table) < limit:
        return
    gaps = hidden(table, limit, columns_known=False, noughts=noughts)
    cells = [
        (row, column) for row in (*table, TOTAL) for column in (*next(iter(table.values())), TOTAL) if row or column
    ]
    assert {cell for cell in cells if (0 if noughts else 1) <= value(table, cell) < limit} <= gaps
    others = list(alike_in_all(table, gaps))
    assert table in others
    for cell in gaps:
        possible = {value(other, cell) for other in others}
        assert len(possible) > limit // 2, (cell, possible)


@given(tables(), st.integers(1, 5), st.booleans())
def test_every_small_count_is_hidden(table: Table, limit: int, noughts: bool) -> None:
    gaps = hidden(table, limit, noughts=noughts)
    cells = [(row, column) for row in table for column in (*table[row], TOTAL)]
    assert {cell for cell in cells if (0 if noughts else 1) <= value(table, cell) < limit} <= gaps


@given(tables(), st.integers(2, 5))
def test_no_more_is_hidden_than_needed(table: Table, limit: int) -> None:
    """To show one more of them would give something away."""
    if not is_shown(table, limit):
        return
    gaps = hidden(table, limit)
    for cell in gaps:
        if value(table, cell) >= limit:
            fewer = gaps - {cell}
            others = list(alike(table, fewer))
            assert any(len({value(other, gap) for other in others}) <= limit // 2 for gap in fewer), cell


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 8), min_size=2), st.integers(2, 6), st.booleans())
def test_no_hidden_part_of_a_whole_can_be_worked_out(parts: dict[str, int], limit: int, noughts: bool) -> None:
    if sum(parts.values()) < limit:
        return
    gaps = hidden_parts(parts, limit, noughts=noughts)
    assert {name for name, count in parts.items() if (0 if noughts else 1) <= count < limit} <= gaps
    names = list(parts)
    others = [dict(zip(names, made, strict=True)) for made in split(sum(parts.values()), len(names))]
    others = [other for other in others if all(other[name] == parts[name] for name in names if name not in gaps)]
    for name in gaps:
        assert len({other[name] for other in others}) > limit // 2


def test_nought_may_be_shown_where_it_says_nothing_of_anybody() -> None:
    weeks = {"one": {"x": 0, "y": 0}, "two": {"x": 9, "y": 0}}
    assert hidden(weeks, 5, columns_known=False, noughts=False) == frozenset()
    assert hidden_parts({"a": 9, "b": 0}, 5, noughts=False) == frozenset()


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden({"a": {"x": 10, "y": 12}, "b": {"x": 30, "y": 11}}, 10) == frozenset()
    assert hidden_parts({"a": 10, "b": 12}, 10) == frozenset()

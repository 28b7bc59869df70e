"""Is a change of any single cell of the records found, and of any single byte of a file beside them?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Table

from tests.databases import both
from tests.records_case import make_case
from tests.tampering import past_the_locks
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.erase import erase_assessment
from triage.records.heads import export_head
from triage.records.keys import Keys
from triage.records.ledger import Ledger
from triage.records.tables import AUDITED, audit_changes, audit_events
from triage.records.verify import verify

#: On PostgreSQL one cell of so many of these: a check takes longer there.
SLOWER = 5


def cells(database: Database) -> list[tuple[Table, Any, Column[Any], Any]]:
    """Every cell of every record and of the trail: the table, how to find the row, the column, and the value."""
    found = []
    with database.read() as view:
        for table in (*AUDITED.values(), audit_events, audit_changes):
            for row in view.all(sa.select(table)):
                where = sa.and_(*(column == row[column.name] for column in table.primary_key))
                found += [(table, where, column, row[column.name]) for column in table.c]
    return found


def another(column: Column[Any], value: Any) -> Any:
    """Any other value of the same kind."""
    if isinstance(column.type, sa.Boolean):
        return not value
    if isinstance(column.type, sa.Integer):
        return (value or 0) + 1_000
    if isinstance(column.type, sa.LargeBinary):
        return value + b"x"
    return "x" if value is None else f"{value}x"[-64:]


def place_of(table: Table, where: Any, column: Column[Any], value: Any) -> Any:
    """The row, after `column` was given `value`."""
    if not column.primary_key:
        return where
    return sa.and_(*(part if part.left.name != column.name else column == value for part in _parts(where)))


def _parts(where: Any) -> list[Any]:
    return list(where.clauses) if hasattr(where, "clauses") else [where]


@both
@pytest.mark.parametrize("every", [pytest.param(13, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.soak)])
def test_a_change_of_any_cell_is_found(database: Database, tmp_path: Path, every: int) -> None:
    gone = make_case(database)
    make_case(database)
    heads = tmp_path / "heads.jsonl"
    erase_assessment(database, Event(SYSTEM, "records_erased"), gone.id, tmp_path / "erasures.jsonl")
    export_head(database, heads)
    assert verify(database, heads).sound
    unnoticed = []
    step = every if database.engine.dialect.name == "sqlite" else every * SLOWER
    chosen = list(islice(cells(database), 0, None, step))
    for table, where, column, value in chosen:
        new = another(column, value)
        with past_the_locks(database) as connection:
            connection.execute(sa.update(table).where(where).values({column.name: new}))
        if verify(database, heads).sound:
            unnoticed.append((table.name, column.name))
        with past_the_locks(database) as connection:
            back = place_of(table, where, column, new)
            assert connection.execute(sa.update(table).where(back).values({column.name: value})).rowcount == 1
    assert not unnoticed
    assert len(chosen) > 10
    assert verify(database, heads).sound


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, bytes]:
    folder = tmp_path_factory.mktemp("ledger")
    ledger = Ledger(folder / "file.jsonl", "test", Keys.load(folder, make=True))
    for number in range(4):
        ledger.append(lambda _, number=number: {"seq": number, "text": "a\u2028bé"})  # type: ignore[misc]
    return ledger, ledger.path.read_bytes()


@given(data=st.data())
def test_a_change_of_any_byte_of_a_ledger_is_found(lines: tuple[Ledger, bytes], data: st.DataObject) -> None:
    ledger, whole = lines
    place = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    ledger.path.write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
    assert ledger.read().damaged


@given(first=st.integers(0, 4), last=st.integers(0, 4))
def test_any_lines_taken_out_but_the_last_ones_are_found(lines: tuple[Ledger, bytes], first: int, last: int) -> None:
    """That the last lines are gone, nothing in the file can tell: hence the copies elsewhere."""
    ledger, whole = lines
    kept = whole.splitlines(keepends=True)
    kept[first:last] = []
    ledger.path.write_bytes(b"".join(kept))
    contents = ledger.read()
    assert not contents.damaged
    assert bool(contents.broken) == (first < last < 4)

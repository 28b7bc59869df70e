"""Is every row what the audit trail says it is, and is none missing and none there that it does not know?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Table

from triage.records.audit import row_digest
from triage.records.findings import Findings
from triage.records.tables import audit_changes
from triage.records.verify_trail import Tick, stream

_TICK = 1_000
Key = tuple[bool, Any]


@dataclass
class History:
    """What the trail says of one row.

    Attributes:
        row: its id.
        seq: the last event that changed it.
        alive: False once it was erased.
        salt, digest: of the row as it should be now.
        salted: the last event that has a salt of the row.
        salt_missing: an event that has none although the row was not erased.
        salt_left: an event that has one although the row was erased.
    """

    row: Any
    seq: int = 0
    alive: bool = False
    salt: str | None = None
    digest: str = ""
    salted: int | None = None
    salt_missing: int | None = None
    salt_left: int | None = None

    def add(self, change: sa.Row[Any]) -> None:
        """Take in the next change."""
        self.seq = change.seq
        if change.kind == "erase":
            # Whatever stands before this must have lost its salts.
            self.salt_left = self.salted or self.salt_left or (None if change.salt is None else change.seq)
            self.alive, self.salted, self.salt_missing = False, None, None
            return
        self.alive, self.salt, self.digest = True, change.salt, change.digest
        if change.salt is None:
            self.salt_missing = change.seq
        else:
            self.salted = change.seq


def check_rows(connection: Connection, table: Table, found: Findings, tick: Tick) -> tuple[int, int]:
    """Compare every row of `table` with the trail; returns how many there are, and how many were erased."""
    rows, erased = 0, 0
    histories = _histories(connection, table, tick)
    history = next(histories, None)
    for row in stream(connection, sa.select(table).order_by(_exact(connection, table.c.id))):
        values = dict(row._mapping)
        key = _key(values["id"])
        while history is not None and _key(history.row) < key:
            erased += _gone(history, table, found)
            history = next(histories, None)
        if history is not None and _key(history.row) == key:
            _compare(values, history, table, found)
            history = next(histories, None)
        else:
            words = f"A row of {table.name} was added without an event."
            found.add("row_added", words, None, table.name, values["id"])
        rows += 1
    while history is not None:
        erased += _gone(history, table, found)
        history = next(histories, None)
    return rows, erased


def _histories(connection: Connection, table: Table, tick: Tick) -> Iterator[History]:
    """What the trail says of each row of a table, in the order of their ids."""
    c = audit_changes.c
    query = (
        sa.select(c.seq, c.kind, c.row, c.salt, c.digest)
        .where(c.of == table.name)
        .order_by(_exact(connection, c.row), c.seq, c.place)
    )
    history: History | None = None
    count = 0
    for count, change in enumerate(stream(connection, query), start=1):
        if history is None or history.row != change.row:
            if history is not None:
                yield history
            history = History(change.row)
        history.add(change)
        if count % _TICK == 0:
            tick(_TICK)
    if history is not None:
        yield history
    tick(count % _TICK)


def _compare(values: dict[str, Any], history: History, table: Table, found: Findings) -> None:
    """A row that is there, with what the trail says of it."""
    name, seq = table.name, history.seq
    if not history.alive:
        found.add("row_added", f"A row of {name} that event {seq} erased is there again.", seq, name, history.row)
    elif history.salt_missing is not None:
        words = f"A row of {name} cannot be checked: what event {history.salt_missing} noted of it was taken away."
        found.add("salt_missing", words, history.salt_missing, name, history.row)
    elif not _fits(values, history):
        words = f"A row of {name} was changed without an event. The last event about it is {seq}."
        found.add("row_changed", words, seq, name, history.row)


def _fits(values: dict[str, Any], history: History) -> bool:
    try:
        return row_digest(str(history.salt), values) == history.digest
    except (TypeError, ValueError):
        # A value of a kind that we never write.
        return False


def _gone(history: History, table: Table, found: Findings) -> int:
    """A row that is not there: 1 where it was erased, 0 where it is missing."""
    name, seq = table.name, history.seq
    if history.alive:
        words = f"A row of {name} was removed without an event. The last event about it is {seq}."
        found.add("row_missing", words, seq, name, history.row)
        return 0
    if history.salt_left is not None:
        words = f"A row of {name} was erased by event {seq}, and event {history.salt_left} still tells of it."
        found.add("salt_left", words, history.salt_left, name, history.row)
    return 1


def _key(value: Any) -> Key:
    """Sorts as both databases do: text by its signs, and whatever is no text behind it."""
    return (not isinstance(value, str), value)


def _exact(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The order of the signs themselves, whatever language a database was made for."""
    return sa.collate(column, "C") if connection.dialect.name == "postgresql" else column

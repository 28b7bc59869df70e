"""What somebody can do who has the whole database, and not the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, text

from triage.records import triggers
from triage.records.audit import START, Change, changes_digest, event_hash, row_digest
from triage.records.database import Database
from triage.records.tables import AUDITED, audit_changes, audit_events

TABLES = ("audit_events", "audit_changes")


def do(database: Database, statement: str, **values: Any) -> None:
    """Run one statement past everything, foreign keys too, and leave the locks as they were."""
    with past_the_locks(database) as connection:
        connection.execute(text(statement), values)


@contextmanager
def past_the_locks(database: Database) -> Iterator[Connection]:
    """A connection on which nothing is refused; the triggers are as they were when it is done."""
    with database.engine.connect().execution_options(ltu_write=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if connection.dialect.name == "sqlite":
                for name in triggers.SQLITE:
                    connection.execute(text(f"DROP TRIGGER {name}"))
                yield connection
                for statement in triggers.SQLITE.values():
                    connection.execute(text(statement))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                yield connection
    database.engine.dispose()


def rewrite(database: Database, change: str) -> None:
    """Change a row, and then compute the whole trail anew so that all of it fits: all but the marks."""
    with past_the_locks(database) as connection:
        connection.execute(text(change))
        previous = START
        for event in [dict(row._mapping) for row in connection.execute(sa.select(audit_events).order_by("seq"))]:
            listed = [_fitting(connection, row) for row in _changes(connection, event["seq"])]
            event |= {"changes": changes_digest(listed), "previous": previous}
            event["hash"] = previous = event_hash(event)
            connection.execute(sa.update(audit_events).where(audit_events.c.seq == event["seq"]).values(event))


def _changes(connection: Connection, seq: int) -> list[Any]:
    query = sa.select(audit_changes).where(audit_changes.c.seq == seq).order_by("place")
    return list(connection.execute(query))


def _fitting(connection: Connection, noted: Any) -> Change:
    """The change with the digest of the row as it is now."""
    table = AUDITED[noted.of]
    row = connection.execute(sa.select(table).where(table.c.id == noted.row)).mappings().one()
    digest = row_digest(noted.salt, dict(row))
    here = (audit_changes.c.seq == noted.seq, audit_changes.c.place == noted.place)
    connection.execute(sa.update(audit_changes).where(*here).values(digest=digest))
    return Change(noted.kind, noted.of, noted.row, noted.salt, digest)

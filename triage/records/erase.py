"""How is everything about one client taken away for good?

Every row that hangs on the assessment goes, found by the references between the tables, with the salts of its digests
in the audit trail. What was erased is written down outside the database first, so that no backup brings it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from triage.records import erasures
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Database, View, Work
from triage.records.heads import last_event
from triage.records.keys import Keys
from triage.records.plain import now
from triage.records.tables import (
    METADATA,
    assessments,
    equality,
    held_forms,
    idempotent,
    list_identities,
    list_rows,
    lists,
)

#: The row of `list_identities` that is the uploaded file itself. It names everybody on the list.
WHOLE_FILE = 0
Ids = Mapping[str, list[str]]


@dataclass(frozen=True)
class Erased:
    """What was erased.

    Attributes:
        rows: how many rows, by table.
        files: how many uploaded files, which named the client beside others.
        scrubbed: True where the file of the database holds none of it any more; False in PostgreSQL, whose own upkeep
            does that later, and where another program held the file for too long.
    """

    rows: dict[str, int]
    files: int
    scrubbed: bool


def rows_about(view: View, keys: Keys, assessment_id: str) -> dict[str, list[str]]:
    """The ids of every row about one client, by table, with no row before one that it refers to.

    Raises:
        AccessError: there is no such assessment.
    """
    view.get(assessments, assessment_id)
    found: dict[str, list[str]] = {assessments.name: [assessment_id]}
    for table in METADATA.sorted_tables:
        there = [
            column.in_(found[key.column.table.name])
            for column in table.c
            for key in column.foreign_keys
            if key.column.table.name in found
        ]
        if there and "id" in table.c:
            found[table.name] = _ids(view, sa.select(table.c.id).where(sa.or_(*there)))
    own = keys.digest("equality", assessment_id)
    found[equality.name] = _ids(view, sa.select(equality.c.id).where(equality.c.id == own))
    found[list_identities.name] = _identities(view, found[list_rows.name])
    return {name: ids for name, ids in found.items() if ids}


def _identities(view: View, rows: list[str]) -> list[str]:
    """What identifies the client on a list: their own row, and the uploaded file."""
    query = (
        sa.select(list_identities.c.id)
        .join(list_rows, list_rows.c.list == list_identities.c.list)
        .where(list_rows.c.id.in_(rows))
        .where(
            sa.or_(
                list_identities.c.row == WHOLE_FILE,
                sa.and_(list_identities.c.row == list_rows.c.row, list_identities.c.sheet == list_rows.c.sheet),
            )
        )
    )
    return _ids(view, query.distinct())


def _ids(view: View, query: sa.Select[tuple[str]]) -> list[str]:
    return [row["id"] for row in view.all(query)]


def erase_assessment(database: Database, event: Event, assessment_id: str, erasures_file: Path) -> Erased:
    """Erase everything about one client.

    Args:
        database: the records.
        event: for the audit trail.
        assessment_id: the client's assessment.
        erasures_file: where it is written down, before it happens.

    Raises:
        AccessError: there is no such assessment.
        RecordsError: it cannot be written down; then nothing is erased.
    """
    with database.write(event) as work:
        erased = erase_rows(work, database.keys, assessment_id, erasures_file)
    return Erased(erased.rows, erased.files, scrub(database))


def erase_rows(work: Work, keys: Keys, assessment_id: str, erasures_file: Path) -> Erased:
    """The erasure itself, for a caller that scrubs the file of the database when all is done."""
    reference = work.get(assessments, assessment_id)["reference"]
    found = rows_about(work, keys, assessment_id)
    files = _files(work, found.get(list_identities.name, []))
    for table in reversed(METADATA.sorted_tables):
        if table.name in found:
            work.erase(table, found[table.name])
    _drop_copies(work, (assessment_id, reference))
    rows = {name: len(ids) for name, ids in found.items()}
    work.about(assessment_id, rows=sum(rows.values()))
    erasures.note(erasures_file, keys, "assessment", assessment_id, _next(work))
    return Erased(rows, files, scrubbed=False)


def _files(view: View, ids: list[str]) -> int:
    whole = sa.select(sa.func.count()).where(list_identities.c.id.in_(ids), list_identities.c.row == WHOLE_FILE)
    return int(view.scalar(whole))


def _drop_copies(work: Work, names: Iterable[str]) -> None:
    """What waits for somebody for a short while, and is no record, may tell of the client, too."""
    for table in (held_forms, idempotent):
        texts = [column for column in table.c if isinstance(column.type, sa.Text)]
        told = sa.or_(*(column.contains(name, autoescape=True) for column in texts for name in names))
        work.connection.execute(sa.delete(table).where(told))


def erase_list_identities(database: Database, event: Event, list_id: str, erasures_file: Path) -> Erased:
    """Erase whom a list names, with the uploaded file; its rows stay, without names.

    Raises:
        AccessError: there is no such list.
        RecordsError: it cannot be written down; then nothing is erased.
    """
    with database.write(event) as work:
        erased = erase_identity_rows(work, database.keys, list_id, erasures_file)
    return Erased(erased.rows, erased.files, scrub(database))


def erase_identity_rows(work: Work, keys: Keys, list_id: str, erasures_file: Path) -> Erased:
    """The erasure itself, for a caller that scrubs the file of the database when all is done."""
    ids = _ids(work, sa.select(list_identities.c.id).where(list_identities.c.list == list_id))
    files = _files(work, ids)
    work.erase(list_identities, ids)
    if work.get(lists, list_id)["erased_at"] is None:
        work.update(lists, list_id, {"erased_at": now()})
    work.about(list_id, rows=len(ids))
    erasures.note(erasures_file, keys, "list", list_id, _next(work))
    return Erased({list_identities.name: len(ids)}, files, scrubbed=False)


def _next(work: Work) -> int:
    """The number that the event of this work will have: nobody else can add one meanwhile."""
    last = last_event(work)
    return 1 if last is None else int(last["seq"]) + 1


def replay(database: Database, erasures_file: Path, actor: Actor = SYSTEM) -> int:
    """Erase again whatever was erased before and is here: after a restore, or after an erasure that was not finished.

    Returns:
        How many clients and lists were erased.

    Raises:
        RecordsError: the file cannot be read or written.
    """
    known = erasures.read(erasures_file, database.keys)
    if not known.assessments and not known.lists:
        return 0
    with database.read() as view:
        clients = _known(view, database.keys, "assessment", known.assessments, sa.select(assessments.c.id))
        named = sa.select(list_identities.c.list.label("id")).distinct()
        names = _known(view, database.keys, "list", known.lists, named)
    for row_id in clients:
        with database.write(Event(actor, "records_erased", detail={"again": True})) as work:
            erase_rows(work, database.keys, row_id, erasures_file)
    for row_id in names:
        with database.write(Event(actor, "list_erased", detail={"again": True})) as work:
            erase_identity_rows(work, database.keys, row_id, erasures_file)
    if clients or names:
        scrub(database)
    return len(clients) + len(names)


def _known(
    view: View, keys: Keys, kind: erasures.Kind, digests: frozenset[str], query: sa.Select[tuple[str]]
) -> list[str]:
    return [row_id for row_id in _ids(view, query) if erasures.digest(keys, kind, row_id) in digests] if digests else []


def scrub(database: Database) -> bool:
    """Leave nothing of what was erased in the file of the database; True where that was possible.

    SQLite overwrites what is deleted, but not the copies that it left behind when it split a page. So the file is
    written anew. PostgreSQL does its upkeep itself.
    """
    if database.engine.dialect.name != "sqlite":
        return False
    with closing(database.engine.raw_connection()) as raw:
        connection = raw.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        try:
            connection.execute("VACUUM").close()
            [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            # Held by another program, or no room for a second copy. The caller says so.
            return False
    return not busy

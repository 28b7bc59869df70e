"""Are the records as this software left them?

Everything is compared with something that somebody with the database alone cannot make: the marks of the events need
the audit key, the exported heads stand in a file outside, and each row must be what the last event about it commits to.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from triage.errors import RecordsError
from triage.records import erasures, heads
from triage.records.database import Database
from triage.records.findings import Finding, Findings, Report
from triage.records.guards import check_guards
from triage.records.heads import Head
from triage.records.ledger import Contents
from triage.records.revision import check_revision
from triage.records.tables import AUDITED, METADATA, assessments, audit_changes, audit_events, list_identities
from triage.records.verify_rows import check_rows
from triage.records.verify_trail import Tick, Trail, check_trail, stream

__all__ = ["Finding", "Report", "verify"]
#: Called with how many things are done, of how many, and which.
Progress = Callable[[int, int, str], object]


def verify(
    database: Database, heads_file: Path, erasures_file: Path | None = None, progress: Progress | None = None
) -> Report:
    """Check the whole audit trail, every row, the locks of the trail, and what is known outside the database.

    Args:
        database: the records.
        heads_file: the exported heads, or a copy of them from a safer place.
        erasures_file: the list of erasures (default: the one beside the heads).
        progress: is told how far it is.

    Raises:
        RecordsError: the records cannot be checked: wrong version, a damaged file, no key.
    """
    found = Findings()
    # Before the database is looked at: what is written to these files later may tell of later events.
    exported = heads.ledger(heads_file, database.keys).read()
    erased = erasures.read(erasures_file or heads_file.with_name(erasures.NAME), database.keys)
    known = [Head.of(line.entry) for line in exported.lines]
    trail, counts = Trail(), (0, 0)
    with _one_state(database) as connection:
        check_revision(connection)
        missing = _check_tables(connection, found)
        check_guards(connection, found)
        if not missing & {audit_events.name, audit_changes.name}:
            tick = _ticker(connection, progress)
            wanted = frozenset(head.seq for head in known)
            trail = check_trail(connection, database.keys, wanted, found, tick)
            counts = _check_rows(connection, missing, found, tick)
        _check_erased(connection, database, erased, missing, found)
    _check_ledgers(found, heads_file, exported, erased.contents, trail)
    confirmed = _check_heads(known, erased.entries, trail, found)
    return _report(found, trail, counts, confirmed, known)


@contextmanager
def _one_state(database: Database) -> Generator[Connection]:
    """A connection that sees one state of the database, however long it reads."""
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with (
            database.engine.connect().execution_options(**options) as connection,
            connection.begin(),
            _any_text(connection),
        ):
            yield connection
    except DatabaseError as problem:
        raise RecordsError(f"The database cannot be read to its end: {str(problem.orig).splitlines()[0]}") from None


@contextmanager
def _any_text(connection: Connection) -> Generator[None]:
    """Broken text comes out as text that fits no digest. SQLite would refuse it, and repeat it in its message."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _check_tables(connection: Connection, found: Findings) -> set[str]:
    """The tables that are not there as they should be."""
    looked = sa.inspect(connection)
    there = set(looked.get_table_names())
    missing = set()
    for table in METADATA.tables.values():
        columns = {column["name"] for column in looked.get_columns(table.name)} if table.name in there else set()
        if not {column.name for column in table.c} <= columns:
            missing.add(table.name)
            found.add("table_missing", f"The table {table.name}, or a column of it, is gone.", None, table.name)
    return missing


def _check_rows(connection: Connection, missing: set[str], found: Findings, tick: Tick) -> tuple[int, int]:
    """Every row of every table that the trail watches; how many there are, and how many were erased."""
    rows, erased = 0, 0
    for name, table in AUDITED.items():
        if name not in missing:
            more = check_rows(connection, table, found, tick)
            rows, erased = rows + more[0], erased + more[1]
    return rows, erased


def _check_erased(
    connection: Connection, database: Database, erased: erasures.Erasures, missing: set[str], found: Findings
) -> None:
    """Nothing that was erased is here again."""
    if erased.assessments and assessments.name not in missing:
        for row in stream(connection, sa.select(assessments.c.id)):
            if erasures.digest(database.keys, "assessment", row.id) in erased.assessments:
                words = "Records of a client that were erased are here again."
                found.add("erased_back", words, None, assessments.name, row.id)
    if erased.lists and list_identities.name not in missing:
        for row in stream(connection, sa.select(list_identities.c.list).distinct()):
            if erasures.digest(database.keys, "list", row.list) in erased.lists:
                words = "Names of a list that were erased are here again."
                found.add("erased_back", words, None, list_identities.name, row.list)


def _check_ledgers(found: Findings, heads_file: Path, exported: Contents, erased: Contents, trail: Trail) -> None:
    """The files beside the database are whole."""
    for name, contents in ((heads_file.name, exported), (erasures.NAME, erased)):
        for number in contents.damaged:
            found.add("ledger_damaged", f"Line {number} of {name} was changed, or is not ours.")
        for number in contents.broken:
            found.add("ledger_damaged", f"A line of {name} before line {number} was taken out or moved.")
    if trail.events and not exported.lines:
        words = f"No head of the trail was exported to {heads_file.name}, so that a trail cut short cannot be told."
        found.add("no_heads", words)


def _check_heads(known: list[Head], erasures_at: list[tuple[int, str]], trail: Trail, found: Findings) -> list[Head]:
    """The trail holds every event that was exported, or tells of the restore that lost it; returns what it holds."""
    confirmed = [head for head in known if trail.hashes.get(head.seq) == head.hash]
    for head in known:
        if head.seq <= trail.last_seq and head not in confirmed and not _restored(trail, head.seq, head.at):
            words = f"Event {head.seq} is not the one whose head was exported on {head.at[:10]}."
            found.add("head_differs", words, head.seq)
    later = [(head.seq, head.at) for head in known if head.seq > trail.last_seq]
    # An erasure is written down before its event: the very next one may never have been finished.
    later += [(seq, at) for seq, at in erasures_at if seq > trail.last_seq + 1]
    unexplained = [place for place in later if not _restored(trail, *place)]
    if unexplained:
        seq, at = max(unexplained)
        first = trail.last_seq + 1
        gone = f"event {seq} is" if seq == first else f"events {first} to {seq} are"
        words = f"The trail ends at event {first - 1}, but event {seq} was known on {at[:10]}: {gone} gone."
        found.add("tail_cut", words, first)
    return confirmed


def _restored(trail: Trail, seq: int, at: str) -> bool:
    """True where a later restore says that it lost this event."""
    return any(at < when and seq > facts.get("kept", 0) for when, facts in trail.restores)


def _ticker(connection: Connection, progress: Progress | None) -> Tick:
    """Adds up what is done. Each event is read once, and each change of a row twice, with the row."""
    if progress is None:
        return lambda _: None
    events = connection.execute(sa.select(sa.func.count()).select_from(audit_events)).scalar() or 0
    total = events + (connection.execute(sa.select(sa.func.count()).select_from(audit_changes)).scalar() or 0)
    done = 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total, "")

    return tick


def _report(
    found: Findings, trail: Trail, counts: tuple[int, int], confirmed: Sequence[Head], known: Sequence[Head]
) -> Report:
    head_seq = max((head.seq for head in confirmed), default=0)
    notes = []
    for at, facts in trail.restores:
        kept, lost = facts.get("kept", 0), facts.get("known", 0)
        gone = f"events {kept + 1} to {lost} were lost" if lost > kept else "no event is known to be lost"
        notes.append(f"Restored on {at[:10]}: {gone}.")
    if trail.last_seq > head_seq and known:
        notes.append(f"{trail.last_seq - head_seq:,} events came after the last exported head (event {head_seq}).")
    return Report(
        trail.events, counts[0], counts[1], trail.last_seq, trail.last_at, len(known), head_seq, tuple(found.kept),
        dict(found.counts), tuple(notes),
    )  # fmt: skip

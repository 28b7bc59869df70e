"""The audit trail: one row an event, and one for each row that the event changed. Rows are only ever added."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from triage.records.tables.base import METADATA, text

#: `changes` is the digest of the event's changes; `hash` covers everything before it and the hash of the event before;
#: `mac` is made of the hash with a key that the database does not hold.
audit_events = Table(
    "audit_events", METADATA, Column("seq", Integer, primary_key=True, autoincrement=False), text("at"), text("actor"),
    text("role"), text("via"), text("action"), text("subject"), text("office"), text("detail"), text("changes"),
    text("previous"), text("hash"), text("mac"), Index("ix_audit_events_subject", "subject"),
)  # fmt: skip

#: `digest` commits to the whole row as it was after the event, with a salt of its own. Erasing a row erases the salts.
audit_changes = Table(
    "audit_changes", METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    text("kind"), text("of"), Column("row", String(64), nullable=False), Column("salt", Text, nullable=True),
    text("digest"), Index("ix_audit_changes_of_row", "of", "row"),
)  # fmt: skip

"""Are the triggers that keep the audit trail append-only still there, switched on and unaltered?"""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy import Connection, text

from triage.records import triggers
from triage.records.findings import Findings
from triage.records.tables import METADATA

#: How PostgreSQL writes down when a trigger runs.
_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_ON = ("O", "A")
_MADE = re.compile(
    r"CREATE TRIGGER \w+ (?P<when>.*) ON (?P<table>\w+)"
    r" FOR EACH (?P<each>ROW|STATEMENT) EXECUTE FUNCTION (?P<function>\w+)\(\)"
)
_GONE = "The lock '{name}' of the audit trail is gone: events can be changed or removed."
_OFF = "The lock '{name}' of the audit trail is switched off: events can be changed or removed."
_ALTERED = "The lock '{name}' of the audit trail does something else than it should."
_STRANGE = "There is a trigger or a rule '{name}' on the table {table} that does not belong to this software."


def check_guards(connection: Connection, found: Findings) -> None:
    """Compare triggers and their functions with how they were made."""
    if connection.dialect.name == "sqlite":
        _check_sqlite(connection, found)
    else:
        _check_postgres(connection, found)


def _check_sqlite(connection: Connection, found: Findings) -> None:
    rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    there = {row.name: row for row in rows}
    for name, statement in triggers.SQLITE.items():
        if name not in there:
            found.add("guard_missing", _GONE.format(name=name))
        elif there[name].sql != statement:
            found.add("guard_altered", _ALTERED.format(name=name))
    for name, row in there.items():
        if name not in triggers.SQLITE and row.tbl_name in METADATA.tables:
            found.add("guard_strange", _STRANGE.format(name=name, table=row.tbl_name), table=row.tbl_name)


_TRIGGERS = """
SELECT t.tgname AS name, c.relname AS on_table, t.tgenabled::text AS enabled, t.tgtype AS bits, f.proname AS function,
       f.prosrc AS body, l.lanname AS language, f.prosecdef AS definer, f.proconfig::text AS config,
       t.tgqual IS NULL AND t.tgnargs = 0 AND t.tgattr::text = '' AS always, f.pronamespace = c.relnamespace AS near
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_language l ON l.oid = f.prolang
WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) AND c.relname = ANY(:tables)
"""
_RULES = """
SELECT r.rulename AS name, c.relname AS on_table FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE pg_table_is_visible(c.oid) AND c.relname = ANY(:tables)
"""


def _check_postgres(connection: Connection, found: Findings) -> None:
    tables = {"tables": list(METADATA.tables)}
    there = {(row["on_table"], row["name"]): row for row in connection.execute(text(_TRIGGERS), tables).mappings()}
    for name, statement in triggers.POSTGRES.items():
        made = _MADE.fullmatch(statement)
        assert made is not None
        row = there.pop((made["table"], name), None)
        if row is None:
            found.add("guard_missing", _GONE.format(name=name))
        elif row["enabled"] not in _ON:
            found.add("guard_off", _OFF.format(name=name))
        elif not _is_as_made(row, made):
            found.add("guard_altered", _ALTERED.format(name=name))
    for row in (*there.values(), *connection.execute(text(_RULES), tables).mappings()):
        words = _STRANGE.format(name=row["name"], table=row["on_table"])
        found.add("guard_strange", words, table=row["on_table"])
    if connection.execute(text("SHOW session_replication_role")).scalar() != "origin":
        found.add("guard_off", "The database is set to run no triggers (session_replication_role).")


def _is_as_made(row: sa.RowMapping, made: re.Match[str]) -> bool:
    """True where a trigger runs when its statement says, and its function is the one that was made for it."""
    bits = sum(bit for word, bit in _BITS.items() if word in (*made["when"].split(), made["each"]))
    body = triggers.POSTGRES_FUNCTIONS[made["function"]].split("$$")[1]
    expected = (bits, made["function"], body, "plpgsql", False, None, True, True)
    names = ("bits", "function", "body", "language", "definer", "config", "always", "near")
    return tuple(row[name] for name in names) == expected

"""Which triggers keep the audit trail append-only?

A row of the trail can be added and never changed or removed. One thing alone may change: a salt may be erased.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_EVENTS = "The audit trail is append-only."

SQLITE = {
    "audit_events_no_update": (
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events "
        f"BEGIN SELECT RAISE(ABORT, '{_EVENTS}'); END"
    ),
    "audit_events_no_delete": (
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events "
        f"BEGIN SELECT RAISE(ABORT, '{_EVENTS}'); END"
    ),
    "audit_changes_no_delete": (
        "CREATE TRIGGER audit_changes_no_delete BEFORE DELETE ON audit_changes "
        f"BEGIN SELECT RAISE(ABORT, '{_EVENTS}'); END"
    ),
    "audit_changes_only_forget": (
        "CREATE TRIGGER audit_changes_only_forget BEFORE UPDATE ON audit_changes "
        "WHEN NEW.salt IS NOT NULL OR NEW.seq <> OLD.seq OR NEW.place <> OLD.place OR NEW.kind <> OLD.kind "
        'OR NEW."of" <> OLD."of" OR NEW."row" <> OLD."row" OR NEW.digest <> OLD.digest '
        f"BEGIN SELECT RAISE(ABORT, '{_EVENTS}'); END"
    ),
    # INSERT OR REPLACE takes a row away and runs no other trigger.
    "audit_events_no_replace": (
        "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events "
        "WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END"
    ),
    "audit_changes_no_replace": (
        "CREATE TRIGGER audit_changes_no_replace BEFORE INSERT ON audit_changes "
        "WHEN EXISTS (SELECT 1 FROM audit_changes WHERE seq = NEW.seq AND place = NEW.place) "
        "BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END"
    ),
}  # fmt: skip

_POSTGRES_REFUSE = (
    f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_EVENTS}'; END $$"
)
_POSTGRES_FORGET = (
    "CREATE FUNCTION audit_only_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.salt IS NOT NULL OR NEW.seq <> OLD.seq OR NEW.place <> OLD.place OR NEW.kind <> OLD.kind "
    'OR NEW."of" <> OLD."of" OR NEW."row" <> OLD."row" OR NEW.digest <> OLD.digest '
    f"THEN RAISE EXCEPTION '{_EVENTS}'; END IF; RETURN NEW; END $$"
)
POSTGRES_FUNCTIONS = {"audit_refuse": _POSTGRES_REFUSE, "audit_only_forget": _POSTGRES_FORGET}
POSTGRES = {
    "audit_events_no_change": (
        "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    ),
    "audit_events_no_truncate": (
        "CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    ),
    "audit_changes_no_delete": (
        "CREATE TRIGGER audit_changes_no_delete BEFORE DELETE ON audit_changes "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    ),
    "audit_changes_no_truncate": (
        "CREATE TRIGGER audit_changes_no_truncate BEFORE TRUNCATE ON audit_changes "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    ),
    "audit_changes_only_forget": (
        "CREATE TRIGGER audit_changes_only_forget BEFORE UPDATE ON audit_changes "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_forget()"
    ),
}


def make(connection: Connection) -> None:
    """Put the triggers on a new database."""
    if connection.dialect.name == "sqlite":
        statements = list(SQLITE.values())
    else:
        statements = [*POSTGRES_FUNCTIONS.values(), *POSTGRES.values()]
    for statement in statements:
        connection.execute(text(statement))

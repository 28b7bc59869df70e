"""Is every way found to open the locks that keep the audit trail append-only?"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import both
from triage.records import triggers
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.heads import export_head
from triage.records.verify import verify

postgres_alone = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
sqlite_alone = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
#: Those of PostgreSQL that refuse whatever is tried.
REFUSED = [name for name in triggers.POSTGRES if name != "audit_changes_only_forget"]
REFUSE = "LANGUAGE plpgsql AS $$ BEGIN RETURN COALESCE(NEW, OLD); END $$"


def after(database: Database, folder: Path, *statements: str) -> set[tuple[str, str]]:
    """What a check finds after these statements: the kind, and the name of the trigger in its words."""
    heads = folder / "heads.jsonl"
    with database.write(Event(SYSTEM, "signed_in", note=True)):
        pass
    export_head(database, heads)
    assert verify(database, heads).sound
    with database.engine.connect().execution_options(ltu_write=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(sa.text(statement))
    database.engine.dispose()
    report = verify(database, heads)
    assert not report.sound
    return {(finding.kind, finding.words.split("'")[1] if "'" in finding.words else "") for finding in report.findings}


@pytest.mark.parametrize(("database_address", "name"), [("sqlite", name) for name in triggers.SQLITE],
                         indirect=["database_address"])  # fmt: skip
def test_a_dropped_trigger_is_found_in_sqlite(database: Database, tmp_path: Path, name: str) -> None:
    assert after(database, tmp_path, f"DROP TRIGGER {name}") == {("guard_missing", name)}


@pytest.mark.parametrize(("database_address", "name"), [("postgresql", name) for name in triggers.POSTGRES],
                         indirect=["database_address"])  # fmt: skip
def test_a_dropped_and_a_disabled_trigger_are_found_in_postgresql(
    database: Database, tmp_path: Path, name: str
) -> None:
    table = "audit_events" if "events" in name else "audit_changes"
    assert after(database, tmp_path, f"ALTER TABLE {table} DISABLE TRIGGER {name}") == {("guard_off", name)}
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER {name}"))
    assert after(database, tmp_path, f"DROP TRIGGER {name} ON {table}") == {("guard_missing", name)}


@both
def test_a_trigger_that_runs_at_another_time_is_found(database: Database, tmp_path: Path) -> None:
    name = "audit_changes_no_delete"
    if database.engine.dialect.name == "sqlite":
        drop, made = f"DROP TRIGGER {name}", triggers.SQLITE[name]
    else:
        drop, made = f"DROP TRIGGER {name} ON audit_changes", triggers.POSTGRES[name]
    assert after(database, tmp_path, drop, made.replace("BEFORE DELETE", "AFTER DELETE")) == {("guard_altered", name)}


@sqlite_alone
def test_a_trigger_that_does_nothing_is_found_in_sqlite(database: Database, tmp_path: Path) -> None:
    name = "audit_events_no_update"
    made = triggers.SQLITE[name].replace("SELECT RAISE(ABORT, 'The audit trail is append-only.')", "SELECT 1")
    assert after(database, tmp_path, f"DROP TRIGGER {name}", made) == {("guard_altered", name)}


@sqlite_alone
def test_a_trigger_with_a_condition_is_found_in_sqlite(database: Database, tmp_path: Path) -> None:
    name = "audit_events_no_delete"
    made = triggers.SQLITE[name].replace(" BEGIN", " WHEN OLD.actor = 'system' BEGIN")
    assert after(database, tmp_path, f"DROP TRIGGER {name}", made) == {("guard_altered", name)}


@postgres_alone
@pytest.mark.parametrize(
    ("statements", "names"),
    [
        ([f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger {REFUSE}"],
         REFUSED),
        ([f"CREATE OR REPLACE FUNCTION audit_only_forget() RETURNS trigger {REFUSE}"], ["audit_changes_only_forget"]),
        (["CREATE SCHEMA other", f"CREATE FUNCTION other.audit_refuse() RETURNS trigger {REFUSE}",
          "DROP TRIGGER audit_events_no_change ON audit_events",
          "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events"
          " FOR EACH ROW EXECUTE FUNCTION other.audit_refuse()"],
         ["audit_events_no_change"]),
        (["DROP TRIGGER audit_events_no_change ON audit_events",
          "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events"
          " FOR EACH ROW WHEN (OLD.seq > 1000) EXECUTE FUNCTION audit_refuse()"],
         ["audit_events_no_change"]),
        (["DROP TRIGGER audit_events_no_change ON audit_events",
          "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OF at OR DELETE ON audit_events"
          " FOR EACH ROW EXECUTE FUNCTION audit_refuse()"],
         ["audit_events_no_change"]),
        (["ALTER FUNCTION audit_refuse() SET client_min_messages = error"],
         REFUSED),
    ],
    ids=["replaced", "replaced-forget", "other-schema", "condition", "columns", "settings"],
)  # fmt: skip
def test_an_altered_trigger_or_function_is_found_in_postgresql(
    database: Database, tmp_path: Path, statements: list[str], names: list[str]
) -> None:
    assert after(database, tmp_path, *statements) == {("guard_altered", name) for name in names}


@both
def test_a_strange_trigger_is_found(database: Database, tmp_path: Path) -> None:
    if database.engine.dialect.name == "sqlite":
        statements = ["CREATE TRIGGER quiet BEFORE INSERT ON audit_events BEGIN SELECT RAISE(IGNORE); END"]
    else:
        statements = [
            f"CREATE FUNCTION quiet() RETURNS trigger {REFUSE}",
            "CREATE TRIGGER quiet BEFORE INSERT ON answers FOR EACH ROW EXECUTE FUNCTION quiet()",
        ]
    assert after(database, tmp_path, *statements) == {("guard_strange", "quiet")}


@postgres_alone
def test_a_rule_is_found_in_postgresql(database: Database, tmp_path: Path) -> None:
    rule = "CREATE RULE quiet AS ON DELETE TO answers DO INSTEAD NOTHING"
    assert after(database, tmp_path, rule) == {("guard_strange", "quiet")}


@postgres_alone
def test_a_database_that_is_set_to_run_no_triggers_is_found(database: Database, tmp_path: Path) -> None:
    name = database.engine.url.database
    assert after(database, tmp_path, f'ALTER DATABASE "{name}" SET session_replication_role = replica') == {
        ("guard_off", "")
    }


@both
def test_a_table_that_is_gone_is_found(database: Database, tmp_path: Path) -> None:
    assert after(database, tmp_path, "DROP TABLE showings") == {("table_missing", "")}


@both
def test_a_trail_that_is_gone_is_found(database: Database, tmp_path: Path) -> None:
    kinds = {kind for kind, _ in after(database, tmp_path, "DROP TABLE audit_changes", "DROP TABLE audit_events")}
    assert kinds == {"table_missing", "guard_missing", "tail_cut"}

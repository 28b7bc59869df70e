"""Do the migrations make the tables that the software works with, and does no database go on with others?"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.databases import KINDS, both
from tests.records_case import ADVISER, make_case
from triage.errors import RecordsError
from triage.records import migrate, revision
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.findings import Findings
from triage.records.guards import check_guards
from triage.records.heads import export_head
from triage.records.keys import Keys
from triage.records.tables import METADATA, audit_events
from triage.records.verify import verify

pytestmark = pytest.mark.slow

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("later", sa.Text(), nullable=True))
"""


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path, keys: Keys) -> Iterator[Database]:
    """A database without any table."""
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new()
    database = Database.open(url, keys)
    yield database
    database.close()


@pytest.fixture
def next_version(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of the software that knows one more migration than the one that made the database."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "0002_next.py").write_text(NEXT, "utf-8")
    monkeypatch.setattr(migrate, "FOLDER", folder)
    for module in (revision, migrate):
        monkeypatch.setattr(module, "REVISION", "0002")
    monkeypatch.setattr(revision, "REVISIONS", ("0001", "0002"))


def differences(database: Database) -> list[Any]:
    """What Alembic would change to make the tables those of the software."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, METADATA)


def shape(database: Database) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, as the database tells of them."""
    looked = sa.inspect(database.engine)

    def ordered(found: list[Any]) -> list[str]:
        return sorted(str({name: str(value) for name, value in dict(item).items()}) for item in found)

    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in looked.get_columns(table)],
            str(looked.get_pk_constraint(table)),
            ordered(looked.get_foreign_keys(table)),
            ordered(looked.get_unique_constraints(table)),
            ordered(looked.get_indexes(table)),
        )
        for table in looked.get_table_names()
    }


def test_migrations_make_the_tables_of_the_software(empty: Database) -> None:
    """If this fails because a table changed, run `python -m experiments.migration`."""
    assert migrate.migrate(empty) == migrate.Migrated(None, revision.REVISION)
    assert differences(empty) == []
    found = Findings()
    with empty.engine.connect() as connection:
        check_guards(connection, found)
        revision.check_revision(connection)
    assert found.kept == []
    assert migrate.migrate(empty) == migrate.Migrated(revision.REVISION, revision.REVISION)


def test_tables_made_at_once_are_those_that_migrations_make(empty: Database, tmp_path: Path, keys: Keys) -> None:
    migrate.migrate(empty)
    migrated = shape(empty)
    with empty.engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(sa.text(f"DROP TABLE {table.name}"))
        connection.execute(sa.text("DROP TABLE alembic_version"))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP FUNCTION audit_refuse, audit_only_forget"))
    empty.create()
    assert shape(empty) == migrated
    assert set(migrated) == {*METADATA.tables, "alembic_version"}


def test_every_migration_is_a_known_revision() -> None:
    known = [script.revision for script in ScriptDirectory(str(migrate.FOLDER)).walk_revisions()]
    assert tuple(reversed(known)) == revision.REVISIONS


@both
@pytest.mark.usefixtures("next_version")
def test_an_older_database_comes_up_with_everything_in_it(database: Database, tmp_path: Path) -> None:
    case = make_case(database)
    export_head(database, tmp_path / "heads.jsonl")
    with database.engine.connect() as connection, pytest.raises(RecordsError, match="Make a backup, and run 'ltu-tri"):
        revision.check_revision(connection)
    done = migrate.migrate(database, ADVISER)
    assert (done.before, done.after) == ("0001", "0002")
    assert migrate.migrate(database) == migrate.Migrated("0002", "0002")
    with database.read() as view:
        event = view.one(sa.select(audit_events).order_by(sa.desc(audit_events.c.seq)).limit(1))
        assert view.scalar(sa.text("SELECT count(later) FROM assessments")) == 0
        assert view.scalar(sa.text("SELECT count(*) FROM assessments WHERE id = :id").bindparams(id=case.id)) == 1
    assert event is not None
    assert (event["action"], event["actor"]) == ("migrated", ADVISER.account)
    # Columns without a value do not change what the trail says of a row.
    assert verify(database, tmp_path / "heads.jsonl").sound
    if database.engine.dialect.name == "sqlite":
        assert done.copy is not None
        assert stat.S_IMODE(done.copy.stat().st_mode) == 0o600
        copied = Database.open(f"sqlite:///{done.copy}", database.keys)
        with copied.read() as view:
            assert revision.revision_of(view.connection) == "0001"
        copied.close()
    else:
        assert done.copy is None


@both
@pytest.mark.usefixtures("next_version")
def test_a_migration_that_fails_changes_nothing(database: Database) -> None:
    broken = migrate.FOLDER / "versions" / "0002_next.py"
    broken.write_text(NEXT.replace('table.add_column(sa.Column("later"', 'table.add_column(sa.Column("state"'), "utf-8")
    before = shape(database)
    with pytest.raises(RecordsError, match=r"duplicate column|already exists"):
        migrate.migrate(database)
    assert shape(database) == before
    with database.read() as view:
        assert revision.revision_of(view.connection) == "0001"


@both
def test_a_newer_database_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match=r"A newer version of LTU Triage made these tables \(revision 9999"):
        migrate.migrate(database)


def test_a_database_of_another_program_is_refused(empty: Database) -> None:
    with empty.change_tables() as connection:
        connection.execute(sa.text("CREATE TABLE events (id INTEGER)"))
    with pytest.raises(RecordsError, match="tables such as 'events'"):
        migrate.migrate(empty)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_copy_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    make_case(database)
    target = tmp_path / "copy"

    def write(done: int, total: int) -> None:
        with database.write(Event(ADVISER, "signed_in", note=True)):
            pass

    migrate.copy_sqlite(database, target, write)
    copied = Database.open(f"sqlite:///{target}", database.keys)
    with copied.read() as view:
        assert view.scalar(sa.select(sa.func.max(audit_events.c.seq))) == 2
    copied.close()
    assert not target.with_name("copy-wal").exists()

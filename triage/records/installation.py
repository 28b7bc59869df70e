"""Where are the records of this machine, and may they be used now?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from triage.errors import RecordsError
from triage.records import erasures, heads
from triage.records.actor import SYSTEM, Actor
from triage.records.database import Database
from triage.records.erase import replay
from triage.records.heads import export_head
from triage.records.keys import Keys
from triage.records.ledger import sync_folder
from triage.records.migrate import migrate
from triage.records.plain import now
from triage.records.revision import check_revision, revision_of

#: While this file is in the data folder, or a table of that name in the database, a restore is not finished.
_RESTORING = "restoring.json"
_RESTORING_TABLE = sa.Table("ltu_restoring", sa.MetaData(), sa.Column("at", sa.Text, nullable=False))
_UNFINISHED = (
    "A restore was begun and not finished, so nothing is served. Run 'ltu-triage records restore' again: with the"
    " backup if the database is still empty, else with --in-place."
)


@dataclass(frozen=True)
class Installation:
    """The data folder of one machine, and the address of its database."""

    folder: Path
    url: str

    @property
    def heads(self) -> Path:
        """The exported heads of the audit trail."""
        return self.folder / heads.NAME

    @property
    def erasures(self) -> Path:
        """What was erased."""
        return self.folder / erasures.NAME

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL.

        Raises:
            RecordsError: the address is none.
        """
        try:
            address = make_url(self.url)
        except ArgumentError:
            raise RecordsError(
                "The address of the database is not one. Give sqlite:///FILE or postgresql://..."
            ) from None
        if address.get_backend_name() != "sqlite":
            return None
        if address.host or not address.database or address.database == ":memory:":
            raise RecordsError("Records need a file: give sqlite:///FILE, with three strokes, or postgresql://...")
        return Path(address.database)

    def keys(self, *, make: bool = False) -> Keys:
        """The keys.

        Raises:
            RecordsError: one is missing or damaged.
        """
        return Keys.load(self.folder / "keys", make=make)

    def connect(self) -> Database:
        """The records, for a command: they must be there, and no restore may be going on.

        Raises:
            RecordsError: they cannot be used.
        """
        if self.file is not None and not self.file.is_file():
            raise RecordsError(f"There are no records at {self.file}. Name the folder with --data, or --database.")
        database = Database.open(self.url, self.keys())
        try:
            self.check_not_restoring(database)
            with database.read() as view:
                check_revision(view.connection)
        except RecordsError:
            database.close()
            raise
        return database

    def connect_or_make(self) -> Database:
        """The records, or a database for new ones. Keys are made only where there are no records yet.

        Raises:
            RecordsError: the keys of records that are there are missing, or the database cannot be used.
        """
        self._make_file()
        unlocked = Database.open(self.url, Keys(b"", b""))
        try:
            with unlocked.read() as view:
                is_new = revision_of(view.connection) is None
        finally:
            unlocked.close()
        return Database.open(self.url, self.keys(make=is_new))

    def make_ready(self, database: Database, actor: Actor = SYSTEM) -> int:
        """Let the service start: tables up to date, nothing cut off, nothing back that was erased.

        An empty database gets its tables. An SQLite file is migrated; of PostgreSQL, an administrator says when.

        Args:
            database: the records, opened.
            actor: who starts it.

        Returns:
            How many erasures had to be done again.

        Raises:
            RecordsError: the records must not be served as they are.
        """
        self.check_not_restoring(database)
        with database.read() as view:
            is_new = revision_of(view.connection) is None
        if is_new or database.engine.dialect.name == "sqlite":
            migrate(database, actor)
        with database.read() as view:
            check_revision(view.connection)
        export_head(database, self.heads)
        again = replay(database, self.erasures, actor)
        if again:
            export_head(database, self.heads)
        return again

    def _make_file(self) -> None:
        """An SQLite file is readable by its owner alone, whoever made it."""
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.file.touch(mode=0o600, exist_ok=True)
            if self.file.stat().st_mode & 0o077:
                self.file.chmod(0o600)
        except OSError as problem:
            raise RecordsError(f"{self.file} cannot be made: {problem.strerror}.") from None

    def check_not_restoring(self, database: Database) -> None:
        """Refuse records of which a restore was not finished.

        Raises:
            RecordsError: it was not.
        """
        if (self.folder / _RESTORING).exists() or sa.inspect(database.engine).has_table(_RESTORING_TABLE.name):
            raise RecordsError(_UNFINISHED)

    def begin_restore(self) -> None:
        """Keep the service from starting on this machine until the restore is finished."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / _RESTORING).write_text(json.dumps({"at": now()}) + "\n", "utf-8")
        sync_folder(self.folder)

    def end_restore(self) -> None:
        """The restore is finished, or changed nothing."""
        (self.folder / _RESTORING).unlink(missing_ok=True)


def mark_restoring(database: Database) -> None:
    """Keep every service of this database from starting until the restore is finished."""
    with database.change_tables() as connection:
        _RESTORING_TABLE.create(connection, checkfirst=True)


def unmark_restoring(database: Database) -> None:
    """The restore is finished."""
    with database.change_tables() as connection:
        _RESTORING_TABLE.drop(connection, checkfirst=True)

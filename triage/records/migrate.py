"""How do the tables of a database come up to this version of the software?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from triage.errors import RecordsError
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.plain import now
from triage.records.revision import REVISION, check_not_newer, revision_of
from triage.records.tables import METADATA

#: Where Alembic finds the migrations.
FOLDER = Path(str(files("triage.records") / "migrations"))
#: Pages of SQLite that are copied at a time.
_PAGES = 2_000


@dataclass(frozen=True)
class Migrated:
    """What a migration did.

    Attributes:
        before: the revision before; None for an empty database.
        after: the revision now.
        copy: the safety copy that was made; None where none was needed.
    """

    before: str | None
    after: str
    copy: Path | None = None


def migrate(database: Database, actor: Actor = SYSTEM) -> Migrated:
    """Make the tables in an empty database, or bring those of an older version up to this one.

    An SQLite file is copied first, beside itself. Of PostgreSQL make a backup yourself.

    Raises:
        RecordsError: a newer version made the tables, or the database holds those of another program.
    """
    with database.read() as view:
        before = _usable(view.connection)
    if before == REVISION:
        return Migrated(before, before)
    copy = None
    try:
        with database.change_tables() as connection:
            # Another process may have been quicker.
            if _usable(connection) == REVISION:
                return Migrated(REVISION, REVISION)
            if before is not None:
                copy = _safety_copy(database, before)
            upgrade(connection)
    except DatabaseError as problem:
        raise RecordsError(f"The tables could not be changed: {str(problem.orig).splitlines()[0]}") from None
    if before is not None:
        with database.write(Event(actor, "migrated", detail={"before": before, "after": REVISION}, note=True)):
            pass
    return Migrated(before, REVISION, copy)


def upgrade(connection: Connection) -> None:
    """Run every migration that is missing, on this connection."""
    # Only here: a start with tables up to date is quicker without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def copy_sqlite(database: Database, path: Path, progress: Callable[[int, int], object] | None = None) -> None:
    """Copy an SQLite database as it is at this moment into one file, while others go on writing.

    Raises:
        RecordsError: the file is there already, or cannot be written.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
        with closing(database.engine.raw_connection()) as raw, closing(sqlite3.connect(path)) as target:
            source = raw.driver_connection
            assert isinstance(source, sqlite3.Connection)
            # An open transaction holds this moment, so that the copy never has to start again.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=_PAGES, progress=_told(progress))
            source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode=DELETE").close()
    except FileExistsError:
        raise RecordsError(f"{path} is there already. Choose a new name: nothing is replaced.") from None
    except (OSError, sqlite3.Error) as problem:
        raise RecordsError(f"{path} cannot be written: {problem}.") from None


def _told(progress: Callable[[int, int], object] | None) -> Callable[[int, int, int], object] | None:
    return None if progress is None else lambda _, remaining, total: progress(total - remaining, total)


def _usable(connection: Connection) -> str | None:
    """The revision of a database that can be migrated; None for an empty one."""
    found = revision_of(connection)
    check_not_newer(found)
    if found is None and (strange := set(sa.inspect(connection).get_table_names()) & set(METADATA.tables)):
        raise RecordsError(
            f"This database has tables such as '{min(strange)}', but nothing says which version of LTU Triage made"
            " them. Give another database."
        )
    return found


def _safety_copy(database: Database, before: str) -> Path | None:
    """A copy of an SQLite file beside it, before its tables are changed."""
    name = database.engine.url.database
    if database.engine.dialect.name != "sqlite" or not name:
        return None
    path = Path(name)
    copy = path.with_name(f"{path.name}.before-{before}.{now()[:19].replace(':', '')}")
    copy_sqlite(database, copy)
    return copy

"""How do the records come back from a backup, so that nothing that was erased comes back with them?

A restore ends with an event in the audit trail and a line in the file of heads: both say which events were lost. Until
then nothing is served.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from triage.errors import RecordsError
from triage.records import erasures, heads, postgres, retention
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.backup import Manifest, unpack
from triage.records.database import Database
from triage.records.erase import replay
from triage.records.heads import Head, Restored, export_head, last_event
from triage.records.installation import Installation, mark_restoring, unmark_restoring
from triage.records.keys import Keys
from triage.records.ledger import sync_folder
from triage.records.migrate import migrate
from triage.records.periods import Periods
from triage.records.revision import check_not_newer, revision_of
from triage.records.tables import METADATA

Say = Callable[[str], object]


@dataclass(frozen=True)
class Done:
    """What a restore did.

    Attributes:
        facts: the last event that was kept, the last that was known of, and when the backup was made.
        erased_again: how many erasures were done again.
        retained: how many records were erased because they had been kept long enough.
    """

    facts: Restored
    erased_again: int
    retained: int


def restore(installation: Installation, path: Path, actor: Actor, periods: Periods, say: Say = lambda _: None) -> Done:
    """Bring the records back from a backup into a database that is empty.

    Args:
        installation: where they go. Its keys must be those of the backup.
        path: the backup.
        actor: who restores.
        periods: what has been kept long enough goes again.
        say: is told what is being done.

    Raises:
        RecordsError: the backup is damaged, changed or of another installation, or the database is not empty.
    """
    keys = installation.keys()
    _check_empty(installation, keys)
    # Where the file will be, so that it can be put in place in one step.
    place = installation.folder if installation.file is None else installation.file.parent
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=place) as folder:
            say("Checking the backup")
            manifest = unpack(path, keys, Path(folder))
            check_not_newer(manifest.revision)
            kind = "postgresql" if installation.file is None else "sqlite"
            if manifest.kind != kind:
                raise RecordsError(
                    f"This backup is of {manifest.kind}. It cannot go into {kind}: use another database."
                )
            installation.begin_restore()
            _take_ledgers(installation, Path(folder))
            bring = _into_sqlite if kind == "sqlite" else _into_postgres
            return bring(installation, keys, manifest, Path(folder), _Finish(installation, actor, periods, say))
    except (OSError, sqlite3.Error) as problem:
        raise RecordsError(f"The records could not be brought back: {problem}.") from None


def restore_in_place(installation: Installation, actor: Actor, periods: Periods, say: Say = lambda _: None) -> Done:
    """Finish the restore of a database that was put back by other means, such as a copy of a file or a point in time.

    Raises:
        RecordsError: the database cannot be used.
    """
    if installation.file is not None and not installation.file.is_file():
        raise RecordsError(f"There is no database at {installation.file}. Put it back first.")
    database = Database.open(installation.url, installation.keys())
    try:
        with database.read() as view:
            found = revision_of(view.connection)
        check_not_newer(found)
        if found is None:
            raise RecordsError("There are no records in this database. Put them back first.")
        installation.begin_restore()
        mark_restoring(database)
        return _Finish(installation, actor, periods, say).run(database, "")
    finally:
        database.close()


def _check_empty(installation: Installation, keys: Keys) -> None:
    file = installation.file
    if file is not None:
        there = [path for path in (file, *_beside(file)) if path.exists()]
        if there:
            names = " and ".join(path.name for path in there)
            raise RecordsError(f"There are records in {file.parent} already. Move {names} away first.")
        return
    database = Database.open(installation.url, keys)
    try:
        with database.read() as view:
            there_too = set(sa.inspect(view.connection).get_table_names()) & set(METADATA.tables)
            if revision_of(view.connection) is not None or there_too:
                raise RecordsError(
                    "There are records in this database already. Make an empty one, and give it with --database. If a"
                    " restore was not finished here, give --in-place."
                )
    finally:
        database.close()


def _beside(file: Path) -> list[Path]:
    """What SQLite keeps beside its file. It would be taken for the log of the restored one."""
    return [file.with_name(f"{file.name}-{ending}") for ending in ("wal", "shm", "journal")]


def _take_ledgers(installation: Installation, folder: Path) -> None:
    """The files beside the database come from the backup only where this machine has none: its own know more."""
    for path in (installation.heads, installation.erasures):
        saved = folder / path.name
        if saved.is_file() and not path.exists():
            shutil.move(saved, path)


def _into_sqlite(installation: Installation, keys: Keys, manifest: Manifest, folder: Path, finish: _Finish) -> Done:
    """Work on a copy, and put it in place when nothing more can go wrong."""
    file = installation.file
    assert file is not None
    working = folder / manifest.content
    database = Database.open(f"sqlite:///{working}", keys)
    try:
        _check_head(database, manifest)
        done = finish.records(database, manifest.at)
    except RecordsError:
        installation.end_restore()
        raise
    finally:
        database.close()
    with closing(sqlite3.connect(working)) as whole:
        # Brings in whatever still stands in the log beside the file.
        whole.execute("PRAGMA journal_mode=DELETE").close()
    working.replace(file)
    sync_folder(file.parent)
    database = Database.open(installation.url, keys)
    try:
        finish.heads(database, done.facts)
    finally:
        database.close()
    return done


def _into_postgres(installation: Installation, keys: Keys, manifest: Manifest, folder: Path, finish: _Finish) -> Done:
    """The database is marked first, so that no service on any machine starts on it."""
    database = Database.open(installation.url, keys)
    try:
        mark_restoring(database)
        try:
            finish.say("Bringing the database back")
            postgres.load(database.engine.url, folder / manifest.content)
        except RecordsError:
            unmark_restoring(database)
            installation.end_restore()
            raise
        _check_head(database, manifest)
        return finish.run(database, manifest.at)
    finally:
        database.close()


def _check_head(database: Database, manifest: Manifest) -> None:
    """The database in the backup is the one that the manifest tells of."""
    with database.read() as view:
        try:
            event = last_event(view) or {}
        except DatabaseError as problem:
            raise RecordsError(f"The database in the backup cannot be read: {problem.orig}.") from None
    if (event.get("seq", 0), event.get("hash", "")) != (manifest.seq, manifest.hash):
        raise RecordsError("The database in the backup is not the one that its manifest tells of.")


class _Finish:
    """What every restore ends with."""

    def __init__(self, installation: Installation, actor: Actor, periods: Periods, say: Say) -> None:
        self._installation = installation
        self._actor = actor
        self._periods = periods
        self.say = say

    def run(self, database: Database, backup_at: str) -> Done:
        """All of it, on a database that is in place and marked."""
        done = self.records(database, backup_at)
        unmark_restoring(database)
        self.heads(database, done.facts)
        return done

    def records(self, database: Database, backup_at: str) -> Done:
        """Bring the tables up to date, note the restore, and erase again what was erased."""
        migrate(database, self._actor)
        facts = self._facts(database, backup_at)
        detail = {"kept": facts.kept, "known": facts.known, "backup_at": facts.backup_at}
        with database.write(Event(self._actor, "restored", detail=detail, note=True)):
            pass
        self.say("Erasing again what was erased")
        again = replay(database, self._installation.erasures, self._actor)
        done = retention.run(database, self._periods, datetime.now(UTC), self._installation.erasures, actor=self._actor)
        return Done(facts, again, sum(done.erased.values()))

    def heads(self, database: Database, facts: Restored) -> None:
        """Say it in the file of heads, and let the service start."""
        export_head(database, self._installation.heads, facts)
        self._installation.end_restore()

    def _facts(self, database: Database, backup_at: str) -> Restored:
        """The last event that is here, and the last that was known of since the last restore."""
        with database.read() as view:
            kept = (last_event(view) or {}).get("seq", 0)
        known = [Head.of(line.entry) for line in heads.ledger(self._installation.heads, database.keys).read().lines]
        since = max((place for place, head in enumerate(known) if head.restored is not None), default=0)
        later = [head.seq for head in known[since:]]
        before = known[since].at if known and known[since].restored else ""
        noted = erasures.read(self._installation.erasures, database.keys).entries
        later += [seq for seq, at in noted if at >= before]
        return Restored(kept, max([kept, *later]), backup_at)

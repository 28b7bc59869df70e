"""One way to the records: read them, or change them with an event for the audit trail."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from triage.errors import AccessError, ConflictError, Defect, RecordsError
from triage.records import audit, revision, triggers
from triage.records.audit import Change, Event
from triage.records.keys import Keys
from triage.records.tables import AUDITED, METADATA, audit_changes, audit_events

Row = dict[str, Any]
#: Any number that no other program uses: one writer at a time, because the audit trail is a chain.
_TRAIL_LOCK = 4_718_022
#: So many ids are named in one statement; a database takes some ten thousands at most.
_AT_ONCE = 500
_PAST_THE_TRAIL = (
    "A row of {table} was changed past the audit trail, so it is not used."
    " 'ltu-triage audit verify' says what was done."
)
_CHANGED = "Somebody else changed this in the meantime. Look at it again, and then go on."


class View:
    """Reads records; rows are plain dicts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def all(self, query: sa.Select[Any]) -> list[Row]:
        """Every row of a query."""
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def one(self, query: sa.Select[Any]) -> Row | None:
        """The first row of a query; None where there is none."""
        row = self.connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def scalar(self, query: sa.Select[Any]) -> Any:
        """The first value of a query."""
        return self.connection.execute(query).scalar()

    def find(self, table: Table, row_id: str) -> Row | None:
        """The row with this id; None where there is none."""
        return self.one(sa.select(table).where(table.c.id == row_id))

    def get(self, table: Table, row_id: str) -> Row:
        """The row with this id.

        Raises:
            AccessError: there is none.
        """
        row = self.find(table, row_id)
        if row is None:
            raise AccessError("This is not there, or it belongs to another office.")
        return row


class Work(View):
    """Changes records in one transaction. The audit trail gets the event and a digest of each changed row."""

    def __init__(self, connection: Connection, about: Event, keys: Keys) -> None:
        super().__init__(connection)
        self.event = about
        self._keys = keys
        self._own: set[tuple[str, str]] = set()
        self._marked: set[int] = set()
        self.changes: list[Change] = []
        self._detail: dict[str, Any] = {}
        self._subject = about.subject

    def insert(self, table: Table, row: Mapping[str, Any]) -> Row:
        """Add a row; columns that are not given are empty."""
        return self.insert_many(table, [row])[0]

    def insert_many(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Add rows; columns that are not given are empty."""
        self._check_audited(table)
        whole = [{column.name: row.get(column.name) for column in table.c} for row in rows]
        for given, row in zip(rows, whole, strict=True):
            if strange := set(given) - set(row):
                raise Defect(f"{table.name} has no columns {sorted(strange)}.")
        if whole:
            self.connection.execute(sa.insert(table), whole)
        self._note("insert", table, whole)
        return whole

    def update(
        self, table: Table, row_id: str, values: Mapping[str, Any], expect: Mapping[str, Any] | None = None
    ) -> Row:
        """Change a row; its `version`, where it has one, grows by one.

        Args:
            table: the table.
            row_id: the row.
            values: the new values.
            expect: what the row must hold now.

        Raises:
            AccessError: there is no such row.
            ConflictError: the row does not hold what is expected.
            RecordsError: the row is not the one that the last event about it left.
        """
        self._check_audited(table)
        row = self.get(table, row_id)
        if (table.name, row_id) not in self._own:
            check_vouched(self, table, row, self._keys, self._marked)
        if any(row[name] != value for name, value in (expect or {}).items()):
            raise ConflictError(_CHANGED)
        new = {**row, **values}
        if "version" in row:
            new["version"] = row["version"] + 1
        self.connection.execute(sa.update(table).where(table.c.id == row_id).values(new))
        self._note("update", table, [new])
        return new

    def erase(self, table: Table, ids: Sequence[str]) -> None:
        """Erase rows for good, with the salts of their digests in the trail."""
        self._check_audited(table)
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            self.connection.execute(sa.delete(table).where(table.c.id.in_(some)))
            audit.forget(self.connection, table.name, some)
        self._note("erase", table, [{"id": row_id} for row_id in ids])

    def about(self, subject: str, **detail: Any) -> None:
        """Say what the event is about, where that is known only now, and add facts to its detail."""
        self._subject = subject
        self._detail |= detail

    @staticmethod
    def _check_audited(table: Table) -> None:
        if table.name not in AUDITED:
            raise Defect(f"{table.name} is not audited: write it with 'scratch'.")

    def _note(self, kind: audit.Kind, table: Table, rows: Sequence[Row]) -> None:
        self.changes += [audit.change_of(kind, table.name, row) for row in rows]
        self._own |= {(table.name, row["id"]) for row in rows}

    def finished(self) -> Event:
        """The event with what became known of it."""
        about = self.event
        detail = {**about.detail, **self._detail}
        return Event(about.actor, about.action, self._subject, about.office, detail, about.note)


def check_vouched(view: View, table: Table, row: Mapping[str, Any], keys: Keys, marked: set[int] | None = None) -> None:
    """Refuse a row that is not the one that the last event about it left.

    Raises:
        RecordsError: it was changed, added or put back past the audit trail.
    """
    if not audit.vouches(view.connection, table.name, row, keys, set() if marked is None else marked):
        raise RecordsError(_PAST_THE_TRAIL.format(table=table.name))


class Database:
    """The records of one installation, in SQLite or PostgreSQL.

    Safe to share between threads; several processes may open the same one.
    """

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self.engine = engine
        self.keys = keys

    @classmethod
    def open(cls, url: str, keys: Keys) -> Database:
        """Connect to the database at `url`, for instance "sqlite:///records.sqlite" or "postgresql://...".

        Raises:
            RecordsError: there is no such database, or its driver is not installed.
        """
        try:
            address = make_url(url)
            kind = address.get_backend_name()
            if kind not in ("sqlite", "postgresql"):
                raise RecordsError("The records are kept in SQLite or PostgreSQL, and in no other database.")
            if kind == "postgresql":
                address = address.set(drivername="postgresql+psycopg")
            engine = create_engine(address, **_options(kind))
        except ArgumentError:
            raise RecordsError(
                "The address of the database is not one. Give sqlite:///FILE or postgresql://..."
            ) from None
        except ModuleNotFoundError as problem:
            raise RecordsError(f"This database needs {problem.name}: pip install 'ltu-triage[postgres]'.") from None
        if kind == "sqlite":
            _prepare_sqlite(engine)
        return cls(engine, keys)

    def create(self) -> None:
        """Make the tables and triggers of the present version in an empty database."""
        with self.change_tables() as connection:
            METADATA.create_all(connection)
            triggers.make(connection)
            revision.stamp(connection)

    @contextmanager
    def change_tables(self) -> Generator[Connection]:
        """A connection to make or migrate tables with, while nobody else writes. Nothing else may use it."""
        with self._transaction(write=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Generator[View]:
        """A view of the records as they are now."""
        with self._transaction(write=False) as connection:
            yield View(connection)

    @contextmanager
    def write(self, about: Event) -> Generator[Work]:
        """Change records. All of it is kept, with its event, or nothing is."""
        with self._transaction(write=True) as connection:
            work = Work(connection, about, self.keys)
            yield work
            if work.changes or about.note:
                audit.append(connection, work.finished(), work.changes, self.keys)

    @contextmanager
    def scratch(self) -> Generator[Connection]:
        """Change what is no record: sessions, rate limits, forms that wait. Refuses the other tables."""
        with self._transaction(write=True, chain=False) as connection:
            yield connection.execution_options(ltu_scratch=True)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, *, write: bool, chain: bool = True) -> Generator[Connection]:
        try:
            with self.engine.connect().execution_options(ltu_write=write) as connection, connection.begin():
                if write and chain and connection.dialect.name == "postgresql":
                    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_TRAIL_LOCK})"))
                yield connection
        except OperationalError as problem:
            raise RecordsError(f"The database cannot be used: {_plain(problem)}") from None


def _plain(problem: OperationalError) -> str:
    """The first line of what the driver says, without the statement and its values."""
    return str(problem.orig).strip().splitlines()[0]


def _options(backend: str) -> dict[str, Any]:
    """An error never repeats the values of its statement: they are answers."""
    if backend == "sqlite":
        return {"connect_args": {"timeout": 30.0}, "hide_parameters": True}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "hide_parameters": True}


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, so that readers and a writer do not wait; FULL, so that what was acknowledged outlives a power cut."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("ltu_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


#: Tables that `scratch` may change.
SCRATCH = frozenset(METADATA.tables) - set(AUDITED) - {audit_events.name, audit_changes.name}


@event.listens_for(Engine, "before_execute")
def _only_scratch(connection: Connection, statement: Any, *_: Any) -> None:
    if not connection.get_execution_options().get("ltu_scratch"):
        return
    table = getattr(statement, "table", None)
    if isinstance(statement, sa.Insert | sa.Update | sa.Delete) and getattr(table, "name", "") not in SCRATCH:
        raise Defect(f"{getattr(table, 'name', '?')} is a record: write it with an event.")

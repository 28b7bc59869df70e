"""How does what has been kept long enough go?

Each kind of record has a period (`triage.records.periods`). An assessment with an open review or action stays until
that is closed. The audit trail stays: it can only be added to, and holds no answer, name or note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Table

from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Database, Work
from triage.records.due import Due, find_due, is_held
from triage.records.erase import erase_identity_rows, erase_rows, scrub
from triage.records.periods import Periods
from triage.records.tables import (
    assessments,
    equality,
    held_forms,
    idempotent,
    list_identities,
    list_rows,
    list_workers,
    lists,
    matches,
    pending_sign_ins,
    place_decisions,
    place_openings,
    place_rows,
    reviews,
    sessions,
    sign_in_failures,
    sign_in_links,
)

#: Kinds whose ids are rows of one table, audited and not.
_ROWS: dict[str, Table] = {
    "equality_monitoring": equality, "reviews": reviews, "uploads": list_identities, "sign_in_links": sign_in_links,
}  # fmt: skip
_SCRATCH: dict[str, Table] = {
    table.name: table for table in (sessions, sign_in_failures, pending_sign_ins, held_forms, idempotent)
}
#: Copies of an SQLite file that a migration left beside it. They hold names, too.
COPIES = "copies"
#: Kinds that tell of real people. After these the file of the database is written anew, which takes a while.
_SCRUBBED = frozenset({"assessments", "equality_monitoring", "reviews", "list_identities", "uploads", "lists"})
#: So many ids are named in one statement.
_AT_ONCE = 500
Progress = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Done:
    """What was erased, or would be.

    Attributes:
        erased: how many records, by kind; kinds without any are left out.
        held: how many were due and stay, by kind: they wait for somebody, or belong to the audit trail.
        scrubbed: as of an erasure (`triage.records.erase.Erased`); None where nothing told of a person.
    """

    erased: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    scrubbed: bool | None = None


def run(
    database: Database, periods: Periods, now: datetime, erasures_file: Path, *, actor: Actor = SYSTEM,
    dry: bool = False, progress: Progress | None = None,
) -> Done:  # fmt: skip
    """Erase whatever has been kept long enough.

    Args:
        database: the records.
        periods: how long each kind is kept.
        now: the time.
        erasures_file: where erasures are written down, before they happen.
        actor: who has it done.
        dry: count, and erase nothing.
        progress: is told how many of how many are done, and of which kind.

    Raises:
        RecordsError: an erasure cannot be written down.
    """
    with database.read() as view:
        due = find_due(view, database.keys, periods, now)
    copies = _old_copies(database, periods, now)
    counts = {kind: len(ids) for kind, ids in due.ids.items()} | {COPIES: len(copies)}
    erased = {kind: count for kind, count in counts.items() if count}
    if dry:
        return Done(erased, due.held)
    _Retention(database, erasures_file, actor, due, progress).run()
    for copy in copies:
        copy.unlink(missing_ok=True)
    if not erased:
        return Done(held=due.held)
    with database.write(Event(actor, "retention_ran", detail={"erased": erased, "held": due.held}, note=True)):
        pass
    return Done(erased, due.held, scrub(database) if _SCRUBBED & set(erased) else None)


def _old_copies(database: Database, periods: Periods, now: datetime) -> list[Path]:
    name = database.engine.url.database
    if database.engine.dialect.name != "sqlite" or not name:
        return []
    before = periods.before("list_identities", now).timestamp()
    path = Path(name)
    return [copy for copy in path.parent.glob(f"{path.name}.before-*") if copy.stat().st_mtime < before]


class _Retention:
    """One run, in many small transactions: nobody who works meanwhile waits for long."""

    def __init__(
        self, database: Database, erasures_file: Path, actor: Actor, due: Due, progress: Progress | None
    ) -> None:
        self._database = database
        self._file = erasures_file
        self._actor = actor
        self._due = due
        self._progress = progress
        self._done = 0

    def run(self) -> None:
        """Erase all that is due."""
        for kind, ids in self._due.ids.items():
            if kind in _ROWS:
                self._rows(kind, ids)
            elif kind in _SCRATCH:
                self._scratch(kind, ids)
            else:
                self._one_by_one(kind, ids)

    def _one_by_one(self, kind: str, ids: list[str]) -> None:
        for row_id in ids:
            with self._database.write(self._event(kind)) as work:
                if kind in ("lists", "practice_lists"):
                    _erase_list(work, row_id)
                elif kind == "list_identities":
                    erase_identity_rows(work, self._database.keys, row_id, self._file)
                elif work.find(assessments, row_id) and (kind == "practice" or not is_held(work, row_id)):
                    erase_rows(work, self._database.keys, row_id, self._file)
            self._tick(1, kind)

    def _rows(self, kind: str, ids: list[str]) -> None:
        table = _ROWS[kind]
        for some in _parts(ids):
            with self._database.write(self._event(kind)) as work:
                there = work.all(sa.select(table.c.id).where(table.c.id.in_(some)))
                work.erase(table, [row["id"] for row in there])
            self._tick(len(some), kind)

    def _scratch(self, kind: str, ids: list[str]) -> None:
        table = _SCRATCH[kind]
        for some in _parts(ids):
            with self._database.scratch() as connection:
                connection.execute(sa.delete(table).where(table.c.id.in_(some)))
            self._tick(len(some), kind)

    def _event(self, kind: str) -> Event:
        return Event(self._actor, "retention_ran", detail={"kind": kind})

    def _tick(self, more: int, kind: str) -> None:
        self._done += more
        if self._progress is not None:
            self._progress(self._done, self._due.total, kind)


def _parts(ids: list[str]) -> Iterator[list[str]]:
    return (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))


def _erase_list(work: Work, list_id: str) -> None:
    """The rows of a list, with whatever hangs on them. The list stays, with how many people came, and its plans."""
    rows = sa.select(list_rows.c.id).where(list_rows.c.list == list_id)
    hanging = sa.or_(matches.c.first.in_(rows), matches.c.second.in_(rows))
    planned = sa.select(place_rows.c.id).where(place_rows.c.row.in_(rows))
    for table, where in (
        (matches, hanging),
        (place_decisions, place_decisions.c.place_row.in_(planned)),
        (place_openings, place_openings.c.place_row.in_(planned)),
        (place_rows, place_rows.c.row.in_(rows)),
        (list_rows, list_rows.c.list == list_id),
        (list_identities, list_identities.c.list == list_id),
        (list_workers, list_workers.c.list == list_id),
    ):
        work.erase(table, [row["id"] for row in work.all(sa.select(table.c.id).where(where))])
    work.about(work.get(lists, list_id)["id"])

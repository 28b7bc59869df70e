"""What was the last event of the audit trail, at a time when nobody had reason to hide it?

The head of the trail, its last event, is written to a file outside the database: at each start and stop of the service,
every day, and on request. A trail that was cut, or an older database that was put back, then contradicts the file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from triage.errors import RecordsError, UserError
from triage.records.database import Database, View
from triage.records.keys import Keys
from triage.records.ledger import Entry, Ledger
from triage.records.plain import now
from triage.records.tables import audit_events

#: The name of the file in the data folder.
NAME = "heads.jsonl"
#: Seconds between two exports.
DAILY = 86_400.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """What is known of a restore: the last event that was kept, and the last one that had been exported before."""

    kept: int
    known: int
    backup_at: str = ""

    @property
    def lost(self) -> int:
        """How many events were lost that are known of."""
        return max(0, self.known - self.kept)


@dataclass(frozen=True)
class Head:
    """The last event of the trail at one time."""

    seq: int
    hash: str
    at: str
    restored: Restored | None = None

    @classmethod
    def of(cls, entry: Entry) -> Head:
        """The head that a line of the file holds."""
        found = entry.get("restored")
        return cls(entry["seq"], entry["hash"], entry["at"], Restored(**found) if found else None)


def ledger(path: Path, keys: Keys) -> Ledger:
    """The file of heads at `path`."""
    return Ledger(path, "head", keys)


def last_event(view: View) -> dict[str, Any] | None:
    """The last event of the trail; None where it is empty."""
    return view.one(sa.select(audit_events).order_by(sa.desc(audit_events.c.seq)).limit(1))


def export_head(database: Database, path: Path, restored: Restored | None = None) -> Head | None:
    """Write the head of the trail to `path`, unless it stands there already; None where the trail is empty.

    Args:
        database: the records.
        path: the file; a line is added.
        restored: what to say of a restore that was just finished.

    Raises:
        RecordsError: the trail contradicts the file, or the file cannot be written.
    """

    def line(last: Entry | None) -> Entry | None:
        with database.read() as view:
            event = last_event(view)
            if restored is None:
                check_follows(view, last, path)
        if event is None or (restored is None and last is not None and last.get("hash") == event["hash"]):
            return None
        head = {"seq": event["seq"], "hash": event["hash"], "at": now()}
        return head if restored is None else {**head, "restored": _plain(restored)}

    written = ledger(path, database.keys).append(line)
    if written is not None:
        return Head.of(written)
    with database.read() as view:
        event = last_event(view)
    return None if event is None else Head(event["seq"], event["hash"], event["at"])


def check_follows(view: View, last: Entry | None, path: Path) -> None:
    """Refuse a trail that does not hold the event that was exported last.

    Raises:
        RecordsError: it does not: an older database was put back, or the end of the trail was cut off.
    """
    if last is None or not isinstance(last.get("seq"), int):
        return
    found = view.scalar(sa.select(audit_events.c.hash).where(audit_events.c.seq == last["seq"]))
    if found != last.get("hash"):
        raise RecordsError(
            f"The database does not hold event {last['seq']} of the audit trail, which {path.name} names as exported on"
            f" {str(last.get('at'))[:10]}. Either an older database was put back by hand: then run"
            " 'ltu-triage records restore --in-place'. Or somebody cut the trail: 'ltu-triage audit verify' says what"
            " is missing."
        )


def _plain(restored: Restored) -> dict[str, Any]:
    return {"kept": restored.kept, "known": restored.known, "backup_at": restored.backup_at}


class HeadKeeper:
    """Exports the head when the service starts and stops, and each day between, in a thread of its own.

    Args:
        database: the records.
        path: the file of heads.
        every: seconds between two exports.
        also: work to do after each daily export, such as retention.
    """

    def __init__(
        self, database: Database, path: Path, every: float = DAILY, also: Callable[[], object] | None = None
    ) -> None:
        self._database = database
        self._path = path
        self._every = every
        self._also = also
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heads", daemon=True)
        #: Why the last export did not work; empty where it did.
        self.trouble = ""

    def start(self) -> None:
        """Export the head now, and then each day.

        Raises:
            RecordsError: the trail contradicts the file, or the file cannot be written: the service must not start.
        """
        export_head(self._database, self._path)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and export the head a last time."""
        self._stopping.set()
        self._thread.join()
        self._do(())

    def _run(self) -> None:
        also = () if self._also is None else (self._also,)
        while not self._stopping.wait(self._every):
            self._do(also)

    def _do(self, also: Sequence[Callable[[], object]]) -> None:
        try:
            export_head(self._database, self._path)
            for work in also:
                work()
        except UserError as problem:
            self.trouble = problem.message
            _LOG.error("%s", problem.message)
        else:
            self.trouble = ""

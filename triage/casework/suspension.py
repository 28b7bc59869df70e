"""Turn scoring off at every door, and on again. The checklist and the records go on working.

A note in the data folder stops this machine, the library and the command line with it; a row in the database stops
every machine that serves the same records.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from pathlib import Path
from weakref import WeakKeyDictionary

from triage import suspension
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.errors import SuspendedError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.plain import canonical, moment, now, parsed
from triage.records.tables import service_state
from triage.suspension import Suspension

_ROW = "scoring"
#: The database is asked again after so many seconds.
_FRESH = 1.0
_known: WeakKeyDictionary[Database, tuple[float, Suspension | None]] = WeakKeyDictionary()
_lock = threading.Lock()


def current(service: Service) -> Suspension | None:
    """The suspension that holds; None where scoring is on. What the database says may be a second old."""
    return suspension.suspended() or _in_database(service.database)


def words(service: Service) -> str:
    """Why scoring is turned off, for a page; empty where it is on."""
    found = current(service)
    return "" if found is None else found.reason


def check(service: Service) -> None:
    """Refuse to score while scoring is turned off.

    Raises:
        SuspendedError: it is, with the reason.
    """
    found = current(service)
    if found is not None:
        raise SuspendedError(suspension.message(found))


def suspend(service: Service, actor: Actor, reason: str, folder: Path | None = None) -> Suspension:
    """Turn scoring off for everybody who serves these records, and on this machine.

    Args:
        service: the service.
        actor: who does it.
        reason: a sentence that everybody will read.
        folder: the data folder of this machine, whose library and command line stop as well; None for the database
            alone.

    Raises:
        CaseworkError: there is no reason.
    """
    reason = suspension.plain_reason(reason)
    if not reason:
        raise field_error("reason", "Say in one sentence why scoring is turned off.", "Everybody will read it.")
    found = Suspension(reason, actor.name, moment(service.clock()))
    # The machine first: its note stops every door at once, and needs no database.
    if folder is not None:
        suspension.suspend(found, folder)
    keep(service.database, actor, found)
    return found


def resume(service: Service, actor: Actor, folder: Path | None = None) -> bool:
    """Turn scoring on again, in the records and on this machine; False where it was on in both."""
    was_off = keep(service.database, actor, None)
    return (folder is not None and suspension.resume(folder)) or was_off


def keep(database: Database, actor: Actor, found: Suspension | None) -> bool:
    """Note in the records that scoring is turned off, or on again where `found` is None; False where nothing changed.

    Needs no engine: scoring can be turned off where a model cannot even be loaded.
    """
    with database.read() as view:
        before = view.find(service_state, _ROW)
    suspended = None if found is None else asdict(found)
    if (None if before is None else parsed(before["data"])["suspended"]) == suspended:
        return False
    action = "scoring_resumed" if found is None else "scoring_suspended"
    row = {"data": canonical({"suspended": suspended}), "at": now(), "by": actor.account}
    with database.write(Event(actor, action)) as work:
        if work.find(service_state, _ROW) is None:
            work.insert(service_state, {"id": _ROW, **row})
        else:
            work.update(service_state, _ROW, row)
    with _lock:
        _known.pop(database, None)
    return True


def _in_database(database: Database) -> Suspension | None:
    with _lock:
        kept = _known.get(database)
    if kept is not None and time.monotonic() - kept[0] < _FRESH:
        return kept[1]
    with database.read() as view:
        row = view.find(service_state, _ROW)
    data = parsed(row["data"])["suspended"] if row is not None else None
    found = Suspension(**data) if data else None
    with _lock:
        _known[database] = (time.monotonic(), found)
    return found

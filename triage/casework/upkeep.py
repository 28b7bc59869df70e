"""In what state is the service itself: is its audit trail written out, and what has been kept long enough?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triage.casework.cases import require
from triage.casework.service import Service
from triage.records import erasures, heads, retention
from triage.records.actor import Actor
from triage.records.periods import load_periods

#: What the periods do not name, because nobody reads it.
_TRACES = "Traces of sign-ins and of requests, and copies of the database from before a migration"


@dataclass(frozen=True)
class Trail:
    """The audit trail, and what the file outside the database says of it.

    Attributes:
        events: the number of the last event; 0 for an empty trail.
        at: when that was.
        exported: the last event that was exported; 0 where none was.
        exported_at: when that was.
        sound: False where a line of the file cannot be trusted.
    """

    events: int
    at: str
    exported: int
    exported_at: str
    sound: bool

    @property
    def waiting(self) -> int:
        """How many events are not covered by an export yet."""
        return max(0, self.events - self.exported)


def trail(service: Service, actor: Actor, folder: Path) -> Trail:
    """The state of the audit trail.

    Args:
        service: the service.
        actor: an administrator.
        folder: the data folder, which holds the exported heads.
    """
    require(actor, "administrator")
    with service.database.read() as view:
        last = heads.last_event(view)
    known = heads.ledger(folder / heads.NAME, service.database.keys).read()
    exported = heads.Head.of(known.lines[-1].entry) if known.lines else None
    return Trail(
        last["seq"] if last else 0,
        last["at"] if last else "",
        exported.seq if exported else 0,
        exported.at if exported else "",
        not (known.damaged or known.broken),
    )


def due(service: Service, actor: Actor, folder: Path) -> list[tuple[str, int]]:
    """What has been kept long enough and waits to be erased: what it holds, and how many of it. Nothing is erased.

    Args:
        service: the service.
        actor: an administrator.
        folder: the data folder.
    """
    require(actor, "administrator")
    periods = load_periods(service.engines.now.checklist.folder)
    file = folder / erasures.NAME
    found = retention.run(service.database, periods, service.clock(), file, actor=actor, dry=True).erased
    named = [(period.holds, found[kind]) for kind, period in periods.by_kind.items() if kind in found]
    rest = sum(count for kind, count in found.items() if kind not in periods.by_kind)
    return named + ([(_TRACES, rest)] if rest else [])

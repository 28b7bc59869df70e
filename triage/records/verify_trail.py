"""Is every event of the audit trail the one that was written, and does each follow the one before?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from triage.records.audit import START, Change, changes_digest, event_hash
from triage.records.findings import Findings
from triage.records.keys import Keys
from triage.records.plain import parsed
from triage.records.tables import audit_changes, audit_events

#: Called with how many things are done.
Tick = Callable[[int], None]
_Listed = tuple[list[Change], bool]
#: Rows that are fetched at a time.
_AT_ONCE = 2_000
_TICK = 1_000


@dataclass
class Trail:
    """What is known of the trail once it has been read.

    Attributes:
        events: how many there are.
        last_seq, last_hash, last_at: the last one, and when that was.
        hashes: the hashes of the events that were asked for.
        restores: the restores that it tells of: when, and the facts.
    """

    events: int = 0
    last_seq: int = 0
    last_hash: str = START
    last_at: str = ""
    hashes: dict[int, str] = field(default_factory=dict)
    restores: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def stream(connection: Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """The rows of a query, a few at a time."""
    return iter(connection.execute(query, execution_options={"yield_per": _AT_ONCE}))


def check_trail(connection: Connection, keys: Keys, wanted: frozenset[int], found: Findings, tick: Tick) -> Trail:
    """Read the whole trail in order and check each event.

    Args:
        connection: sees one state of the database.
        keys: their audit key made the marks.
        wanted: the events whose hashes are needed later.
        found: takes what is wrong.
        tick: is told how many events were read.
    """
    trail = Trail()
    changes = _Changes(connection, found)
    for row in stream(connection, sa.select(audit_events).order_by(audit_events.c.seq)):
        event = dict(row._mapping)
        changes.skip_to(event["seq"])
        _check_place(event, trail, found)
        is_ours = _check_event(event, changes.of(event["seq"]), keys, found)
        _note(event, trail, wanted, is_ours)
        if trail.events % _TICK == 0:
            tick(_TICK)
    changes.skip_to(inf)
    tick(trail.events % _TICK)
    return trail


def _check_place(event: dict[str, Any], trail: Trail, found: Findings) -> None:
    """The event follows the one before it."""
    seq, expected = event["seq"], trail.last_seq + 1
    if seq > expected:
        gone = f"Event {expected} is" if seq == expected + 1 else f"Events {expected} to {seq - 1} are"
        found.add("event_missing", f"{gone} missing from the audit trail.", expected)
    elif seq < expected or event["previous"] != trail.last_hash:
        found.add("chain_broken", f"Event {seq} does not follow the event before it: one of the two was replaced.", seq)


def _check_event(event: dict[str, Any], listed: _Listed, keys: Keys, found: Findings) -> bool:
    """The event and the list of what it changed are as they were written; False where the event is not."""
    seq, (changes, in_order) = event["seq"], listed
    unchanged = _is(event["hash"], lambda: event_hash(event))
    marked = _is(event["mac"], lambda: keys.mac(event["hash"]))
    if not unchanged:
        found.add("event_changed", f"Event {seq} was changed after it was written.", seq)
    if not marked:
        words = f"Event {seq} was not written by this installation: it does not bear the mark of its key."
        found.add("event_forged", words, seq)
    if not _is(event["changes"], lambda: changes_digest(changes)) or not in_order:
        found.add("changes_altered", f"The list of rows that event {seq} changed is not the one it had.", seq)
    return unchanged and marked


def _is(stored: object, computed: Callable[[], str]) -> bool:
    """True where a value is what it is computed to be. What cannot be written as JSON was never written by us."""
    try:
        return stored == computed()
    except (TypeError, ValueError, AttributeError):
        return False


def _note(event: dict[str, Any], trail: Trail, wanted: frozenset[int], is_ours: bool) -> None:
    trail.events += 1
    trail.last_seq, trail.last_hash, trail.last_at = event["seq"], event["hash"], event["at"]
    if event["seq"] in wanted:
        trail.hashes[event["seq"]] = event["hash"]
    if event["action"] == "restored" and is_ours:
        trail.restores.append((event["at"], parsed(event["detail"])))


class _Changes:
    """The rows that events changed, handed out event by event."""

    def __init__(self, connection: Connection, found: Findings) -> None:
        order = (audit_changes.c.seq, audit_changes.c.place)
        self._rows = stream(connection, sa.select(audit_changes).order_by(*order))
        self._found = found
        self._step()

    def of(self, seq: int) -> _Listed:
        """Those of event `seq`, and whether they are numbered as they were."""
        changes: list[Change] = []
        in_order = True
        while self._next is not None and self._seq == seq:
            row = self._next
            in_order = in_order and row.place == len(changes)
            changes.append(Change(row.kind, row.of, row.row, row.salt, row.digest))
            self._step()
        return changes, in_order

    def skip_to(self, seq: float) -> None:
        """Those before event `seq` have no event."""
        alone: set[float] = set()
        while self._next is not None and (self._seq < seq or seq == inf):
            if self._seq not in alone:
                alone = {self._seq}
                words = f"Changes of rows are noted for event {self._next.seq}, which is not there."
                self._found.add("changes_alone", words)
            self._step()

    def _step(self) -> None:
        self._next = next(self._rows, None)
        # SQLite keeps any value in any column; one that is no number sorts behind the numbers.
        seq = None if self._next is None else self._next.seq
        self._seq: float = seq if isinstance(seq, int) else inf

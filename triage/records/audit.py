"""How does each write leave a trace that cannot be changed without being found?

Every event is chained to the one before it by its hash, and the hash is authenticated with a key that the database
does not hold. An event commits to each row that it changed by a salted digest of the whole row. So a changed row, a
changed event, a cut tail and a rewritten trail can all be found; and a row that is erased takes its salts with it, so
that nothing about it can be guessed from the trail.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, desc, insert, select, update

from triage.errors import Defect
from triage.records.actor import Actor
from triage.records.keys import Keys
from triage.records.plain import canonical, now
from triage.records.tables import audit_changes, audit_events

Kind = Literal["insert", "update", "erase"]
Row = Mapping[str, Any]
#: The hash before the first event.
START = "0" * 64
#: Everything that can happen. An event names one of these.
ACTIONS = frozenset(
    {
        "account_changed",
        "account_made",
        "action_agreed",
        "action_changed",
        "answer_saved",
        "api_key_made",
        "api_key_revoked",
        "assessment_changed",
        "assessment_closed",
        "assessment_started",
        "assessment_viewed",
        "claim_recorded",
        "decision_recorded",
        "equality_recorded",
        "event_changed",
        "event_made",
        "exported",
        "first_view_recorded",
        "list_changed",
        "list_erased",
        "list_scored",
        "list_uploaded",
        "list_viewed",
        "match_answered",
        "match_offered",
        "migrated",
        "objection_recorded",
        "office_changed",
        "office_made",
        "outcome_recorded",
        "places_decided",
        "places_opened",
        "places_proposed",
        "places_released",
        "places_withdrawn",
        "policy_taken_up",
        "rectified",
        "records_erased",
        "restored",
        "retention_ran",
        "review_asked",
        "review_closed",
        "score_shown",
        "scored",
        "scoring_resumed",
        "scoring_suspended",
        "sign_in_failed",
        "sign_in_link_made",
        "signed_in",
        "signed_out",
        "subject_access",
    }
)


@dataclass(frozen=True)
class Event:
    """What is being done, and by whom. Every write needs one.

    Attributes:
        actor: who does it.
        action: one of `ACTIONS`.
        subject: the id of what it is about, mostly an assessment.
        office: the office it belongs to.
        detail: plain facts for the trail. Never an answer, a name, a note or any free text.
        note: True for an event that counts although it changes no row, such as looking at a record.
    """

    actor: Actor
    action: str
    subject: str = ""
    office: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    note: bool = False

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise Defect(f"The audit trail knows no action '{self.action}'.")


@dataclass(frozen=True, slots=True)
class Change:
    """One row after an event: its whole content as digest."""

    kind: Kind
    of: str
    row: str
    salt: str | None
    digest: str


def change_of(kind: Kind, table: str, row: Row) -> Change:
    """The change that leaves `row` in `table` as it is given."""
    if kind == "erase":
        return Change(kind, table, row["id"], None, "")
    salt = secrets.token_hex(16)
    return Change(kind, table, row["id"], salt, row_digest(salt, row))


def row_digest(salt: str, row: Row) -> str:
    """The salted digest of a whole row. Of a file its own digest counts.

    A column without a value counts as none: so a column can be added later, and older digests still fit.
    """
    plain = {
        name: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
        for name, value in row.items()
        if value is not None
    }
    return hashlib.sha256(f"{salt}\0{canonical(plain)}".encode()).hexdigest()


def changes_digest(changes: Sequence[Change]) -> str:
    """One digest for all changes of an event. Salts are left out, so that they can be erased."""
    return hashlib.sha256(canonical([[c.kind, c.of, c.row, c.digest] for c in changes]).encode()).hexdigest()


#: What an event's hash covers, in this order.
HASHED = (
    "seq", "at", "actor", "role", "via", "action", "subject", "office", "detail", "changes", "previous",
)  # fmt: skip


def event_hash(row: Row) -> str:
    """The hash of an event, which covers the hash of the event before it."""
    return hashlib.sha256(canonical([row[name] for name in HASHED]).encode()).hexdigest()


def vouches(connection: Connection, table: str, row: Row, keys: Keys, marked: set[int]) -> bool:
    """True where the trail vouches for a row as it is now: its last event commits to it, and bears our mark.

    An event about a row commits to the whole of it. So whoever changes a row first asks whether it is the one that was
    left: else the new event would vouch for what somebody did to the row past the trail.

    Args:
        connection: sees the trail.
        table: the table of the row.
        row: all of it.
        keys: their audit key makes the marks.
        marked: events that were found to bear it; takes in another one.
    """
    c = audit_changes.c
    last = connection.execute(
        select(c.seq, c.salt, c.digest)
        .where(c.of == table, c.row == row["id"])
        .order_by(desc(c.seq), desc(c.place))
        .limit(1)
    ).first()
    if last is None or last.salt is None or last.digest != row_digest(last.salt, row):
        return False
    if last.seq not in marked and _is_marked(connection, last.seq, keys):
        marked.add(last.seq)
    return last.seq in marked


def _is_marked(connection: Connection, seq: int, keys: Keys) -> bool:
    """True where an event and its changes are as they were written with our key."""
    found = connection.execute(select(audit_events).where(audit_events.c.seq == seq)).mappings().first()
    if found is None:
        return False
    event, c = dict(found), audit_changes.c
    query = select(c.kind, c.of, c.row, c.salt, c.digest).where(c.seq == seq).order_by(c.place)
    changes = [Change(*change) for change in connection.execute(query)]
    return (
        event["changes"] == changes_digest(changes)
        and event["hash"] == event_hash(event)
        and hmac.compare_digest(event["mac"].encode(), keys.mac(event["hash"]).encode())
    )


def append(connection: Connection, event: Event, changes: Sequence[Change], keys: Keys) -> None:
    """Add `event` to the trail. The caller holds the lock of the trail."""
    last = connection.execute(
        select(audit_events.c.seq, audit_events.c.hash).order_by(desc(audit_events.c.seq)).limit(1)
    ).first()
    row: dict[str, Any] = {
        "seq": last.seq + 1 if last else 1,
        "at": now(),
        "actor": event.actor.account,
        "role": event.actor.role,
        "via": event.actor.via,
        "action": event.action,
        "subject": event.subject,
        "office": event.office or event.actor.office,
        "detail": canonical(dict(event.detail)),
        "changes": changes_digest(changes),
        "previous": last.hash if last else START,
    }
    row["hash"] = event_hash(row)
    row["mac"] = keys.mac(row["hash"])
    connection.execute(insert(audit_events).values(row))
    if changes:
        kept = [
            {"seq": row["seq"], "place": place, "kind": c.kind, "of": c.of, "row": c.row, "salt": c.salt,
             "digest": c.digest}
            for place, c in enumerate(changes)
        ]  # fmt: skip
        connection.execute(insert(audit_changes), kept)


def forget(connection: Connection, table: str, ids: Sequence[str]) -> None:
    """Erase the salts of rows that are erased: their digests then say nothing any more."""
    connection.execute(
        update(audit_changes).where(audit_changes.c.of == table, audit_changes.c.row.in_(ids)).values(salt=None)
    )

"""Which programs of partners may ask, for what, for whom, and until when?"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, get_args
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from triage.casework.cases import require, sent_before
from triage.casework.service import Service
from triage.casework.texts import MOST_LINE, check_text
from triage.errors import CaseworkError, ConflictError
from triage.faults import Fault
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Database, Row, check_vouched
from triage.records.plain import canonical, new_id, parsed
from triage.records.tables import api_keys, offices

Scope = Literal["score", "assess", "decide", "lists", "outcomes", "read"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
MOST_DAYS = 731
#: A key that was found counts for so many seconds in every process, so that a request need not ask the database. A key
#: that is revoked elsewhere can work that much longer.
FRESH = 2.0
#: How many keys are remembered at most. A key that is not known is never remembered.
_MOST_KNOWN = 1_000
_EMPLOYER = "An employer gets no key: nothing that a client says, and no score, ever goes to an employer."
#: What each field of the form needs, in its order.
_NEEDED = {
    "name": "Type the name of the program.",
    "body": "Choose what sort of body will use the key.",
    "controller": "Type the name of the controller.",
    "purpose": "Say what the key is for.",
    "agreement": "Type the reference of the agreement.",
    "scopes": "Choose what the key may do.",
    "office": "Choose the office whose clients the key works with.",
    "ends_on": "Give the last day on which the key works: after today, and within two years.",
}
_SHOWN_ONCE = "This key is made, and its secret is shown once. If nobody copied it, revoke it and make another key."
_known: WeakKeyDictionary[Database, dict[str, tuple[float, Key]]] = WeakKeyDictionary()
_lock = threading.Lock()


@dataclass(frozen=True)
class Key:
    """A partner's key that was found by its secret.

    Attributes:
        id: of the key; it stands in the audit trail as who did something.
        name: of the program.
        scopes: what it may do.
        controller: the organisation that answers for what is done with the key.
        conditionality: True for a body that can sanction: it never gets job search and attitude answers.
        office: whose clients it works with.
        ends_on: the last day on which it works.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    controller: str
    conditionality: bool
    office: str
    ends_on: date

    @property
    def actor(self) -> Actor:
        """Who does what is done with this key."""
        return Actor(self.id, self.name, "partner", self.office, "api")


@dataclass(frozen=True)
class Wanted:
    """A key as an administrator asks for it.

    Attributes:
        name: of the program.
        body: what it belongs to: "partner", "conditionality" for a body that can sanction, or "employer": none.
        controller: the organisation that answers for what is done with the key.
        purpose: what it is for.
        agreement: the reference of the data sharing agreement.
        scopes: what it may do.
        office: whose clients it works with.
        ends_on: the last day on which it works.
    """

    name: str
    body: str
    controller: str
    purpose: str
    agreement: str
    scopes: tuple[str, ...]
    office: str
    ends_on: date | None


def make(service: Service, actor: Actor, wanted: Wanted, submission: str = "") -> tuple[Row, str]:
    """A new key, and its secret, which is kept nowhere.

    Raises:
        CaseworkError: a field cannot be used, or it is for an employer; all faults are named.
        ConflictError: the form was sent before: the secret cannot be shown again.
    """
    require(actor, "administrator")
    values = _checked(service, wanted)
    prefix = secrets.token_hex(4)
    secret = f"ltu_{prefix}_{secrets.token_urlsafe(32)}"
    row = {
        "id": new_id(), **values, "digest": _digest(secret), "prefix": f"ltu_{prefix}", "made_by": actor.account,
        "made_at": service.now, "submission": submission or None,
    }  # fmt: skip
    detail = {"scopes": sorted(wanted.scopes), "conditionality": values["conditionality"]}
    with service.database.write(Event(actor, "api_key_made", row["id"], wanted.office, detail)) as work:
        if sent_before(work, api_keys, submission) is not None:
            raise ConflictError(_SHOWN_ONCE)
        made = work.insert(api_keys, row)
    return made, secret


def find(service: Service, secret: str) -> Key | None:
    """The key with this secret; None where it is unknown, revoked or ended, or its office is closed.

    What the database says may be `FRESH` seconds old. Whether the key has ended is asked each time.

    Raises:
        RecordsError: the key was made or changed past the audit trail.
    """
    digest = _digest(secret)
    with _lock:
        at, key = _known.get(service.database, {}).get(digest, (0.0, None))
    if key is None or time.monotonic() - at > FRESH:
        key = _look_up(service, digest)
    return key if key is not None and service.today <= key.ends_on else None


def all_keys(service: Service, actor: Actor) -> list[Row]:
    """Every key, the newest first, without its digest: `scopes` as a list, and `state` (working, ended or revoked)."""
    require(actor, "administrator")
    with service.database.read() as view:
        rows = view.all(sa.select(api_keys).order_by(api_keys.c.made_at.desc()))
    return [_shown(service, row) for row in rows]


def key_of(service: Service, actor: Actor, key: str) -> Row:
    """One key, as in `all_keys`.

    Raises:
        AccessError: there is none.
    """
    require(actor, "administrator")
    with service.database.read() as view:
        return _shown(service, view.get(api_keys, key))


def revoke(service: Service, actor: Actor, key: str) -> Row:
    """Have a key work no more, for good. A key that was revoked before stays as it is."""
    require(actor, "administrator")
    with service.database.read() as view:
        row = view.get(api_keys, key)
    if row["revoked_at"] is None:
        with service.database.write(Event(actor, "api_key_revoked", key, row["office"])) as work:
            row = work.update(api_keys, key, {"revoked_at": service.now}, expect={"revoked_at": None})
    with _lock:
        _known.pop(service.database, None)
    return row


def _look_up(service: Service, digest: str) -> Key | None:
    query = sa.select(api_keys).join(offices, offices.c.id == api_keys.c.office)
    with service.database.read() as view:
        row = view.one(
            query.where(api_keys.c.digest == digest, api_keys.c.revoked_at.is_(None), offices.c.closed_at.is_(None))
        )
        if row is not None:
            check_vouched(view, api_keys, row, service.database.keys)
    key = None if row is None else _key(row)
    with _lock:
        known = _known.setdefault(service.database, {})
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known.pop(digest, None)
        if key is not None:
            known[digest] = (time.monotonic(), key)
    return key


def _key(row: Mapping[str, str]) -> Key:
    return Key(
        row["id"], row["name"], frozenset(parsed(row["scopes"])), row["controller"], bool(row["conditionality"]),
        row["office"], date.fromisoformat(row["ends_on"]),
    )  # fmt: skip


def _shown(service: Service, row: Row) -> Row:
    ended = service.today > date.fromisoformat(row["ends_on"])
    state = "revoked" if row["revoked_at"] is not None else "ended" if ended else "working"
    kept = {name: value for name, value in row.items() if name not in ("digest", "submission")}
    return {**kept, "scopes": parsed(row["scopes"]), "state": state}


def _checked(service: Service, wanted: Wanted) -> Row:
    """The columns of a key, or every fault of the form, in its order."""
    if wanted.body == "employer":
        raise CaseworkError(_EMPLOYER, [Fault("body", _EMPLOYER)])
    with service.database.read() as view:
        office = view.find(offices, wanted.office)
    days = (wanted.ends_on - service.today).days if wanted.ends_on is not None else 0
    right = {
        "body": wanted.body in ("partner", "conditionality"),
        "scopes": bool(wanted.scopes) and not set(wanted.scopes) - set(SCOPES),
        "office": office is not None and office["closed_at"] is None,
        "ends_on": 1 <= days <= MOST_DAYS,
    }
    texts = {name: _text(name, getattr(wanted, name)) for name in ("name", "controller", "purpose", "agreement")}
    wrong = {name: text for name, text in texts.items() if isinstance(text, Fault)}
    wrong |= {name: Fault(name, _NEEDED[name]) for name, fits in right.items() if not fits}
    if wrong or wanted.ends_on is None:
        raise CaseworkError("The key cannot be made like this.", [wrong[name] for name in _NEEDED if name in wrong])
    return {
        **texts, "scopes": canonical([scope for scope in SCOPES if scope in wanted.scopes]),
        "conditionality": wanted.body == "conditionality", "office": wanted.office,
        "ends_on": wanted.ends_on.isoformat(),
    }  # fmt: skip


def _text(field: str, text: str) -> str | Fault:
    if not text.strip():
        return Fault(field, _NEEDED[field])
    try:
        return check_text(field, text, most=MOST_LINE)
    except CaseworkError as problem:
        return problem.faults[0]


def _digest(secret: str) -> str:
    """Of a long random secret a plain digest is enough: there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()

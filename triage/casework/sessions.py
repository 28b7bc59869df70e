"""Is this browser signed in, as whom, and what waits for somebody whose session ended?"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from triage.casework.people import actor_for
from triage.casework.service import Service
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import check_vouched
from triage.records.plain import canonical, moment, parsed, when
from triage.records.tables import accounts, held_forms, pending_sign_ins, sessions

#: A form that was sent too late waits so long for its owner.
HELD = timedelta(hours=1)
#: A sign-in at the organisation's provider must be finished within so long.
PENDING = timedelta(minutes=15)
#: Sessions stay known so long after they ended, so that a late form is known to be its owner's.
REMEMBERED = timedelta(hours=12)
#: How often "last seen" is written.
_TOUCH = timedelta(seconds=60)


@dataclass(frozen=True)
class Lasting:
    """How long a session lasts: without a click, and at most."""

    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=10)


@dataclass(frozen=True)
class Session:
    """A browser that is, or was, signed in.

    Attributes:
        id: the digest of its cookie.
        actor: who signed in.
        csrf: the token that its forms send back.
        live: False once it has ended, by a click or by time.
        practice: True in practice mode.
        signed_in_by: password, link or provider.
    """

    id: str
    actor: Actor
    csrf: str
    live: bool
    practice: bool
    signed_in_by: str


def start(service: Service, account: Mapping[str, Any], signed_in_by: str, lasting: Lasting) -> str:
    """A new session for an account; returns the secret for the cookie. The database holds its digest alone."""
    secret = secrets.token_urlsafe(32)
    at = service.clock()
    row = {
        "id": _digest(secret), "account": account["id"], "made_at": moment(at), "seen_at": moment(at),
        "ends_at": moment(at + lasting.most), "ended_at": None, "signed_in_by": signed_in_by, "practice": False,
    }  # fmt: skip
    row["csrf"] = _token(service, row)
    with service.database.scratch() as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.ends_at < moment(at - REMEMBERED)))
        connection.execute(sa.insert(sessions).values(row))
    with service.database.write(
        Event(actor_for(dict(account)), "signed_in", account["id"], detail={"by": signed_in_by}, note=True)
    ):
        pass
    return secret


def find(service: Service, secret: str, lasting: Lasting) -> Session | None:
    """The session of a cookie; one that has ended is `live` no more. None where there is none, or we did not make it.

    Raises:
        RecordsError: the account was changed past the audit trail.
    """
    at = service.clock()
    with service.database.read() as view:
        row = view.one(sa.select(sessions).where(sessions.c.id == _digest(secret)))
        if row is None or not hmac.compare_digest(row["csrf"].encode(), _token(service, row).encode()):
            return None
        account = view.find(accounts, row["account"])
        if account is not None:
            check_vouched(view, accounts, account, service.database.keys)
    if account is None or not account["active"]:
        return None
    idle = at - when(row["seen_at"])
    live = row["ended_at"] is None and when(row["ends_at"]) > at and idle <= lasting.idle
    if live and idle > _TOUCH:
        with service.database.scratch() as connection:
            connection.execute(sa.update(sessions).where(sessions.c.id == row["id"]).values(seen_at=moment(at)))
    return Session(row["id"], actor_for(account), row["csrf"], live, row["practice"], row["signed_in_by"])


def end(service: Service, session: Session) -> None:
    """Sign out."""
    with service.database.scratch() as connection:
        values = {"ended_at": moment(service.clock())}
        connection.execute(sa.update(sessions).where(sessions.c.id == session.id).values(values))
    with service.database.write(Event(session.actor, "signed_out", session.actor.account, note=True)):
        pass


def set_practice(service: Service, session: Session, practice: bool) -> None:
    """Turn practice mode on or off for this session."""
    with service.database.scratch() as connection:
        connection.execute(sa.update(sessions).where(sessions.c.id == session.id).values(practice=practice))


def hold_form(service: Service, session: Session, address: str, fields: Mapping[str, Any]) -> None:
    """Keep a form that was sent after the session had ended, for the same person to send again. One is kept."""
    row = {
        "account": session.actor.account, "address": address, "fields": canonical(dict(fields)),
        "made_at": moment(service.clock()),
    }  # fmt: skip
    with service.database.scratch() as connection:
        connection.execute(sa.delete(held_forms).where(held_forms.c.account == session.actor.account))
        connection.execute(sa.insert(held_forms).values({**row, "id": _mark(service, row)}))


def held_form(service: Service, account: str) -> tuple[str, dict[str, Any]] | None:
    """The address and fields of the form that waits for this person; None where none does."""
    with service.database.read() as view:
        since = moment(service.clock() - HELD)
        row = view.one(sa.select(held_forms).where(held_forms.c.account == account, held_forms.c.made_at > since))
    # Somebody who can write to the database must not have an administrator send a form of theirs.
    if row is None or not hmac.compare_digest(row["id"].encode(), _mark(service, row).encode()):
        return None
    return row["address"], parsed(row["fields"])


def drop_form(service: Service, account: str) -> None:
    """The form that waited was sent again, or is not wanted."""
    with service.database.scratch() as connection:
        connection.execute(sa.delete(held_forms).where(held_forms.c.account == account))


def keep_pending(service: Service, visitor: str, data: Mapping[str, Any]) -> None:
    """Keep what belongs to a sign-in that has begun at the provider, under the visitor's cookie."""
    at = service.clock()
    with service.database.scratch() as connection:
        old = sa.or_(pending_sign_ins.c.id == _digest(visitor), pending_sign_ins.c.made_at < moment(at - PENDING))
        connection.execute(sa.delete(pending_sign_ins).where(old))
        row = {"id": _digest(visitor), "data": canonical(dict(data)), "made_at": moment(at)}
        connection.execute(sa.insert(pending_sign_ins).values(row))


def take_pending(service: Service, visitor: str) -> dict[str, Any] | None:
    """What `keep_pending` kept, once; None where there is none or it is too old."""
    with service.database.scratch() as connection:
        fits = pending_sign_ins.c.id == _digest(visitor)
        row = connection.execute(sa.select(pending_sign_ins).where(fits)).mappings().first()
        connection.execute(sa.delete(pending_sign_ins).where(fits))
    if row is None or row["made_at"] < moment(service.clock() - PENDING):
        return None
    found: dict[str, Any] = parsed(row["data"])
    return found


def _mark(service: Service, row: Mapping[str, Any]) -> str:
    """The id of a form that waits, which shows that it is as it was sent."""
    made_of = [row[name] for name in ("account", "address", "fields", "made_at")]
    return service.database.keys.digest("held form", canonical(made_of))


def _token(service: Service, row: Mapping[str, Any]) -> str:
    """The token of a session's forms, which shows that the session is ours, too.

    No trail watches sessions. Whoever can write to the database, and does not have the key, makes none that lets
    them in, and hands none over to another account.
    """
    made_of = [row[name] for name in ("id", "account", "made_at", "ends_at", "signed_in_by")]
    return service.database.keys.digest("session", canonical(made_of))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()

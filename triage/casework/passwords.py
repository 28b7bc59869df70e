"""Is this the right password, and how often may somebody try?"""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from triage.casework.people import end_all
from triage.casework.service import Service
from triage.errors import CaseworkError, SignInError
from triage.faults import Fault
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.plain import moment, new_id
from triage.records.tables import accounts, sign_in_failures, sign_in_links

#: Length beats signs: https://www.ncsc.gov.uk/collection/passwords
LEAST_PASSWORD, MOST_PASSWORD = 12, 200
#: Failed sign-ins of one name or one address before it has to wait, and how long they count.
TRIES, TRIES_OF_ADDRESS, WAIT = 8, 40, timedelta(minutes=15)
_HASHER = PasswordHasher()
#: Each hash takes 64 MB for a moment: a crowd at the door must not take all of a machine's memory.
_AT_ONCE = threading.BoundedSemaphore(4)
_WRONG = "The user name or the password is not right."


def set_password(service: Service, actor: Actor, account: str, password: str, keep: str = "") -> None:
    """Give an account a password. Its sessions end, and its sign-in links: whoever has one may be why it is changed.

    Args:
        service: the service.
        actor: who does it.
        account: whose password it is.
        password: as typed.
        keep: the id of the session that goes on.

    Raises:
        CaseworkError: it is too short, too long, or its user name; or the account is the organisation's.
    """
    at = moment(service.clock())
    with service.database.write(Event(actor, "account_changed", account, detail={"password": True})) as work:
        row = work.get(accounts, account)
        problem = ""
        if row["issuer"] is not None:
            # It would open the door here to somebody whom the organisation lets in no more.
            problem = "Sign in with your organisation. This account has no password here."
        elif not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            problem = f"Use {LEAST_PASSWORD} to {MOST_PASSWORD} letters. Three random words are good."
        elif password.casefold() in (row["username"], row["name"].casefold()) or len(set(password)) < 5:
            problem = "This is too easy to guess. Three random words are good."
        if problem:
            raise CaseworkError("This password cannot be used.", [Fault("password", problem)])
        work.update(accounts, account, {"password": _HASHER.hash(password)})
        waiting = sa.select(sign_in_links.c.id).where(
            sign_in_links.c.account == account, sign_in_links.c.used_at.is_(None)
        )
        for link in work.all(waiting):
            work.update(sign_in_links, link["id"], {"used_at": at})
    end_all(service, account, keep)


def check_password(service: Service, username: str, password: str, address: str) -> Row:
    """The account with this user name and password.

    Args:
        service: the service.
        username: as typed.
        password: as typed.
        address: where the request comes from, for the rate limit.

    Raises:
        SignInError: one of them is not right (which of them is not said), or there were too many tries.
    """
    name = username.strip().casefold()
    marks = [_mark(service, "name", name), _mark(service, "address", _network(address))]
    tries = _note_try(service, marks)
    with service.database.read() as view:
        row = view.one(sa.select(accounts).where(accounts.c.username == name)) if name.isprintable() else None
    known = row["password"] if row is not None and _has_password(row) else _nobody()
    if not _matches(known, password[: MOST_PASSWORD + 1]) or row is None or known != row["password"]:
        with service.database.write(Event(SYSTEM, "sign_in_failed", note=True)):
            pass
        raise SignInError(_WRONG)
    _forget(service, sa.or_(sign_in_failures.c.what == marks[0], sign_in_failures.c.id.in_(tries)))
    return row


def check_old(service: Service, account: str, password: str) -> None:
    """Ask for the password so far, so that an unlocked screen is not enough to take an account over.

    Raises:
        CaseworkError: it is not right, or there were too many tries.
    """
    with service.database.read() as view:
        row = view.get(accounts, account)
    if row["password"] is None:
        return
    try:
        check_password(service, row["username"], password, "")
    except SignInError as problem:
        said = "This is not your password so far." if problem.message == _WRONG else problem.message
        raise CaseworkError("The password was not changed.", [Fault("old_password", said)]) from None


def _has_password(account: Row) -> bool:
    """True where somebody signs in to an account by its password: it is no account of the organisation's provider."""
    return bool(account["active"] and account["password"] and account["issuer"] is None)


def _note_try(service: Service, marks: list[str]) -> list[str]:
    """Count a try as failed before the password is looked at: many at the same time are not let through together.

    Raises:
        SignInError: there were too many; this one does not count.
    """
    at = service.clock()
    rows = [{"id": new_id(), "what": mark, "at": moment(at)} for mark in marks]
    tries = [row["id"] for row in rows]
    with service.database.scratch() as connection:
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.at < moment(at - WAIT)))
        connection.execute(sa.insert(sign_in_failures), rows)
    with service.database.read() as view:
        for mark, most in zip(marks, (TRIES, TRIES_OF_ADDRESS), strict=True):
            count = sa.select(sa.func.count()).where(sign_in_failures.c.what == mark)
            if view.scalar(count) > most:
                break
        else:
            return tries
    _forget(service, sign_in_failures.c.id.in_(tries))
    minutes = int(WAIT.total_seconds() // 60)
    raise SignInError(f"There were too many tries. Wait {minutes} minutes, then try again.")


def _forget(service: Service, which: sa.ColumnElement[bool]) -> None:
    with service.database.scratch() as connection:
        connection.execute(sa.delete(sign_in_failures).where(which))


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Checked where there is no such account, so that an answer takes as long as for one that is there."""
    return _HASHER.hash(secrets.token_hex(16))


def _matches(known: str, password: str) -> bool:
    try:
        with _AT_ONCE:
            return _HASHER.verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False


def _network(address: str) -> str:
    """An address for the rate limit: of IPv6 the network, since one machine has all of its addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _mark(service: Service, kind: str, text: str) -> str:
    return service.database.keys.digest(f"sign-in {kind}", text)

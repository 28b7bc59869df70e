"""Is this the right password, and how often may somebody try?"""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from triage.casework.service import Service
from triage.errors import CaseworkError, SignInError
from triage.faults import Fault
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.plain import moment, new_id
from triage.records.tables import accounts, sign_in_failures

#: Length beats signs: https://www.ncsc.gov.uk/collection/passwords
LEAST_PASSWORD, MOST_PASSWORD = 12, 200
#: Failed sign-ins of one name or one address before it has to wait, and how long they count.
TRIES, TRIES_OF_ADDRESS, WAIT = 8, 40, timedelta(minutes=15)
_HASHER = PasswordHasher()
#: Each hash takes 64 MB for a moment: a crowd at the door must not take all of a machine's memory.
_AT_ONCE = threading.BoundedSemaphore(4)
_WRONG = "The user name or the password is not right."


def set_password(service: Service, actor: Actor, account: str, password: str) -> None:
    """Give an account a password.

    Raises:
        CaseworkError: it is too short, too long, or its user name.
    """
    with service.database.write(Event(actor, "account_changed", account, detail={"password": True})) as work:
        row = work.get(accounts, account)
        problem = ""
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            problem = f"Use {LEAST_PASSWORD} to {MOST_PASSWORD} letters. Three random words are good."
        elif password.casefold() in (row["username"], row["name"].casefold()) or len(set(password)) < 5:
            problem = "This is too easy to guess. Three random words are good."
        if problem:
            raise CaseworkError("This password cannot be used.", [Fault("password", problem)])
        work.update(accounts, account, {"password": _HASHER.hash(password)})


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
    marks = [_mark(service, "name", name), _mark(service, "address", address)]
    _check_tries(service, marks)
    with service.database.read() as view:
        row = view.one(sa.select(accounts).where(accounts.c.username == name))
    known = row["password"] if row is not None and row["active"] and row["password"] else _nobody()
    if not _matches(known, password[: MOST_PASSWORD + 1]) or row is None or known != row["password"]:
        _note_failure(service, marks)
        raise SignInError(_WRONG)
    with service.database.scratch() as connection:
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.what == marks[0]))
    return row


def _check_tries(service: Service, marks: list[str]) -> None:
    since = moment(service.clock() - WAIT)
    with service.database.read() as view:
        for mark, most in zip(marks, (TRIES, TRIES_OF_ADDRESS), strict=True):
            count = sa.select(sa.func.count()).where(sign_in_failures.c.what == mark, sign_in_failures.c.at > since)
            if view.scalar(count) >= most:
                minutes = int(WAIT.total_seconds() // 60)
                raise SignInError(f"There were too many tries. Wait {minutes} minutes, then try again.")


def _note_failure(service: Service, marks: list[str]) -> None:
    at = moment(service.clock())
    with service.database.scratch() as connection:
        rows = [{"id": new_id(), "what": mark, "at": at} for mark in marks]
        connection.execute(sa.insert(sign_in_failures), rows)
        old = moment(service.clock() - WAIT)
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.at < old))
    with service.database.write(Event(SYSTEM, "sign_in_failed", note=True)):
        pass


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


def _mark(service: Service, kind: str, text: str) -> str:
    return service.database.keys.digest(f"sign-in {kind}", text)

"""Who works with the service, in which office, and how do they get in?"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from triage.casework.service import Service
from triage.errors import AccessError, CaseworkError, SignInError
from triage.faults import Fault
from triage.records.actor import PEOPLE, SYSTEM, Actor, Role
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import moment, new_id
from triage.records.tables import accounts, offices, sessions, sign_in_links

#: Roles that belong to an office, because they see its clients.
WITH_OFFICE: tuple[Role, ...] = ("adviser", "manager")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
#: The user name of somebody who signs in through the organisation's provider. Nobody can type it: it has a colon.
_PROVIDED = re.compile(r"provider:[0-9a-f]{16}")
LINK_LASTS = timedelta(hours=24)


def make_office(service: Service, actor: Actor, name: str, partnership: str = "") -> Row:
    """A new office.

    Raises:
        CaseworkError: it has no name, or another office has it.
    """
    _check_administers(actor)
    name = name.strip()
    if not 2 <= len(name) <= 80:
        raise CaseworkError("An office needs a name of 2 to 80 letters.", [Fault("name", "Type the office's name.")])
    with service.database.write(Event(actor, "office_made")) as work:
        if work.one(sa.select(offices).where(offices.c.name == name)):
            raise CaseworkError("There is an office of this name.", [Fault("name", "Type another name.")])
        row = {"id": new_id(), "name": name, "partnership": partnership.strip(), "made_at": _now(service)}
        made = work.insert(offices, row)
        work.about(made["id"])
    return made


def all_offices(service: Service) -> list[Row]:
    """Every office that is open, by name."""
    with service.database.read() as view:
        return view.all(sa.select(offices).where(offices.c.closed_at.is_(None)).order_by(offices.c.name))


def make_account(service: Service, actor: Actor, username: str, name: str, role: str, office: str | None) -> Row:
    """A new account. It has no password yet: send its owner a sign-in link.

    Raises:
        CaseworkError: a field cannot be used; all are named.
    """
    _check_administers(actor)
    values = _checked(service, username, name, role, office)
    if _PROVIDED.fullmatch(values["username"]):
        raise CaseworkError("This user name cannot be used.", [Fault("username", "Choose another user name.")])
    with service.database.write(Event(actor, "account_made", detail={"role": role})) as work:
        if work.one(sa.select(accounts).where(accounts.c.username == values["username"])):
            raise CaseworkError(
                "This user name is taken.", [Fault("username", "There is an account of this name. Choose another.")]
            )
        row = work.insert(accounts, {"id": new_id(), **values, "active": True, "made_at": _now(service), "version": 1})
        work.about(row["id"])
    return row


def change_account(service: Service, actor: Actor, account: str, values: Mapping[str, Any], version: int) -> Row:
    """Change the name, role or office of an account, or switch it off; its sessions end.

    Raises:
        CaseworkError: a field cannot be used, or the last administrator would be switched off.
        ConflictError: somebody else changed it.
    """
    _check_administers(actor)
    with service.database.write(Event(actor, "account_changed", account)) as work:
        row = work.get(accounts, account)
        new = {**row, **values}
        _checked(service, new["username"], new["name"], new["role"], new["office"])
        if row["role"] == "administrator" and (new["role"] != "administrator" or not new["active"]):
            _check_not_last(work, account)
        row = work.update(accounts, account, values, expect={"version": version})
    end_all(service, account)
    return row


def all_accounts(service: Service) -> list[Row]:
    """Every account, by name, without what it signs in with."""
    with service.database.read() as view:
        rows = view.all(sa.select(accounts).order_by(accounts.c.name))
    return [{name: value for name, value in row.items() if name != "password"} for row in rows]


def account_of(service: Service, account: str) -> Row:
    """One account.

    Raises:
        AccessError: there is none.
    """
    with service.database.read() as view:
        return view.get(accounts, account)


def actor_for(account: Row) -> Actor:
    """The actor behind an account."""
    return Actor(account["id"], account["name"], account["role"], account["office"] or "")


def new_link(service: Service, actor: Actor, account: str) -> str:
    """The secret of a link that lets the owner of `account` in once, within a day."""
    _check_administers(actor)
    secret = secrets.token_urlsafe(32)
    made = service.clock()
    with service.database.write(Event(actor, "sign_in_link_made", account)) as work:
        work.get(accounts, account)
        row = {"id": new_id(), "digest": _digest(secret), "account": account, "made_at": moment(made)}
        work.insert(sign_in_links, {**row, "ends_at": moment(made + LINK_LASTS)})
    return secret


def use_link(service: Service, secret: str) -> Row:
    """The account that a link lets in; the link is used up.

    Raises:
        SignInError: the link is unknown, used or too old, or the account is switched off.
    """
    at = _now(service)
    with service.database.write(Event(SYSTEM, "signed_in", detail={"by": "link"})) as work:
        link = work.one(sa.select(sign_in_links).where(sign_in_links.c.digest == _digest(secret)))
        if link is None or link["used_at"] is not None or link["ends_at"] < at:
            raise SignInError("This link does not work any more. Ask an administrator for a new one.")
        account = work.get(accounts, link["account"])
        if not account["active"]:
            raise SignInError("This account is switched off. Ask an administrator.")
        work.update(sign_in_links, link["id"], {"used_at": at})
        work.about(account["id"])
    return account


def check_link(service: Service, secret: str) -> bool:
    """True while a link can still be used. Looking at it does not use it up: mail programs look at links too."""
    with service.database.read() as view:
        link = view.one(sa.select(sign_in_links).where(sign_in_links.c.digest == _digest(secret)))
    return link is not None and link["used_at"] is None and link["ends_at"] >= _now(service)


def provided_account(service: Service, issuer: str, subject: str, name: str, role: Role, office: str) -> Row:
    """The account of somebody who signed in through the organisation's provider; made or brought up to date.

    Raises:
        SignInError: the provider names an office that is not here, or the account is switched off here.
    """
    with service.database.write(Event(SYSTEM, "account_changed", detail={"by": "provider"})) as work:
        place = work.one(sa.select(offices).where(offices.c.name == office)) if office else None
        if role in WITH_OFFICE and place is None:
            raise SignInError("Your organisation's sign-in names no office that is known here. Ask an administrator.")
        values = {"name": name, "role": role, "office": place["id"] if place else None}
        row = work.one(sa.select(accounts).where(accounts.c.issuer == issuer, accounts.c.subject == subject))
        if row is None:
            # The subject is the provider's own word for a person, and another provider may have the same one.
            digest = sha256(f"{issuer}\0{subject}".encode()).hexdigest()[:16]
            made = {"username": f"provider:{digest}", "issuer": issuer, "subject": subject, "active": True}
            row = work.insert(accounts, {"id": new_id(), **made, **values, "made_at": _now(service), "version": 1})
        elif not row["active"]:
            raise SignInError("This account is switched off here. Ask an administrator.")
        elif any(row[key] != value for key, value in values.items()):
            row = work.update(accounts, row["id"], values)
        work.about(row["id"])
    return row


def end_all(service: Service, account: str, but: str = "") -> None:
    """End every session of an account, `but` one."""
    with service.database.scratch() as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.account == account, sessions.c.id != but))


def _check_administers(actor: Actor) -> None:
    """Accounts and offices are an administrator's, or the software's own at the first start."""
    if actor.role not in ("administrator", "system"):
        raise AccessError("Only an administrator can do this.")


def _checked(service: Service, username: str, name: str, role: str, office: str | None) -> Row:
    username, name = username.strip().casefold(), " ".join(name.split())
    faults = []
    if not _USERNAME.fullmatch(username) and not _PROVIDED.fullmatch(username):
        faults.append(Fault("username", "Use 2 to 80 small letters, digits, '.', '-', '_' or '@'."))
    if not any(sign.isalpha() for sign in name) or len(name) > 80:
        faults.append(Fault("name", "Type the person's name: it stands with their decisions."))
    if role not in PEOPLE:
        faults.append(Fault("role", "Choose a role."))
    known = {row["id"] for row in all_offices(service)}
    if role in WITH_OFFICE and office not in known:
        faults.append(Fault("office", "Choose the office: this role sees its clients."))
    if faults:
        raise CaseworkError("The account cannot be kept like this.", faults)
    return {"username": username, "name": name, "role": role, "office": office if role in WITH_OFFICE else None}


def _check_not_last(view: View, account: str) -> None:
    others = sa.select(sa.func.count()).where(
        accounts.c.role == "administrator", accounts.c.active.is_(True), accounts.c.id != account
    )
    if not view.scalar(others):
        raise CaseworkError("This is the last administrator. Make another one first.")


def _digest(secret: str) -> str:
    """Of a long random secret a plain digest is enough: there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()


def _now(service: Service) -> str:
    return moment(service.clock())


def office_name(service: Service, office: str) -> str:
    """The name of an office; empty where there is none."""
    with service.database.read() as view:
        row = view.find(offices, office)
    return row["name"] if row is not None else ""

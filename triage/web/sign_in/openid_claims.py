"""What must be known about an organisation's sign-in, and which role and office do its claims give a person?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from triage.errors import SettingsError, SignInError
from triage.faults import Fault, did_you_mean
from triage.records.actor import PEOPLE, Role

#: Roles that see clients, and so must have an office.
WITH_OFFICE: tuple[Role, ...] = ("adviser", "manager")
ASK = "Ask the people who look after this service."
NO_NAME = f"Your organisation's sign-in does not say your name, and decisions must carry one. {ASK}"
NO_ROLE = f"Your organisation's sign-in knows you, but gives you no role in this service. {ASK}"
NO_OFFICE = f"Your organisation's sign-in does not name an office of yours that this service knows. {ASK}"
TOO_MANY = "Your organisation's sign-in gives you more than one {thing} in this service: {found}. {ask}"


@dataclass(frozen=True)
class OpenIdSettings:
    """How to reach a provider, and how to read its claims.

    Attributes:
        issuer: the provider's address, exactly as it writes it. https, but for a provider on this machine.
        client_id: the name of this service at the provider.
        client_secret: its secret there.
        role_claim: the claim that gives the role: text or a list. `a.b` also reaches `b` inside `a`.
        roles: a value of that claim -> a role. Values that are not listed say nothing.
        office_claim: the claim that gives the office. It may be the same one.
        offices: a value of that claim -> the name of an office. Empty: the claim already says the name.
        scope: what to ask for; must hold openid.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str
    roles: Mapping[str, str]
    office_claim: str
    offices: Mapping[str, str] = field(default_factory=dict)
    scope: str = "openid profile"

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise SettingsError("The settings of OpenID Connect cannot be used.", faults)

    def _faults(self) -> Iterator[Fault]:
        if not is_safe(self.issuer) or "?" in self.issuer or "#" in self.issuer:
            yield Fault("issuer", "must be an https address without ? and #.")
        for name in ("client_id", "client_secret", "role_claim", "roles", "office_claim"):
            if not getattr(self, name):
                yield Fault(name, "is empty.")
        for role in self.roles.values():
            if role not in PEOPLE:
                what = f"{role!r} is not a role; roles are {', '.join(PEOPLE)}."
                yield Fault("roles", what, did_you_mean(role, PEOPLE))
        if not all(self.offices.values()):
            yield Fault("offices", "an office is empty.")
        if "openid" not in self.scope.split():
            yield Fault("scope", "must hold openid.")


@dataclass(frozen=True)
class Claims:
    """Who has signed in. The provider and `subject` together tell people apart for ever; a name does not."""

    subject: str
    name: str
    role: Role
    office: str


def is_safe(address: object) -> bool:
    """Is this an https address, or one on this machine?"""
    try:
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(host)))


def is_here(host: str) -> bool:
    """Is this host the machine itself?"""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_claims(settings: OpenIdSettings, given: Mapping[str, Any]) -> Claims:
    """Who this is; SignInError without a name, one role, and one office where the role needs it."""
    name = given.get("name")
    if not isinstance(name, str) or not name.strip():
        raise SignInError(NO_NAME)
    roles = {settings.roles[value] for value in _values(given, settings.role_claim) if value in settings.roles}
    role = cast("Role", _only("role", roles, NO_ROLE))
    if role not in WITH_OFFICE:
        return Claims(given["sub"], name.strip(), role, "")
    values = _values(given, settings.office_claim)
    known = settings.offices
    offices = {known[value] for value in values if value in known} if known else set(values)
    return Claims(given["sub"], name.strip(), role, _only("office", offices, NO_OFFICE))


def has_claim(given: Mapping[str, Any], claim: str) -> bool:
    """Do the claims say anything under this name?"""
    return _value(given, claim) is not None


def _value(given: Mapping[str, Any], claim: str) -> Any:
    """What stands under `claim`, which may be a path; a name with dots in it wins over a path."""
    if claim in given:
        return given[claim]
    value: Any = given
    for step in claim.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _values(given: Mapping[str, Any], claim: str) -> list[str]:
    """The words of a claim, which may be one or a list."""
    value = _value(given, claim)
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]


def _only(thing: str, found: set[str], none: str) -> str:
    if not found:
        raise SignInError(none)
    if len(found) > 1:
        raise SignInError(TOO_MANY.format(thing=thing, found=", ".join(sorted(found)), ask=ASK))
    return found.pop()

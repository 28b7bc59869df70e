"""Who may do what? One table: every route by its name. A route that is not here answers nobody.

Which clients somebody may see is decided in casework, by their office.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.casework.api_keys import SCOPES, Scope
from triage.records.actor import Role

ADVISER: frozenset[Role] = frozenset({"adviser", "manager"})
MANAGER: frozenset[Role] = frozenset({"manager"})
FIGURES: frozenset[Role] = frozenset({"manager", "analyst"})
ADMINISTRATOR: frozenset[Role] = frozenset({"administrator"})
ANYONE: frozenset[Role] = frozenset({"adviser", "manager", "analyst", "administrator"})


@dataclass(frozen=True)
class Rule:
    """Who may use a route.

    Attributes:
        roles: accounts with one of these roles, signed in.
        scope: API keys with this scope.
        public: everybody, signed in or not.
    """

    roles: frozenset[Role] = frozenset()
    scope: Scope | None = None
    public: bool = False


PUBLIC = Rule(public=True)

RULES: dict[str, Rule] = {
    # Signing in
    "sign_in": PUBLIC,
    "sign_in_post": PUBLIC,
    "sign_in_link": PUBLIC,
    "sign_in_link_post": PUBLIC,
    "sign_in_provider": PUBLIC,
    "sign_in_provider_back": PUBLIC,
    "signed_out": PUBLIC,
    "sign_out_post": Rule(ANYONE),
    "password": Rule(ANYONE),
    "password_post": Rule(ANYONE),
    "resume": Rule(ANYONE),
    "resume_post": Rule(ANYONE),
    # What everybody may read
    "privacy": PUBLIC,
    "accessibility": PUBLIC,
    "logo": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    # Home
    "home": Rule(ANYONE),
    "practice_post": Rule(ADVISER),
}


def scopes() -> tuple[Scope, ...]:
    """Every scope that a key can have."""
    return SCOPES

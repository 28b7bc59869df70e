"""Who does something, in which role, for which office, and through which door?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["adviser", "manager", "analyst", "administrator", "partner", "system"]
Via = Literal["page", "api", "command", "system"]
#: Roles that a person with an account can have.
PEOPLE: tuple[Role, ...] = ("adviser", "manager", "analyst", "administrator")
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a partner's program or the software itself.

    Attributes:
        account: the id of the account or of the API key. It stands in the audit trail.
        name: for decision records, which need the name of a person. It never stands in the audit trail.
        role: what this actor may do.
        office: the office whose clients they may see; empty for roles without cases.
        via: the door.
    """

    account: str
    name: str
    role: Role
    office: str = ""
    via: Via = "page"


#: The software itself: retention, exports of the head, background work.
SYSTEM = Actor("system", "LTU Triage", "system", "", "system")


def operator(name: str) -> Actor:
    """Somebody who runs a command on the machine itself."""
    return Actor(f"command:{name}", name, "administrator", "", "command")

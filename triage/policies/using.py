"""Which cut-offs does a door use: those of the policy in force, or those that it was given?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triage.policies.promoted import Promoted
from triage.policies.store import Policies


@dataclass(frozen=True)
class InForce:
    """The cut-offs that count: a promoted policy before any other.

    Attributes:
        promoted: the policy in force; None where nothing was ever promoted.
        given: the cut-offs that were asked for; None for the shipped ones.
    """

    promoted: Promoted | None
    given: Path | None

    @property
    def path(self) -> Path | None:
        """The file to load; None for the shipped one."""
        return self.given if self.promoted is None else self.promoted.path

    @property
    def said(self) -> str:
        """Whose cut-offs these are, and what is not used, in a line; empty where nothing was ever promoted."""
        if self.promoted is None:
            return ""
        instead = "" if self.given is None else f" {self.given} is not used."
        return f"The cut-offs are those of the promoted policy {self.promoted.version}.{instead}"


def cutoffs_in_force(policies: Policies, given: str | Path | None, public_key: Path | None) -> InForce:
    """The cut-offs that a service uses with this folder of policies: those of the policy in force, else those given.

    Args:
        policies: the folder.
        given: the cut-offs that were asked for; None for the shipped ones.
        public_key: a policy must be signed with its private key; None where that is not checked.

    Raises:
        UserError: the policy in force cannot be used, as for `Policies.in_force`.
    """
    return InForce(policies.in_force(public_key), None if given is None else Path(given))

"""For which reasons may a caseworker change a proposed band?"""

from __future__ import annotations

from typing import Annotated, Literal

from triage.checklist.schema import Id
from triage.content import ContentFolder
from triage.errors import ContentError, DecisionError
from triage.faults import did_you_mean
from triage.features.text import fold
from triage.schema import Content, content, length
from triage.yamlfile import read_yaml

Way = Literal["up", "down"]
#: The reason by which a client gets the next band up for the asking.
ASKED_FOR_MORE = "client_asked_for_more"
#: The reason where the places of an event decided, and not the score alone. A reasons file need not have it.
PLACES = "places_of_an_event"


@content
class ReasonCode(Content):
    """One reason: which way it may move the band, and whether it needs a note."""

    id: Id
    text: str
    help: str = ""
    directions: Annotated[tuple[Way, ...], length(least=1)]
    note: Literal["required", "optional"] = "optional"


@content
class ReasonCodes(Content):
    """The reasons file."""

    version: str
    reasons: Annotated[tuple[ReasonCode, ...], length(least=1)]

    def __post_init__(self) -> None:
        ids = [reason.id for reason in self.reasons]
        if len(set(ids)) < len(ids):
            raise ValueError("two reasons have the same id")
        asked = next((reason for reason in self.reasons if reason.id == ASKED_FOR_MORE), None)
        if asked is None or asked.directions != ("up",):
            raise ValueError(f"there must be the reason '{ASKED_FOR_MORE}', and it moves a band up only")

    def find(self, given: str) -> ReasonCode:
        """The reason with this id or this text.

        Raises:
            DecisionError: there is none.
        """
        for reason in self.reasons:
            if fold(given) in (fold(reason.id), fold(reason.text)):
                return reason
        ids = [reason.id for reason in self.reasons]
        hint = did_you_mean(given, ids) or f"Use one of {', '.join(ids)}."
        raise DecisionError(f"This is not a known reason. {hint}")


def load_reasons(folder: ContentFolder | None = None) -> ReasonCodes:
    """The reasons that belong to a content folder, the shipped ones where it has none of its own.

    Raises:
        ContentError: the file has faults; all are named with their line.
    """
    path = (folder or ContentFolder()).find("decisions.yaml")
    if path is None:
        raise ContentError("There is no decisions.yaml. It holds the reasons for changing a band.")
    return read_yaml(path, ReasonCodes, ContentError)

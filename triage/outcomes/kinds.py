"""Which outcomes are there, what may they be called, and what does each mean for the label?"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from triage.checklist.schema import Id
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.faults import did_you_mean
from triage.features.text import fold
from triage.outcomes.label import BACK, COMPETING, OUT
from triage.schema import Content, content, length, within
from triage.yamlfile import read_yaml

Place = Literal["back", "competing", "out"]
#: The number of each place in `Outcomes.place`.
PLACES: dict[Place, int] = {"back": BACK, "competing": COMPETING, "out": OUT}

#: A wrong outcome that is taken over turns a label round, so only a slip of the pen is answered with a suggestion.
_NEAR = 0.85


@content
class Places(Content):
    """What each place in the label means, in words."""

    back: str
    competing: str
    out: str


@content
class LabelWords(Content):
    """What a model that learned from such outcomes says of N in 100, and of the others."""

    outcome: str
    complement: str


@content
class OutcomeKind(Content):
    """One outcome. `without_weeks`: empty weeks are allowed and mean 0, as nothing was ever heard."""

    id: Id
    text: str
    place: Place
    synonyms: tuple[str, ...] = ()
    without_weeks: bool = False

    @property
    def spellings(self) -> frozenset[str]:
        """Every folded text that names this kind."""
        return frozenset(fold(text) for text in (self.id, self.text, *self.synonyms))


@content
class OutcomeKinds(Content):
    """The outcome kinds file."""

    version: str
    least_weeks: Annotated[int, within(ge=1, le=52)]
    least_words: str
    label: LabelWords
    places: Places
    kinds: Annotated[tuple[OutcomeKind, ...], length(least=2)]

    def __post_init__(self) -> None:
        owner: dict[str, str] = {}
        for kind in self.kinds:
            if any(kind.id == other.id for other in self.kinds if other is not kind):
                raise ValueError(f"two outcomes have the id '{kind.id}'")
            for text in sorted(kind.spellings):
                if owner.setdefault(text, kind.id) != kind.id:
                    raise ValueError(f"'{text}' names two outcomes: '{owner[text]}' and '{kind.id}'")
            if kind.without_weeks and kind.place != "out":
                raise ValueError(f"'{kind.id}' needs weeks, because it is not the place 'out'")
        if not {"back", "out"} <= {kind.place for kind in self.kinds}:
            raise ValueError("there must be an outcome with the place 'back' and one with the place 'out'")

    @cached_property
    def by_spelling(self) -> dict[str, OutcomeKind]:
        """Kinds by each folded text that names them."""
        return {text: kind for kind in self.kinds for text in kind.spellings}

    @cached_property
    def by_id(self) -> dict[str, OutcomeKind]:
        """Kinds by their id."""
        return {kind.id: kind for kind in self.kinds}

    def hint(self, given: str) -> str:
        """What a text that names no kind may have meant; never that text itself."""
        known = [text for text in self.by_spelling if " " in text or len(text) > 3]
        near = did_you_mean(fold(given), known, _NEAR)
        return near or f"Use one of {', '.join(self.by_id)}."


def load_kinds(folder: ContentFolder | None = None) -> OutcomeKinds:
    """The outcome kinds that belong to a content folder, the shipped ones where it has none of its own.

    Raises:
        ContentError: the file has faults; all are named with their line.
    """
    path = (folder or ContentFolder()).find("outcomes.yaml") or ContentFolder().find("outcomes.yaml")
    if path is None:
        raise ContentError("There is no outcomes.yaml. It holds the outcomes and what they mean.")
    return read_yaml(path, OutcomeKinds, ContentError)

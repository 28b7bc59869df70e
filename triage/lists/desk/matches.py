"""Who on one list may be the same person as somebody on another? Offered for confirmation, and never merged.

The keys are those by which rows of one list are found to be the same person: a name alone is none, because people
share names, and neither is an email address alone, because couples share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.engine import Engine
from triage.features import fold
from triage.lists.desk.private import BORN
from triage.lists.identity import REASONS, Keys, identity_keys, names_of
from triage.lists.kinds import RowRules
from triage.lists.vocabulary import Role, Vocabulary

Sure = Literal["likely", "unsure"]
#: How sure a match is, in words.
SURE_WORDS: dict[Sure, str] = {
    "likely": "Likely to be the same person. Please confirm.",
    "unsure": "May be the same person, but something speaks against it. Ask before you confirm.",
}
#: Identities of a list by any key, each as `Private.identity` has it.
Identities = Mapping[str, Mapping[str, str]]
_KINDS = ("surname", "forename", "full_name", "reference", "email", "mobile")
#: A key that more people of one list share says nothing about any of them ("not known", a firm's own number).
_MOST = 5


@dataclass(frozen=True)
class Match:
    """Two entries of two lists that may be the same person.

    Attributes:
        one, other: the keys of the entries.
        sure: how sure it is; `SURE_WORDS` says it.
        reasons: what is the same, the strongest first.
        against: what speaks against it.
    """

    one: str
    other: str
    sure: Sure
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


def possible_matches(engine: Engine, one: Identities, other: Identities) -> tuple[Match, ...]:
    """Pairs of two lists that may be the same person, in the order of the first list and then of the second.

    An entry may be in several pairs. Whom a person has said to be the same, or not, is for the caller to remember.
    """
    if not one or not other:
        return ()
    vocabulary = Vocabulary(engine.checklist, engine.features)
    people = _People([*one.values(), *other.values()], vocabulary)
    found: dict[tuple[int, int], list[int]] = {}
    for reason, keys in enumerate(people.keys):
        for pair in _pairs(keys, len(one)):
            found.setdefault(pair, []).append(reason)
    names, others = list(one), list(other)
    said = (
        _match(names[left], others[right - len(one)], reasons, people.against(left, right))
        for (left, right), reasons in sorted(found.items())
    )
    return tuple(match for match in said if match is not None)


class _People:
    """The identities of both lists side by side, so that a birth date has one place in both."""

    def __init__(self, identities: Sequence[Mapping[str, str]], vocabulary: Vocabulary) -> None:
        nothing = {fold(word) for word in vocabulary.features.synonyms.not_given}
        self._identities = identities
        cells = pl.DataFrame(
            {
                f"c{place}": pl.Series([_text(each.get(kind), nothing) for each in identities], dtype=pl.String)
                for place, kind in enumerate(_KINDS)
            }
        )
        rules = RowRules([Role("column", kind) for kind in _KINDS], (), vocabulary)
        dittos = vocabulary.row_words("ditto")
        self.keys = identity_keys(cells, rules, _births(identities), dittos)
        self._names = [frozenset((name or "").split()) for name in names_of(cells, rules, dittos)["name"]]

    def against(self, left: int, right: int) -> tuple[str, ...]:
        """What speaks against two entries being one person."""
        one, other = self._identities[left], self._identities[right]
        said = []
        if one.get(BORN) and other.get(BORN) and one[BORN] != other[BORN]:
            said.append("the dates of birth differ")
        names = self._names[left], self._names[right]
        if all(names) and not names[0] & names[1]:
            said.append("the names differ")
        return tuple(said)


def _match(one: str, other: str, reasons: Sequence[int], against: tuple[str, ...]) -> Match | None:
    # Another name and another birth date: somebody else whose number is the same.
    if len(against) > 1:
        return None
    return Match(one, other, "unsure" if against else "likely", tuple(REASONS[place] for place in reasons), against)


def _pairs(keys: Keys, size: int) -> list[tuple[int, int]]:
    """Places with the same key, the first below `size` and the second not."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    for place in np.flatnonzero(keys).tolist():
        found.setdefault(int(keys[place]), ([], []))[place >= size].append(place)
    return [
        (left, right)
        for lefts, rights in found.values()
        if max(len(lefts), len(rights)) <= _MOST
        for left in lefts
        for right in rights
    ]


def _births(identities: Sequence[Mapping[str, str]]) -> NDArray[np.int64]:
    """A number for each birth date, 0 where there is none."""
    places: dict[str, int] = {}
    return np.array(
        [places.setdefault(each[BORN], len(places) + 1) if each.get(BORN) else 0 for each in identities], dtype=np.int64
    )


def _text(text: str | None, nothing: set[str]) -> str | None:
    found = (text or "").strip()
    return found if found and fold(found) not in nothing else None

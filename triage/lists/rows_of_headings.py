"""Does a row hold headings, or is it somebody's?

Words such as "Driver", "Depot", "Training" and "No" head a column on one list and are an answer on the next. So they
alone do not make a row of headings, and a row with an email address or a day of birth is taken for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from triage.features import fold
from triage.lists.vocabulary import IGNORED, Role, Vocabulary

#: Columns about who somebody is. Their headings do not stand in a person's row.
_WHO = ("surname", "forename", "full_name", "known_as", "date_of_birth", "reference", "email", "mobile")
#: Headings that people also write below a heading.
_ALSO_ANSWERS = frozenset((
    "no", "number", "driver", "car", "licence", "children", "kids", "cv", "benefits", "training", "pension",
    "pensions", "topics", "department", "depot", "store", "plant", "site", "section", "team", "unit",
    "branch", "shift", "rota", "crew", "venue", "workshop", "employer", "business", "company", "role", "job",
    "post", "trade", "present", "here", "attended", "arrived", "signed", "guest", "client", "attendee",
    "delegate", "participant", "employee", "worker", "contact", "cell", "badge", "who", "sick", "pay",
    "cash", "bonus", "condition", "sign", "initials", "council", "area", "district", "town", "city",
    "session", "event", "line", "item",
))  # fmt: skip
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")
_NUMBER = re.compile(r"[+(]?\d[\d\s()\-.]*")


@dataclass(frozen=True)
class Looked:
    """What a row looks like.

    Attributes:
        roles: how many different kinds of column its texts name; 0 for a row that is somebody's.
        filled: how many cells hold text.
        sure: True where a heading says who somebody is.
        only_answers: True where each known word may be an answer, and other words stand beside them.
        first: True where the first text says who somebody is.
    """

    roles: int
    filled: int
    sure: bool = False
    only_answers: bool = False
    first: bool = False

    @property
    def worth(self) -> tuple[bool, int]:
        """The row with the highest worth is the one of headings. "Surname" is no answer, "Driver" is."""
        return self.roles > 0 and not self.only_answers, self.roles + self.sure

    def like_headings(self, followed: bool) -> bool:
        """True where enough of the row is headings; one of somebody's name may be alone above other rows."""
        if self.only_answers or not self.roles:
            return False
        return self.roles >= 2 or 2 * self.roles > self.filled or (self.first and followed) or self._half

    @property
    def _half(self) -> bool:
        return self.sure and 2 * self.roles == self.filled


def look_at(row: Sequence[str], vocabulary: Vocabulary, known: frozenset[str] = frozenset()) -> Looked:
    """What one row looks like.

    Args:
        row: its texts, "" where empty.
        vocabulary: what headings mean.
        known: folded headings that a mapping file names.
    """
    texts = [fold(text) for text in row if text]
    roles = {text: vocabulary.role_of(text) for text in texts}
    named = {text for text in texts if text in known}
    found = [text for text, role in roles.items() if role is not IGNORED or text in named]
    who = [text for text in found if roles[text].kind == "column" and roles[text].name in _WHO]
    sure = [text for text in who if text not in _ALSO_ANSWERS or text == texts[0]]
    if _has_email(row) or (looks_like_data(row) and not sure and not named):
        return Looked(0, len(texts))
    kinds = {roles[text] for text in found if text not in named} | named
    doubtful = all(text in _ALSO_ANSWERS and text not in sure and text not in named for text in found)
    doubtful = doubtful and len(found) < len(texts)
    return Looked(len(kinds), len(texts), bool(sure), doubtful, bool(sure) and texts[0] in sure)


def with_options(names: Sequence[str], roles: Sequence[Role], vocabulary: Vocabulary) -> list[Role]:
    """`roles` with columns to tick whose heading is only an answer ("Higher"), where another option stands beside it.

    One such heading alone may mean anything. A question that has a column of its own needs no columns to tick.
    """
    found = list(roles)
    asked = {role.name for role in roles if role.kind == "question"}
    for question in vocabulary.checklist.questions:
        if not question.options or question.id in asked:
            continue
        named = {role.option: place for place, role in enumerate(found) if role.name == question.id and role.option}
        several = bool(named)
        for place, name in enumerate(names):
            option = (
                vocabulary.features.normalise(question.id, name).value if name and found[place] is IGNORED else None
            )
            if option in question.by_id and fold(name) not in _ALSO_ANSWERS | {"yes", "none"}:
                named.setdefault(str(option), place)
        # Two questions may have the same answers; about somebody's family nothing is taken that is not said.
        if len(named) > 1 and (several or not question.kept_apart):
            for option, place in named.items():
                found[place] = Role("option", question.id, option)
    return found


def looks_like_data(row: Sequence[str]) -> bool:
    """True for a row in which a cell is an email address, a day, or a number."""
    return any(is_data(text) for text in row)


def is_data(text: str) -> bool:
    """True for a text that is an email address, a day, or a number, so that it heads no column."""
    return any(pattern.fullmatch(text.strip()) for pattern in (_EMAIL, _DAY, _NUMBER))


def _has_email(row: Sequence[str]) -> bool:
    return any(_EMAIL.fullmatch(text.strip()) for text in row)

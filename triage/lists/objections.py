"""Who may object to being scored? Whoever may is not scored: a person asks them.

A column for it counts as an objection wherever it is filled and does not plainly say no. Comments are searched for
words that say the same; nothing of them is repeated.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from triage.checklist import ContextField
from triage.features import fold
from triage.lists.cells import Cell, Codes, Space

YES, NO = "yes", "no"
_ASK = "may object: not scored, ask"
_BLANK = frozenset(
    ["n a", "na", "nan", "null", "blank", "missing", "none", "nil", "not asked", "not given", "not answered"]
)
_SCORED = r"(?:scor(?:e|ed|es|ing)|profil(?:e|ed|es|ing))\b"
_NEGATED = (
    r"(?:\b(?:no|not|without|any)\s+objections?\b|\b(?:not|n['’]?t|never)\s+object(?:s|ed|ing)?\b)[^.;\n]{0,30}"
    r"|\b(?:happy|content|fine|ok|okay|agrees|agreed)\s+(?:to be|with(?: being)?)\s+" + _SCORED
)
_OBJECTS = "|".join(
    (
        r"\bobject\w*\b[^.;\n]{0,40}\b" + _SCORED,
        r"(?:\bnot|n['’]?t|\bnever|\brather|\brefus\w*|\bdeclin\w*)\b[^.;\n]{0,30}\b(?:be|being|get)\s+" + _SCORED,
        r"(?:\bnot|n['’]?t|\bnever)\s+(?:to\s+|want\s+(?:an?\s+|any\s+|the\s+|to\s+)?)?" + _SCORED,
        r"\bopt\w*[\s-]+out\b[^.;\n]{0,20}\b" + _SCORED,
        r"\b(?:no|against|refus\w*|declin\w*|withdr\w+ from)\s+(?:to be\s+|the\s+|any\s+)?" + _SCORED,
    )
)
#: The whole pattern, without regard to case.
OBJECTS_PATTERN = f"(?i)(?:{_OBJECTS})"


class ObjectionField:
    """Reads a column in which people say that they object to being scored."""

    def __init__(self, field: ContextField, spellings: dict[str, str], silent: frozenset[str]) -> None:
        self._said = f"{field.label}: {_ASK}"
        self._spellings = spellings
        self._silent = frozenset(
            word for word in silent if word in _BLANK or not (any(map(str.isalpha, word)) or "?" in word)
        )

    def __call__(self, text: str) -> Cell:
        """Yes unless the cell says no or holds a mark for nothing; with a problem where it is not exactly yes."""
        folded = fold(text)
        if folded in self._spellings:
            return Cell(self._spellings[folded])
        if not folded or folded in self._silent:
            return Cell()
        return Cell(YES, self._said)


class ObjectionSearch:
    """Searches a column of comments for words that say that somebody objects to being scored."""

    def __init__(self, field: ContextField, space: Space) -> None:
        self._said = pl.Series([f"{field.label}: {_ASK}", None], dtype=pl.String)
        self._space = space

    def column(self, column: pl.Series) -> tuple[Codes, pl.Series | None]:
        """For each row the place of "yes" where the comment says so, else 0, and the problems, if any."""
        found = column.str.contains(OBJECTS_PATTERN).fill_null(False)
        if found.any():
            # Only the few that match are read again, without what says that somebody does not object.
            rest = column.filter(found).str.replace_all(f"(?i)(?:{_NEGATED})", " ")
            found = found.scatter(found.arg_true(), rest.str.contains(OBJECTS_PATTERN))
        mask = found.to_numpy()
        places = np.where(mask, self._space.place(YES) if mask.any() else 0, 0).astype(np.int64)
        return places, self._said.gather(pl.Series(np.where(mask, 0, 1))) if mask.any() else None


def objecting(columns: list[Codes], space: Space) -> Codes:
    """One answer for each row out of several columns: an objection counts wherever it stands."""
    yes = space.place(YES)
    taken = columns[0]
    for codes in columns[1:]:
        taken = np.where((taken == yes) | (codes == 0), taken, codes)
    return taken

"""In which row do the headings of a table stand, and what does each of them say?

The headings are looked for in the first rows. Two rows of headings are read together where that names more
columns. A table that this program wrote is known by its own columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.features import fold
from triage.lists.names import FIXED, OVERRIDES
from triage.lists.rows_of_headings import look_at, looks_like_data, with_options
from triage.lists.vocabulary import IGNORED, Role, Vocabulary

#: How many rows from the top the headings may stand in.
SEARCH_ROWS = 20

#: The columns that only this program writes side by side.
OWN_MARK = ("row", "logit", "probability", "lower", "upper", "proposed_band", "decided_band")
#: So many of this program's columns are no chance, though somebody deleted others.
_OWN_NAMES = 10

Row = Sequence[str | None]
Merged = Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Headings:
    """The headings of one table.

    Attributes:
        first: index (from 0) of the first row of headings among the rows given.
        rows: how many rows they take, 1 or 2.
        names: the heading of each column, unique; "" for a column without one.
        parts: the texts of the heading rows as they stand, to know them again further down.
        roles: the suggested role of each column.
        own: True where this program wrote the table.
    """

    first: int
    rows: int
    names: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    roles: tuple[Role, ...]
    own: bool = False


def find_headings(
    rows: Sequence[Row], vocabulary: Vocabulary, known: frozenset[str] = frozenset(), merged: Merged = ()
) -> Headings | None:
    """The headings among the first rows of a table; None where no row looks like one.

    Args:
        rows: the first rows, each a text or None per column.
        vocabulary: what headers mean.
        known: folded headers that a mapping file names.
        merged: merged ranges as `Chunk.merged` gives them, rows from 1, of the same rows.
    """
    texts = [[_one_line(cell) for cell in row] for row in rows[:SEARCH_ROWS]]
    for index, row in enumerate(texts):
        if is_own(row):
            return Headings(index, 1, unique(row), (tuple(row),), tuple(IGNORED for _ in row), True)
    looked = [look_at(row, vocabulary, known) for row in texts]
    best = max(range(len(texts)), key=lambda index: (*looked[index].worth, -index), default=None)
    if best is None or not looked[best].like_headings(len(texts) > best + 1):
        return None
    return _with_neighbour(texts, best, vocabulary, known, merged)


def is_own(names: Sequence[str]) -> bool:
    """True where the headings are those of an output of this program."""
    if len({*FIXED, *OVERRIDES}.intersection(names)) >= _OWN_NAMES:
        return True
    return any(tuple(names[at : at + len(OWN_MARK)]) == OWN_MARK for at, name in enumerate(names) if name == "row")


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """`names` with " (2)", " (3)" after a name that stands there again; empty names stay empty."""
    seen: dict[str, int] = {}
    taken = {name for name in names if name}
    found: list[str] = []
    for name in names:
        place = seen.get(fold(name), 0) + 1 if name else 0
        candidate = name
        while place > 1 and (candidate := f"{name} ({place})") in taken:
            place += 1
        seen[fold(name)] = place
        taken.add(candidate)
        found.append(candidate)
    return tuple(found)


def _with_neighbour(
    texts: list[list[str]], at: int, vocabulary: Vocabulary, known: frozenset[str], merged: Merged
) -> Headings:
    """The headings of row `at`, joined with the row above or below where that names more columns."""
    roles = _roles_of(texts[at], vocabulary)
    options = [(_matches(roles, texts[at], known), 0, at, 1, texts[at], roles)]
    for upper, lower in ((at - 1, at), (at, at + 1)):
        if upper >= 0 and lower < len(texts):
            above, spans = _spread(texts[upper], upper + 1, merged, texts[lower])
            pairs = list(zip(above, texts[lower], spans, strict=True))
            if looks_like_data(texts[lower]) or any(_answered(*pair, vocabulary) for pair in pairs):
                continue
            # A heading over several columns says nothing about one that has no heading of its own below it.
            pairs = [("" if spanned and not low else up, low, spanned) for up, low, spanned in pairs]
            roles = [vocabulary.role_of_pair(up, low) for up, low, _ in pairs]
            count = _matches(roles, [_join(up, low) for up, low, _ in pairs], known)
            options.append((count, -1, upper, 2, [_called(up, low, vocabulary) for up, low, _ in pairs], roles))
    _, _, first, height, names, roles = max(options, key=lambda item: item[:2])
    roles = with_options(names, roles, vocabulary)
    stood = tuple(tuple(row) for row in texts[first : first + height])
    return Headings(first, height, unique(names), stood, tuple(roles))


def _answered(upper: str, lower: str, spanned: bool, vocabulary: Vocabulary) -> bool:
    """True where the lower text is what somebody answered below a heading of one column."""
    if spanned or not lower or vocabulary.role_of(upper) is IGNORED or fold(upper) == fold(lower):
        return False
    joined, alone = vocabulary.role_of(f"{upper} {lower}"), vocabulary.role_of(lower)
    return joined is IGNORED and (alone is IGNORED or vocabulary.role_of_pair(upper, lower).kind == "option")


def _spread(upper: list[str], number: int, merged: Merged, lower: list[str]) -> tuple[list[str], list[bool]]:
    """The upper headings with a merged one, or one before empty cells, said over each column that it spans.

    With it, which columns lie below a heading that spans several.
    """
    spread, spans = list(upper), [False] * len(upper)
    ranges = [(left, min(right, len(upper) - 1)) for top, left, bottom, right in merged if top <= number <= bottom]
    for left, right in ranges:
        for column in range(left, right + 1) if any(lower[left : right + 1]) and right > left else ():
            spread[column] = spread[column] or spread[left]
            spans[column] = True
    for column in range(1, len(spread) if not ranges else 0):
        if not spread[column] and spread[column - 1] and lower[column] and lower[column - 1]:
            spread[column] = spread[column - 1]
            spans[column - 1 : column + 1] = [True, True]
    return spread, spans


def _roles_of(row: list[str], vocabulary: Vocabulary) -> list[Role]:
    return [vocabulary.role_of(text) if text else IGNORED for text in row]


def _matches(roles: Sequence[Role], names: Sequence[str], known: frozenset[str]) -> int:
    """How many different headings are known; the same word again is an answer rather than a heading."""
    pairs = zip(roles, names, strict=True)
    return len({fold(name) for role, name in pairs if role is not IGNORED or (name and fold(name) in known)})


def _called(upper: str, lower: str, vocabulary: Vocabulary) -> str:
    """What a column under two headings is called: the lower one where it says enough by itself."""
    enough = bool(lower) and vocabulary.role_of(lower) == vocabulary.role_of_pair(upper, lower) is not IGNORED
    return lower if enough else _join(upper, lower)


def _join(upper: str, lower: str) -> str:
    return f"{upper} {lower}".strip() if fold(upper) != fold(lower) else lower


def _one_line(cell: str | None) -> str:
    return " ".join((cell or "").split())

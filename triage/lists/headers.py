"""In which row do the headings of a table stand, and what does each of them say?

The headings are looked for in the first rows. Two rows of headings are read together where that names more
columns. A table that this program wrote is known by its own columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.features import fold
from triage.lists.vocabulary import IGNORED, Role, Vocabulary

#: How many rows from the top the headings may stand in.
SEARCH_ROWS = 20

#: The columns that only this program writes side by side.
OWN_MARK = ("row", "logit", "probability", "lower", "upper", "proposed_band", "decided_band")

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
    scored = [(_matches(_roles_of(row, vocabulary), row, known), -index) for index, row in enumerate(texts)]
    best, negative = max(scored, default=(0, 0))
    if best == 0 or not _heading_like(texts[-negative], best, vocabulary):
        return None
    return _with_neighbour(texts, -negative, best, vocabulary, known, merged)


def is_own(names: Sequence[str]) -> bool:
    """True where the headings are those of an output of this program."""
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
    texts: list[list[str]], at: int, alone: int, vocabulary: Vocabulary, known: frozenset[str], merged: Merged
) -> Headings:
    """The headings of row `at`, joined with the row above or below where that names more columns."""
    single = (alone, 0, at, [texts[at]], _roles_of(texts[at], vocabulary))
    options = [single]
    for upper, lower in ((at - 1, at), (at, at + 1)):
        if upper >= 0 and lower < len(texts):
            above = _spread(texts[upper], upper + 1, merged, texts[lower])
            roles = [vocabulary.role_of_pair(*pair) for pair in zip(above, texts[lower], strict=True)]
            joined = [_join(*pair) for pair in zip(above, texts[lower], strict=True)]
            options.append((_matches(roles, joined, known), -1, upper, [above, texts[lower]], roles))
    _, _, first, parts, roles = max(options, key=lambda item: item[:2])
    names = (
        parts[0]
        if len(parts) == 1
        else [_called(upper, lower, vocabulary) for upper, lower in zip(parts[0], parts[-1], strict=True)]
    )
    stood = tuple(tuple(texts[first + place]) for place in range(len(parts)))
    return Headings(first, len(parts), unique(names), stood, tuple(roles))


def _spread(upper: list[str], number: int, merged: Merged, lower: list[str]) -> list[str]:
    """The upper headings with a merged one, or one before empty cells, said over each column that it spans."""
    spread = list(upper)
    ranges = [(left, right) for top, left, bottom, right in merged if top <= number <= bottom]
    if ranges:
        for left, right in ranges:
            for column in range(left + 1, min(right + 1, len(spread))):
                spread[column] = spread[column] or spread[left]
        return spread
    for column in range(1, len(spread)):
        if not spread[column] and lower[column] and lower[column - 1]:
            spread[column] = spread[column - 1]
    return spread


def _roles_of(row: list[str], vocabulary: Vocabulary) -> list[Role]:
    return [vocabulary.role_of(text) if text else IGNORED for text in row]


def _matches(roles: Sequence[Role], names: Sequence[str], known: frozenset[str]) -> int:
    pairs = zip(roles, names, strict=True)
    return sum(role is not IGNORED or (bool(name) and fold(name) in known) for role, name in pairs)


def _heading_like(row: list[str], matches: int, vocabulary: Vocabulary) -> bool:
    """True where enough of the row is headings. One known word among two may be a person's trade beside a name."""
    filled = sum(bool(text) for text in row)
    carried = any(vocabulary.identifies(role) for role in _roles_of(row, vocabulary))
    return matches >= 2 or 2 * matches > filled or (carried and 2 * matches == filled)


def _called(upper: str, lower: str, vocabulary: Vocabulary) -> str:
    """What a column under two headings is called: the lower one where it says enough by itself."""
    enough = bool(lower) and vocabulary.role_of(lower) == vocabulary.role_of_pair(upper, lower) is not IGNORED
    return lower if enough else _join(upper, lower)


def _join(upper: str, lower: str) -> str:
    return f"{upper} {lower}".strip() if fold(upper) != fold(lower) else lower


def _one_line(cell: str | None) -> str:
    return " ".join((cell or "").split())

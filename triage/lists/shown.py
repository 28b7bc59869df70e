"""Which text of a cell may be repeated in a problem? Only what is nearly an answer, never a sentence of somebody's own.

"Nat5 x" may be shown to staff beside the question; "no - epilepsy" may not. So a text is repeated where each of its
words is a word of that question's answers or one slip away from one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from triage.features import fold

A_TEXT = "a text"
_LONG, _WORDS = 40, 6
#: Shorter words are one slip away from too many others.
_SLIP_FROM = 4
_FIGURES = re.compile(r"[\d\s/.,:+\-–—]{1,10}")


def words_in(spellings: Iterable[str]) -> frozenset[str]:
    """The words of these spellings, folded."""
    return frozenset(word for spelling in spellings for word in fold(spelling).split())


def shown(text: str, words: Collection[str] = ()) -> str:
    """The text in quotation marks where it may be repeated, else "a text".

    Args:
        text: the cell.
        words: folded words of which a text that may be repeated is made.
    """
    line = " ".join(text.replace(";", ",").split())
    if _FIGURES.fullmatch(line) or (len(line) <= _LONG and _made_of(fold(line).split(), words)):
        return f"'{line}'"
    return A_TEXT


def _made_of(said: list[str], words: Collection[str]) -> bool:
    return 0 < len(said) <= _WORDS and all(_known(word, words) for word in said)


def _known(word: str, words: Collection[str]) -> bool:
    if word in words:
        return True
    if len(word) < _SLIP_FROM:
        return False
    return any(len(other) >= _SLIP_FROM and one_slip(word, other) for other in words)


def one_slip(one: str, other: str) -> bool:
    """True where one letter more, less or other, or two letters turned round, makes one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if one[1:] == other[1:] or one[1:] == other or one == other[1:]:
        return True
    return one[:2] == other[1::-1] and len(other) > 1 and one[2:] == other[2:]

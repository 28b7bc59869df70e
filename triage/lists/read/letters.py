"""Which column is BC?"""

from __future__ import annotations

import re

MOST_COLUMNS = 16_384
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def column_index(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA; raises ValueError where the letters name no column."""
    index = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError("not a column")
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= MOST_COLUMNS:
        raise ValueError("not a column")
    return index - 1


def column_letters(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def range_of(reference: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of a range such as "B2:D3"; None where it is none."""
    first, _, last = reference.replace("$", "").partition(":")
    top, bottom = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
    if not top or not bottom:
        return None
    return int(top[2]), column_index(top[1]), int(bottom[2]), column_index(bottom[1])

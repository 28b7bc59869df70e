"""In which encoding was this text written?

UTF-8 and UTF-16 can be recognised. The one-byte encodings cannot: each reading is scored by how its letters and
signs sit beside their neighbours, and Windows-1252 wins a tie. The candidates are those that the programs people
here type lists in have written: Windows-1252, ISO-8859-15 (with ISO-8859-1 inside Windows-1252) and Mac Roman.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-mixed": "UTF-8 and Windows-1252 mixed",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO-8859-15",
    "mac-roman": "Mac Roman",
}
ONE_BYTE = ("cp1252", "iso8859-15", "mac-roman")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FROM_ESCAPE = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


@dataclass(frozen=True)
class Mark:
    """What a file's first bytes say: the encoding of its byte order mark, and the mark's length in bytes."""

    encoding: str
    length: int


def byte_order(head: bytes) -> Mark | None:
    """The encoding that a byte order mark, or the zeros of unmarked UTF-16, give away; None otherwise."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return Mark(encoding, len(mark))
    even, odd = head[0::2], head[1::2]
    if len(odd) >= 2 and odd.count(0) > 0.6 * len(odd) and even.count(0) <= 0.1 * len(even):
        return Mark("utf-16-le", 0)
    if len(odd) >= 2 and even.count(0) > 0.6 * len(even) and odd.count(0) <= 0.1 * len(odd):
        return Mark("utf-16-be", 0)
    return None


def decode(data: bytes, encoding: str) -> str:
    """The text of `data`; a byte that the encoding does not know becomes U+FFFD, never an error."""
    if encoding == "utf-8-mixed":
        return data.decode("utf-8", "surrogateescape").translate(FROM_ESCAPE)
    return data.decode(encoding, "replace")


class OneByteEvidence:
    """Counts of the bytes above 127 with their neighbours, from which the likeliest encoding follows."""

    def __init__(self) -> None:
        self.seen: Counter[bytes] = Counter()

    def add(self, data: bytes) -> None:
        """Take in a block of whole lines."""
        array = np.frombuffer(b"\n" + data + b"\n", np.uint8)
        places = np.flatnonzero(array >= 0x80)
        left, here, right = (array[places + step].astype(np.int32) for step in (-1, 0, 1))
        kinds, times = np.unique(left << 16 | here << 8 | right, return_counts=True)
        found = zip(kinds.tolist(), times.tolist(), strict=True)
        self.seen.update({kind.to_bytes(3, "big"): count for kind, count in found})

    def unknown(self, encoding: str) -> bytes:
        """The bytes above 127 that the encoding does not know."""
        seen = {around[1:2] for around in self.seen}
        return b"".join(sorted(one for one in seen if "\ufffd" in one.decode(encoding, "replace")))

    def best(self) -> str:
        """The encoding in which these bytes look most like words; the first of ONE_BYTE on a tie."""
        scores = {name: self.score(name) for name in ONE_BYTE}
        return max(ONE_BYTE, key=lambda name: scores[name])

    def score(self, encoding: str) -> int:
        return sum(times * plausible(around, encoding) for around, times in self.seen.items())


@cache
def plausible(around: bytes, encoding: str) -> int:
    """How well a character sits between its two neighbours: from -10 (impossible) to 2 (a letter in a word)."""
    try:
        left, char, right = tuple(around.decode(encoding))
    except UnicodeDecodeError:
        return -10
    if unicodedata.category(char) == "Cc":
        return -10
    if char.isalpha():
        return letter(left, char, right)
    return sign(left, char, right)


def letter(left: str, char: str, right: str) -> int:
    """How well a letter sits there: names start with a capital, and none follows a small letter or a digit."""
    if left.isdigit() or right.isdigit():
        return -2
    if not left.isalpha():
        return (2 if char.isupper() else 1) if right.isalpha() else 0
    if char.isupper():
        return -3 if left.islower() else 1
    return -1 if left.isupper() and right.isupper() else 2


def sign(left: str, char: str, right: str) -> int:
    """How well a sign sits there: an apostrophe as in O'Neill, d'Arcy or Tom's; others never between letters."""
    between_letters = left.isalpha() and right.isalpha()
    if char in "’‘ʼ´`" and between_letters:
        return 2 if left.isupper() or right.isupper() or right == "s" else 1
    if char in "’‘ʼ´`€£–—“”…•½¼¾²³°":
        return -2 if between_letters else 2
    return -4 if between_letters else -1

"""How is one fault in a file or in an answer said, so that a person can mend it?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it is, what it is, and what may have been meant.

    `where` names the place (a file with its line, a question, a row), never an answer of a person.
    """

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} {self.hint}" if self.hint else text


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """A hint that names the nearest known words, or an empty string where none is as near as `cutoff` (0 to 1)."""
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=cutoff)
    return f"Did you mean {' or '.join(repr(item) for item in near)}?" if near else ""

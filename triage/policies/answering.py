"""Is this a name and a reason that somebody can be held to?"""

from __future__ import annotations

#: The shortest and the longest that a reason or a trade-off may be.
_TEXT = (10, 2000)
_NAME = 200
#: How long a reason is, in words.
LENGTHS = f"{_TEXT[0]} to {_TEXT[1]:,} letters"


def is_name(text: str) -> bool:
    """True where a person may be called that: it has a letter, and at most 200 signs."""
    return any(sign.isalpha() for sign in text) and len(text) <= _NAME


def is_reason(text: str) -> bool:
    """True for 10 to 2,000 signs, spaces around them not counted."""
    least, most = _TEXT
    return least <= len(text.strip()) <= most

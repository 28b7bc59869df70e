"""When are two spellings the same answer? After folding case, accents, punctuation and spaces; nothing looser."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+", re.UNICODE)


def fold(text: str) -> str:
    """`text` in lower case, without accents, with every run of other signs as one space.

    A text of signs alone, such as a tick, is returned as it stands without its outer spaces.
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    folded = _NOT_WORD.sub(" ", letters.casefold()).strip()
    return folded or text.strip()

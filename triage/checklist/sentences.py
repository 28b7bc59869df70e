"""Which words may a sentence of the wording file fill in? One type for each kind of place."""

from __future__ import annotations

from string import Formatter
from typing import Annotated

from triage.schema import Check

#: The words of a checklist's label.
LABEL = ("outcome", "complement", "horizon", "among")


def words(*known: str) -> Check:
    """A check that a sentence fills in no other words than `known`."""

    def check(sentence: str) -> None:
        try:
            fields = [item for item in Formatter().parse(sentence) if item[1] is not None]
            used = {name for _, name, _, _ in fields if name is not None}
        except ValueError:
            raise ValueError("a brace is open or closed without its other half") from None
        if any(spec or conversion for _, _, spec, conversion in fields):
            raise ValueError("a word in braces stands alone, without a format of its own")
        if strange := sorted(used.difference(known)):
            can = f"It can use {', '.join(f'{{{word}}}' for word in known)}." if known else "It can use none."
            raise ValueError(f"the word {{{strange[0]}}} is not known in this sentence. {can}")

    return Check(check)


Plain = Annotated[str, words()]
Labelled = Annotated[str, words(*LABEL)]
Figures = Annotated[str, words("n", "m", *LABEL)]
Learned = Annotated[str, words("n", "m", "sample", "first", "last", *LABEL)]
Base = Annotated[str, words("base", "base_low", "base_high", *LABEL)]
Range = Annotated[str, words("low", "high")]
Coverage = Annotated[str, words("coverage")]
Bands = Annotated[str, words("band", "bands")]
Counts = Annotated[str, words("answered", "asked")]
Questions = Annotated[str, words("questions")]
Places = Annotated[str, words("tied", "places")]
Weeks = Annotated[str, words("weeks")]
Checked = Annotated[str, words("checked", "days")]
Count = Annotated[str, words("count", "asked")]
Chance = Annotated[str, words("chance")]
Odds = Annotated[str, words("odds")]
Versioned = Annotated[str, words("model", "checklist", "cutoffs")]
Moved = Annotated[str, words("before", "after")]

"""How is the risk out of 100 shown: a sentence, its range, and a picture of a hundred people?"""

from __future__ import annotations

from typing import Protocol

from triage.checklist.wording import Wording, fill, label_words
from triage.engine import Engine, Versions
from triage.engine.words import in_100
from triage.web.result.shapes import Figure, Mark

#: Marks in a row and rows, and how far apart they stand.
SIDE, STEP = 10, 20


class Chances(Protocol):
    """What the figure needs to know of a score."""

    @property
    def probability(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...
    @property
    def versions(self) -> Versions: ...


def figure(score: Chances, engine: Engine, missing: int, asked: int) -> Figure:
    """The figure of a score.

    Args:
        score: one client's score.
        engine: with the model that made it; another model lends its words to no figure but its own.
        missing: questions of the interview without an answer.
        asked: questions of the interview.
    """
    words, count = engine.words.wording, in_100(score.probability)
    short = fill(words.result.short, n=count)
    gaps = (_missing(words, missing, asked),) if missing else ()
    known = {"n": count, "m": 100 - count, **label_words(engine.bundle.manifest.label)}
    heading, shown = fill(words.result_page.figure, **known), marks(count)
    if score.versions.model != engine.versions.model:
        ends = fill(words.range.sentence, low=in_100(score.lower), high=in_100(score.upper))
        source = fill(words.result_page.earlier_model, model=score.versions.model)
        return Figure(heading, count, _sentence(short), (source,), (ends, *gaps), short, short, shown, "", "")
    return Figure(
        heading,
        count,
        engine.words.result(score.probability),
        (f"{fill(words.result.among, **known)} {engine.words.base()}",),
        (engine.words.span(score.lower, score.upper), *gaps),
        short,
        fill(words.result_page.marks, **known),
        shown,
        fill(words.result_page.filled, **known),
        fill(words.result_page.open, **known),
    )


def marks(filled: int) -> tuple[Mark, ...]:
    """A hundred marks in rows, of which the first `filled` are filled."""
    return tuple(Mark(STEP * (place % SIDE), STEP * (place // SIDE), place < filled) for place in range(SIDE * SIDE))


def _missing(words: Wording, missing: int, asked: int) -> str:
    """That questions without an answer make the range wider, and how many there are."""
    return f"{words.range.reason_missing} {fill(words.result_page.missing, count=missing, asked=asked)}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."

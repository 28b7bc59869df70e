"""Where does each record of a CSV begin and end, and how many cells has it?

The bytes are looked at in blocks with array operations, never cell by cell. What comes out are segments: runs of
whole records that a fast reader may parse on their own, with their line numbers. A block whose quotation marks do
not follow the rules ends the quick part: the rest of the file is one segment to be read with care.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

LF, CR, QUOTE = 10, 13, 34

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Segment:
    """A run of whole records.

    Attributes:
        start, end: the bytes of the file, `end` not included.
        line: the line of the file on which the first record starts.
        records: how many records there are.
        careful: quotation marks do not follow the rules here: only the careful reader may parse it.
        quoted: there are quotation marks.
        broken: there are line breaks inside cells.
        width: the most cells that a record here has.
        even: every record has `width` cells.
    """

    start: int
    end: int
    line: int
    records: int
    careful: bool
    quoted: bool
    broken: bool
    width: int
    even: bool


@dataclass(frozen=True)
class Marks:
    """The structure of a block up to the end of its last whole record.

    Attributes:
        cut: length of the whole records.
        ends: the place of the last byte of each record's line break.
        widths: cells of each record.
        lines: line breaks before each record, those inside cells included.
        breaks: all line breaks, those inside cells included.
        quoted: there are quotation marks.
        longest: bytes of the longest record.
    """

    cut: int
    ends: Places
    widths: Places
    lines: Places
    breaks: int
    quoted: bool
    longest: int


@dataclass
class Structure:
    """A block as arrays: where cells and records end. `tidy` says whether its quotation marks follow the rules."""

    data: bytes
    separator: int
    last: bool
    separators: Flags = field(init=False)
    breaks: Flags = field(init=False)
    inside: Flags | None = field(init=False)
    tidy: bool = field(init=False)

    def __post_init__(self) -> None:
        array = np.frombuffer(self.data, np.uint8)
        self.separators = array == self.separator
        self.breaks = line_breaks(array, self.data, self.last)
        self.inside, self.tidy = None, True
        if QUOTE in self.data:
            quotes = array == QUOTE
            self.inside = np.bitwise_xor.accumulate(quotes.view(np.uint8)).view(np.bool_)
            self.tidy = quotes_follow_rules(array, np.flatnonzero(quotes), self.separator)

    def marks(self) -> Marks | None:
        """The records, or None where no record ends in this block."""
        ends, separators = self.breaks, self.separators
        if self.inside is not None:
            ends, separators = ends & ~self.inside, separators & ~self.inside
        places = np.flatnonzero(ends | separators)
        ending = ends[places]
        which = np.flatnonzero(ending)
        if not len(which):
            return None
        record_ends = places[which].astype(np.int64)
        lines = np.arange(len(which), dtype=np.int64)
        breaks = len(which)
        if self.inside is not None and bool((self.breaks & self.inside).any()):
            running = np.cumsum(self.breaks, dtype=np.int32)
            after = running[record_ends]
            lines = np.concatenate([[0], after[:-1]])
            breaks = int(after[-1])
        return Marks(
            cut=int(record_ends[-1]) + 1,
            ends=record_ends,
            widths=np.diff(which, prepend=-1).astype(np.int64),
            lines=lines,
            breaks=breaks,
            quoted=self.inside is not None,
            longest=int(np.diff(record_ends, prepend=-1).max()),
        )


def line_breaks(array: Bytes, data: bytes, last: bool) -> Flags:
    """True on the last byte of each line break: LF, the LF of CR LF, or a CR alone.

    A CR at the very end of a block counts only in the last block: elsewhere its LF may follow.
    """
    feeds: Flags = array == LF
    if CR not in data:
        return feeds
    alone = array == CR
    alone[:-1] &= ~feeds[1:]
    if not last:
        alone[-1] = False
    feeds |= alone
    return feeds


def quotes_follow_rules(array: Bytes, places: Places, separator: int) -> bool:
    """Whether each quotation mark opens a cell at its start, closes one at its end, or stands doubled inside one.

    `places` are those of the marks in a block that starts outside of quotes; every second one closes.
    """
    edges = np.zeros(256, np.bool_)
    edges[[separator, LF, CR]] = True
    opening, closing = places[0::2], places[1::2]
    before = edges[array[opening - 1]] | (array[opening - 1] == QUOTE)
    if opening[0] == 0:
        before[0] = True
    # A doubled mark closes and opens again: the mark before an opening one must itself be a closing one.
    after_at = np.minimum(closing + 1, len(array) - 1)
    after = edges[array[after_at]] | (array[after_at] == QUOTE) | (closing == len(array) - 1)
    return bool(before.all() and after.all())

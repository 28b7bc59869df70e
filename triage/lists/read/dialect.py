"""Which sign separates the cells of this CSV, and how many cells does a usual row have?"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE_ROWS = 200
# Spreadsheet programs understand a first line such as `sep=;` and do not show it.
SEP_LINE = re.compile(rb'\A"?sep=([,;\t|])"?(\r\n|\n|\r|\Z)', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How rows are cut into cells.

    Attributes:
        separator: one of SEPARATORS.
        width: the usual number of cells in a row; 1 where no separator is used.
        skip: length in bytes of a `sep=;` line at the top, 0 without one.
    """

    separator: str
    width: int
    skip: int = 0

    @property
    def first_line(self) -> int:
        return 2 if self.skip else 1


def find_dialect(head: bytes, whole: bool) -> Dialect:
    """The separator that cuts the first rows most evenly. `whole`: the head is the whole text."""
    named = SEP_LINE.match(head)
    if named:
        separator = named.group(1).decode()
        rows = sample(head[named.end() :], separator, whole)
        return Dialect(separator, usual_width(rows), named.end())
    best = max(SEPARATORS, key=lambda separator: evenness(sample(head, separator, whole)))
    return Dialect(best, usual_width(sample(head, best, whole)))


def sample(head: bytes, separator: str, whole: bool) -> list[int]:
    """How many cells each of the first rows has; blank rows and the last, perhaps cut, row are left out."""
    text = head.decode("latin-1").replace("\x00", "")
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    widths: list[int] = []
    try:
        for row in rows:
            widths.append(len(row) if any(row) else 0)
            if len(widths) > SAMPLE_ROWS:
                break
    except csv.Error:
        # A cell longer than the csv module takes: judge by the rows above it.
        return [width for width in widths if width]
    if len(widths) <= SAMPLE_ROWS and not whole and len(widths) > 1:
        widths.pop()
    return [width for width in widths if width]


def usual_width(widths: list[int]) -> int:
    """The commonest number of cells; the larger one on a tie."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def evenness(widths: list[int]) -> float:
    """The share of rows with the usual width, times the share of cells that have a separator before them."""
    width = usual_width(widths)
    return Counter(widths)[width] / len(widths) * (1 - 1 / width) if widths else 0.0

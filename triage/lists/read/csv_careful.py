"""How is a CSV read whose quotation marks or rows are out of order?

One record at a time with the standard library's reader, which takes a stray quotation mark as text. What it would
swallow without a word is refused here: a mark that is never closed, or that closes in the middle of another row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

# NUL characters are taken out of the text, so that no row of a list can equal this one.
LAST = "\x00end\n"


def allow_cells(characters: int) -> None:
    """Let the standard library read cells of this length. Its limit is one for the whole process: only raise it."""
    if csv.field_size_limit() < characters + 1:
        csv.field_size_limit(characters + 1)


class UnclosedQuote(Exception):
    """A quotation mark in the record that starts on `line` is never closed."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class SwallowedRows(UnclosedQuote):
    """A quotation mark in the record that starts on `line` closes in the middle of another row."""


def careful_rows(
    lines: Iterator[str], separator: str, width: int, first_line: int
) -> Iterator[tuple[int, list[str], int]]:
    """Each record between its line and the line of the next; `width` is the usual number of cells.

    Raises UnclosedQuote or SwallowedRows, and csv.Error for a cell that is too long.
    """
    taken: list[str] = []
    reader = csv.reader(with_last(lines, taken), delimiter=separator)
    line = first_line
    for row in reader:
        if row == [LAST.rstrip("\n")]:
            return
        if row and row[-1].endswith(LAST):
            raise UnclosedQuote(line)
        if len(taken) > 1 and swallows_rows(row, taken, separator, width):
            raise SwallowedRows(line)
        taken.clear()
        following = first_line + reader.line_num
        yield line, row, following
        line = following
    raise UnclosedQuote(line)


def with_last(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines, noted in `taken`, and then one that no list has: if it is not a row of its own, a quote is open."""
    for line in lines:
        taken.append(line if line.endswith("\n") else line + "\n")
        yield taken[-1]
    yield LAST


def swallows_rows(row: list[str], taken: list[str], separator: str, width: int) -> bool:
    """Whether a cell over several lines looks like rows that a stray quotation mark took in.

    A mark that closes a cell and is not followed by a separator is a sign of it, and so is a line with as many
    separators as a row. A comment over several lines has the one or the other, hardly both.
    """
    inner = [part for cell in row for part in cell.split("\n")[1:]]
    if not any(part.count(separator) >= max(1, width - 1) for part in inner):
        return False
    try:
        list(csv.reader(taken, delimiter=separator, strict=True))
    except csv.Error:
        return True
    return False

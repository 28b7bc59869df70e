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


def careful_rows(lines: Iterator[str], separator: str, first_line: int) -> Iterator[tuple[int, list[str], int]]:
    """Each record between its line and the line of the next; raises csv.Error for a cell that is too long.

    A quotation mark that is never closed raises UnclosedQuote with the line of its record.
    """
    reader = csv.reader(with_last(lines), delimiter=separator)
    line = first_line
    for row in reader:
        if row == [LAST.rstrip("\n")]:
            return
        if row and row[-1].endswith(LAST):
            raise UnclosedQuote(line)
        following = first_line + reader.line_num
        yield line, row, following
        line = following
    raise UnclosedQuote(line)


def with_last(lines: Iterator[str]) -> Iterator[str]:
    """The lines, the last one ended, and a line that no list has: if it is not a row of its own, a quote is open."""
    for line in lines:
        yield line if line.endswith("\n") else line + "\n"
    yield LAST


class UnclosedQuote(Exception):
    """A quotation mark in the record that starts on `line` is never closed."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def swallows_rows(row: list[str], separator: str, width: int) -> bool:
    """Whether a cell over several lines looks like rows that a stray quotation mark took in."""
    inner = [part for cell in row for part in cell.split("\n")[1:]]
    return any(part.count(separator) >= max(1, width - 1) for part in inner)

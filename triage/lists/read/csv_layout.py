"""Which parts does a CSV fall into, how wide is it, and must it be refused?

One pass over the whole file, in which nothing is kept but the places of the parts.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

import numpy as np

from triage.lists.read.csv_careful import SwallowedRows, UnclosedQuote, allow_cells, careful_rows
from triage.lists.read.csv_refusals import endless, no_rows, swallowed, too_long, too_wide, unclosed
from triage.lists.read.csv_scan import Marks, Segment, Structure
from triage.lists.read.dialect import Dialect
from triage.lists.read.limits import Limits
from triage.lists.read.text import Lines, LineTooLong, Text

BLOCK = 8 * 1024 * 1024
# Empty rows at the end are looked for this far back; any before that come out as empty rows.
LONGEST_TAIL = 8 * BLOCK
NAMED = 5
LOOKED_AT = 1_000


@dataclass
class Layout:
    """What one pass finds out. `long_lines` are the first lines with text beyond the usual last cell.

    Attributes:
        end: where the last row with content ends; after it come `trimmed` rows without any.
        width: the most cells that a row has.
    """

    text: Text
    dialect: Dialect
    limits: Limits
    start: int
    end: int
    trimmed: int
    segments: list[Segment] = field(default_factory=list)
    width: int = 1
    rows: int = 0
    long_rows: int = 0
    long_lines: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.text.path.name


def lay_out(text: Text, dialect: Dialect, limits: Limits, block_size: int = BLOCK) -> Layout:
    """The parts of the file; raises ListError where it is too wide, too long in one place, or swallows rows."""
    start = text.start + dialect.skip
    end, trimmed = content_end(text, start, dialect.separator)
    layout = Layout(text, dialect, limits, start, end, trimmed)
    if end <= start:
        raise no_rows(layout.name)
    allow_cells(limits.cell_characters)
    offset, line, size = start, dialect.first_line, block_size
    while offset < end:
        data = text.read(offset, min(offset + size, end))
        last = offset + len(data) >= end
        structure = Structure(data if not last else ended(data), ord(dialect.separator), last)
        marks = structure.marks() if structure.tidy else None
        if not structure.tidy or (last and (marks is None or marks.cut < len(data))):
            offset, line = take_careful(layout, offset, line, offset + len(data))
        elif marks is None:
            check_open_record(layout, structure, line)
            size += block_size
            continue
        else:
            take(layout, structure.data, marks, offset, line)
            offset, line = offset + marks.cut, line + marks.breaks
        size = block_size
    return layout


def ended(data: bytes) -> bytes:
    return data if data.endswith((b"\n", b"\r")) else data + b"\n"


def content_end(text: Text, start: int, separator: str) -> tuple[int, int]:
    """Where the last row with content ends, and how many rows of nothing but separators follow it."""
    end, empty = text.size(), separator.encode() + b"\r\n"
    tail = b""
    with text.open() as file:
        while end > start and len(tail) < LONGEST_TAIL:
            at = max(start, end - BLOCK)
            file.seek(at)
            block = file.read(end - at)
            kept = len(block.rstrip(empty))
            tail = block[kept:] + tail
            end = at + kept
            if kept:
                break
    if end == start:
        return start, 0
    stop = min((place for place in (tail.find(b"\n"), tail.find(b"\r")) if place >= 0), default=len(tail) - 1)
    after = tail[stop + 1 :]
    rows = sum(1 for line in after.splitlines() if line)
    return end + stop + 1, rows


def take(layout: Layout, data: bytes, marks: Marks, offset: int, line: int) -> None:
    """Add a block whose quotation marks follow the rules."""
    widest = int(marks.widths.max())
    if widest > layout.limits.columns:
        raise too_wide(layout.name, line + int(marks.lines[int(marks.widths.argmax())]), widest, layout.limits)
    if marks.longest > layout.limits.cell_characters:
        check_long_records(layout, data, marks, line)
    even = bool((marks.widths == widest).all())
    end = min(offset + marks.cut, layout.end)
    count = len(marks.ends)
    layout.segments.append(Segment(offset, end, line, count, False, marks.quoted, marks.breaks > count, widest, even))
    layout.width = max(layout.width, widest)
    layout.rows += count
    if widest > layout.dialect.width:
        for which in np.flatnonzero(marks.widths > layout.dialect.width)[:LOOKED_AT]:
            if layout.long_rows >= LOOKED_AT:
                break
            note_if_long(layout, line + int(marks.lines[which]), record(layout, data, marks, int(which)))


def record(layout: Layout, data: bytes, marks: Marks, which: int) -> list[str]:
    """The cells of one record of the block."""
    start = int(marks.ends[which - 1]) + 1 if which else 0
    one = data[start : int(marks.ends[which]) + 1]
    lines = Lines(iter(one.splitlines(keepends=True)), layout.text.encoding)
    return next(csv.reader(lines, delimiter=layout.dialect.separator), [])


def note_if_long(layout: Layout, line: int, row: list[str]) -> None:
    """Count a row that has text, and not only separators, beyond the usual last cell."""
    if any(row[layout.dialect.width :]):
        layout.long_rows += 1
        if len(layout.long_lines) < NAMED:
            layout.long_lines.append(line)


def check_long_records(layout: Layout, data: bytes, marks: Marks, line: int) -> None:
    """Raise ListError where a cell of the block is longer than allowed."""
    lengths = np.diff(marks.ends, prepend=-1)
    for which in np.flatnonzero(lengths > layout.limits.cell_characters):
        at = line + int(marks.lines[which])
        try:
            row = record(layout, data, marks, int(which))
        except csv.Error:
            raise too_long(layout.name, at, layout.limits) from None
        if any(len(cell) > layout.limits.cell_characters for cell in row):
            raise too_long(layout.name, at, layout.limits)


def check_open_record(layout: Layout, structure: Structure, line: int) -> None:
    """Raise ListError where a record that has not ended yet is already beyond what is allowed."""
    separators = structure.separators
    if structure.inside is not None:
        separators = separators & ~structure.inside
    width = int(np.count_nonzero(separators)) + 1
    if width > layout.limits.columns:
        raise too_wide(layout.name, line, width, layout.limits)
    if len(structure.data) > layout.limits.record_bytes:
        if structure.inside is not None and bool(structure.inside[-1]):
            raise unclosed(layout.name, line)
        raise endless(layout.name, line, layout.limits)


def take_careful(layout: Layout, offset: int, line: int, until: int) -> tuple[int, int]:
    """Add a part to be read with care: whole records up to `until` or a little further.

    Returns where the next record starts, and its line.
    """
    widest, rows, next_line = 1, 0, line
    lines = layout.text.lines(offset, layout.end, layout.limits.record_bytes)
    reader = careful_rows(lines, layout.dialect.separator, layout.dialect.width, line)
    try:
        for at, row, following in reader:
            check_row(layout, at, row)
            widest, rows, next_line = max(widest, len(row)), rows + 1, following
            if lines.position >= until and lines.position < layout.end:
                break
    except SwallowedRows as fault:
        raise swallowed(layout.name, fault.line) from None
    except UnclosedQuote as fault:
        raise unclosed(layout.name, fault.line) from None
    except csv.Error:
        raise too_long(layout.name, None, layout.limits) from None
    except LineTooLong:
        raise endless(layout.name, next_line, layout.limits) from None
    layout.segments.append(Segment(offset, lines.position, line, rows, True, True, True, widest, False))
    layout.width = max(layout.width, widest)
    layout.rows += rows
    return lines.position, next_line


def check_row(layout: Layout, line: int, row: list[str]) -> None:
    """Raise ListError where a row is too wide or has too long a cell; count it where it is long."""
    if len(row) > layout.limits.columns:
        raise too_wide(layout.name, line, len(row), layout.limits)
    if any(len(cell) > layout.limits.cell_characters for cell in row):
        raise too_long(layout.name, line, layout.limits)
    if len(row) > layout.dialect.width and layout.long_rows < LOOKED_AT:
        note_if_long(layout, line, row)

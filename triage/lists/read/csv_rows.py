"""What do the cells of one part of a CSV say?

Polars reads whole parts at once. Where it cannot, or where it counts other rows than the pass over the bytes did,
the careful reader does: both give the same cells.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from triage.lists.read.chunks import rechunked
from triage.lists.read.csv_careful import allow_cells, careful_rows
from triage.lists.read.csv_layout import Layout, ended
from triage.lists.read.csv_scan import LF, Segment, Structure
from triage.lists.read.encodings import decode
from triage.lists.read.source import Chunk

CAREFUL_ROWS = 16_384
SPACE = 32
#: What the spaces beyond ASCII begin with in UTF-8.
WIDE_SPACES = (b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81\x9f", b"\xe3\x80\x80")


def read_chunks(layout: Layout, size: int) -> Iterator[Chunk]:
    """The rows of the file, `size` to a chunk."""
    return rechunked((part for segment in layout.segments for part in read_segment(layout, segment)), size)


def read_segment(layout: Layout, segment: Segment) -> Iterator[Chunk]:
    """The rows of one part, quickly where that is possible."""
    if not segment.careful:
        data = layout.text.read(segment.start, segment.end)
        clean = tidy_bytes(layout.text.encoding, data)
        cells = quick_cells(layout, segment, clean)
        if cells is not None:
            lines = record_lines(layout, segment, data)
            trimmed = no_outer_spaces(clean, ord(layout.dialect.separator))
            yield Chunk(layout.name, segment.line, lines, cells, trimmed=trimmed)
            return
    yield from careful_chunks(layout, segment)


def quick_cells(layout: Layout, segment: Segment, clean: bytes) -> pl.DataFrame | None:
    """The cells of tidy bytes as polars reads them, or None where it does not find the rows that are there."""
    names = [f"c{index}" for index in range(layout.width)]
    # Polars takes the number of columns from the first row, and a byte order mark there away: a full row goes first.
    plain = segment.even and segment.width == layout.width and not clean.startswith(BOM_UTF8)
    guide = b"" if plain else guide_row(layout)
    try:
        frame = pl.read_csv(
            guide + clean,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            separator=layout.dialect.separator,
            quote_char='"',
        )
    except PolarsError:
        # Its message may quote a cell: it goes no further.
        return None
    if guide:
        frame = frame.slice(1)
    if frame.height != segment.records:
        return None
    if segment.quoted and b'""' in clean:
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return frame


def guide_row(layout: Layout) -> bytes:
    return b"x" + (layout.dialect.separator.encode() + b"x") * (layout.width - 1) + b"\n"


def tidy_bytes(encoding: str, data: bytes) -> bytes:
    """The part as UTF-8 with LF line breaks, without NUL characters, ended by a line break."""
    if b"\x00" in data:
        data = data.replace(b"\x00", b"")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if encoding != "utf-8" and not data.isascii():
        data = decode(data, encoding).encode()
    return ended(data)


def no_outer_spaces(clean: bytes, separator: int) -> bool:
    """Whether it is certain that no cell of tidy bytes begins or ends with a space; with quotation marks it is not."""
    if b'"' in clean or (not clean.isascii() and any(space in clean for space in WIDE_SPACES)):
        return False
    array = np.frombuffer(clean, np.uint8)
    spaces = np.flatnonzero(array <= SPACE)
    here = array[spaces]
    spaces = spaces[(here != LF) & (here != separator)]
    edges = [array[np.maximum(spaces - 1, 0)], array[np.minimum(spaces + 1, len(array) - 1)]]
    touching = any(bool(((edge == separator) | (edge <= SPACE)).any()) for edge in edges)
    return not touching and not (len(spaces) and spaces[0] == 0)


def record_lines(layout: Layout, segment: Segment, data: bytes) -> Sequence[int]:
    """The line of the file on which each record starts."""
    marks = Structure(ended(data), ord(layout.dialect.separator), True).marks() if segment.broken else None
    if marks is None:
        return range(segment.line, segment.line + segment.records)
    lines: list[int] = (np.asarray(marks.lines) + segment.line).tolist()
    return lines


def careful_chunks(layout: Layout, segment: Segment) -> Iterator[Chunk]:
    """The rows of one part, record by record."""
    allow_cells(layout.limits.cell_characters)
    lines = layout.text.lines(segment.start, segment.end, layout.limits.record_bytes)
    numbers: list[int] = []
    rows: list[list[str]] = []
    for line, row, _ in careful_rows(lines, layout.dialect.separator, layout.dialect.width, segment.line):
        numbers.append(line)
        rows.append(row)
        if len(rows) >= CAREFUL_ROWS:
            yield careful_chunk(layout, numbers, rows)
            numbers, rows = [], []
    if rows:
        yield careful_chunk(layout, numbers, rows)


def careful_chunk(layout: Layout, numbers: list[int], rows: list[list[str]]) -> Chunk:
    """Rows of different lengths as one frame; short rows are filled with nulls."""
    cells = pl.DataFrame(
        {
            f"c{index}": pl.Series([row[index] or None if index < len(row) else None for row in rows], dtype=pl.String)
            for index in range(layout.width)
        }
    )
    return Chunk(layout.name, numbers[0], numbers, cells)

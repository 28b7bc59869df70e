"""How is a CSV opened, whatever its encoding and separator?"""

from __future__ import annotations

from pathlib import Path

from triage.lists.read.csv_layout import Layout, lay_out
from triage.lists.read.csv_rows import read_chunks
from triage.lists.read.dialect import SEPARATORS, find_dialect
from triage.lists.read.encodings import NAMES
from triage.lists.read.limits import Limits
from triage.lists.read.source import Source, SourceColumn, SourceTable
from triage.lists.read.text import Text, open_text

HEAD = 256 * 1024


def open_csv(path: Path, limits: Limits) -> Source:
    """The only table of a CSV; raises ListError where it cannot be read in full."""
    text = open_text(path)
    head = b"".join(text.blocks(text.start, text.size(), HEAD)) if text.size() <= HEAD else first(text)
    layout = lay_out(text, find_dialect(head, text.size() <= HEAD), limits)
    columns = tuple(SourceColumn(index, "", False) for index in range(layout.width))
    table = SourceTable(path.name, columns, False, layout.rows, lambda size: read_chunks(layout, size))
    return Source(path, "csv", (table,), tuple(notes(text, layout)))


def first(text: Text) -> bytes:
    """The first bytes of a large text."""
    return next(text.blocks(text.start, text.start + HEAD, HEAD), b"")


def notes(text: Text, layout: Layout) -> list[str]:
    """How the file was read and what is odd in it, in sentences."""
    said = [f"Read as {NAMES[text.told]}, {separated(layout)}."]
    if layout.dialect.skip:
        said.append("The first line only names the separator and is not a row.")
    if text.nul_lines:
        said.append(f"NUL characters were left out{on_lines(text.nul_lines)}.")
    if text.odd_lines:
        said.append(odd(text))
    if layout.long_rows:
        count = f"{layout.long_rows:,}" + (" or more" if layout.long_rows >= 1_000 else "")
        rows = "row has" if layout.long_rows == 1 else "rows have"
        said.append(
            f"{count} {rows} more cells than the usual {layout.dialect.width}"
            f"{on_lines(layout.long_lines)}: they are kept in further columns."
        )
    if layout.trimmed:
        rows = "row at the end was" if layout.trimmed == 1 else "rows at the end were"
        said.append(f"{layout.trimmed:,} empty {rows} left out.")
    return said


def separated(layout: Layout) -> str:
    if layout.width == 1:
        return "one column"
    return f"separated by {SEPARATORS[layout.dialect.separator]}"


def on_lines(lines: tuple[int, ...] | list[int]) -> str:
    """Where something is, by its first lines."""
    if not lines:
        return ""
    named = ", ".join(f"{line:,}" for line in lines)
    return f" (line {named})" if len(lines) == 1 else f" (first lines {named})"


def odd(text: Text) -> str:
    """What was done with characters that do not fit the rest of the file."""
    if text.encoding == "utf-8-mixed":
        return (
            f"Some characters are not UTF-8 like the rest{on_lines(text.odd_lines)}: they were read as "
            "Windows-1252. Check the names there."
        )
    return f"Some characters are damaged in the file{on_lines(text.odd_lines)}. Check the names there."

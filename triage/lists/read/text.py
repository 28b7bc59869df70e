"""Where do the bytes of a CSV come from, in an encoding whose separators and line breaks are single bytes?"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from triage.lists.read.encodings import decode
from triage.lists.read.sniff import Stamp, check_unchanged, opened, stamp
from triage.lists.read.survey import BLOCK, NAMED, Survey, lines_in, survey


@dataclass(frozen=True)
class Text:
    """The text of one file, read again from the disk each time; UTF-16 alone is kept, as UTF-8, in memory.

    Attributes:
        encoding: how to decode the bytes that `read` gives; `told` is the encoding to name to the person.
        start: where the text begins, after a byte order mark.
        stamp: size and time of the file, to notice when another program changes it.
    """

    path: Path
    encoding: str
    told: str
    start: int
    stamp: Stamp
    nul_lines: tuple[int, ...] = ()
    odd_lines: tuple[int, ...] = ()
    kept: bytes | None = None

    def open(self) -> BinaryIO:
        """The bytes from the very beginning; raises ListError if the file has changed since it was opened."""
        if self.kept is not None:
            return io.BytesIO(self.kept)
        check_unchanged(self.path, self.stamp)
        return opened(self.path)

    def blocks(self, start: int, end: int, size: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`, at most `size` at a time."""
        with self.open() as file:
            file.seek(start)
            while start < end and (block := file.read(min(size, end - start))):
                start += len(block)
                yield block

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`."""
        return b"".join(self.blocks(start, end, end - start))

    def lines(self, start: int, end: int, longest: int) -> Lines:
        """The lines from `start` to `end`, decoded; LineTooLong where one has more than `longest` bytes."""
        return Lines(raw_lines(self.blocks(start, end, BLOCK), longest), self.encoding, start)

    def size(self) -> int:
        return self.stamp[0] if self.kept is None else len(self.kept)


class Lines:
    """Decoded lines, each ended by one line feed except perhaps the last, without NUL characters.

    `position` is the place in the file after the line that was given out last.
    """

    def __init__(self, lines: Iterator[bytes], encoding: str, position: int = 0) -> None:
        self.position = position
        self._encoding = encoding
        self._lines = lines

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        raw = next(self._lines)
        self.position += len(raw)
        body = raw.rstrip(b"\r\n")
        text = decode(body.replace(b"\x00", b""), self._encoding)
        return text if len(body) == len(raw) else text + "\n"


class LineTooLong(Exception):
    """A line does not end within the bytes that are allowed."""


def raw_lines(blocks: Iterator[bytes], longest: int) -> Iterator[bytes]:
    """The bytes line by line, with their line breaks: LF, CR LF, or CR alone."""
    carry = b""
    for block in blocks:
        lines = (carry + block).splitlines(keepends=True)
        # The last line may go on in the next block; so may a CR whose LF comes first there.
        carry = lines.pop() if lines else b""
        if len(carry) > longest:
            raise LineTooLong
        yield from lines
    if carry:
        yield carry


def open_text(path: Path) -> Text:
    """The text in `path`; raises ListError where it is not text."""
    at = stamp(path)
    found = survey(path)
    if found.encoding.startswith("utf-16"):
        kept = from_utf16(path, found)
        odd = damaged_lines(kept)
        return Text(path, "utf-8", found.encoding, 0, at, odd_lines=odd, kept=kept)
    return Text(path, found.encoding, found.encoding, found.skip, at, found.nul_lines, found.odd_lines)


def from_utf16(path: Path, found: Survey) -> bytes:
    """The whole text as UTF-8; damaged characters become U+FFFD."""
    decoder = codecs.getincrementaldecoder(found.encoding)("replace")
    out = bytearray()
    with opened(path) as file:
        file.seek(found.skip)
        while block := file.read(BLOCK):
            out += decoder.decode(block).encode()
        out += decoder.decode(b"", True).encode()
    return bytes(out)


def damaged_lines(kept: bytes) -> tuple[int, ...]:
    """The first lines that hold U+FFFD."""
    lines: list[int] = []
    at = kept.find("\ufffd".encode())
    while at >= 0 and len(lines) < NAMED:
        lines.append(1 + lines_in(kept[:at]))
        end = kept.find(b"\n", at)
        at = kept.find("\ufffd".encode(), end) if end >= 0 else -1
    return tuple(lines)

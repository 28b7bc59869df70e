"""How is the text of a whole file written, and what in it is damaged?

One quick pass over the bytes, block by block, before anything is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from triage.errors import ListError
from triage.lists.read.encodings import OneByteEvidence, byte_order
from triage.lists.read.sniff import HEAD, SAVE_AS, opened

BLOCK = 4 * 1024 * 1024
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
ESCAPED = re.compile("[\udc80-\udcff]")
NAMED = 5


@dataclass(frozen=True)
class Survey:
    """What the pass found.

    Attributes:
        encoding: a key of encodings.NAMES.
        skip: length in bytes of the byte order mark.
        nul_lines: the first lines with NUL characters, which are left out of the text.
        odd_lines: the first lines whose bytes do not belong to the encoding of the rest.
    """

    encoding: str
    skip: int
    nul_lines: tuple[int, ...] = ()
    odd_lines: tuple[int, ...] = ()


@dataclass
class Tally:
    """What is counted while the blocks go by."""

    line: int = 1
    valid: int = 0
    invalid: int = 0
    nul_lines: list[int] = field(default_factory=list)
    odd_lines: list[int] = field(default_factory=list)
    evidence: OneByteEvidence = field(default_factory=OneByteEvidence)


def survey(path: Path) -> Survey:
    """The encoding of the file and the lines that do not fit it; raises ListError where it is not text."""
    with opened(path) as file:
        head = file.read(HEAD)
        mark = byte_order(head)
        if mark and mark.encoding.startswith("utf-16"):
            return Survey(mark.encoding, mark.length)
        if len(CONTROL.findall(head)) > max(8, 0.02 * len(head)):
            raise ListError(f"{path.name} is not text, whatever its ending, and holds no list. {SAVE_AS}")
        file.seek(mark.length if mark else 0)
        tally = count(whole_lines(file))
    skip = mark.length if mark else 0
    nul, odd = tuple(tally.nul_lines), tuple(tally.odd_lines)
    if not tally.invalid:
        return Survey("utf-8", skip, nul)
    if mark or tally.valid > tally.invalid // 20:
        return Survey("utf-8-mixed", skip, nul, odd)
    encoding = tally.evidence.best()
    return Survey(encoding, skip, nul, lines_with(path, tally.evidence.unknown(encoding)))


def lines_with(path: Path, unknown: bytes) -> tuple[int, ...]:
    """The first lines that hold one of these bytes; the file is read again only if there are any."""
    lines: list[int] = []
    line = 1
    if unknown:
        with opened(path) as file:
            for block in whole_lines(file):
                note_lines(lines, block, line, lambda text: any(byte in unknown for byte in text))
                line += lines_in(block)
    return tuple(lines)


def whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Blocks that end at a line break wherever there is one, so that no character is cut in two."""
    carry = b""
    while block := file.read(BLOCK):
        block = carry + block
        cut = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        if not cut and len(block) < 4 * BLOCK:
            carry = block
            continue
        carry = block[cut:] if cut else b""
        yield block[:cut] if cut else block
    if carry:
        yield carry


def count(blocks: Iterator[bytes]) -> Tally:
    """Read through the blocks; plain ASCII ones cost next to nothing."""
    tally = Tally()
    for block in blocks:
        if b"\x00" in block:
            note_lines(tally.nul_lines, block, tally.line, lambda line: b"\x00" in line)
        if not block.isascii():
            count_high(tally, block)
        tally.line += lines_in(block)
    return tally


def count_high(tally: Tally, block: bytes) -> None:
    """Count the bytes beyond ASCII that are part of good UTF-8, and those that are not."""
    try:
        tally.valid += len(block) - len(block.decode())
    except UnicodeDecodeError:
        text = block.decode("utf-8", "surrogateescape")
        bad = len(ESCAPED.findall(text))
        tally.invalid += bad
        tally.valid += len(block) - len(text)
        note_lines(tally.odd_lines, block, tally.line, is_odd)
        tally.evidence.add(block)


def is_odd(line: bytes) -> bool:
    """Whether the line is not UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def note_lines(lines: list[int], block: bytes, first_line: int, wanted: Callable[[bytes], bool]) -> None:
    """Add the numbers of the wanted lines until enough are named."""
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", block), first_line):
        if len(lines) >= NAMED:
            return
        if wanted(line):
            lines.append(number)


def lines_in(data: bytes) -> int:
    """The number of line breaks: LF, CR LF, or CR alone."""
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")

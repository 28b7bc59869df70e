"""How are the files of the corpus put together, byte by byte and the same each time?"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

EMPTY, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512
LONG_STREAM = 4096  # Shorter streams would need a table of their own.


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip with the parts in order and a fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2021, 1, 31, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container: the format of .xls, .doc, .msg and of workbooks with a password."""
    padded = {
        name: data.ljust(max(LONG_STREAM, -(-len(data) // SECTOR) * SECTOR), b"\0") for name, data in streams.items()
    }
    folder_sectors = -(-(len(padded) + 1) // 4)
    table = [FAT, *range(2, folder_sectors + 1), END]
    entries, body = [entry("Root Entry", 5, 1, END, 0)], b""
    for number, (name, data) in enumerate(padded.items(), 1):
        first, count = len(table), len(data) // SECTOR
        table += [*range(first + 1, first + count), END]
        entries.append(entry(name, 2, number + 1 if number < len(padded) else EMPTY, first, len(data), child=EMPTY))
        body += data
    entries += [bytes(128)] * (folder_sectors * 4 - len(entries))
    table += [EMPTY] * (SECTOR // 4 - len(table))
    return header() + struct.pack(f"<{len(table)}I", *table) + b"".join(entries) + body


def header() -> bytes:
    magic = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    facts = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, LONG_STREAM, END, 0, END, 0)
    return (magic + facts + struct.pack("<I", 0)).ljust(SECTOR, b"\xff")


def entry(name: str, kind: int, right: int, first: int, size: int, child: int = 1) -> bytes:
    """One directory entry; siblings hang one to the right of the other."""
    coded = name.encode("utf-16-le") + b"\0\0"
    right = EMPTY if kind == 5 else right
    links = struct.pack("<HBBIII", len(coded), kind, 1, EMPTY, right, child)
    return coded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", first, size)


# ---------------------------------------------------------------------------------------- old workbooks (BIFF8)


def record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def font(struck: bool) -> bytes:
    name = "Arial"
    flags = 0x0008 if struck else 0
    return record(
        0x31, struct.pack("<HHHHHBBBBBB", 200, flags, 0x7FFF, 400, 0, 0, 0, 0, 0, len(name), 0) + name.encode()
    )


def cell_format(font_index: int, number_format: int, fill: int = 0) -> bytes:
    pattern, colour = (1 << 26, fill) if fill else (0, 0x2040)
    return record(0xE0, struct.pack("<HHHBBBBIiH", font_index, number_format, 0, 0x20, 0, 0, 0, 0, pattern, colour))


def label(row: int, column: int, text: str, style: int = 0) -> bytes:
    coded = text.encode("utf-16-le")
    return record(0x204, struct.pack("<HHHHB", row, column, style, len(text), 1) + coded)


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def flag(row: int, column: int, value: int, is_error: int) -> bytes:
    """True, false, or an error such as #REF! (0x17)."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, value, is_error))


def old_workbook(sheets: Mapping[str, tuple[int, bytes]], protected: bool = False) -> bytes:
    """An .xls with the sheets: name -> (0 shown, 1 hidden, 2 very hidden; its records).

    Styles: 0 plain, 1 date, 2 struck through, 3 yellow, 4 five digits with leading zeros.
    """
    start = record(0x809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 1997, 0x41, 6))
    lock = record(0x2F, struct.pack("<HHHH", 0, 0, 0x1234, 0x5678)) if protected else b""
    zeros = record(0x41E, struct.pack("<HHB", 164, 5, 0) + b"00000")
    styles = [(0, 0), (0, 14), (5, 0), (0, 0, 13), (0, 164)]
    look = font(False) * 4 + font(True) + zeros + b"".join(cell_format(*style) for style in styles)
    names = b"".join(bound(name, 0, visibility) for name, (visibility, _) in sheets.items())
    at = len(start + lock + look + names + record(0x0A, b""))
    out, bodies = start + lock + look, b""
    for name, (visibility, records) in sheets.items():
        out += bound(name, at + len(bodies), visibility)
        bodies += record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 1997, 0x41, 6))
        bodies += records + record(0x0A, b"")
    return compound({"Workbook": out + record(0x0A, b"") + bodies})


def bound(name: str, at: int, visibility: int) -> bytes:
    return record(0x85, struct.pack("<IBBBB", at, visibility, 0, len(name), 0) + name.encode("latin-1"))

"""How large may a list be before it is refused, and why there?"""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes above which a file is refused with a message, before it can use up the memory.

    Attributes:
        columns: columns of one table. A list has a few dozen; a spreadsheet program allows 16,384.
        cell_characters: characters of one cell. A spreadsheet program allows 32,767.
        record_bytes: bytes of one row of a CSV.
        file_bytes: bytes of the file as it lies on the disk.
        unpacked_bytes: bytes of all parts of a workbook once unpacked.
        packing_ratio: unpacked size over packed size of one part. Real sheets stay under about 60;
            the format's own ceiling is 1,032, which only a bomb comes near.
        entries: parts in a workbook.
        shared_text_bytes: bytes of the texts that a workbook's cells share, which are held in memory at once.
        kept_cells: cells of a workbook that are kept in memory after opening. A larger workbook is read again
            in each pass.
        empty_run: empty rows inside a sheet that are passed on one by one; a longer run is left out and noted.
    """

    columns: int = 2_000
    cell_characters: int = 1_000_000
    record_bytes: int = 16 * MEBIBYTE
    file_bytes: int = 4_096 * MEBIBYTE
    unpacked_bytes: int = 4_096 * MEBIBYTE
    packing_ratio: int = 250
    entries: int = 10_000
    shared_text_bytes: int = 256 * MEBIBYTE
    kept_cells: int = 4_000_000
    empty_run: int = 1_000

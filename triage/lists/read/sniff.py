"""What is this file, by its content and not by its name?"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Literal

from triage.errors import ListError
from triage.lists.read.limits import Limits

Container = Literal["text", "zip", "ole"]
Stamp = tuple[int, int]
HEAD = 64 * 1024

PICTURE = "is a picture ({}), not a list. Type the names into a spreadsheet, or ask for the list as .xlsx or .csv."
SAVE_AS = "Open it in the program that made it, save it as .xlsx or .csv, and try again."

# The first bytes of files that people hand over in place of a list.
KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", PICTURE.format("PNG")),
    (b"\xff\xd8\xff", PICTURE.format("JPEG")),
    (b"GIF8", PICTURE.format("GIF")),
    (b"II*\x00", PICTURE.format("TIFF")),
    (b"MM\x00*", PICTURE.format("TIFF")),
    (b"%PDF-", "is a PDF, not a list. Ask for the list that it was printed from, as .xlsx or .csv."),
    (b"{\\rtf", f"is a rich text document, not a list. {SAVE_AS}"),
    (b"\x1f\x8b", "is packed with gzip. Unpack it, and try again with the list inside."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive. Unpack it, and try again with the list inside."),
    (b"Rar!\x1a\x07", "is a RAR archive. Unpack it, and try again with the list inside."),
    (b"PAR1", "is a Parquet file. Save the list as .xlsx or .csv, and try again."),
    (b"SQLite format 3\x00", "is a database, not a list. Save the list as .xlsx or .csv, and try again."),
)
SAVE_IN_EXCEL = "Open it in Excel, choose File > Save As > Excel Workbook (.xlsx), and try again."
WEB_STARTS = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style", b"<body")


def look(path: Path, limits: Limits) -> Container:
    """What holds the list: plain text, a zip (XLSX) or an OLE container (.xls); anything else is refused."""
    check_file(path, limits)
    if path.name.startswith("~$"):
        raise ListError(
            f"{path.name} is a lock that Excel leaves beside an open list. "
            f"Choose {path.name[2:]} instead, and close it in Excel first."
        )
    with opened(path) as file:
        head = file.read(HEAD)
    if not head:
        raise ListError(f"{path.name} is empty: it has no rows. Check that the right file was chosen.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    refuse_known(path, head)
    return "text"


def check_file(path: Path, limits: Limits) -> None:
    """Raise ListError unless there is a file of a bearable size."""
    try:
        facts = path.stat()
    except OSError as error:
        raise not_opened(path, error) from None
    except ValueError:
        raise ListError("A file name with a NUL character in it cannot be opened. Check the name.") from None
    if stat.S_ISDIR(facts.st_mode):
        raise ListError(f"{path.name or path} is a folder. Choose one list inside it.")
    if not stat.S_ISREG(facts.st_mode):
        raise ListError(f"{path.name} is not a file. Save the list as .xlsx or .csv, and try again.")
    if facts.st_size > limits.file_bytes:
        raise ListError(
            f"{path.name} is too large: {facts.st_size / 2**20:,.0f} MB, and the most that is read is "
            f"{limits.file_bytes / 2**20:,.0f} MB. Split it into several lists."
        )


def opened(path: Path) -> BinaryIO:
    """The file, open for reading bytes; raises ListError where it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        raise not_opened(path, error) from None


def stamp(path: Path) -> Stamp:
    """Size and time of the file, to notice when another program changes it."""
    try:
        facts = path.stat()
    except OSError as error:
        raise not_opened(path, error) from None
    return facts.st_size, facts.st_mtime_ns


def check_unchanged(path: Path, before: Stamp) -> None:
    """Raise ListError if the file is no longer what it was when `before` was taken."""
    if stamp(path) != before:
        raise ListError(
            f"{path.name} was changed by another program while it was being read. Close it there, and try again."
        )


def not_opened(path: Path, error: OSError) -> ListError:
    """The message for a file that the operating system does not give."""
    if isinstance(error, FileNotFoundError):
        return ListError(f"{path.name} was not found. Check its name and its folder: {path}.")
    if isinstance(error, PermissionError):
        return ListError(
            f"{path.name} may not be read: permission was denied. Close it if it is open in another program, "
            "and check that you may open it."
        )
    reason = os.strerror(error.errno) if error.errno else "unknown reason"
    return ListError(f"{path.name} could not be opened ({reason}). Copy it to this computer, and try again.")


def refuse_known(path: Path, head: bytes) -> None:
    """Raise ListError for a picture, a document, an archive, a web page or anything else that is not text."""
    for start, what in KNOWN:
        if head.startswith(start):
            raise ListError(f"{path.name} {what}")
    if head.startswith(b"BM") and b"\x00\x00\x00\x00" in head[4:16]:
        raise ListError(f"{path.name} {PICTURE.format('BMP')}")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise ListError(f"{path.name} {PICTURE.format('WebP')}")
    if head[4:8] == b"ftyp":
        raise ListError(f"{path.name} {PICTURE.format('HEIC')}")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2048].lower()
    if start.startswith(WEB_STARTS):
        raise ListError(f"{path.name} is a web page, whatever its ending. {SAVE_IN_EXCEL}")
    if start.startswith((b"<?xml", b"<workbook")):
        raise ListError(f"{path.name} is an XML file, not a list of rows. {SAVE_IN_EXCEL}")

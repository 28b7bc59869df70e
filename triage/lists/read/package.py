"""Which parts does a workbook's zip hold, and are they safe to unpack?"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from triage.errors import ListError
from triage.lists.read.limits import Limits
from triage.lists.read.sniff import SAVE_AS, SAVE_IN_EXCEL, Stamp, check_unchanged, not_opened, stamp

BLOCK = 1024 * 1024
# Below this size a part is too small to do harm, however well it is packed.
SMALL = 10 * 1024 * 1024
READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True)
class Package:
    """The parts of a workbook by name, in small letters. Nothing is unpacked before `part` is called."""

    path: Path
    stamp: Stamp
    entries: dict[str, zipfile.ZipInfo]

    def has(self, name: str) -> bool:
        return name.lower().lstrip("/") in self.entries

    def part(self, name: str) -> Iterator[bytes]:
        """The part in blocks; raises ListError where it is not there or cannot be unpacked."""
        entry = self.entries.get(name.lower().lstrip("/"))
        if entry is None:
            raise damaged(self.path, "a part of it is missing")
        check_unchanged(self.path, self.stamp)
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(entry) as stream:
                while block := stream.read(BLOCK):
                    yield block
        except READ_ERRORS:
            raise damaged(self.path, "a part of it cannot be unpacked") from None


def open_package(path: Path, limits: Limits) -> Package:
    """The zip in `path` after checks that need no unpacking; raises ListError."""
    at = stamp(path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except PermissionError as error:
        raise not_opened(path, error) from None
    except READ_ERRORS:
        raise damaged(path, "its end is missing, as after a download that broke off") from None
    check_sizes(path, found, limits)
    return Package(path, at, {entry.filename.lower().lstrip("/"): entry for entry in found})


def check_sizes(path: Path, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise ListError where unpacking could use up the memory or the disk, or needs a password."""
    bomb = f"{path.name} would unpack to far more than a list can be{{}} and was not opened. {SAVE_AS}"
    if len(entries) > limits.entries:
        raise ListError(bomb.format(f" ({len(entries):,} parts)"))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise ListError(bomb.format(f" ({unpacked / 2**20:,.0f} MB)"))
    if any(
        entry.file_size > SMALL and entry.file_size > limits.packing_ratio * max(1, entry.compress_size)
        for entry in entries
    ):
        raise ListError(bomb.format(f" ({unpacked / 2**20:,.0f} MB out of {path.stat().st_size / 2**20:,.1f} MB)"))
    if sum(entry.compress_size for entry in entries) > path.stat().st_size:
        raise ListError(bomb.format(" (its parts overlap)"))
    if any(entry.flag_bits & 1 for entry in entries):
        raise ListError(f"{path.name} is a zip archive with a password. Unpack it, and try again with the list inside.")


def damaged(path: Path, why: str) -> ListError:
    """The message for a workbook that breaks off or lacks something."""
    return ListError(
        f"{path.name} is damaged: {why}. Fetch it again; or open it in Excel, let Excel repair it, save it as "
        ".xlsx, and try again."
    )


def target(base: str, link: str) -> str:
    """The part that a link in the part `base` points to."""
    if link.startswith("/"):
        return posixpath.normpath(link).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), link))


def refuse_others(package: Package) -> None:
    """Raise ListError where the zip is something else than an XLSX workbook."""
    name, names = package.path.name, package.entries
    if not names:
        raise damaged(package.path, "there is nothing in it")
    if "xl/workbook.bin" in names:
        raise ListError(f"{name} is a binary workbook (.xlsb). {SAVE_IN_EXCEL}")
    if any(part.startswith("word/") for part in names):
        raise ListError(f"{name} is a Word document. Copy its table into a spreadsheet, and save that as .xlsx.")
    if any(part.startswith("ppt/") for part in names):
        raise ListError(f"{name} is a PowerPoint file. Copy its table into a spreadsheet, and save that as .xlsx.")
    if any(part.endswith(".iwa") for part in names) or "index.zip" in names:
        raise ListError(
            f"{name} is a Numbers file. Open it in Numbers, choose File > Export To > Excel, and try again."
        )
    if package.has("mimetype") and "opendocument" in first_text(package, "mimetype"):
        raise ListError(
            f"{name} is an OpenDocument file. Open it, choose File > Save As > Excel Workbook (.xlsx), and try again."
        )
    if "[content_types].xml" not in names and "xl/workbook.xml" not in names:
        raise ListError(f"{name} is a zip archive. Unpack it, and try again with the list inside.")


def first_text(package: Package, name: str) -> str:
    return next(package.part(name), b"")[:200].decode("ascii", "replace")

"""What is inside an OLE container: an old .xls workbook, a protected one, or something else?"""

from __future__ import annotations

import mmap
from pathlib import Path

from triage.errors import ListError
from triage.lists.read.sniff import SAVE_AS, opened


def check_ole(path: Path) -> None:
    """Return where the container holds an old Excel workbook; raises ListError for all else.

    Only the names in the container's directory are looked for, so a damaged file cannot lead astray.
    """
    if holds(path, "EncryptedPackage"):
        raise protected(path)
    if holds(path, "WordDocument"):
        raise ListError(f"{path.name} is a Word document. Copy its table into a spreadsheet, and save that as .xlsx.")
    if holds(path, "__substg1.0_"):
        raise ListError(f"{path.name} is an Outlook message. Save the list attached to it, and choose that.")
    if not (holds(path, "Workbook") or holds(path, "Book")):
        raise ListError(f"{path.name} is not a workbook, whatever its ending. {SAVE_AS}")


def holds(path: Path, name: str) -> bool:
    """Whether an entry of this name stands somewhere in the container."""
    with opened(path) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(name.encode("utf-16-le")) >= 0


def protected(path: Path) -> ListError:
    """The message for a workbook that needs a password."""
    return ListError(
        f"{path.name} is protected with a password. Open it in Excel, choose File > Info > Protect Workbook > "
        "Encrypt with Password, clear the password, save, and try again."
    )

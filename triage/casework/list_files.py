"""Where is an uploaded list while it is read? In a folder of its own, which is gone afterwards.

The file names people. Its bytes are kept in the table of identities alone; a program reads files, so it is laid out
for as long as it is read.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "ltu-list-"
#: What a process that was ended left behind goes after so many seconds.
_LEFT_BEHIND = 3_600
#: Endings that a list can have.
ENDINGS = (".csv", ".xlsx", ".xls", ".xlsm", ".tsv", ".txt")


@contextmanager
def laid_out(data: bytes, ending: str) -> Generator[Path]:
    """The bytes of a list as a file that only this account can read."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        path = Path(folder) / f"list{ending}"
        path.write_bytes(data)
        yield path


def ending_of(name: str) -> str:
    """The ending of a file's name. Nothing else of the name is kept: it may hold a person's."""
    ending = Path(name.replace("\\", "/")).suffix.lower()
    return ending if ending in ENDINGS else ""


def _sweep() -> None:
    """Take away what a process that was ended has left behind."""
    before = time.time() - _LEFT_BEHIND
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            found = folder.lstat()
        except FileNotFoundError:
            continue
        if found.st_uid == os.getuid() and found.st_mtime < before and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)

"""Builds the corpus of lists with file-level trouble, the same bytes each time, into a folder.

    python -m tests.golden.malformed.build FOLDER

Nothing dangerous is kept in the repository: bombs are made when they are needed, and are small on the disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.golden.malformed import books, broken, others, texts
from tests.golden.malformed.registry import CASES, SECRET, Case

__all__ = ["CASES", "MODULES", "SECRET", "Case", "build"]
MODULES = (texts, others, books, broken)


def build(name: str, folder: Path) -> Path:
    """The path of one case, put into a folder of its own."""
    place = folder / name
    place.mkdir(parents=True)
    path = place / CASES[name].file
    CASES[name].make(path)
    return path


if __name__ == "__main__":
    for one in CASES:
        print(build(one, Path(sys.argv[1])))

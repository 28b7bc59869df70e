"""Which reader does a file need?"""

from __future__ import annotations

from pathlib import Path

from triage.lists.read.csv_file import open_csv
from triage.lists.read.limits import Limits
from triage.lists.read.sniff import look
from triage.lists.read.source import Source


def open_list(path: Path, limits: Limits) -> Source:
    """The list in `path`, by its content; raises ListError where it cannot be read."""
    look(path, limits)
    return open_csv(path, limits)

"""What stands in a file that a person hands over, row by row, before anyone asks what it means?"""

from __future__ import annotations

from triage.lists.read.limits import Limits
from triage.lists.read.opening import open_source
from triage.lists.read.source import Chunk, Source, SourceColumn, SourceTable

__all__ = ["Chunk", "Limits", "Source", "SourceColumn", "SourceTable", "open_source"]

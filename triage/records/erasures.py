"""What was erased, so that a restored backup does not bring it back?

A line holds no id: a keyed digest of it, with which an id that is there can be recognised. It is written before the
erasure is committed, so that no erasure can be forgotten; one that was not finished is done when the service starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from triage.records.keys import Keys
from triage.records.ledger import Contents, Ledger
from triage.records.plain import now

#: The name of the file in the data folder.
NAME = "erasures.jsonl"
#: Everything about one client, or the names of one list.
Kind = Literal["assessment", "list"]


@dataclass(frozen=True)
class Erasures:
    """What the file says.

    Attributes:
        contents: its lines, and which of them cannot be trusted.
        assessments, lists: digests of the ids of what was erased.
    """

    contents: Contents
    assessments: frozenset[str]
    lists: frozenset[str]

    @property
    def entries(self) -> list[tuple[int, str]]:
        """Of each erasure the event that was to note it, and when."""
        return [(line.entry["seq"], line.entry["at"]) for line in self.contents.lines]


def digest(keys: Keys, kind: Kind, row_id: str) -> str:
    """How a line names what was erased."""
    return keys.digest(f"erasure of {kind}", row_id)


def note(path: Path, keys: Keys, kind: Kind, row_id: str, seq: int) -> None:
    """Write down what event `seq` is about to erase. It is on the disk when this returns.

    Raises:
        RecordsError: the file cannot be written. Then nothing may be erased.
    """
    entry = {"kind": kind, "digest": digest(keys, kind, row_id), "seq": seq, "at": now()}
    Ledger(path, "erasure", keys).append(lambda _: entry)


def read(path: Path, keys: Keys) -> Erasures:
    """What the file at `path` says; nothing where there is none.

    Raises:
        RecordsError: the file cannot be read.
    """
    contents = Ledger(path, "erasure", keys).read()
    entries: list[Any] = [line.entry for line in contents.lines]
    by_kind = {
        kind: frozenset(str(entry["digest"]) for entry in entries if entry["kind"] == kind)
        for kind in ("assessment", "list")
    }
    return Erasures(contents, by_kind["assessment"], by_kind["list"])

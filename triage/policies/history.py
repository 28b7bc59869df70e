"""Which policies were in force one after another, who changed it, and why?

Each line of `history.jsonl` has a number and names the line that it follows. A line is written before the pointer
names it: so the lines that count are those that the pointer leads back to. One that a kill left without a pointer
counts for nothing, and stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from triage.errors import PolicyError

#: The two files that say what is in force, and what was.
POINTER, HISTORY = "in-force.json", "history.jsonl"

Kind = Literal["promoted", "back"]


@dataclass(frozen=True)
class Entry:
    """One change of what is in force.

    Attributes:
        number: of the line, from 1.
        follows: the number of the change before it; 0 for the first.
        kind: "promoted", or "back" for a return to an earlier policy.
        version: of the policy that came into force.
        sha256: of its file, in hexadecimal.
        before: the version that was in force until then; empty for none.
        by, why, at: who did it, why, and when (UTC).
    """

    number: int
    follows: int
    kind: Kind
    version: str
    sha256: str
    before: str
    by: str
    why: str
    at: str


@dataclass(frozen=True)
class Pointer:
    """What `in-force.json` says.

    Attributes:
        version, sha256: of the cut-offs file in force.
        by, at: who put it in force, and when (UTC).
        entry: the number of the line of the history, from 1.
        demonstration: True where the folder is that of a demonstration.
    """

    version: str
    sha256: str
    by: str
    at: str
    entry: int
    demonstration: bool

    @property
    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


Kept = TypeVar("Kept", Entry, Pointer)
_TYPES: Mapping[str, type] = {"int": int, "bool": bool}


def read_pointer(folder: Path) -> Pointer | None:
    """What is in force in `folder`; None where nothing ever was.

    Raises:
        PolicyError: the file is damaged, or cannot be read.
    """
    path = folder / POINTER
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError):
        raise PolicyError(f"{path} cannot be read, so nobody can tell which policy is in force.") from None
    found = _made(Pointer, _parsed(text))
    # The version becomes the name of a file.
    if found is None or found.entry < 1 or not found.version or Path(found.version).name != found.version:
        raise PolicyError(
            f"{path} is damaged, so nobody can tell which policy is in force. Bring it back from a backup, or move it"
            " away and promote a policy again."
        )
    return found


def read_history(folder: Path, pointer: Pointer | None) -> list[Entry]:
    """Every change that counts, from the first to the last.

    Raises:
        PolicyError: a line that counts is missing or damaged.
    """
    if pointer is None:
        return []
    known = {entry.number: entry for entry in all_entries(folder)}
    found: list[Entry] = []
    number = pointer.entry
    while number:
        entry = known.get(number)
        if entry is None or entry.follows >= number:
            raise PolicyError(
                f"{folder / HISTORY} does not hold change {number}, or it was damaged. Bring the file back from a"
                " backup. The policy in force stays so."
            )
        found.append(entry)
        number = entry.follows
    if (found[0].version, found[0].sha256) != (pointer.version, pointer.sha256):
        raise PolicyError(f"{folder / HISTORY} and {POINTER} name different policies: one of them was changed.")
    return found[::-1]


def all_entries(folder: Path) -> list[Entry]:
    """Every whole line, those that count for nothing among them.

    Raises:
        PolicyError: the file cannot be read.
    """
    path = folder / HISTORY
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise PolicyError(f"{path} cannot be read: {problem.strerror}.") from None
    made = (_made(Entry, _parsed(line)) for line in lines if line)
    return [entry for entry in made if entry is not None]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _made(kind: type[Kept], data: Any) -> Kept | None:
    """`data` as a `kind`; None where it is not one."""
    # Annotations are texts here; any other is a choice of texts.
    wanted = {field.name: _TYPES.get(str(field.type), str) for field in fields(kind)}
    if not isinstance(data, dict) or set(data) != set(wanted):
        return None
    if any(type(data[name]) is not known for name, known in wanted.items()):
        return None
    return kind(**data)

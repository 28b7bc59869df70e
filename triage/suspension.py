"""Is scoring turned off on this machine? A file in the data folder says so, and every door heeds it.

The folder is `$LTU_DATA`, or `ltu-triage` where programs keep their data. `ltu-triage suspend` writes the file.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from triage.errors import SuspendedError

_NAME = "suspended.json"
_UNREADABLE = "The note that says why cannot be read."
#: The shortest and the longest reason.
_REASON = (5, 300)


@dataclass(frozen=True)
class Suspension:
    """Why scoring is turned off, since when, and who did it."""

    reason: str
    by: str
    at: str


def data_folder() -> Path:
    """Where this machine keeps records, keys and the note that scoring is turned off."""
    return _data_folder(os.environ.get("LTU_DATA"), os.environ.get("XDG_DATA_HOME"))


@lru_cache(maxsize=8)
def _data_folder(given: str | None, home: str | None) -> Path:
    if given:
        return Path(given)
    return Path(home or Path.home() / ".local" / "share") / "ltu-triage"


@lru_cache(maxsize=8)
def _place(folder: Path) -> str:
    return str(folder / _NAME)


def suspended(folder: Path | None = None) -> Suspension | None:
    """The suspension that holds on this machine; None where scoring is on."""
    place = _place(folder or data_folder())
    # One look at the folder for each score, and nothing that could be out of date.
    try:
        os.stat(place)  # noqa: PTH116  # a Path would cost as much as the look
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return Suspension(_UNREADABLE, "", "")
    try:
        return Suspension(**json.loads(Path(place).read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError):
        # A note that cannot be read still means that somebody turned scoring off.
        return Suspension(_UNREADABLE, "", "")


def check_not_suspended(folder: Path | None = None) -> None:
    """Refuse to score while scoring is turned off.

    Raises:
        SuspendedError: it is, with the reason.
    """
    found = suspended(folder)
    if found is not None:
        raise SuspendedError(message(found))


def message(found: Suspension) -> str:
    """What everybody is told."""
    return (
        f"Scoring is turned off for now. {found.reason.rstrip('.')}. The checklist and the records go on working,"
        " and support goes on without a score."
    )


def plain_reason(text: str) -> str:
    """A reason as it is shown, in one line; empty where it is too short to be one, or too long to be read."""
    text = " ".join(text.split())
    return text if _REASON[0] <= len(text) <= _REASON[1] else ""


def suspend(found: Suspension, folder: Path) -> None:
    """Turn scoring off on this machine."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    working = folder / f".{_NAME}.{os.getpid()}"
    working.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
    working.replace(folder / _NAME)


def resume(folder: Path) -> bool:
    """Turn scoring on again; False where it was on."""
    try:
        (folder / _NAME).unlink()
    except FileNotFoundError:
        return False
    return True

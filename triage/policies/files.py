"""How is a file of the folder written so that a kill at any moment leaves the old one or the new one?"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from triage.errors import PolicyError, UsageError

#: The lock of the folder, and where a promotion is put together before any of it is in the folder.
_LOCK, _STAGE = ".lock", ".new"
#: Seconds to wait for somebody else who is promoting.
_PATIENCE = 30.0


@contextmanager
def changing(folder: Path) -> Iterator[Path]:
    """Hold the folder while it is changed; gives an empty folder in which new files are put together.

    Raises:
        PolicyError: somebody else holds it for too long, or it cannot be written to.
        UsageError: the extra is not installed.
    """
    try:
        # Imported here because whoever writes or reads evidence, as tuning does, changes no folder and has no lock.
        from filelock import FileLock, Timeout
    except ModuleNotFoundError:
        raise UsageError("Promoting needs the extra of the service: pip install 'ltu-triage[web]'.") from None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder / _LOCK, timeout=_PATIENCE, mode=0o600):
            stage = folder / _STAGE
            shutil.rmtree(stage, ignore_errors=True)
            stage.mkdir(mode=0o700)
            try:
                yield stage
            finally:
                shutil.rmtree(stage, ignore_errors=True)
    except Timeout:
        raise PolicyError(f"Somebody else is changing the policies in {folder} for too long. Try again.") from None
    except OSError as problem:
        raise PolicyError(f"The folder {folder} cannot be written to: {problem.strerror}.") from None


def write(path: Path, text: str) -> None:
    """Write a new file, and have it on the disk."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def move(staged: Path, folder: Path) -> None:
    """Put a file of the stage into the folder, on the disk and under its name at once."""
    with staged.open("rb+") as file:
        os.fsync(file.fileno())
    staged.replace(folder / staged.name)
    _sync(folder)


def replace(path: Path, text: str) -> None:
    """Put a file in the place of another one in one step: whoever reads finds the old one or the new one, whole."""
    working = path.with_name(f".{path.name}")
    write(working, text)
    working.replace(path)
    _sync(path.parent)


def append(path: Path, entry: dict[str, Any]) -> None:
    """Add a line of JSON, on the disk when this returns. A piece of a line that a kill left is ended first."""
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
    try:
        torn = not path.read_bytes().endswith(b"\n")
    except FileNotFoundError:
        torn = False
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write((b"\n" if torn else b"") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

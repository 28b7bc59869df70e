"""How is something written down outside the database, so that a change of the file is found as well?

A ledger is a file of JSON lines. Each line names the mark of the line before it, and bears a mark of its own that is
made with the audit key: a line that was changed, added, moved or taken out of the middle is found. A line is on the
disk when `append` returns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from triage.errors import RecordsError
from triage.records.keys import Keys
from triage.records.plain import canonical

Entry = Mapping[str, Any]
#: What the first line names as the mark before it.
_START = ""
_OWN = ("previous", "mac")
#: The last line is looked for in so many bytes at the end of the file.
_TAIL = 65_536
#: Seconds to wait for another process that is writing a line.
_PATIENCE = 30.0


@dataclass(frozen=True)
class Line:
    """One line that bears the right mark: its number in the file, from 1, and what it says."""

    number: int
    entry: Entry


@dataclass(frozen=True)
class Contents:
    """What a ledger says, and the numbers of the lines that cannot be trusted."""

    lines: tuple[Line, ...]
    damaged: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()


class Ledger:
    """An authenticated file of lines; several processes may write to it.

    Args:
        path: the file; it is made with the first line.
        purpose: a word that keeps the lines of one kind of ledger apart from those of another.
        keys: their audit key marks the lines.
    """

    def __init__(self, path: Path, purpose: str, keys: Keys) -> None:
        self.path = path
        self._purpose = purpose
        self._keys = keys

    def append(self, make: Callable[[Entry | None], Entry | None]) -> Entry | None:
        """Add the line that `make` gives when it is shown the last one; None where it wants none.

        Raises:
            RecordsError: the file cannot be written.
        """
        with self._locked():
            last = self._last()
            entry = make(last)
            if entry is None:
                return None
            line: dict[str, Any] = {**entry, "previous": str(last.get("mac", _START)) if last else _START}
            line["mac"] = self._mac(line)
            self._write(canonical(line))
            return {name: value for name, value in line.items() if name not in _OWN}

    def read(self) -> Contents:
        """Every line. A file that is not there has none.

        Raises:
            RecordsError: the file cannot be read.
        """
        lines: list[Line] = []
        damaged: list[int] = []
        broken: list[int] = []
        before: str | None = _START
        for number, text in enumerate(self._texts(), start=1):
            line = _parsed(text)
            if line is None or not self._is_ours(line):
                damaged.append(number)
                before = None
                continue
            if before is not None and line["previous"] != before:
                broken.append(number)
            before = line["mac"]
            lines.append(Line(number, {name: value for name, value in line.items() if name not in _OWN}))
        return Contents(tuple(lines), tuple(damaged), tuple(broken))

    def _is_ours(self, line: Entry) -> bool:
        try:
            return "previous" in line and compare_digest(str(line.get("mac")).encode(), self._mac(line).encode())
        except ValueError:
            # Signs or numbers that no line of ours has.
            return False

    def _mac(self, line: Entry) -> str:
        plain = {name: value for name, value in line.items() if name != "mac"}
        return self._keys.mac(f"{self._purpose}\0{canonical(plain)}")

    def _texts(self) -> Iterator[str]:
        try:
            with self.path.open(encoding="utf-8", errors="replace", newline="\n") as file:
                yield from file
        except FileNotFoundError:
            return
        except OSError as problem:
            raise RecordsError(f"{self.path} cannot be read: {problem.strerror}.") from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=_PATIENCE, mode=0o600):
                yield
        except Timeout:
            raise RecordsError(f"{self.path} is held by another program for too long. Try again.") from None
        except OSError as problem:
            raise RecordsError(f"{self.path} cannot be written: {problem.strerror}.") from None

    def _last(self) -> Entry | None:
        """The last whole line. A piece of a line at the end, left by a power cut, is taken away."""
        try:
            with self.path.open("r+b") as file:
                start = max(0, file.seek(0, os.SEEK_END) - _TAIL)
                file.seek(start)
                tail = file.read()
                whole = tail.rfind(b"\n") + 1
                if whole < len(tail):
                    file.truncate(start + whole)
        except FileNotFoundError:
            return None
        if not whole:
            return None
        line = tail[tail.rfind(b"\n", 0, whole - 1) + 1 : whole]
        return _parsed(line.decode("utf-8", "replace")) or {}

    def _write(self, text: str) -> None:
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(f"{text}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self.path.parent)


def sync_folder(folder: Path) -> None:
    """Have the name of a new file on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(text: str) -> dict[str, Any] | None:
    """The object on a whole line; None for anything else."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) and text.endswith("\n") else None

"""Which files does the corpus hold, and under which name is each handed over?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from triage.lists.read import Limits

# Stands in cells throughout the corpus. No message may ever repeat it.
SECRET = "Secretname"


@dataclass(frozen=True)
class Case:
    """One file: its name, and what puts it into a folder."""

    file: str
    make: Callable[[Path], None]
    limits: Limits


CASES: dict[str, Case] = {}


def case(file: str, limits: Limits | None = None) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Registers a function that returns the bytes of `file`; its name is the case's."""

    def register(content: Callable[[], bytes]) -> Callable[[], bytes]:
        add(content.__name__, file, lambda path: path.write_bytes(content()), limits)
        return content

    return register


def on_disk(file: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Registers a function that puts something at a path: a folder, a link, a file of unusual size."""

    def register(make: Callable[[Path], None]) -> Callable[[Path], None]:
        add(make.__name__, file, make, None)
        return make

    return register


def add(name: str, file: str, make: Callable[[Path], object], limits: Limits | None) -> None:
    if name in CASES:
        raise ValueError(f"two cases are called {name}")

    def put(path: Path) -> None:
        make(path)

    CASES[name] = Case(file, put, limits or Limits())

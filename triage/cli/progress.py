"""How far is it? A line on standard error, for work that takes longer than two seconds."""

from __future__ import annotations

import sys
import time

#: Seconds after which progress is shown.
PATIENCE = 2.0
_BAR = 24


class Progress:
    """Shows how much of the work is done; nothing where nobody sits at a terminal."""

    def __init__(self, things: str) -> None:
        self._things = things
        self._start = time.monotonic()
        self._shown = 0
        self._seen = sys.stderr.isatty()

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """Show that `done` of `total` things are done."""
        if not self._seen or time.monotonic() - self._start <= PATIENCE:
            return
        full = _BAR * done // max(total, 1)
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {done:,} of {total:,} {self._things}"
        line = f"{line}: {words}" if words else line
        print("\r" + line.ljust(self._shown), end="", file=sys.stderr, flush=True)
        self._shown = len(line)

    def clear(self) -> None:
        """Takes the line away."""
        if self._shown:
            print("\r" + " " * self._shown + "\r", end="", file=sys.stderr, flush=True)
            self._shown = 0

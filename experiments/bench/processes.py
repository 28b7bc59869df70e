"""How long does a command take in a process of its own, and how much memory at its peak?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What the kernel counts peak memory in.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds from start to end, seconds of processor time, peak memory in bytes, its words."""

    seconds: float
    processor: float
    peak: int
    said: str


def run(words: Sequence[str], allowed: Sequence[int] = (0,)) -> Run:
    """Runs this Python with `words` in the root of the repository.

    The kernel counts the memory of the process that starts another towards the other's peak, so this is to be called
    from a small process: the package's own main one, which imports nothing but the standard library.

    Raises:
        RuntimeError: it ended with an exit code that is not among `allowed`.
    """
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise RuntimeError(f"{' '.join(words)} ended with exit code {process.returncode}.\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _RSS_UNIT, said)

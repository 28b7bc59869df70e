"""Promotes a policy and goes back to an earlier one, killed at every step on the way, and says what was found after.

`python -m tests.unit.policies_killed FOLDER`: prints, as JSON by step, which policy was in force before and after, and
how many steps there are. Each kill is one of a child of this process, so that the engine is loaded once.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import triage
from tests.policies_case import Analyst, analyst_in
from triage.policies import Policies

#: Each of these is a step after which something else is on the disk.
STEPS = ((os, "fsync"), (os, "open"), (os, "unlink"), (os, "rename"), (os, "replace"), (os, "mkdir"))


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a child that kills itself before its step number `step`; False where there is no such step."""
    child = os.fork()
    if child == 0:
        count = 0

        def counted(plain: Callable[..., Any]) -> Callable[..., Any]:
            def call(*given: Any, **named: Any) -> Any:
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return plain(*given, **named)

            return call

        for module, name in STEPS:
            setattr(module, name, counted(getattr(module, name)))
        try:
            work()
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def found_after(folder: Path, analyst: Analyst) -> tuple[str, list[str]]:
    """What is in force, checked with its signature, and every version that the history names."""
    policies = Policies(folder)
    promoted = policies.in_force(analyst.public)
    assert promoted is not None
    return promoted.version, [entry.version for entry in policies.history()]


def every_kill(name: str, start: Path, analyst: Analyst, work: Callable[[Analyst], object]) -> list[Any]:
    """What stood in the folder after a kill at each step, and after the same work once more."""
    seen: list[Any] = []
    step, was_killed = 0, True
    while was_killed:
        step += 1
        folder = start.with_name(f"{name}-{step}")
        shutil.copytree(start, folder)
        analyst.policies = Policies(folder)
        was_killed = killed_at(step, lambda: work(analyst))
        after = found_after(folder, analyst)
        if after[0] == "pace-start-2026-11-22.2":
            # Nothing came of it, so it can be done again.
            work(analyst)
        seen.append([*after, *found_after(folder, analyst)])
        shutil.rmtree(folder)
    return seen


def main() -> None:
    """Do it, and print what was found."""
    whole = analyst_in(Path(sys.argv[1]), triage.load())
    for share in (25, 26):
        whole.promote(share)
    start = whole.policies.folder
    print(json.dumps({
        "promote": every_kill("promote", start, whole, lambda analyst: analyst.promote(27)),
        "back": every_kill("back", start, whole, lambda analyst: analyst.back("pace-start-2026-11-22.1")),
    }))  # fmt: skip


if __name__ == "__main__":
    main()

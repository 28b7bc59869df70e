"""How do the packaging tests build and run things outside the test process?"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    """The finished process; an exit code outside `ok` fails the test with everything that was printed."""
    ours = ("PYTHON", "COV", "LTU_")
    env = {name: value for name, value in os.environ.items() if name == "LTU_DATA" or not name.startswith(ours)}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode in ok, f"{command} gave {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def build(source: Path, target: str, into: Path) -> Path:
    """The one file that hatchling builds of `source`: target is wheel or sdist."""
    run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", into, cwd=source)
    [built] = into.iterdir()
    return built


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel and its declared dependencies, and a folder to work in."""

    bin: Path
    cwd: Path

    def python(self, script: str, *args: str) -> str:
        """What `script` prints there; a warning is an error."""
        return run(self.bin / "python", "-W", "error", "-c", script, *args, cwd=self.cwd).stdout

    def command(self, *args: str, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """The finished `ltu-triage` with these arguments."""
        return run(self.bin / "ltu-triage", *args, cwd=self.cwd, ok=ok)

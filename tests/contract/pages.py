"""What do the pages say a reader can type, and does it print what they show?

- A `console` block holds commands after `$ ` and what each prints. A line `...` stands for lines left out.
- The `python` blocks of a page are one program; a `text` block after one is what it prints.
- A `yaml file=NAME` block is a file that the commands after it use.
- A `sh` block is not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.packaging.building import ROOT

_FENCE = re.compile(r"^\s*```(.*)$")
_BETWEEN = "\x00"
#: What the commands of a page may read. They write beside it.
_SEEN = ("checklist", "features", "models", "docs", "tests")


@dataclass(frozen=True)
class Block:
    """One fenced block: its info string, its lines, and the line it starts on."""

    info: str
    lines: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Step:
    """One command and the lines that the page shows after it."""

    command: str
    shown: tuple[str, ...]


def pages() -> list[Path]:
    """The README and every page of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    """How a test calls a page."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    info: str | None = None
    lines: list[str] = []
    for at, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence is None:
            lines.append(line)
        elif info is None:
            info, lines = fence[1].strip(), []
        else:
            found.append(Block(info, tuple(lines), at - len(lines)))
            info = None
    assert info is None, f"{page.name}: a block is not closed"
    return found


def steps(block: Block) -> Iterator[Step]:
    """The commands of a `console` block."""
    command, shown = "", []
    for line in block.lines:
        if line.startswith("$ "):
            if command:
                yield Step(command, tuple(shown))
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command:
        yield Step(command, tuple(shown))


def commands() -> list[str]:
    """Every command of every page."""
    found = [block for page in pages() for block in blocks(page) if block.info == "console"]
    return [step.command for block in found for step in steps(block)]


def python_parts(page: Path) -> list[tuple[str, tuple[str, ...] | None]]:
    """The `python` blocks of a page, each with the `text` block that follows it; None where none does."""
    found = blocks(page)
    return [
        ("\n".join(block.lines), after.lines if after is not None and after.info == "text" else None)
        for block, after in zip(found, [*found[1:], None], strict=True)
        if block.info == "python"
    ]


def run_page(page: Path, where: Path) -> None:
    """Run everything that a page shows in the folder `where`, and compare what it prints."""
    for name in _SEEN:
        (where / name).symlink_to(ROOT / name)
    (where / "out").mkdir()
    for block in blocks(page):
        if block.info.startswith("yaml file="):
            (where / block.info.removeprefix("yaml file=")).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.info == "console":
            for step in steps(block):
                _run_step(step, where)
    _run_python(python_parts(page), where)


def _run_step(step: Step, where: Path) -> None:
    done = _run("bash", "-c", made(step.command), where=where)
    # 3 says that some clients of a list were not scored, 2 that a message is the point of the example.
    wanted = {2} if step.shown and step.shown[0].startswith("ltu-triage:") else {0, 3}
    assert done.returncode in wanted, f"$ {step.command}\n{done.stdout}"
    check_shown(step.shown, done.stdout, step.command)


def _run_python(parts: Sequence[tuple[str, tuple[str, ...] | None]], where: Path) -> None:
    if not parts:
        return
    program = "".join(f"{code}\nprint({_BETWEEN!r})\n" for code, _ in parts)
    done = _run(sys.executable, "-W", "error", "-c", program, where=where)
    assert done.returncode == 0, done.stdout
    for (code, shown), printed in zip(parts, done.stdout.split(f"{_BETWEEN}\n"), strict=False):
        check_shown(shown or (), printed, code)


def _run(*words: str, where: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "LTU_"))}
    env |= {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    # A page that turns scoring off turns it off for itself alone.
    env["LTU_DATA"] = str(where / "data")
    return subprocess.run(
        words, cwd=where, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )


def made(command: str) -> str:
    """The command itself, or what `make TARGET` runs once everything is set up."""
    target = re.fullmatch(r"make ([a-z-]+)", command)
    if target is None:
        return command
    told = subprocess.run(["make", "-n", "-C", ROOT, target[1]], capture_output=True, encoding="utf-8", check=True)
    lines = told.stdout.replace("\\\n", " ").splitlines()
    [line] = [line for line in lines if line.startswith(".venv/bin/ltu-triage")]
    return line.replace(".venv/bin/", "")


def check_shown(shown: Sequence[str], printed: str, what: str) -> None:
    """Fails where the lines that a page shows are not those that were printed."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"\n" for line in shown)
    real = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    assert re.fullmatch(pattern, real), f"$ {what}\n\nThe page shows:\n{chr(10).join(shown)}\n\nIt prints:\n{real}"

"""Does the guide for partners do what it says? Its commands and its program are run against the service."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.contract.pages import ROOT, Block, blocks, check_shown
from tests.web.partners import make_key
from tests.web.service import Live
from triage.casework.api_keys import SCOPES

GUIDE = ROOT / "docs" / "guides" / "partners-api.md"
_BETWEEN = "\x00"


def shown(kind: str) -> list[tuple[str, tuple[str, ...]]]:
    """The blocks of a kind with what each prints."""
    found: list[Block] = [*blocks(GUIDE), Block("", (), 0)]
    return [
        ("\n".join(block.lines), after.lines if after.info == "text" else ())
        for block, after in pairwise(found)
        if block.info == kind
    ]


def run(words: Sequence[str], live: Live, where: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "LTU_"))}
    key = make_key(live)[1]
    environment = {**kept, "LTU": live.address, "KEY": key, "PYTHONUTF8": "1"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
    done = subprocess.run(
        words, cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
def test_the_commands_print_what_the_guide_shows(live: Live, tmp_path: Path) -> None:
    found = shown("sh api")
    assert len(found) >= 3
    for command, lines in found:
        check_shown(lines, run(["bash", "-c", f"set -e -o pipefail\n{command}"], live, tmp_path), command)


@pytest.mark.slow
def test_the_program_prints_what_the_guide_shows(live: Live, tmp_path: Path) -> None:
    found = shown("python api")
    assert len(found) >= 4
    program = "".join(f"{code}\nprint({_BETWEEN!r})\n" for code, _ in found)
    printed = run([sys.executable, "-W", "error", "-c", program], live, tmp_path).split(f"{_BETWEEN}\n")
    for (code, lines), text in zip(found, printed, strict=False):
        check_shown(lines, text, code)


def test_the_guide_names_every_scope_and_the_codes_of_refusals() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for word in (*SCOPES, "version_not_in_force", "objected", "conflict", "suspended"):
        assert f"`{word}`" in text, word

"""Does each list with file-level trouble give exactly the message, or the rows, that were agreed?

A difference here is one that a person would see. `python -m tests.golden.malformed.record` writes the golden file
anew; read what changed.
"""

from __future__ import annotations

import logging
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.malformed.build import CASES, SECRET, build
from tests.golden.malformed.record import EXPECTED, outcome

GOLDEN: dict[str, Any] = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
# Files made to use up the memory: reading them may not take much more than the file's own size.
BOMBS = [
    "two_million_columns",
    "two_million_columns_below_a_heading",
    "one_endless_line",
    "entity_bomb",
    "zip_bomb",
    "zip_that_claims_eight_gigabytes",
    "zip_of_too_many_parts",
    "zip_with_overlapping_parts",
    "formatted_down_to_the_last_row",
    "stray_cell_at_the_very_bottom",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_gives_what_was_agreed(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The message, the notes and the cells; and nothing is printed or logged on the way."""
    with caplog.at_level(logging.DEBUG):
        found = outcome(build(name, tmp_path), CASES[name].limits)
    assert found == GOLDEN[name]
    assert not caplog.text
    assert capfd.readouterr() == ("", "")


def test_every_case_is_agreed_upon_and_there_are_enough() -> None:
    assert list(GOLDEN) == list(CASES)
    assert len(CASES) >= 45


def test_no_message_repeats_a_cell() -> None:
    """What stands in a cell may be personal: messages and notes end up in e-mails to a help desk."""
    for name, found in GOLDEN.items():
        said = [found.get("refused", ""), *found.get("notes", [])]
        assert not [one for one in said if SECRET.lower() in one.lower()], name


def test_every_refusal_says_which_file_and_what_to_do() -> None:
    """Somebody in a draughty hall has to get on with it: a bare 'cannot read' helps nobody."""
    advice = (
        "try again",
        "Check ",
        "Choose ",
        "Ask for",
        "Save ",
        "save ",
        "Split it",
        "Unpack it",
        "Copy ",
        "ask for",
    )
    for name, found in GOLDEN.items():
        if "refused" in found:
            assert found["refused"].startswith(CASES[name].file), name
            assert any(word in found["refused"] for word in advice), name


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_use_up_the_memory(name: str, tmp_path: Path) -> None:
    """The computer of an adviser must not freeze over one bad file."""
    path = build(name, tmp_path)
    tracemalloc.start()
    outcome(path, CASES[name].limits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150 * 2**20 + 3 * path.stat().st_size


def test_the_corpus_is_built_the_same_each_time(tmp_path: Path) -> None:
    """Otherwise a failure could not be repeated."""
    for name in ("plain_workbook", "workbook_with_password", "old_workbook_in_full", "gzip_named_csv"):
        first, second = build(name, tmp_path / "first"), build(name, tmp_path / "second")
        assert first.read_bytes() == second.read_bytes()

"""Does the first page do what it says? Its commands and its example are run, and print what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.pages import ROOT, python_parts, run_page

README = ROOT / "README.md"
#: What a reader sees before scrolling: a laptop shows about so many lines of a page.
FIRST_SCREEN = 45


@pytest.mark.slow
def test_what_the_readme_shows_is_what_is_printed(tmp_path: Path) -> None:
    """A newcomer types what the first page says and sees something else."""
    run_page(README, tmp_path)
    assert (tmp_path / "out" / "attendance-scored.xlsx").is_file()


def test_the_example_is_six_lines_with_its_output() -> None:
    """The first example is too long to read at a glance."""
    [(code, shown)] = python_parts(README)
    assert len([line for line in code.splitlines() if line]) <= 6
    assert shown


def test_the_first_screen_says_what_it_is_for_what_not_and_how_to_run_it() -> None:
    """A reader has to scroll to learn what must not be done with a score."""
    top = "\n".join(README.read_text(encoding="utf-8").splitlines()[:FIRST_SCREEN])
    for needed in ("estimates", "**Not for** benefit conditionality", "no\noutcomes", "make run", "explained.svg"):
        assert needed in top


def test_the_picture_has_words_for_people_who_do_not_see_it() -> None:
    [words] = re.findall(r"!\[([^]]+)\]\(docs/images/explained\.svg\)", README.read_text(encoding="utf-8"))
    assert "12 in 100" in words
    assert "range of 9 to 23" in words


def test_the_readme_keeps_the_figures_of_another_model_away() -> None:
    """The DWP's figures stand beside ours as if they were ours."""
    text = README.read_text(encoding="utf-8")
    assert not [figure for figure in ("DWP", "0.795", "33%", "94%", "96%") if figure in text]

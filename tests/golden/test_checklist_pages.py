"""Does the checklist, on the screen and on paper, still read as it was agreed?"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from triage.cli import checklist as door

TINY = str(Path(__file__).parent / "tiny")
Golden = Callable[[str, str], None]


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `ltu-triage WORDS` prints."""
    parser = argparse.ArgumentParser()
    door.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    assert args.func(args) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checklist.txt", ["checklist"]),
        ("form.html", ["checklist", "--form"]),
        ("form.txt", ["checklist", "--form", "--text"]),
        ("form-event.html", ["checklist", "--form", "event"]),
        ("form-event.txt", ["checklist", "--form", "event", "--text"]),
        ("services.txt", ["services", "--on", "2026-10-31"]),
        ("tiny/checklist.txt", ["checklist", "--checklist", TINY]),
        ("tiny/checklist.json", ["checklist", "--json", "--checklist", TINY]),
        ("tiny/form.html", ["checklist", "--form", "--checklist", TINY]),
        ("tiny/form.txt", ["checklist", "--form", "--text", "--checklist", TINY]),
        ("tiny/form-event.html", ["checklist", "--form", "event", "--checklist", TINY]),
        ("tiny/form-event.txt", ["checklist", "--form", "event", "--text", "--checklist", TINY]),
        ("tiny/services.txt", ["services", "--on", "2026-10-31", "--checklist", TINY]),
        (
            "tiny/services-northtown.txt",
            ["services", "--on", "2026-10-01", "--area", "NORTHTOWN", "--checklist", TINY],
        ),
    ],
)
def test_people_read_what_was_agreed(
    name: str, words: list[str], golden: Golden, capsys: pytest.CaptureFixture[str]
) -> None:
    golden(name, printed(capsys, *words))

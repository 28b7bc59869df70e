"""Do the pages on which people read the model still say what was agreed?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from triage.cli.main import main

Golden = Callable[[str, str], None]

#: A client whose answers are invented.
CLIENT = [
    "age=57",
    "qualifications=nat 5",
    "area=falkirk",
    "driving_licence=no",
    "household=alone",
    "confidence=declined",
]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("points.txt", ["points"]),
        ("points.csv", ["points", "--as", "csv"]),
        ("points.html", ["points", "--as", "html"]),
        ("card.md", ["model", "card"]),
        ("cutoffs-check.txt", ["cutoffs", "check", "models/cutoffs/default.yaml"]),
        ("explain.txt", ["explain", *CLIENT, "--on", "2026-11-02"]),
        ("explain.json", ["explain", *CLIENT, "--on", "2026-11-02", "--json"]),
        ("explain-few.txt", ["explain", "age=57", "--on", "2026-11-02"]),
        (
            "explain-early.txt",
            ["explain", *CLIENT, "redundancy_status=under_notice", "complex_needs=yes", "--on", "2026-11-02"],
        ),
    ],
)
def test_people_read_what_was_agreed(
    name: str, words: list[str], golden: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.cli.explain.can_show_blocks", lambda: True)
    assert main(words) == 0
    golden(name, capsys.readouterr().out)


def test_the_points_fit_one_page_of_text() -> None:
    """An A4 page in a small type holds about 100 lines of 100 letters."""
    from triage import load
    from triage.cli.points_page import points_text

    lines = points_text(load()).splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines[6:])) <= 100

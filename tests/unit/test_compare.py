"""Does `compare` say whose band moves, and nobody else's?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from triage.cli.main import main

HEAD = "Name,Age,Highest qualification,Driving licence,Own vehicle,Lives with,Council area\n"
ROWS = [
    "Invented One,23,degree,full,yes,partner,Fife",
    "Invented Two,57,none,no,no,alone,Dundee City",
    "Invented Three,50,higher,full,no,alone,Glasgow",
    "Invented Four,40,,,,,",
]


@pytest.fixture
def attendance(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def looser(tmp_path: Path) -> Path:
    """Cut-offs that offer the most support to far more people."""
    text = Path("models/cutoffs/default.yaml").read_text(encoding="utf-8")
    path = tmp_path / "looser.yaml"
    path.write_text(
        text.replace("share: 30", "probability: 0.05")
        .replace("share: 8", "probability: 0.15")
        .replace('"2026.1"', '"looser"'),
        encoding="utf-8",
    )
    return path


def test_each_row_that_moves_is_named_with_both_bands(
    attendance: Path, looser: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "moves.csv"
    assert main(["compare", "default", str(looser), str(attendance), "--on", "2026-11-02", "-o", str(out)]) == 0
    rows = csv.DictReader(out.read_text("utf-8").splitlines())
    moves = {row["row"]: (row["old_band"], row["new_band"]) for row in rows}
    assert moves == {"2": ("standard", "standard"), "4": ("enhanced", "intensive")}
    shown = capsys.readouterr().out
    assert "cut-offs pace-start-looser" in shown
    assert "row 4: enhanced (proposed; range crosses a cut-off) to intensive" in shown
    assert "Invented" not in shown


def test_the_same_twice_moves_nobody(attendance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "default", "default", str(attendance), "--on", "2026-11-02"]) == 0
    assert "0 rows differ" in capsys.readouterr().out

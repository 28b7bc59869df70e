"""What does `score --places` propose on the evening of an event, without the service?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.places_case import TIED
from triage.cli.main import main


def scored(folder: Path, *more: str, code: int = 3, ending: str = "xlsx") -> Path:
    """The output of the list with four people of one score."""
    (folder / "list.csv").write_text(TIED, encoding="utf-8")
    out = folder / f"out.{ending}"
    assert main(["score", str(folder / "list.csv"), "-o", str(out), "--on", "2026-10-31", *more]) == code
    return out


def sheet(path: Path, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by its headings."""
    heads, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_the_workbook_has_the_order_and_names_the_tied_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scored(tmp_path, "--places", "intensive=4")
    rows = sheet(out, "Places")
    assert [row["order"] for row in rows] == [1, 1, 3, 3, 3, 3, 7, 7]
    tied = "4 people have the same score at the edge of the places, and 2 places are left."
    assert [str(row["at the edge"] or "").startswith(tied) for row in rows] == [False] * 2 + [True] * 4 + [False] * 2
    supports = [str(row["proposed support"]) for row in rows]
    assert len({*supports[2:6]}) == 1, "no place is given to some of them by the tool"
    assert supports[0] != supports[2]
    said = capsys.readouterr().out
    assert tied in said
    assert "Nothing is released by this." in said
    clients = sheet(out, "Clients")
    assert {row["cutoffs"] for row in clients if row["probability"]} == {"pace-start-2026.1+intensive=4"}
    assert all(row["override_band"] is row["decided_band"] is None for row in clients), "a person fills them in"


def test_without_places_there_is_no_such_sheet_and_one_place_reads_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Places" not in openpyxl.load_workbook(scored(tmp_path)).sheetnames
    assert "Nothing is released" not in capsys.readouterr().out
    scored(tmp_path, "--places", "intensive=3", ending="csv")
    assert "4 people have the same score at the edge of the places, and 1 place is left." in capsys.readouterr().out


@pytest.mark.parametrize(
    "given", ["intensive", "=4", "intensive=x", "intensive=-1", "intensive=4.5", "intensive=99999999"]
)
def test_words_that_are_no_places_are_refused(tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        scored(tmp_path, "--places", given)
    assert ended.value.code == 2
    assert "Write the band and their number: intensive=40." in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [["standard=4"], ["nobody=4"], ["intensive=0"], ["intensive=40", "--places", "intensive=30"]],
    ids=["everybody's", "no band", "none", "twice"],
)
def test_places_of_no_band_or_of_one_twice_are_refused(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    scored(tmp_path, "--places", *given, code=2)
    assert capsys.readouterr().err.startswith("ltu-triage: ")
    assert not (tmp_path / "out.xlsx").exists()

"""A decision that is lost, or taken over without a name, is nobody's decision."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.unit.lists.tools import FORM, SAFE, report_of, rows_of, score, write


def filled(folder: Path, *overrides: tuple[str, str, str], clients: int = 1) -> list[dict[str, str]]:
    """Scores people who are safe, fills their override columns, and scores the output again."""
    people = "\n".join(f"Client {place},{SAFE}" for place in range(clients))
    first = score(write(folder, f"Name,{FORM}\n{people}\nTotal,{clients}\n"), answers=True, sensitive=True)
    rows = rows_of(first.out)
    for row, cells in zip(rows, overrides, strict=False):
        row["override_band"], row["override_reason"], row["override_by"] = cells
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    again = score(write(folder, text.getvalue(), "filled.csv"), out="again.csv", answers=True, sensitive=True)
    folder.joinpath("report.txt").write_text(report_of(again))
    return rows_of(again.out)


@pytest.mark.parametrize(
    ("band", "reason"),
    [
        ("intensive", "client_asked_for_more"),
        ("PACE support plus a check-in", "The client asked for more support"),
        ("enhanced", "other: is moving house"),
        ("enhanced", "Another reason: is moving house"),
    ],
)
def test_a_filled_override_comes_back_as_claimed(tmp_path: Path, band: str, reason: str) -> None:
    row = filled(tmp_path, (band, reason, "A. Caseworker"))[0]
    assert row["proposed_band"] == "standard"
    assert row["decided_band"] in ("intensive", "enhanced")
    assert row["status"] == "claimed"
    assert row["problem"] == ""
    assert (row["override_band"], row["override_reason"], row["override_by"]) == (band, reason, "A. Caseworker")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("intensive", "client_asked_for_more", ""), "nobody is named"),
        (("intensive", "", "A. Caseworker"), "there is no reason"),
        (("intensive", "because", "A. Caseworker"), "not one of the reason codes"),
        (("purple", "other", "A. Caseworker"), "what stands in override_band is not a band"),
        (("", "other", "A. Caseworker"), "there is no band"),
        (("standard", "", "A. Caseworker"), "the proposed band already, so confirm it instead"),
        (("standard", "other: all is well", "A. Caseworker"), "the proposed band already, so confirm it instead"),
    ],
)
def test_an_incomplete_override_is_not_applied_and_listed(tmp_path: Path, cells: Any, why: str) -> None:
    row = filled(tmp_path, cells)[0]
    assert row["decided_band"] == ""
    assert row["status"] == "proposed"
    assert why in row["problem"]
    assert row["override_reason"] == cells[1]
    assert "0 claimed, 1 not applied" in (tmp_path / "report.txt").read_text()


def test_a_reason_for_more_support_cannot_give_less(tmp_path: Path) -> None:
    text = "Name,Age,Council area,Highest qualification,Driving licence,Own car,Lives with\n"
    first = score(write(tmp_path, f"{text}Ann,60,Glasgow,none,none,no,alone\n"), answers=True, sensitive=True)
    rows = rows_of(first.out)
    assert rows[0]["proposed_band"] == "intensive"
    rows[0] |= {"override_band": "standard", "override_reason": "client_asked_for_more", "override_by": "A"}
    lines = [",".join(rows[0]), ",".join(f'"{cell}"' for cell in rows[0].values())]
    again = score(write(tmp_path, "\n".join(lines) + "\n", "filled.csv"), out="again.csv")
    assert "cannot move a band down" in rows_of(again.out)[0]["problem"]


def test_an_override_of_a_row_that_is_no_client_is_listed(tmp_path: Path) -> None:
    rows = filled(tmp_path, ("", "", ""), ("intensive", "other", "A"))
    assert rows[1]["status"] == "not a client"
    assert rows[1]["problem"] == "a total; Override: not applied, the row is not a client"


def test_reasons_that_were_filled_down_are_flagged(tmp_path: Path) -> None:
    """Five identical reasons in a row were hardly decided one by one."""
    same = ("enhanced", "other", "A. Caseworker")
    rows = filled(tmp_path, *[same] * 5, clients=7)
    assert ["many rows" in row["problem"] for row in rows[:7]] == [True] * 5 + [False] * 2
    assert rows[0]["status"] == "claimed"


def test_different_reasons_and_few_rows_are_not_flagged(tmp_path: Path) -> None:
    pairs = [("enhanced", "other", "A"), ("enhanced", "recent_change", "A"), ("intensive", "other", "B")]
    rows = filled(tmp_path, *pairs, clients=4)
    assert not any("many rows" in row["problem"] for row in rows)


@pytest.mark.parametrize("reason", ["other", "Another reason", "other:", "recent_change: "])
def test_a_reason_that_needs_a_note_says_so(tmp_path: Path, reason: str) -> None:
    row = filled(tmp_path, ("enhanced", reason, "A. Caseworker"))[0]
    assert (row["decided_band"], row["status"]) == ("enhanced", "claimed")
    assert "a note is missing" in row["problem"]


@pytest.mark.parametrize(
    ("lost", "why"),
    [("override_by", "nobody is named"), ("override_reason", "there is no reason"), ("override_band", "is no band")],
)
def test_an_override_with_a_column_deleted_is_not_lost_in_silence(tmp_path: Path, lost: str, why: str) -> None:
    first = score(write(tmp_path, f"Name,{FORM}\nClient,{SAFE}\n"), answers=True, sensitive=True)
    row = rows_of(first.out)[0]
    row |= {"override_band": "enhanced", "override_reason": "client_asked_for_more", "override_by": "A"}
    del row[lost]
    lines = [",".join(row), ",".join(f'"{cell}"' for cell in row.values())]
    again = score(write(tmp_path, "\n".join(lines) + "\n", "filled.csv"), out="again.csv", answers=True)
    assert why in rows_of(again.out)[0]["problem"]
    assert "0 claimed, 1 not applied" in report_of(again)

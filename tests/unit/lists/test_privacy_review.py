"""Somebody who objects is scored, or a text about somebody's health is passed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import FORM, SAFE, scored


@pytest.mark.parametrize(
    "cell",
    ["Yes", "x", "✗", "objects to being scored", "yes - told adviser", "Do not score", "Objected 3/10", "unsure", "?"],
)
def test_whoever_may_object_is_not_scored(tmp_path: Path, cell: str) -> None:
    row = scored(tmp_path, f"Surname,{FORM},Objects to scoring\nMacExample,{SAFE},{cell}\n")[0]
    assert row["status"] == "objected"
    assert row["logit"] == row["probability"] == row["proposed_band"] == row["reason_1"] == ""
    assert ("may object: not scored, ask" in row["problem"]) == (cell != "Yes")
    assert cell == "x" or cell == "?" or cell not in row["problem"]


@pytest.mark.parametrize("cell", ["", "No", "n", "N/A", "-", "no objections", "Does not object", "0"])
def test_whoever_says_no_is_scored(tmp_path: Path, cell: str) -> None:
    row = scored(tmp_path, f"Surname,{FORM},Objects to scoring\nMacExample,{SAFE},{cell}\n")[0]
    assert row["status"].startswith("proposed")
    assert row["problem"] == ""


@pytest.mark.parametrize(
    "comment",
    [
        "does not want to be scored",
        "doesn't want to be scored",
        "Objects to being profiled",
        "opted out of scoring",
        "Please do not score",
        "told us on the phone: no scoring",
        "would rather not be scored",
    ],
)
def test_an_objection_in_a_comment_counts(tmp_path: Path, comment: str) -> None:
    text = f"Surname,{FORM},Objects to scoring,Comments\nMacExample,{SAFE},no,{comment}\nSample,{SAFE},,\n"
    rows = scored(tmp_path, text)
    assert [row["status"] for row in rows] == ["objected", "proposed"]
    assert "may object: not scored, ask" in rows[0]["problem"]
    assert comment not in rows[0]["problem"]


@pytest.mark.parametrize(
    "comment",
    ["does not object to being scored", "no objection to scoring", "happy to be scored", "scored a goal", "late"],
)
def test_other_comments_do_not_keep_anybody_from_a_score(tmp_path: Path, comment: str) -> None:
    row = scored(tmp_path, f"Surname,{FORM},Comments\nMacExample,{SAFE},{comment}\n")[0]
    assert (row["status"], row["problem"]) == ("proposed", "")


def test_an_objection_stays_when_the_output_comes_back(tmp_path: Path) -> None:
    text = f"Surname,{FORM},Comments\nMacExample,{SAFE},do not score\n"
    first = scored(tmp_path, text, answers=True)
    again = scored(tmp_path, (tmp_path / "out.csv").read_text(encoding="utf-8-sig"), answers=True, out="again.csv")
    assert again == first

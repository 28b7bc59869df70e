"""Somebody who objects is scored, or a text about somebody's health is passed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import FORM, SAFE, report_of, rows_of, score, scored, workbook, write
from triage.lists.safety import cleaned
from triage.lists.shown import one_slip

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize(
    ("heading", "cell", "private"),
    [
        ("Driving licence", "no - epilepsy", "epilepsy"),
        ("Driving licence", "no medical reasons", "medical"),
        ("Redundancy status", "off sick with depression", "depression"),
        ("Lives with", "wife in hospice", "hospice"),
        ("Highest qualification", "left school pregnant", "pregnant"),
        ("Age", "forty, has MS", "MS"),
        ("Age", "QQ 12 34 56 C", "12 34"),
        ("Last day", "when chemo ends", "chemo"),
        ("Council area", "women's refuge, Falkirk", "refuge"),
        ("Own car", "no, epileptic " * 400, "epileptic"),
    ],
)
def test_free_text_is_never_repeated(tmp_path: Path, heading: str, cell: str, private: str) -> None:
    """A problem is read by whoever has the list; health stands in cells where nobody asked for it."""
    scored(tmp_path, f'Surname,Dept,"{heading}"\nMacExample,Lab,"{cell}"\n', answers=True)
    assert private not in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "(not given)" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Highest qualification", "Natonal 5"),
        ("Highest qualification", "Highrs"),
        ("Council area", "Falkrik"),
        ("Council area", "Stirlng"),
        ("Age", "157"),
        ("Last day", "31/02/2026"),
        ("Redundancy status", "under notise"),
    ],
)
def test_a_slip_is_repeated_so_that_staff_can_put_it_right(tmp_path: Path, heading: str, cell: str) -> None:
    row = scored(tmp_path, f"Surname,Dept,{heading}\nMacExample,Lab,{cell}\n")[0]
    assert f"'{cell}'" in row["problem"]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("higher", "higher", True),
        ("higer", "higher", True),
        ("highher", "higher", True),
        ("hihger", "higher", True),
        ("hagher", "higher", True),
        ("highe", "higher", True),
        ("hihgre", "higher", False),
        ("hig", "higher", False),
        ("abcd", "badc", False),
        ("epilepsy", "higher", False),
    ],
)
def test_one_slip(one: str, other: str, slip: bool) -> None:
    assert one_slip(one, other) is one_slip(other, one) is slip


@pytest.mark.parametrize(
    "text",
    [
        "QQ  12  34  56  C",
        "QQ/12/34/56/C",
        "QQ 123 456 C",
        "QQ12345 6C",
        "Sam_QQ123456C",
        "Sam_QQ 12 34 56 C_x",
        "xQQ123456C",
        "QQ123456C_x",
        "qq-12-34-56-c",
        "QQ123456C",
    ],
)
def test_no_national_insurance_number_gets_through(tmp_path: Path, text: str) -> None:
    outcome = score(write(tmp_path, f"Surname,Dept,Shift {text}\nMacExample,Lab {text},{text}\nSample,Lab,Days\n"))
    written = outcome.out.read_text(encoding="utf-8-sig") + report_of(outcome)
    assert text not in written
    assert "qq" not in written.lower()
    assert rows_of(outcome.out)[1]["Dept"] == "Lab"


@pytest.mark.parametrize(
    "text", ["AB1234567C", "Session Oct 12/10/2026", "LS 10 Flat 3", "on 12/10/26 at 9", "+44 7700 900123", "AB123456E"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert cleaned(text) == text


def test_a_number_in_an_override_or_the_name_of_a_sheet_is_left_out(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"QQ123456C": [["Surname"], ["MacExample"]], "Two": [["Surname"], ["Sample"]]})
    outcome = score(path, answers=True)
    assert [row["sheet"] for row in rows_of(outcome.out)] == ["[left out]", "Two"]
    lines = outcome.out.read_text(encoding="utf-8-sig").splitlines()
    filled = "\n".join([lines[0], *(f"{line[:-1]}QQ 12 34 56 C,Ann QQ123456C" for line in lines[1:])])
    again = score(write(tmp_path, filled, "filled.csv"), "again.csv", answers=True)
    assert [row["override_by"] for row in rows_of(again.out)] == ["Ann [left out]"] * 2
    assert "QQ" not in again.out.read_text(encoding="utf-8-sig") + report_of(again)

"""A person who is taken for the headings is never called, and their name is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import FORM, SAFE, report_of, rows_of, score, scored, vocabulary, workbook, write
from triage.errors import ListError
from triage.lists.headers import find_headings

FORMS = """\
ID,Start time,Completion time,Email,Name,Want CV help?,Want retraining?,Would you move?,In a union?,Text you?
1,10/29/2026 9:01,10/29/2026 9:03,a.kelly@example.org,Ann Kelly,Yes,Yes,No,Yes,Yes
2,10/29/2026 9:02,10/29/2026 9:04,j.smith@example.org,Jo Smith,No,No,No,No,Yes
3,10/29/2026 9:02,10/29/2026 9:04,p.doe@example.org,Pat Doe,No,No,No,No,No
"""


def test_answers_that_are_words_of_headings_do_not_make_a_person_the_headings(tmp_path: Path) -> None:
    outcome = score(write(tmp_path, FORMS))
    assert [row["Name"] for row in rows_of(outcome.out)] == ["Ann Kelly", "Jo Smith", "Pat Doe"]
    assert "Pat Doe" not in report_of(outcome)
    assert "example.org" not in report_of(outcome)


def test_topics_and_trades_do_not_make_a_person_the_headings(tmp_path: Path) -> None:
    text = "Attendee,Choice 1,Choice 2,Choice 3\nIan Kelly,CV,Benefits,Training\nUna McBride,Pension,Driver,Depot\n"
    assert [row["Attendee"] for row in scored(tmp_path, text)] == ["Ian Kelly", "Una McBride"]


@pytest.mark.parametrize("end", [",12/05/1971", ""])
def test_a_list_without_headings_is_refused_with_what_to_do(tmp_path: Path, end: str) -> None:
    text = f"Kowalska,Anna,Driver,Depot{end}\nMcBride,Ian,Fitter,Store{end}\nSmith,Jo,Packer,Plant{end}\n"
    with pytest.raises(ListError, match=r"no row of headings.*Add one"):
        score(write(tmp_path, text))


def test_days_of_a_register_may_be_headings_and_are_not_printed(tmp_path: Path) -> None:
    outcome = score(write(tmp_path, f"Surname,{FORM},12/03/2026,07700 900123\nA,{SAFE},x,x\n"))
    assert [row["Surname"] for row in rows_of(outcome.out)] == ["A"]
    assert "900123" not in report_of(outcome)
    assert "column 8" in report_of(outcome)


def test_short_headings_alone_are_headings() -> None:
    found = find_headings([["No", "Town", "Shift"], ["1", "Falkirk", "Days"]], vocabulary())
    assert found is not None
    assert found.first == 0


def test_a_first_person_is_not_a_second_row_of_headings(tmp_path: Path) -> None:
    """A form without names: every answer of the first person could head a column."""
    text = """\
Highest qualification,Driving licence,Own car,Lives with,Where do you work,What do you do
Highers,yes,yes,partner,Store,Driver
none,no,no,alone,Store,Packer
"""
    rows = scored(tmp_path, text, answers=True)
    assert [row["answer_qualifications"] for row in rows] == ["scqf_6", "none"]


def test_options_below_a_heading_of_several_columns_are_still_headings() -> None:
    found = find_headings(
        [
            ["Surname", "Highest qualification", None, "Own car"],
            [None, "No qualifications", "Higher", None],
            ["A", "x", None, "yes"],
        ],
        vocabulary(),
    )
    assert found is not None
    assert [str(role) for role in found.roles] == [
        "surname",
        "qualifications=none",
        "qualifications=scqf_6",
        "vehicle",
    ]


def test_a_column_without_a_heading_is_named(tmp_path: Path) -> None:
    """Otherwise the names of everybody vanish without a word."""
    outcome = score(write(tmp_path, ",Dept,Mobile,DOB\nIan Kelly,Packing,07700 900123,12/05/1971\n"))
    assert "column 1, no heading" in report_of(outcome)
    assert "Ian" not in report_of(outcome)


def test_a_title_over_all_columns_heads_none_of_them(tmp_path: Path) -> None:
    """Otherwise what stands in a column without a heading is carried as if it were the title."""
    texts = [["Session", None, None, None], ["Surname", "Forename", "Age", None], ["A", "B", "40", "epilepsy"]]
    path = workbook(tmp_path, {"One": texts})
    merged = find_headings(texts, vocabulary(), merged=((1, 0, 1, 3),))
    assert merged is not None
    assert [str(role) for role in merged.roles] == ["surname", "forename", "age", "ignore"]
    assert merged.names[3] == ""
    outcome = score(path)
    assert "epilepsy" not in outcome.out.read_text(encoding="utf-8-sig")


def test_single_words_side_by_side_are_columns_to_tick(tmp_path: Path) -> None:
    text = "Surname,No qualifications,Higher,Degree\nA,,✓,\nB,,,✓\n"
    rows = scored(tmp_path, text, answers=True)
    assert [row["answer_qualifications"] for row in rows] == ["scqf_6", "scqf_9_plus"]


@pytest.mark.parametrize("headings", [["Surname", "Higher"], ["Surname", "Highest qualification", "Higher", "Degree"]])
def test_a_single_word_alone_is_no_column_to_tick(headings: list[str | None]) -> None:
    found = find_headings([headings, ["A", *[None] * (len(headings) - 1)]], vocabulary())
    assert found is not None
    assert all(role.kind != "option" for role in found.roles)

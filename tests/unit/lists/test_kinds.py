"""A client who is taken for a heading gets no support; a total that is taken for a client wastes a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import rows_of, score, scored, workbook

HEAD = "No,Name,Job title,Employer,Dept,Age,Comments"


@pytest.mark.parametrize(
    ("row", "status", "problem"),
    [
        ("1,Testina MacExample,Packer,,Lab,44,", "not enough answers", ""),
        (",Night shift,,,,,", "not a client", "a heading of a section"),
        ("NIGHT SHIFT,,,,,,", "not a client", "a heading of a section"),
        (",,,,Packing,,", "not a client", "a heading of a section"),
        (",Testina MacExample,,,,,", "not enough answers", ""),
        (",,,,,44,", "not enough answers", ""),
        ("12,,,,,,", "empty", ""),
        (",,,,,,", "empty", ""),
        ("Total,45,,,,,", "not a client", "a total"),
        (",Total attended: 45,,,,,", "not a client", "a total"),
        ("TOTALS,12,13,14,,,", "not a client", "a total"),
        ("3,Total MacExample,Packer,,Lab,30,", "not enough answers", ""),
        ("No,Name,Job title,Employer,Dept,Age,Comments", "not a client", "the headings again"),
        (",Mockwell Notreal (SDS),,,,,", "not a client", "staff or a partner, not a client"),
        (",Mockwell Notreal - DWP,,,,,", "not a client", "staff or a partner, not a client"),
        (",Mockwell Notreal,PACE adviser,,,,", "not a client", "staff or a partner, not a client"),
        (",Mockwell Notreal,,Jobcentre Plus,,,", "not a client", "staff or a partner, not a client"),
        (",Mockwell Notreal,HR manager,,HR,51,", "not enough answers", ""),
        (",Anne-Marie Shift,Packer,,,51,", "not enough answers", ""),
    ],
)
def test_each_row_is_taken_for_what_it_is(tmp_path: Path, row: str, status: str, problem: str) -> None:
    """Staff of the employer, people called Total or Shift, and people with a name only are clients."""
    found = scored(tmp_path, f"{HEAD}\n9,Somebody Else,Packer,,Lab,40,\n{row}\n8,Third Person,,,,,\n")[1]
    assert (found["status"], found["problem"]) == (status, problem)


def test_a_list_of_names_only_has_clients(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Name\nTestina MacExample\nDAY SHIFT:\nAnn Sample\n")
    assert [row["status"] for row in rows] == ["not enough answers", "not a client", "not enough answers"]


def test_rows_above_the_headings_come_out_too(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Attendance list,\n,\nSurname,Age\nMacExample,44\n")
    assert [(row["row"], row["status"]) for row in rows] == [
        ("1", "not a client"),
        ("2", "empty"),
        ("4", "not enough answers"),
    ]


def test_a_sheet_without_headings_comes_out_unread(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"One": [["Surname", "Age"], ["MacExample", 44]], "Two": [["just", "words"]]})
    rows = rows_of(score(path).out)
    assert [(row["sheet"], row["status"]) for row in rows] == [("One", "not enough answers"), ("Two", "not read")]


def test_ditto_marks_are_filled_where_people_write_them_for_a_department(tmp_path: Path) -> None:
    """Never for a name and never for an answer: that would invent an answer that nobody gave."""
    text = 'Surname,Dept,Driving licence\nMacExample,Packing,yes\nNIGHT SHIFT,,\nSample,"""",ditto\n"""",as above,\n'
    rows = scored(tmp_path, text, answers=True)
    assert [row["Dept"] for row in rows] == ["Packing", "", "Packing", "Packing"]
    assert [row["answer_driving_licence"] for row in rows] == ["full_clean", "", "", ""]
    assert "a ditto mark is not taken for an answer (not given)" in rows[2]["problem"]
    assert rows[3]["Surname"] == '"'


def test_an_empty_cell_above_a_ditto_mark_stays_empty(tmp_path: Path) -> None:
    rows = scored(tmp_path, 'Surname,Dept,Age\nMacExample,Packing,30\nSample,,31\nNotreal,"""",32\n')
    assert [row["Dept"] for row in rows] == ["Packing", "", ""]

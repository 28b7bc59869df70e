"""A client who is taken for somebody or something else gets no support, and nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.unit.lists.tools import FORM, SAFE, rows_of, score, scored

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("surname", ["Pace", "Staff", "Speaker", "Partner", "STAFF"])
def test_people_are_called_pace_and_staff(tmp_path: Path, surname: str) -> None:
    text = f"Surname,Forename,{FORM}\n{surname},John,{SAFE}\n{surname},John,,,,,,\n{surname},,{SAFE}\nSmith,Jo,{SAFE}\n"
    statuses = [row["status"] for row in scored(tmp_path, text)]
    assert statuses == ["proposed", "not enough answers", "proposed", "proposed"]


@pytest.mark.parametrize("row", ["PACE,,,,,,,", "Jobcentre Plus,Ann,,,,,,", "PACE adviser,Jo,,,,,,", ",Speaker,,,,,,"])
def test_partners_who_sign_in_are_still_known(tmp_path: Path, row: str) -> None:
    text = f"Surname,Forename,{FORM}\n{row}\nSmith,Jo,{SAFE}\n"
    assert [r["status"] for r in scored(tmp_path, text)] == ["not a client", "proposed"]


PEOPLE = ["Robert Plant", "Sarah Crew", "Will Group", "Amy Line", "Jo Section", "Pat Team A", "Kim Day", "Mary Office"]


def test_people_are_called_plant_and_crew(tmp_path: Path) -> None:
    names = "\n".join(f"{name}," for name in PEOPLE)
    rows = scored(tmp_path, f"Name,Mobile\nDay Shift,\n{names}\nNIGHT SHIFT,\nPacking line,\nStaff:,\n")
    assert [row["status"] for row in rows] == [
        "not a client",
        *["not enough answers"] * len(PEOPLE),
        *["not a client"] * 3,
    ]


def test_names_in_capitals_are_names(tmp_path: Path) -> None:
    names = "\n".join(f"{name.upper()}," for name in PEOPLE)
    rows = scored(tmp_path, f"Name,Mobile\nNIGHT SHIFT,\n{names}\n")
    assert [row["status"] for row in rows] == ["not a client", *["not enough answers"] * len(PEOPLE)]


@pytest.mark.parametrize(
    ("status", "name", "comment"),
    [
        ("got job at Tesco", "Notreal", ""),
        ("redeployed to Alloa", "Notreal", ""),
        ("left", "Notreal (got job)", ""),
        ("left", "Notreal", "Has a Job - leaving"),
        ("left", "Notreal", "has a new job"),
        ("left", "Notreal", "not at work today, got a job"),
    ],
)
def test_whoever_may_have_a_job_is_asked(tmp_path: Path, status: str, name: str, comment: str) -> None:
    text = f'Name,{FORM},Redundancy status,Comments\n{name},{SAFE},{status},"{comment}"\n'
    assert "may already have a job: ask" in scored(tmp_path, text)[0]["status"]


@pytest.mark.parametrize(
    "comment",
    [
        "looking for a new job",
        "no new job yet",
        "hasn't got job yet",
        "wants help to find a new job",
        "hoping for a new job",
        "needs a new job soon",
        "hasn't found a job",
    ],
)
def test_whoever_looks_for_a_job_has_none(tmp_path: Path, comment: str) -> None:
    text = f"Name,{FORM},Comments\nNotreal,{SAFE},{comment}\n"
    assert "may already have a job" not in scored(tmp_path, text)[0]["status"]


def test_the_same_name_and_phone_may_be_one_person(tmp_path: Path) -> None:
    """However the number is typed; another person of the household is not meant."""
    text = (
        "Name,Mobile\nIan Kelly,07700 900123\nKelly Ian,+447700900123\nUna Kelly,07700 900123\n"
        "Ian Kelly,0044 7700-900123\nIan Kelly,07700 900999\nAnn Sample,\nAnn Sample,12\nAnn Sample,12\n"
    )
    flagged = ["same name and phone number" in row["problem"] for row in scored(tmp_path, text)]
    assert flagged == [True, True, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("struck", "flagged"), [((), False), ((1, 2), True), ((1,), True), ((3,), False), ((0, 1, 2, 3), True)]
)
def test_a_name_struck_through_may_be_a_leaver(tmp_path: Path, struck: tuple[int, ...], flagged: bool) -> None:
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, through = book.add_worksheet(), book.add_format({"font_strikeout": True})
    sheet.write_row(0, 0, ["No", "Surname", "Forename", "Dept", "Council area", "Own car", "Age"])
    for place, cell in enumerate(["1", "MacExample", "Ann", "Lab", "Falkirk", "yes", "44"]):
        sheet.write_string(1, place, cell, through if place in struck else None)
    book.close()
    row = rows_of(score(path).out)[0]
    assert ("struck through on the list: ask" in row["status"]) is flagged

"""A client who is taken for somebody or something else gets no support, and nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import FORM, SAFE, scored


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

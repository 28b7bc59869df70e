"""What does somebody download of a released plan, and is it harmless in a spreadsheet?"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl

from tests.unit.lists.tools import engine
from triage.lists import desk

VERSIONS = engine().versions.to_dict()
ABOUT = desk.PlacesAbout("intensive", 2, 1, "Ada Adviser", "2026-10-31", practice=False, versions=VERSIONS)
PEOPLE = (
    desk.Placed({"surname": "=1+1", "mobile": "07700 900123"}, "K7QM-2XRD", 2, "", 1, "place", "intensive", "Ada"),
    desk.Placed({"surname": "'=2"}, "K7QM-2XRF", 3, "", 2, "place", "intensive", ""),
    desk.Placed({"surname": "Third", "born": "1980-08-27"}, "K7QM-2XRG", 4, "", 3, "reserve", "enhanced", "Max"),
    desk.Placed({}, "K7QM-2XRH", 5, "", None, "talk", None, ""),
)  # fmt: skip


def test_the_csv_has_everybody_in_order_with_what_is_offered(tmp_path: Path) -> None:
    out = desk.places_file(engine(), PEOPLE, ABOUT, tmp_path / "places.csv")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert list(rows[0]) == ["surname", "mobile", "client", "row", "order", "outcome", "support", "decided_by"]
    assert [row["surname"] for row in rows] == ["'=1+1", "''=2", "Third", ""]
    assert [row["order"] for row in rows] == ["1", "2", "3", ""]
    assert [row["outcome"].partition(":")[0] for row in rows] == ["Place", "Place", "Reserve", "Talk to them first"]
    assert rows[1]["decided_by"] == "Proposed: confirm it with the person"
    assert rows[3]["support"] == engine().cutoffs.bands[0].name, "nobody is without support"
    assert "low risk" in rows[3]["outcome"]


def test_the_workbook_runs_nothing_and_says_what_it_is(tmp_path: Path) -> None:
    out = desk.places_file(engine(), PEOPLE, ABOUT, tmp_path / "places.xlsx")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["About this list", "Places"]
    cells = [cell for row in book["Places"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in book["Places"]["A"]][1:3] == ["=1+1", "''=2"]
    assert all(cell.quotePrefix for cell in book["Places"]["A"][1:3])
    said = first_sheet(out)
    assert "Released 2026-10-31, by Ada Adviser" in said
    assert engine().words.source()[-1] in said
    assert "Never for conditionality" in said
    assert "Practice" not in said
    practice = replace(ABOUT, practice=True)
    assert "everybody in this file is invented" in first_sheet(
        desk.places_file(engine(), (), practice, tmp_path / "none.xlsx")
    )


def test_a_plan_of_another_model_and_of_bands_that_are_gone_is_told_by_its_own_names(tmp_path: Path) -> None:
    versions = {**VERSIONS, "model": "ours-2025.1", "cutoffs": "ours-2025.3"}
    people = [replace(PEOPLE[0], band="mentoring")]
    about = replace(ABOUT, band="mentoring", versions=versions)
    said = first_sheet(desk.places_file(engine(), people, about, tmp_path / "places.xlsx"))
    assert "Model ours-2025.1 Cut-offs ours-2025.3" in said
    assert "2: mentoring" in said
    assert engine().versions.cutoffs not in said
    assert engine().words.source()[-1] not in said, "it tells of the model in force"


def first_sheet(path: Path) -> str:
    """What the first sheet says."""
    rows = openpyxl.load_workbook(path)["About this list"].iter_rows(values_only=True)
    return " ".join(str(value) for row in rows for value in row if value)

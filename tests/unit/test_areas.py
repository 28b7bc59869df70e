"""Can an organisation use its own area table, in the shape in which spreadsheets save it?"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

import triage
from triage.errors import ContentError
from triage.features import AreaTable

GOOD = "code,name,other_names,rate\nA1,Northtown,North Town; N'town,2.5\nA2,Southtown,,\n"


def load(tmp_path: Path, text: str | bytes) -> AreaTable:
    path = tmp_path / "areas.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return AreaTable.load(path)


def test_a_good_table_is_read(tmp_path: Path) -> None:
    table = load(tmp_path, GOOD)
    assert [area.name for area in table.areas] == ["Northtown", "Southtown"]
    assert table.areas[0].other_names == ("North Town", "N'town")
    assert table.by_spelling["n town"] == "A1"
    assert table.by_spelling["a2"] == "A2"
    figures = table.figures("rate")
    assert figures["A1"] == 2.5
    assert math.isnan(figures["A2"]), "an empty cell is not known, and not 0"


@pytest.mark.parametrize("text", ["\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD + "\n\n", GOOD.rstrip("\n")])
def test_a_table_saved_by_a_spreadsheet_is_the_same_table(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).areas == load(tmp_path, GOOD).areas


def test_the_digest_is_that_of_the_content_and_not_of_its_line_ends(tmp_path: Path) -> None:
    digest = load(tmp_path, GOOD).digest
    assert load(tmp_path, GOOD.replace("\n", "\r\n")).digest == digest
    assert load(tmp_path, GOOD.replace("2.5", "2.6")).digest != digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,rate\nNorthtown,1\n", "needs the column code"),
        ("a,b\n1,2\n", "needs the columns code, name"),
        ("", "needs the columns code, name"),
        ("code;name\nA1;Northtown\n", "needs the columns code, name"),
        ("code,name\nA1,Northtown\nA1,Southtown\n", "the code A1 is used twice"),
        ("code,name\nA1,Northtown\nA2,NORTHTOWN\n", "line 3: 'northtown' already names A1"),
        ("code,name,other_names\nA1,North Town,\nA2,Southtown,Nòrth-town\n", "'north town' already names A1"),
        ("code,name\n,Northtown\n", "line 2: an area needs a code and a name"),
        ("code,name\nA1\n", "line 2: an area needs a code and a name"),
        (b"code,name\nA1,Caf\xe9\n", "not UTF-8"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    assert says in str(caught.value)


def test_a_cell_that_is_too_long_is_refused_plainly(tmp_path: Path) -> None:
    usual = csv.field_size_limit(1000)  # A limit of the whole process: another part of a program may have set it.
    try:
        with pytest.raises(ContentError, match="cannot be read as CSV"):
            load(tmp_path, "code,name\nA1," + "x" * 1001 + "\n")
    finally:
        csv.field_size_limit(usual)


@pytest.mark.parametrize("cell", ["2,5%", "n/a", "inf", "-inf", "nan", "1e999", "two"])
def test_a_cell_that_is_no_figure_is_named_with_its_line(tmp_path: Path, cell: str) -> None:
    table = load(tmp_path, f'code,name,rate\nA1,Northtown,1\nA2,Southtown,"{cell}"\nA3,Easttown,x\n')
    with pytest.raises(ContentError) as caught:
        table.figures("rate")
    assert [fault.where for fault in caught.value.faults] == ["areas.csv, line 3", "areas.csv, line 4"]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no column 'share'"):
        load(tmp_path, GOOD).figures("share")


def test_another_table_changes_the_version_and_nothing_else(tmp_path: Path) -> None:
    """The areas of next year, or of an organisation: a score must say that it was made with them."""
    (tmp_path / "areas.csv").write_text("code,name,unemployment_rate\nS12000014,Falkirk,5.0\nX9,Elsewhere,2.0\n")
    own, shipped = triage.load(areas=tmp_path / "areas.csv"), triage.load()
    answers = {"age": 57, "qualifications": "scqf_5", "area": "Falkirk"}
    one, other = own.score(answers), shipped.score(answers)
    assert one.versions.checklist.startswith(other.versions.checklist + "+areas.")
    assert one.contributions["area"] > other.contributions["area"]
    assert one.contributions["age"] == other.contributions["age"]
    assert own.score({"area": "Elsewhere"}).contributions["area"] < other.contributions["area"]


def test_a_table_with_other_codes_can_still_say_what_to_ask_next(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("code,name,unemployment_rate\nX9,Elsewhere,2.0\n")
    engine = triage.load(areas=tmp_path / "areas.csv")
    score = engine.score({"age": 57})
    assert score.next_question is not None
    assert 0 <= score.chance_of_another_band <= 1
    with pytest.raises(triage.UserError):
        engine.score({"area": "Falkirk"})


def test_an_area_whose_figure_is_not_known_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("code,name,unemployment_rate\nX9,Elsewhere,\nX8,Nearby,4.0\n")
    engine = triage.load(areas=tmp_path / "areas.csv")
    score = engine.score({"area": "Elsewhere"})
    assert score.answers == {"area": "X9"}
    assert score.logit == score.baseline
    many = engine.score_many({"area": ["Elsewhere", "Nearby", None]})
    assert many.logit.tolist() == [score.baseline, engine.score({"area": "Nearby"}).logit, score.baseline]
    five = {"area": "Elsewhere", "age": 30, "vehicle": "yes", "household": "partner", "dependants": "no"}
    assert engine.score(five).status == "not_enough_answers", "four answers say something"

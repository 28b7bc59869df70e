"""A list of another organisation, with its own checklist and model: nothing here knows of PACE."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import triage
from experiments import displaced_evidence as study
from tests.unit.lists.desk_doors import by_command, check_same
from tests.unit.lists.tools import ON
from triage.cli.main import main
from triage.errors import ListError
from triage.lists import desk
from triage.lists.desk import Decided

pytestmark = pytest.mark.slow

PEOPLE = Path("tests/data/cps_dws_jobless.csv")
#: What a person would choose on the page for columns that already hold what the question asks.
CHOICES = {"stateur": "state_unemployment", "trade": "ignore"}

#: Questions of yes and no, by the columns of noughts and ones that answer them.
TICKED = {"Married": "married", "City": "smsa", "Blue collar": "bluecoll", "Head of household": "houshead"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> triage.Engine:
    out = tmp_path_factory.mktemp("displaced") / "bundle"
    arguments = ["model", "build", str(study.FOLDER / "evidence.yaml"), "-o", str(out)]
    assert main([*arguments, "--checklist", str(study.FOLDER)]) == 0
    return triage.load(out, checklist=study.FOLDER, cutoffs=study.FOLDER / "cutoffs.yaml")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """The 3,343 people of the study, with columns of their answers that a list would have."""
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {name: "yes" if float(row[raw]) else "no" for name, raw in TICKED.items()}
        more = "more_than_12" if float(row["schgt12"]) else "hm"
        row["Schooling"] = "less_than_12" if float(row["schlt12"]) else more
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [name for name in rows[0] if name not in TICKED.values()]
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_real_people_are_the_same_through_both_doors(engine: triage.Engine, people: Path) -> None:
    mapping = desk.mapping_from(engine, CHOICES)
    looked = desk.look(engine, people, mapping)
    assert looked.clients == 3_343
    assert {"age", "tenure", "Married", "City", "Schooling", "stateur"} <= {
        column.heading for column in looked.columns if column.answers
    }
    saved = people.with_name("mapping.yaml")
    saved.write_text("columns: {stateur: state_unemployment, trade: ignore}\n")
    found = desk.score_rows(engine, people, mapping, ON)
    check_same(engine, found.rows, by_command(engine, people, mapping=saved))
    assert found.statuses["scored"] > 2_000
    assert {item.question for row in found.rows for item in row.to_mend} == {"schooling"}


def test_decisions_and_questions_are_those_of_the_checklist(engine: triage.Engine, people: Path) -> None:
    mapping = desk.mapping_from(engine, CHOICES)
    rows = desk.score_rows(engine, people, mapping, ON).rows
    scored = next(row for row in rows if row.band is not None)
    decided = {scored.place: Decided("confirmed", str(scored.band), by="A. Caseworker")}
    out = desk.workbook(engine, people, mapping, people.with_name("out.csv"), ON, decided, {1: {"schooling": "twelve"}})
    again = desk.score_rows(engine, out).rows
    assert again[scored.place].claimed == desk.Claimed(scored.band, "confirmed", "", "A. Caseworker", "")
    assert desk.asked(engine, "schooling").answers[1] == ("twelve", "12 years")
    with pytest.raises(ListError, match="There is no question 'driving_licence'"):
        desk.asked(engine, "driving_licence")

"""A mapping that is quietly wrong answers a question with the wrong column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import score, scored, vocabulary, write
from triage.errors import ListError
from triage.lists.mapping import load_mapping, save_mapping
from triage.lists.plan import make_plan
from triage.lists.read import open_source

LIST = "Clan,Grund,Toun,Licht\nMacExample,Degree,Fife,yes\nSample,none,Fife,no\n"


def test_a_mapping_says_what_unknown_headings_mean(tmp_path: Path) -> None:
    mapping = write(tmp_path, "columns:\n  Clan: surname\n  Grund: qualifications\n  Toun: area\n", "map.yaml")
    rows = scored(tmp_path, LIST, mapping=mapping, answers=True)
    assert [row["Clan"] for row in rows] == ["MacExample", "Sample"]
    assert [row["answer_qualifications"] for row in rows] == ["scqf_9_plus", "none"]
    assert {row["answer_driving_licence"] for row in rows} == {""}


def test_every_fault_of_a_mapping_is_named_at_once(tmp_path: Path) -> None:
    mapping = write(tmp_path, "columns:\n  Surname: surnam\n  Age: aeg\n  Town: town\n", "map.yaml")
    with pytest.raises(ListError) as error:
        load_mapping(mapping, vocabulary())
    assert [fault.where for fault in error.value.faults] == ["map.yaml, 'Surname'", "map.yaml, 'Age'"]
    assert "'surname'" in str(error.value)
    assert "'age'" in str(error.value)


def test_headings_that_the_list_does_not_have_are_named_at_once(tmp_path: Path) -> None:
    mapping = write(tmp_path, "columns:\n  Surnam: surname\n  Aage: age\n  Age: age\n", "map.yaml")
    path = write(tmp_path, "Surname,Age\nMacExample,44\n")
    with pytest.raises(ListError) as error:
        score(path, mapping=mapping)
    assert len(error.value.faults) == 2
    assert "Did you mean 'Surname'?" in str(error.value)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("text", ["", "columns:\n", "- a\n", "columns: [1]\n"])
def test_a_file_that_is_no_mapping_says_what_it_needs(tmp_path: Path, text: str) -> None:
    with pytest.raises(ListError, match="columns"):
        load_mapping(write(tmp_path, text, "map.yaml"), vocabulary())


def test_a_saved_mapping_gives_the_same_roles_again(tmp_path: Path) -> None:
    path = write(tmp_path, "Surname,D.O.B.,Foo,No qualifications,Pay\nMacExample,1/2/1980,x,✓,12\n")
    plan = make_plan(open_source(path), vocabulary())
    headings = plan.tables[0].headings
    assert headings is not None
    save_mapping(tmp_path / "map.yaml", [(headings, plan.tables[0].roles)], vocabulary())
    mapping = load_mapping(tmp_path / "map.yaml", vocabulary())
    again = make_plan(open_source(path), vocabulary(), mapping, "map.yaml")
    assert again.tables[0].roles == plan.tables[0].roles
    assert [str(role) for role in plan.tables[0].roles] == [
        "surname",
        "date_of_birth",
        "ignore",
        "qualifications=none",
        "pay",
    ]


def test_a_column_can_be_switched_off(tmp_path: Path) -> None:
    mapping = write(tmp_path, "columns:\n  Age: ignore\n", "map.yaml")
    rows = scored(tmp_path, "Surname,Age\nMacExample,44\n", mapping=mapping, answers=True)
    assert rows[0]["answer_age"] == ""

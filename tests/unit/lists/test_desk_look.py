"""What a person sees of an upload before they confirm how it is read: columns and counts, and nothing of anybody."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from tests.golden.malformed.build import CASES, SECRET, build
from tests.golden.malformed.test_malformed import GOLDEN
from tests.unit.lists.tools import FORM, ON, SAFE, engine, score, vocabulary, workbook, write
from triage.errors import ListError
from triage.lists import desk
from triage.lists.desk.opened import open_list
from triage.lists.read import Limits

EXAMPLE = Path("docs/examples/attendance.xlsx")


def column(looked: desk.Looked, name: str) -> desk.LookedColumn:
    return next(each for each in looked.columns if each.name == name)


def test_the_example_is_shown_as_it_is_read() -> None:
    looked = desk.look(engine(), EXAMPLE, on=ON)
    assert (looked.kind, looked.own, looked.rows, looked.clients) == ("xlsx", False, 118, 104)
    assert sum(looked.others.values()) + looked.clients == looked.rows
    assert [(table.name, table.headings) for table in looked.tables] == [
        ("Session 1 (morning)", 4),
        ("Session 2 (afternoon)", 2),
    ]
    born = column(looked, "DOB")
    assert (born.role, born.label, born.answers, born.why) == (
        "date_of_birth",
        "Date of birth",
        "Age",
        "the heading says so",
    )
    assert born.filled >= born.understood + born.unclear
    assert {item.why for item in looked.left} >= {"a hidden sheet", "a hidden column", "comments, never kept"}
    assert not looked.unknown
    assert "Surname" in {each.name for each in looked.identifying}


def test_nothing_of_anybody_is_in_it(tmp_path: Path) -> None:
    text = f"Surname,Note,Mobile,{FORM},Favourite\nMacExample,shy,07700900123,{SAFE},QQ123456C\n"
    said = json.dumps(desk.look(engine(), write(tmp_path, text), on=ON).to_dict())
    for cell in ("MacExample", "shy", "07700900123", "Stirling", "QQ123456C"):
        assert cell not in said


def test_a_heading_that_is_somebodys_data_is_not_repeated(tmp_path: Path) -> None:
    text = f"Surname,QQ123456C,12/03/1975,{FORM}\nA,,,{SAFE}\n"
    looked = desk.look(engine(), write(tmp_path, text))
    said = json.dumps(looked.to_dict())
    assert "QQ123456" not in said
    assert "12/03/1975" not in said
    assert column(looked, "column 2").heading == ""


def test_the_choices_of_a_person_count_and_are_marked(tmp_path: Path) -> None:
    path = write(tmp_path, f"Surname,Wheels,{FORM}\nA,yes,{SAFE}\n")
    before = desk.look(engine(), path)
    assert [each.name for each in before.unknown] == ["Wheels"]
    assert column(before, "Wheels").why == "nobody knows this heading"
    mapping = desk.mapping_from(engine(), {"Wheels": "vehicle", "Own car": "ignore"})
    after = desk.look(engine(), path, mapping)
    assert (column(after, "Wheels").role, column(after, "Wheels").why) == ("vehicle", "chosen by a person")
    assert column(after, "Own car").role == "ignore"
    assert column(after, "Wheels").understood == 1
    assert desk.choices_of(mapping) == {"Wheels": "vehicle", "Own car": "ignore"}


def test_the_choices_shown_give_the_same_plan_again() -> None:
    looked = desk.look(engine(), EXAMPLE)
    mapping = desk.mapping_from(engine(), looked.choices)
    assert desk.look(engine(), EXAMPLE, mapping).choices == looked.choices
    plain, chosen = (open_list(engine(), EXAMPLE, each)[0] for each in (desk.mapping_from(engine(), {}), mapping))
    assert [table.roles for table in plain.tables] == [table.roles for table in chosen.tables]


def test_every_role_can_be_chosen_and_has_words() -> None:
    choices = desk.roles(engine())
    assert {choice.id for choice in choices} == {*vocabulary().roles}
    assert all(choice.label and choice.group in desk.GROUPS for choice in choices)
    assert choices[0].group == "answers"
    assert choices[-1].id == "ignore"
    desk.mapping_from(engine(), {f"Column {place}": choice.id for place, choice in enumerate(choices)})


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"Wheels": "vehikle"}, "Did you mean 'vehicle'"),
        ({"Wheels": "vehicle", "WHEELS": "age"}, "'WHEELS': it is given two roles"),
    ],
)
def test_choices_that_cannot_be_used_are_named(choices: dict[str, str], why: str) -> None:
    with pytest.raises(ListError, match=why):
        desk.mapping_from(engine(), choices)


def test_choices_for_another_list_are_refused(tmp_path: Path) -> None:
    mapping = desk.mapping_from(engine(), {"Wheels": "vehicle"})
    with pytest.raises(ListError, match="does not fit this list"):
        desk.look(engine(), write(tmp_path, f"Surname,{FORM}\nA,{SAFE}\n"), mapping)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Surname,Forename\nA,B\n", "No column answers a question"),
        ("Surname,Age\nA,40\n", "answer 1 of those that count"),
        ("Age,Council area\n40,Falkirk\n", "No column says who somebody is"),
        ("Surname,Age,DOB\nA,40,3/4/1975\n", "Age: several columns answer this (Age, DOB)"),
        ("Surname,DOB\nA,04/23/1975\n", "'DOB' has dates that are not day first"),
    ],
)
def test_what_a_person_should_know_is_said_before(tmp_path: Path, text: str, why: str) -> None:
    assert any(why in warning for warning in desk.look(engine(), write(tmp_path, text), on=ON).warnings)


def test_why_a_column_is_taken_for_what_it_is(tmp_path: Path) -> None:
    rows = [["", "Driving licence", None, ""], ["Surname", "Full", "None", "Own car"], ["A", "x", None, "yes"]]
    looked = desk.look(engine(), workbook(tmp_path, {"One": rows}))
    assert {each.name: (each.role, each.why) for each in looked.columns} == {
        "Surname": ("surname", "the heading says so"),
        "Own car": ("vehicle", "the heading says so"),
        "Driving licence Full": ("driving_licence=full_clean", "the heading is an answer to 'Driving licence'"),
        "Driving licence None": ("driving_licence=none", "the heading is an answer to 'Driving licence'"),
    }
    ticks = desk.look(engine(), write(tmp_path, "Surname,No qualifications\nA,x\n"))
    assert column(ticks, "No qualifications").why == "the heading is an answer to 'Highest qualification'"


def test_a_sheet_without_headings_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"People": [["Surname", "Age"], ["A", 40]], "Odd": [["x", 1], ["y", 2]]})
    looked = desk.look(engine(), path)
    assert [(table.name, table.headings) for table in looked.tables] == [("People", 1), ("Odd", None)]
    assert any("No row of headings was found on 'Odd', so its 2 rows" in warning for warning in looked.warnings)
    assert looked.others == {"on a sheet without headings": 2}


def test_an_output_that_comes_back_is_known_as_one(tmp_path: Path) -> None:
    out = score(write(tmp_path, f"Surname,{FORM}\nA,{SAFE}\n"), answers=True).out
    looked = desk.look(engine(), out)
    assert looked.own
    assert looked.columns == ()
    assert looked.made_with == {
        "model": (engine().versions.model,),
        "checklist": (engine().versions.checklist,),
        "cutoffs": (engine().versions.cutoffs,),
        "date": (ON.isoformat(),),
    }


def test_a_list_too_long_for_the_service_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "Surname,Age\n" + "A,40\n" * (desk.MOST_ROWS + 1))
    with pytest.raises(ListError, match="at most 20,000"):
        desk.look(engine(), path)


@pytest.mark.slow
@pytest.mark.parametrize("name", GOLDEN)
def test_hostile_files_are_refused_in_plain_words_or_read(name: str, tmp_path: Path) -> None:
    """Broken zips, passwords, bombs, formulas, wrong endings: a sentence without anybody's data, or a list."""
    path = build(name, tmp_path)
    if "refused" in GOLDEN[name] and CASES[name].limits == Limits():
        with pytest.raises(ListError) as problem:
            desk.look(engine(), path)
        assert problem.value.message.startswith(path.name)
        assert SECRET.lower() not in problem.value.message.lower()
    else:
        with suppress(ListError):
            json.dumps(desk.look(engine(), path).to_dict())

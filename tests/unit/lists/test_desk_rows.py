"""Each row of an uploaded list: the same figures as on the command line, and nobody's name beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.golden.malformed.build import build
from tests.golden.malformed.test_malformed import GOLDEN
from tests.unit.lists.desk_doors import by_command, check_same
from tests.unit.lists.test_score_list import capacity
from tests.unit.lists.tools import FORM, ON, SAFE, engine, report_of, score, workbook, write
from triage.engine import load
from triage.errors import ListError
from triage.lists import desk

EXAMPLE = Path("docs/examples/attendance.xlsx")
READABLE = [name for name, found in GOLDEN.items() if "refused" not in found]
#: They can be read, but nothing in them looks like headings.
NO_LISTS = (
    "cells_of_every_type",
    "dates_and_times",
    "dates_since_1904",
    "links_to_other_workbooks",
    "merged_heading_and_sparse_rows",
)


@pytest.fixture(scope="module")
def example() -> desk.Scored:
    return desk.score_rows(engine(), EXAMPLE, on=ON)


def rows(folder: Path, text: str, name: str = "list.csv") -> tuple[desk.Row, ...]:
    return desk.score_rows(engine(), write(folder, text, name), on=ON).rows


def test_the_example_is_the_same_through_both_doors(example: desk.Scored, tmp_path: Path) -> None:
    path = tmp_path / EXAMPLE.name
    path.write_bytes(EXAMPLE.read_bytes())
    check_same(engine(), example.rows, by_command(engine(), path))


@pytest.mark.slow
@pytest.mark.parametrize("name", READABLE)
def test_every_list_with_trouble_is_the_same_through_both_doors(name: str, tmp_path: Path) -> None:
    path = build(name, tmp_path)
    if name in NO_LISTS:
        with pytest.raises(ListError):
            desk.score_rows(engine(), path, on=ON)
    else:
        check_same(engine(), desk.score_rows(engine(), path, on=ON).rows, by_command(engine(), path))


def test_the_summary_is_that_of_the_workbook(example: desk.Scored, tmp_path: Path) -> None:
    path = tmp_path / EXAMPLE.name
    path.write_bytes(EXAMPLE.read_bytes())
    said = report_of(score(path, sensitive=True))
    for line in (*example.counts, *example.in_bands, *example.used, *example.remarks):
        assert line in said
    assert example.statuses["scored"] == sum(example.bands.values()) == 43
    assert desk.band_counts(example.rows, engine().points.ids) == example.bands


def test_every_row_goes_to_json_and_back(example: desk.Scored) -> None:
    for row in example.rows:
        data = json.loads(json.dumps(row.to_dict()))
        assert desk.Row.from_dict(data, asdict(row.private)) == row


def test_what_identifies_somebody_is_apart(example: desk.Scored) -> None:
    for row in example.rows:
        said = json.dumps(row.to_dict(), ensure_ascii=False)
        for kind, text in row.private.identity.items():
            if kind in ("surname", "forename", "full_name", "email", "date_of_birth") and row.client:
                assert text not in said


def test_identity_is_as_the_list_has_it_with_a_birth_date_that_is_certain(tmp_path: Path) -> None:
    text = (
        f"Surname,Forename,Phone,Mobile,DOB,Home postcode,NI number,Comments,Interests,{FORM}\n"
        f"Ó Sampla,Seán,0131 496 0000,07700 900123,3/4/75,FK3 8AA,QQ123456C,shy,CV; training,{SAFE}\n"
        f"Other,QQ 12 34 56 C Ann,,,31/3 or so,,,,no,{SAFE}\n"
    )
    first, second = rows(tmp_path, text)
    assert first.private.identity == {
        "surname": "Ó Sampla",
        "forename": "Seán",
        "mobile": "0131 496 0000",
        "mobile_2": "07700 900123",
        "date_of_birth": "3/4/75",
        "born": "1975-04-03",
        "postcode": "FK3 8AA",
    }
    assert first.private.wants == {"Interests": "CV; training"}
    assert second.private.identity == {
        "surname": "Other",
        "forename": "[left out] Ann",
        "date_of_birth": "31/3 or so",
    }
    assert second.private.wants == {}


def test_who_ticks_the_event_form_to_talk_to_an_adviser_is_known(tmp_path: Path) -> None:
    talk = engine().words.wording.forms.event_talk
    first, second = rows(tmp_path, f"Surname,{talk},{FORM}\nA,✓,{SAFE}\nB,☐,{SAFE}\n")
    assert (first.private.wants, second.private.wants) == ({talk: "✓"}, {})


def test_a_birth_date_of_a_column_that_is_not_day_first_is_not_certain(tmp_path: Path) -> None:
    first, second, third = rows(tmp_path, "Name,DOB\nA,04/23/1975\nB,04/05/1975\nC,1975-05-04\n")
    assert "born" not in first.private.identity
    assert "born" not in second.private.identity
    assert third.private.identity["born"] == "1975-05-04"


def test_hidden_columns_identify_nobody(tmp_path: Path) -> None:
    import openpyxl

    path = workbook(tmp_path, {"A": [["Surname", "Mobile", "Age"], ["Sample", "07700 900123", 40]]})
    book = openpyxl.load_workbook(path)
    book["A"].column_dimensions["B"].hidden = True
    book.save(path)
    assert desk.score_rows(engine(), path, on=ON).rows[0].private.identity == {"surname": "Sample"}


def test_statuses_say_what_each_row_is(tmp_path: Path) -> None:
    text = (
        f"Surname,Status,Objects to scoring,{FORM}\n"
        f"A,,,{SAFE}\nB,,,Stirling,,,,,\nC,has job,,{SAFE}\nD,redeployed,,{SAFE}\nE,,x?,{SAFE}\n,,,,,,,,\nTotal: 5\n"
    )
    path = write(tmp_path, text.replace("Status", "Redundancy status"))
    found = desk.score_rows(engine(), path, on=ON)
    assert [row.status for row in found.rows] == [
        "scored", "not_enough_answers", "has_job", "redeployed", "objected", "empty", "not_a_client",
    ]  # fmt: skip
    assert [row.client for row in found.rows] == [True] * 5 + [False] * 2
    for row in found.rows[2:]:
        assert (row.figures, row.score, row.band) == (None, None, None)


def test_a_sheet_without_headings_gives_its_rows_all_the_same(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"People": [["Surname", "Age"], ["A", 40]], "Odd": [["x", 1], ["y", 2]]})
    found = desk.score_rows(engine(), path, on=ON).rows
    assert [(row.sheet, row.row, row.status) for row in found] == [
        ("People", 2, "not_enough_answers"),
        ("Odd", 1, "not_read"),
        ("Odd", 2, "not_read"),
    ]


def test_places_of_a_list_and_its_tied_group_are_told(tmp_path: Path) -> None:
    people = "\n".join(f"Client {age},Glasgow,{age},none,none,no,alone" for age in (60, 58, 20, 60, 30))
    path = write(tmp_path, f"Name,{FORM}\n{people}\n")
    tight = load(cutoffs=capacity(tmp_path, 2))
    found = desk.score_rows(tight, path, on=ON)
    edge = desk.AtTheEdge("intensive", 3, 2)
    assert found.edges == (edge,)
    assert [row.edge for row in found.rows] == [edge, edge, None, edge, None]
    check_same(tight, found.rows, by_command(tight, path))


def test_whom_to_speak_to_first_is_the_sheet_of_the_workbook(example: desk.Scored, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(
        desk.workbook(engine(), EXAMPLE, desk.mapping_from(engine(), {}), tmp_path / "o.xlsx", ON, sensitive=True)
    )
    sheet = list(book["Speak to first"].iter_rows(values_only=True))
    head, lines = sheet[0], sheet[1:]
    at = head.index("row")
    first = desk.speak_first(example.rows)
    asks = {question.id: question.ask for question in engine().checklist.questions}
    assert [(line[0], line[at], line[at + 1]) for line in lines] == [
        (row.sheet, row.row, desk.WHY[row.speak or 0]) for row in first
    ]
    assert [tuple(text for text in line[at + 2 : at + 5] if text) for line in lines] == [
        tuple(asks[name] for name in row.ask) for row in first
    ]


def test_rows_that_may_be_one_person_name_each_other(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "One": [["Surname", "Forename", "DOB"], ["Sample", "Ann", "03/04/1975"], ["Other", "Bo", "01/01/1980"]],
            "Two": [["Surname", "Forename", "DOB"], ["SAMPLE", "ann", "3 April 1975"]],
        },
    )
    first, other, second = desk.score_rows(engine(), path, on=ON).rows
    assert first.same_person == desk.SamePerson(2, "Two", 2, "same name and date of birth")
    assert second.same_person == desk.SamePerson(0, "One", 2, "same name and date of birth")
    assert other.same_person is None


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = write(tmp_path, "Surname,Age\n" + "A,40\n" * 2_500)
    desk.score_rows(engine(), path, on=ON, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == (2_500, 2_500)

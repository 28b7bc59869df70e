"""An answer that nobody gave moves somebody's score."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lists.tools import engine, report_of, rows_of, score, scored, write


def answer(folder: Path, heading: str, cell: str, question: str) -> tuple[str, str]:
    """How one cell below a heading is understood: the answer, and the problem."""
    quoted = '"' + cell.replace('"', '""') + '"'
    row = scored(folder, f'Surname,Dept,"{heading}"\nMacExample,Lab,{quoted}\n', answers=True, sensitive=True)[0]
    return row[f"answer_{question}"], row["problem"]


@pytest.mark.parametrize(
    ("heading", "cell", "question", "expected"),
    [
        ("Driving licence", "✓", "driving_licence", "full_clean"),
        ("Own car", "✔", "vehicle", "yes"),
        ("Disability", "Prefer not to say", "disability", "declined"),
        ("Age", "prefer not to say", "age", "declined"),
        ("Council area", "declined", "area", "declined"),
        ("Interviews", "not_applicable", "interviews", "not_applicable"),
        ("Highest qualification", "  NAT 5s. ", "qualifications", "scqf_5"),
        ("No qualifications", "✓", "qualifications", "none"),
        ("No qualifications", "", "qualifications", ""),
        ("Age", "57", "age", "57"),
        ("Age", "57 yrs", "age", "57"),
        ("Age", "57.0", "age", "57"),
        ("Date of birth", "03/04/1975", "age", "51"),
        ("Date of birth", "27487", "age", "51"),
        ("Date of birth", "tbc", "age", ""),
        ("Council area", "An Eaglais Bhreac", "area", "S12000014"),
        ("Town", "Falkirk", "area", "S12000014"),
        ("Town", "Grangemouth", "area", ""),
        ("Last day", "31/3/27", "job_ends", "2027-03-31"),
        ("Redundancy status", "got a job", "redundancy_status", "has_job"),
        ("Complex needs", "✓", "complex_needs", "yes"),
    ],
)
def test_cells_that_are_clear(tmp_path: Path, heading: str, cell: str, question: str, expected: str) -> None:
    assert answer(tmp_path, heading, cell, question) == (expected, "")


@pytest.mark.parametrize(
    ("heading", "cell", "age"),
    [
        ("Age band", "45-54", "45"),
        ("Age band", "45 to 54", "45"),
        ("Age", "45–54", "45"),
        ("Age band", "under 25", "16"),
        ("Age band", "55+", "55"),
        ("Age band", "over 54", "55"),
        ("Date of birth", "45-54", "45"),
    ],
)
def test_an_age_band_stands_for_its_lowest_age_and_says_so(tmp_path: Path, heading: str, cell: str, age: str) -> None:
    """Somebody of 24 is else told "Age: 16" as if they had said it."""
    said = "Age: the list says an age band, its lowest age stands for it"
    assert answer(tmp_path, heading, cell, "age") == (age, said)


def test_a_band_says_nothing_beside_a_birth_date(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Surname,Date of birth,Age band\nMacExample,03/04/1975,45-54\n", answers=True)
    assert (rows[0]["answer_age"], rows[0]["problem"]) == ("51", "")


def test_as_above_is_not_an_answer_in_a_town(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Surname,Town\nMacExample,Falkirk\nSample,ditto\n", answers=True)
    assert [row["answer_area"] for row in rows] == ["S12000014", ""]


@pytest.mark.parametrize(
    ("heading", "cell", "question", "what"),
    [
        ("Driving licence", "x", "driving_licence", "a cross may mean yes or no"),
        ("Own car", "✗", "vehicle", "a cross may mean yes or no"),
        ("No qualifications", "X", "qualifications", "a cross may mean yes or no"),
        ("Highest qualification", "✓", "qualifications", "a tick does not say which answer"),
        ("Highest qualification", "Natonal 5", "qualifications", "Please confirm"),
        ("Highest qualification", "apprentice", "qualifications", "not one of the answers"),
        ("Lives with", '"', "household", "a ditto mark is not taken for an answer"),
        ("Age", "157", "age", "not possible"),
        ("Age", "forty", "age", "not a number"),
        ("Age band", "40-49", "age", "count differently"),
        ("Age band", "16-75", "age", "count differently"),
        ("Age band", "90-99", "age", "not a possible age band"),
        ("Date of birth", "31/02/1979", "age", "there is no such day"),
        ("Date of birth", "01/01/1900", "age", "does not give an age from 16 to 75"),
        ("Date of birth", "1/2/20", "age", "the century of this year is not certain"),
        ("Last day", "31/3 or when stock done", "job_ends", "this is not a date"),
        ("Complex needs", "x", "complex_needs", "a cross may mean yes or no"),
    ],
)
def test_cells_that_are_not_clear_count_as_not_given_and_are_listed(
    tmp_path: Path, heading: str, cell: str, question: str, what: str
) -> None:
    given, problem = answer(tmp_path, heading, cell, question)
    assert given == ""
    assert what in problem
    assert problem.endswith("(not given)")


def test_no_slash_date_of_a_column_with_a_month_first_date_is_used(tmp_path: Path) -> None:
    """The others of that column would be read with day and month turned round."""
    path = write(
        tmp_path,
        "Surname,Date of birth,Last day\nMacExample,03/04/1975,03/04/2026\nSample,04/23/1975,\nNotreal,3 May 1975,\n",
    )
    outcome = score(path, answers=True)
    rows = rows_of(outcome.out)
    assert [row["answer_age"] for row in rows] == ["", "", "51"]
    assert rows[0]["answer_job_ends"] == "2026-04-03"
    assert "'Date of birth' has dates that are not day first" in report_of(outcome)


def test_two_ticks_for_one_question_count_as_none(tmp_path: Path) -> None:
    higher = engine().checklist.question("qualifications").by_id["scqf_6"].text
    text = f'Surname,No qualifications,"{higher}"\nMacExample,✓,✓\nSample,,✓\n'
    rows = scored(tmp_path, text, answers=True)
    assert [row["answer_qualifications"] for row in rows] == ["", "scqf_6"]
    assert "two columns give different answers (not given)" in rows[0]["problem"]


def test_a_birth_date_is_believed_before_an_age_and_says_so(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Surname,Age,Date of birth\nMacExample,40,03/04/1975\nSample,40,soon\n", answers=True)
    assert [row["answer_age"] for row in rows] == ["51", "40"]
    assert "do not agree" in rows[0]["problem"]
    assert rows[1]["problem"] == ""


def test_a_medical_reason_for_not_driving_is_not_written_where_health_is_left_out(tmp_path: Path) -> None:
    text = "Surname,Driving licence\nMacExample,medical\n"
    assert scored(tmp_path, text, answers=True)[0]["answer_driving_licence"] == "declined"
    row = scored(tmp_path, text, answers=True, sensitive=True, out="full.csv")[0]
    assert row["answer_driving_licence"] == "medical"


def test_a_very_long_cell_is_not_repeated_whole(tmp_path: Path) -> None:
    _, problem = answer(tmp_path, "Highest qualification", "a; b " * 2_000, "qualifications")
    assert len(problem) < 200
    assert ";" not in problem

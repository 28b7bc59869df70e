"""A cell that could not be used: where it stands, what may be meant, and what a typed answer makes of the row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.lists.desk_doors import by_command, check_same
from tests.unit.lists.tools import FORM, ON, SAFE, engine, score, write
from triage.errors import ListError
from triage.lists import desk

HEAD = f"Surname,{FORM}"


def rows(path: Path, corrections: Any = None) -> tuple[desk.Row, ...]:
    return desk.score_rows(engine(), path, on=ON, corrections=corrections).rows


def test_a_problem_names_its_column_its_question_and_what_may_be_meant(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}\nA,Stirling,24,degre,full clean,x,partner\n")
    (row,) = rows(path)
    assert [(item.question, item.columns, item.suggestion) for item in row.to_mend] == [
        ("qualifications", ("Highest qualification",), "scqf_9_plus"),
        ("vehicle", ("Own car",), ""),
    ]
    assert row.private.cells == {"Highest qualification": "degre", "Own car": "x"}
    assert row.row == 2


def test_two_columns_that_differ_are_both_named(tmp_path: Path) -> None:
    (row,) = rows(write(tmp_path, "Surname,Age,DOB\nA,40,01/01/1970\n"))
    assert [(item.question, set(item.columns)) for item in row.to_mend] == [("age", {"Age", "DOB"})]
    assert row.private.cells == {"Age": "40", "DOB": "01/01/1970"}


def test_nothing_of_a_comment_is_kept(tmp_path: Path) -> None:
    (row,) = rows(write(tmp_path, f"{HEAD},Comments\nA,{SAFE},does not want to be scored\n"))
    assert row.status == "objected"
    assert [item.question for item in row.to_mend] == ["objects_to_scoring"]
    assert "does not want" not in str(row)


def test_what_was_mended_counts_as_if_the_list_had_said_it(tmp_path: Path) -> None:
    broken = write(tmp_path, f"{HEAD}\nA,Stirling,24,degre,full clean,x,partner\nB,{SAFE}\n", "broken.csv")
    whole = write(tmp_path, f"{HEAD}\nA,Stirling,24,degree,full clean,no,partner\nB,{SAFE}\n", "whole.csv")
    before = rows(broken)
    after = rows(broken, {0: {"qualifications": "scqf_9_plus", "vehicle": "no"}})
    said = rows(whole)
    for one, other in zip(after, said, strict=True):
        assert (one.figures, one.score, one.band, one.answers) == (
            other.figures,
            other.score,
            other.band,
            other.answers,
        )
        assert one.score == engine().score(one.given, on=ON).to_dict()
    assert after[0].figures != before[0].figures
    assert after[1] == before[1]
    assert after[0].corrected == ("qualifications", "vehicle")
    assert not after[0].to_mend
    assert after[0].private.cells == before[0].private.cells == {"Highest qualification": "degre", "Own car": "x"}


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ({"age": "57"}, {"age": 57.0}),
        ({"age": 57}, {"age": 57.0}),
        ({"area": "Falkirk"}, {"area": "S12000014"}),
        ({"vehicle": "declined"}, {"vehicle": "declined"}),
        ({"vehicle": ""}, {}),
        ({"driving_licence": "medical"}, {"driving_licence": "medical"}),
        ({"confidence": "4"}, None),
        ({"job_ends": "2026-12-24"}, {}),
    ],
)
def test_every_kind_of_answer_can_be_typed(tmp_path: Path, typed: dict[str, object], answers: Any) -> None:
    path = write(tmp_path, f"{HEAD}\nA,{SAFE}\n")
    if answers is None:
        with pytest.raises(ListError, match="entry 1 of the list, 'confidence'"):
            rows(path, {0: typed})
        return
    before, after = rows(path)[0], rows(path, {0: typed})[0]
    rest = {name: value for name, value in before.answers.items() if name not in typed}
    assert after.answers == rest | answers
    assert after.corrected == tuple(typed)
    if "job_ends" in typed:
        assert after.context == {"job_ends": "2026-12-24"}


def test_the_same_answer_again_is_no_correction(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}\nA,{SAFE}\n")
    assert rows(path, {0: {"age": 24}}) == rows(path)


def test_who_does_not_object_after_all_is_scored(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD},Do not score\nA,{SAFE},?\n")
    assert rows(path)[0].status == "objected"
    assert rows(path, {0: {"objects_to_scoring": "no"}})[0].status == "scored"


@pytest.mark.parametrize(
    ("corrections", "why"),
    [
        ({0: {"vehicle": "hovercraft"}}, "entry 1 of the list, 'vehicle': this is not one of the answers"),
        ({0: {"age": "157"}}, "'age': this is not possible here"),
        ({0: {"vehikle": "yes"}}, "there is no such question. Did you mean 'vehicle'"),
        ({0: {"job_ends": "soon"}}, "'job_ends': this is not a date"),
        ({0: {"objects_to_scoring": "perhaps"}}, "'objects_to_scoring': this is not one of the answers"),
        ({1: {"vehicle": "yes"}}, "Row 3 is not a client"),
        ({2: {"vehicle": "yes"}}, "has 2 rows, and a change is for another one"),
        ({-1: {"vehicle": "yes"}}, "has 2 rows, and a change is for another one"),
    ],
)
def test_a_correction_that_cannot_be_used_says_why(tmp_path: Path, corrections: Any, why: str) -> None:
    path = write(tmp_path, f"{HEAD}\nA,{SAFE}\nTotal: 1\n")
    with pytest.raises(ListError, match=why) as problem:
        rows(path, corrections)
    assert "hovercraft" not in str(problem.value)


def test_an_output_without_the_answers_cannot_be_corrected(tmp_path: Path) -> None:
    out = score(write(tmp_path, f"{HEAD}\nA,{SAFE}\n")).out
    with pytest.raises(ListError, match="an output without the answers"):
        rows(out, {0: {"vehicle": "no"}})


def test_an_output_with_the_answers_can_be_corrected(tmp_path: Path) -> None:
    out = score(write(tmp_path, f"{HEAD}\nA,{SAFE}\nB,{SAFE}\n"), answers=True, sensitive=True).out
    before = rows(out)
    first, second = rows(out, {0: {"vehicle": "no"}})
    assert second == before[1]
    assert first.figures != before[0].figures
    assert first.score == engine().score(first.given, on=ON).to_dict()
    assert first.private.cells == {"answer_vehicle": "yes"}


@pytest.mark.slow
def test_every_question_can_be_asked_about_with_answers_that_count(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}\nA,{SAFE}\n")
    checklist = engine().checklist
    for name in (*checklist.by_id, *checklist.context_by_id):
        found = desk.asked(engine(), name)
        assert found.to_dict()["label"] == found.label != ""
        assert found.ask
        for answer in (*(pair[0] for pair in found.answers[:4]), found.least, found.most):
            if answer is not None:
                rows(path, {0: {name: answer}})
    with pytest.raises(ListError, match=r"There is no question 'vehikle'\. Did you mean 'vehicle'"):
        desk.asked(engine(), "vehikle")


def test_rows_of_an_output_are_the_same_through_both_doors(tmp_path: Path) -> None:
    text = f"{HEAD},Disability\nA,Stirling,24,degre,full clean,x,partner,yes\nB,{SAFE},\nTotal: 2\n"
    out = score(write(tmp_path, text), out="out.xlsx", answers=True, sensitive=True).out
    found = desk.score_rows(engine(), out)
    assert found.on == ON
    check_same(engine(), found.rows, by_command(engine(), out, on=None))
    assert [item.question for item in found.rows[0].to_mend] == ["qualifications", "vehicle"]


def test_figures_that_rest_on_answers_that_are_not_in_the_file_have_no_score(tmp_path: Path) -> None:
    """Worked out again they would be others, so no explanation is given that does not belong to them."""
    text = f"{HEAD},Disability,Confidence\nA,Glasgow,52,Nat 5,none,no,alone,yes,not at all confident\nB,{SAFE},,\n"
    path = score(write(tmp_path, text), answers=True).out
    first, second = desk.score_rows(engine(), path).rows
    assert (first.kept, first.score) == (True, None)
    assert first.figures == rows(write(tmp_path, text))[0].figures
    assert second.score is not None

"""An output that comes back: figures stand, decisions count, and nobody's band falls in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.unit.lists.tools import FORM, ON, SAFE, report_of, rows_of, score, write
from triage.errors import ListError

pytestmark = pytest.mark.slow

#: The last two gave answers that are kept apart, and these weigh.
LIST = f"""\
Surname,{FORM},Disability,Confidence
A,{SAFE},,
B,Glasgow,58,none,none,no,alone,no,very confident
C,Glasgow,52,Nat 5,none,no,alone,yes,not at all confident
"""
Rows = list[dict[str, str]]


def first(folder: Path, **wanted: Any) -> Path:
    return score(write(folder, LIST), out="first.csv", **wanted).out


def changed(path: Path, change: Callable[[Rows], None], drop: str = "") -> Path:
    rows = rows_of(path)
    change(rows)
    names = [name for name in rows[0] if name != drop]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return write(path.parent, text.getvalue(), "changed.csv")


def same(rows: Rows) -> None:
    """Changes nothing."""


@pytest.mark.parametrize("answers", [True, False])
def test_an_output_comes_back_as_it_was(tmp_path: Path, answers: bool) -> None:
    path = first(tmp_path, answers=answers)
    again = score(path, out="again.csv", on=None, answers=answers)
    assert again.out.read_bytes() == path.read_bytes()
    assert "another figure" not in report_of(again)
    assert again.report.summary.scored == 3


@pytest.mark.parametrize("answers", [True, False])
def test_a_workbook_comes_back_as_it_was(tmp_path: Path, answers: bool) -> None:
    """Decisions are filled in with a spreadsheet program, so this is the usual way."""
    book = score(write(tmp_path, LIST), out="first.xlsx", answers=answers).out
    again = rows_of(score(book, out="again.csv", on=None, answers=answers).out)
    before = rows_of(first(tmp_path, answers=answers))
    for name in before[0]:
        if name not in ("logit", "probability", "lower", "upper"):
            assert [row[name] for row in again] == [row[name] for row in before], name
    assert [float(row["logit"]) for row in again] == pytest.approx([float(row["logit"]) for row in before])


def test_overrides_count_in_an_output_without_answers(tmp_path: Path) -> None:
    def decide(rows: Rows) -> None:
        rows[0] |= {"override_band": "intensive", "override_reason": "client_asked_for_more", "override_by": "A. B."}

    path = first(tmp_path)
    rows = rows_of(score(changed(path, decide), out="again.csv", on=None).out)
    assert (rows[0]["decided_band"], rows[0]["status"].partition(";")[0]) == ("intensive", "claimed")
    assert rows[0]["logit"] == rows_of(path)[0]["logit"]
    assert rows[1] == rows_of(path)[1]


def test_only_a_row_with_a_changed_answer_is_scored_again(tmp_path: Path) -> None:
    def younger(rows: Rows) -> None:
        rows[2]["answer_age"] = "20"

    path = first(tmp_path, answers=True)
    before = rows_of(path)
    after = rows_of(score(changed(path, younger), out="again.csv", on=None, answers=True).out)
    assert after[:2] == before[:2]
    assert float(after[2]["logit"]) < float(before[2]["logit"])
    assert after[2]["proposed_band"] != before[2]["proposed_band"]
    assert "answers that are kept apart did not count" in after[2]["problem"]


def test_reasons_that_are_kept_apart_do_not_come_out_by_a_detour(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="kept apart"):
        score(first(tmp_path, sensitive=True), out="again.csv", on=None)


@pytest.mark.parametrize("column", ["row", "logit", "date", "answer_age", "answers_check"])
def test_an_output_with_a_column_deleted_is_refused_by_its_name(tmp_path: Path, column: str) -> None:
    path = changed(first(tmp_path, answers=True), same, drop=column)
    with pytest.raises(ListError, match=f"missing: {column}"):
        score(path, out="again.csv", on=None)


def test_an_override_without_the_column_for_names_is_not_applied_and_listed(tmp_path: Path) -> None:
    def decide(rows: Rows) -> None:
        rows[0] |= {"override_band": "intensive", "override_reason": "client_asked_for_more"}

    path = changed(first(tmp_path), decide, drop="override_by")
    assert "nobody is named" in rows_of(score(path, out="again.csv", on=None).out)[0]["problem"]


def test_hidden_columns_of_an_output_still_count(tmp_path: Path) -> None:
    path = score(write(tmp_path, LIST), out="first.xlsx", answers=True).out
    book = openpyxl.load_workbook(path)
    for letter in ("B", "C", "D", "X", "Y", "Z", "AA"):
        book["Clients"].column_dimensions[letter].hidden = True
    book.save(path)
    again = rows_of(score(path, out="again.csv", on=None).out)
    assert [row["logit"][:8] for row in again] == [row["logit"][:8] for row in rows_of(first(tmp_path))]


def test_an_output_of_another_checklist_is_refused(tmp_path: Path) -> None:
    def other(rows: Rows) -> None:
        for row in rows:
            row["checklist"] = "pace-1999.1"

    with pytest.raises(ListError, match="--checklist"):
        score(changed(first(tmp_path, answers=True), other), out="again.csv", on=None)


def test_an_answer_to_a_question_that_does_not_exist_is_named(tmp_path: Path) -> None:
    def other(rows: Rows) -> None:
        for row in rows:
            row["answer_hobby"] = "chess"

    with pytest.raises(ListError, match="answer_hobby"):
        score(changed(first(tmp_path, answers=True), other), out="again.csv", on=None)


def test_days_that_a_spreadsheet_wrote_anew_are_the_same_days(tmp_path: Path) -> None:
    def anew(rows: Rows) -> None:
        for row in rows:
            row["date"] = "01/10/2026"

    path = first(tmp_path, answers=True)
    assert score(changed(path, anew), out="again.csv", on=None, answers=True).out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("text", ["2026-10-02", "soon"])
def test_several_or_strange_days_are_asked_about(tmp_path: Path, text: str) -> None:
    """Otherwise everybody would be scored as on today, in silence."""

    def one(rows: Rows) -> None:
        rows[1]["date"] = text

    path = changed(first(tmp_path, answers=True), one)
    with pytest.raises(ListError, match="--on"):
        score(path, out="again.csv", on=None)
    assert score(path, out="again.csv", on=ON).report.options.on == ON


def test_an_output_without_answers_cannot_be_scored_as_on_another_day(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="--answers"):
        score(first(tmp_path), out="again.csv", on=date(2027, 1, 1))


def test_answers_that_are_not_in_the_file_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="Leave --answers out"):
        score(first(tmp_path), out="again.csv", on=None, answers=True)
    with pytest.raises(ListError, match="Leave --include-sensitive out"):
        score(first(tmp_path, answers=True), out="again.csv", on=None, answers=True, sensitive=True)


@pytest.mark.parametrize("answers", [True, False])
def test_nobody_without_a_figure_gets_one_when_the_output_comes_back(tmp_path: Path, answers: bool) -> None:
    text = f"Surname,Redundancy status,{FORM},Objects to scoring\nA,got a job,{SAFE},\nB,,{SAFE},yes\nC,,{SAFE},\n"
    path = score(write(tmp_path, text), answers=answers).out
    again = score(path, out="again.csv", on=None, answers=answers).out
    assert again.read_bytes() == path.read_bytes()
    assert [row["logit"] == "" for row in rows_of(again)] == [True, True, False]


def test_a_workbook_with_its_answers_gives_every_digit_of_the_figures(tmp_path: Path) -> None:
    text = f"Surname,{FORM}\nA,{SAFE}\nB,Glasgow,58,none,none,no,alone\n"
    book = score(write(tmp_path, text), out="first.xlsx", answers=True).out
    direct = score(write(tmp_path, text), out="direct.csv", answers=True).out
    assert score(book, out="again.csv", on=None, answers=True).out.read_bytes() == direct.read_bytes()


def test_a_row_whose_answers_are_not_all_in_the_file_is_not_explained_wrongly(tmp_path: Path) -> None:
    path = first(tmp_path, answers=True)
    assert score(path, out="again.csv", on=None, explain="2").explained is not None
    assert "first list" in score(path, out="again.csv", on=None, explain="4").unexplained

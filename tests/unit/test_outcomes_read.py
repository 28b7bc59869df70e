"""Is every row of an outcomes file kept as it stands, or its loss said with the row, the column and what to do?"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest

from triage.checklist import Checklist
from triage.errors import ListError, OutcomesError
from triage.features import Features
from triage.outcomes import BACK, COMPETING, OUT
from triage.outcomes.read import OutcomesFile, read_outcomes
from triage.outcomes.unusable import write_unusable

ON = date(2026, 6, 1)
MARKER = "Zzyzx-Quillfeather-7"
GOOD = {"client": "a1", "age": "52", "qualifications": "none", "weeks": "30", "outcome": "paid_work"}


@pytest.fixture(scope="module")
def features() -> Features:
    return Features.load(Checklist.load())


def people(*changes: Mapping[str, str], good: int = 8) -> list[dict[str, str]]:
    """Rows with these changes first, then enough good ones that the file is not refused for its faults."""
    changed = [{**GOOD, "client": f"x{place}", **change} for place, change in enumerate(changes)]
    return changed + [{**GOOD, "client": f"g{place}"} for place in range(good * max(1, len(changes)))]


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def reading(tmp_path: Path, features: Features) -> Any:
    def read(*changes: Mapping[str, str], good: int = 8) -> OutcomesFile:
        return read_outcomes(write(tmp_path / "outcomes.csv", people(*changes, good=good)), features, on=ON)

    return read


def test_a_row_comes_out_as_it_stands(reading: Any, features: Features) -> None:
    change = {
        "age": "41",
        "vehicle": "Prefer not to say",
        "job_search": "not_applicable",
        "weeks": "26.5",
        "outcome": "Retired by choice",
        "weight": "0.5",
        "date": "2025-03-31",
        "group_sex": "woman",
        "band_decided": "enhanced",
        "support": "course",
        "support_start": "-2",
        "model": "evidence-2026.1",
        "simulated": "no",
    }
    found = reading({**change, "weight": "0.5"}, good=0).outcomes
    place = {question.id: at for at, question in enumerate(features.checklist.questions)}
    spot = {item.id: item.place for item in features.inputs}
    assert found.client.tolist() == ["x0"]
    assert (found.weeks[0], found.kind[0], found.place[0], found.weight[0]) == (26.5, "retired", COMPETING, 0.5)
    assert found.date[0] == np.datetime64("2025-03-31")
    assert found.inputs[0, spot["age"]] == 41
    assert np.isnan(found.inputs[0, spot["vehicle"]])
    states = [found.states[0, place[name]] for name in ("age", "vehicle", "job_search", "household")]
    assert states == [1, 2, 3, 0], "answered, declined, too early, not asked are kept apart"
    assert found.groups["sex"].tolist() == ["woman"]
    assert {name: cells[0] for name, cells in found.notes.items()} == {
        "band_decided": "enhanced",
        "support": "course",
        "model": "evidence-2026.1",
    }
    assert found.support_start.tolist() == [-2.0]
    assert (found.simulated, found.source) == (False, "outcomes.csv")


def test_what_is_not_given_has_its_plain_meaning(reading: Any) -> None:
    found = reading(good=3).outcomes
    assert found.weight.tolist() == [1.0] * len(found)
    assert np.isnat(found.date).all()
    assert np.isnan(found.support_start).all()
    assert (found.groups, found.notes) == ({}, {})


@pytest.mark.parametrize(
    ("words", "kind", "place"),
    [
        ("Paid work", "paid_work", BACK),
        ("SELF EMPLOYED", "self_employed", BACK),
        ("seasonal", "temporary_seasonal", BACK),
        ("unemployed", "still_looking", OUT),
        ("in training", "training", OUT),
        ("carer", "caring", OUT),
        ("long-term sick", "ill_health", OUT),
        ("retired", "retired", COMPETING),
        ("deceased", "died", COMPETING),
        ("emigrated", "moved", OUT),
        ("Lost contact", "lost_contact", OUT),
    ],
)
def test_each_outcome_has_its_place_in_the_label(reading: Any, words: str, kind: str, place: int) -> None:
    found = reading({"outcome": words}, good=5).outcomes
    assert (found.kind[0], found.place[0]) == (kind, place)


def test_somebody_never_reached_is_lost_at_week_0_and_counted_in(reading: Any) -> None:
    found = reading({"outcome": "lost_contact", "weeks": ""}, {"outcome": "lost_contact", "weeks": "12"})
    assert found.unusable == ()
    assert found.outcomes.weeks[:2].tolist() == [0.0, 12.0]


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"client": ""}, "client", "empty"),
        ({"weeks": ""}, "weeks", "Only lost_contact may have none"),
        ({"weeks": "", "outcome": "moved"}, "weeks", "empty"),
        ({"weeks": "-1"}, "weeks", "Write 0 for somebody who went straight to another job"),
        ({"weeks": "521"}, "weeks", "Divide them by 7"),
        ({"weeks": MARKER}, "weeks", "not a number"),
        ({"weeks": "nan"}, "weeks", "not a number"),
        ({"weeks": "inf"}, "weeks", "not a number"),
        ({"weeks": "5,5"}, "weeks", "not a number"),
        ({"outcome": ""}, "outcome", "empty"),
        ({"outcome": "payd work"}, "outcome", "Did you mean 'paid work'"),
        ({"outcome": MARKER}, "outcome", "Use one of paid_work"),
        ({"weight": "-0.1"}, "weight", "from 0 up"),
        ({"weight": "heavy"}, "weight", "not a number"),
        ({"date": "2026-06-02"}, "date", "future"),
        ({"date": "1989-12-31"}, "date", "before 1990"),
        ({"date": "2025-02-30"}, "date", "no such day"),
        ({"date": MARKER}, "date", "not a date"),
        ({"objects_to_scoring": "yes"}, "objects_to_scoring", "objects to being scored"),
        ({"objects_to_scoring": MARKER}, "objects_to_scoring", "neither yes nor no"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_column_and_what_to_do(
    tmp_path: Path, features: Features, change: dict[str, str], column: str, said: str
) -> None:
    rows = people(change)
    fill = {"weight": "1", "date": "2025-01-01", "objects_to_scoring": "no"}
    rows = rows[:1] + [{**row, **{name: fill[name] for name in change if name in fill}} for row in rows[1:]]
    found = read_outcomes(write(tmp_path / "outcomes.csv", rows), features, on=ON)
    assert [item.row for item in found.unusable] == [2], "the line of the file"
    assert said in found.unusable[0].reason
    assert f"column '{column}'" in found.unusable[0].reason
    assert found.rows == len(found.outcomes) + 1
    assert "x0" not in found.outcomes.client.tolist()
    assert found.numbers.tolist() == list(range(3, found.rows + 2))
    assert MARKER not in repr((found.unusable, found.remarks, found.notes))


def test_an_empty_weight_is_no_weight_of_one(reading: Any) -> None:
    found = read_only_weight(reading)
    assert len(found.unusable) == 1
    assert "Give every row a weight" in found.unusable[0].reason


def read_only_weight(reading: Any) -> OutcomesFile:
    found: OutcomesFile = reading({"weight": ""}, *({"weight": "2"} for _ in range(9)), good=0)
    return found


def test_all_that_is_wrong_with_a_row_is_said_at_once(reading: Any) -> None:
    found = reading({"client": "", "weeks": "-1", "outcome": "gone"})
    assert [fault.where for fault in found.unusable[0].faults] == [
        "row 2, column 'weeks'",
        "row 2, column 'outcome'",
        "row 2, column 'client'",
    ]


def test_a_file_with_too_many_faults_is_refused_with_the_counts_and_the_rows(reading: Any) -> None:
    bad = [{"weeks": "-1"}] * 2 + [{"outcome": "gone"}]
    with pytest.raises(OutcomesError, match=r"3 of 9 rows cannot be used, more than a fifth") as caught:
        reading(*bad, good=2)
    assert "2 rows (2, 3)" in str(caught.value)
    assert [item.row for item in caught.value.unusable] == [2, 3, 4]


def test_people_who_object_are_left_out_and_do_not_spoil_the_file(reading: Any) -> None:
    found = reading(*({"objects_to_scoring": "yes"} for _ in range(5)), {"objects_to_scoring": "no"}, good=0)
    assert len(found.outcomes) == 1
    assert len(found.unusable) == 5


def test_an_answer_that_cannot_be_read_is_reported_and_counts_as_not_given(reading: Any, features: Features) -> None:
    found = reading({"age": MARKER, "qualifications": "gcse"}, {"age": "5"})
    assert found.unusable == ()
    spot = next(item.place for item in features.inputs if item.id == "age")
    assert np.isnan(found.outcomes.inputs[:2, spot]).all()
    by_question = {remark.figures["question"]: remark for remark in found.remarks}
    assert by_question["age"].figures["cells"] == 2
    assert by_question["age"].severity == "warn"
    assert "2 rows (2, 3)" in by_question["age"].text
    assert MARKER not in repr(found.remarks)


def test_a_column_that_is_not_what_it_says_stops(reading: Any) -> None:
    found = reading(*({"qualifications": str(code)} for code in range(20, 30)), good=0)
    assert [(remark.id, remark.severity) for remark in found.remarks] == [("unread_answers", "stop")]


def test_simulated_and_real_people_are_never_mixed(reading: Any) -> None:
    assert reading(*({"simulated": "yes"} for _ in range(3)), good=0).outcomes.simulated
    with pytest.raises(OutcomesError, match=r"mixes simulated people with real ones.*1 row \(2\)"):
        reading({"simulated": "yes"})
    with pytest.raises(OutcomesError, match="neither yes nor no"):
        reading({"simulated": "perhaps"})


def test_dates_are_day_first_unless_the_column_shows_another_habit(reading: Any) -> None:
    days = [{"date": text} for text in ("03/04/2025", "2025-04-03", "3 April 2025", "45750", "")]
    found = reading(*days, good=0).outcomes.date
    assert found[:4].tolist() == [date(2025, 4, 3)] * 4
    assert np.isnat(found[4])
    with pytest.raises(OutcomesError, match="month first"):
        reading({"date": "04/23/2025"}, {"date": "03/04/2025"}, {"date": "2025-04-03"}, good=0)


def test_headings_are_exact_after_folding_and_what_is_unknown_is_named(tmp_path: Path, features: Features) -> None:
    label = features.checklist.question("qualifications").label
    path = tmp_path / "outcomes.csv"
    heading = f"CLIENT,Age,{label},Weeks,Outcome,qualifcations,redundancy_status,Group: sex"
    path.write_text(f"{heading}\na,52,none,9,died,none,left,x\n")
    found = read_outcomes(path, features, on=ON)
    assert found.outcomes.groups["sex"].tolist() == ["x"]
    assert int((found.outcomes.states == 1).sum()) == 2
    unknown = "The column 'qualifcations' is not known and was left out. Did you mean 'qualifications'"
    assert any(note.startswith(unknown) for note in found.notes)
    assert "The column 'redundancy_status' is not used for learning." in found.notes


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("client,week,outcome", r"column 'weeks': it is missing.*Did you mean 'week'"),
        ("weeks,outcome", r"column 'client': it is missing"),
        ("client,weeks,outcome,age,Age", r"column D 'age', column E 'Age': 2 columns mean 'age'"),
        ("client,weeks,outcome,Weeks", r"2 columns mean 'weeks'"),
        ("client,weeks,outcome,group_sex,Group sex", r"2 columns mean 'sex'"),
    ],
)
def test_headings_that_cannot_be_used_are_refused(tmp_path: Path, features: Features, heading: str, said: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(f"{heading}\na,1,died,1,1\n")
    with pytest.raises(OutcomesError) as caught:
        read_outcomes(path, features, on=ON)
    assert re.search(said, str(caught.value))


@pytest.mark.parametrize("text", ["client,weeks,outcome\n", "client,weeks,outcome\n,,\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, features: Features, text: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text)
    with pytest.raises(OutcomesError, match="no rows below them"):
        read_outcomes(path, features, on=ON)


def test_row_numbers_are_those_of_the_file_where_lines_are_empty_or_cells_have_several(
    tmp_path: Path, features: Features
) -> None:
    path = tmp_path / "outcomes.csv"
    good = "".join(f"g{k},1,died,\n" for k in range(10))
    path.write_text(f'client,weeks,outcome,support\na,1,died,"two\nlines"\n\nb,-1,died,\n{good}')
    found = read_outcomes(path, features, on=ON)
    assert [(item.row, item.client) for item in found.unusable] == [(5, "b")]


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


HEAD = ("client", "age", "weeks", "outcome", "date")


def test_a_workbook_is_read_with_its_real_dates_and_numbers(tmp_path: Path, features: Features) -> None:
    rows = [HEAD, (7, 52, 30.5, "Paid work", datetime(2025, 3, 31)), ("b", "52", "9", "died", "31/03/2025")]
    path = book(tmp_path / "o.xlsx", {"Notes": [["Anything"]], "Data": rows})
    found = read_outcomes(path, features, on=ON).outcomes
    assert found.client.tolist() == ["7", "b"]
    assert found.weeks.tolist() == [30.5, 9.0]
    assert found.date.tolist() == [date(2025, 3, 31)] * 2


def test_two_sheets_of_outcomes_are_refused_by_name(tmp_path: Path, features: Features) -> None:
    rows = [HEAD, ("a", 52, 3, "died", None)]
    path = book(tmp_path / "o.xlsx", {"North": rows, "South": rows})
    with pytest.raises(OutcomesError, match=r"2 sheets of outcomes: 'North', 'South'"):
        read_outcomes(path, features, on=ON)


def test_merged_cells_are_refused_because_rows_would_lose_theirs(tmp_path: Path, features: Features) -> None:
    path = book(tmp_path / "o.xlsx", {"Data": [HEAD, *((f"c{k}", 52, 3, "died", None) for k in range(4))]})
    made = openpyxl.load_workbook(path)
    made.worksheets[0].merge_cells("B2:B4")
    made.save(path)
    with pytest.raises(ListError, match="merged in rows 2 to 4"):
        read_outcomes(path, features, on=ON)


def test_parquet_is_read_with_its_types(tmp_path: Path, features: Features) -> None:
    frame = pl.DataFrame(
        {
            "client": [1, 2],
            "age": [52.0, None],
            "vehicle": [True, False],
            "dependants": pl.Series(["yes", None], dtype=pl.Categorical),
            "weeks": [3.25, float("nan")],
            "outcome": ["died", "lost_contact"],
            "date": [date(2025, 3, 31), None],
            "simulated": [True, True],
        }
    )
    frame.write_parquet(tmp_path / "o.parquet")
    found = read_outcomes(tmp_path / "o.parquet", features, on=ON).outcomes
    spot = {item.id: item.place for item in features.inputs}
    assert found.client.tolist() == ["1", "2"]
    assert found.weeks.tolist() == [3.25, 0.0]
    assert found.date[0] == np.datetime64("2025-03-31")
    np.testing.assert_array_equal(found.inputs[:, spot["age"]], [52, np.nan])
    np.testing.assert_array_equal(found.inputs[:, spot["vehicle"]], [0, 1])
    np.testing.assert_array_equal(found.inputs[:, spot["dependants"]], [1, np.nan])
    assert found.simulated


def test_a_broken_parquet_file_and_lists_in_cells_are_refused(tmp_path: Path, features: Features) -> None:
    path = tmp_path / "o.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(OutcomesError, match="not a whole Parquet file"):
        read_outcomes(path, features)
    pl.DataFrame({"client": ["a"], "weeks": [1], "outcome": [["died"]]}).write_parquet(path)
    with pytest.raises(OutcomesError, match="'outcome' holds no single cells"):
        read_outcomes(path, features)
    with pytest.raises(ListError, match=r"nothing\.csv"):
        read_outcomes(tmp_path / "nothing.csv", features)


def test_rows_that_cannot_be_used_are_written_out_so_that_nothing_can_run(tmp_path: Path, reading: Any) -> None:
    found = reading({"client": '=HYPERLINK("x")', "weeks": "-1"}, {"client": "AB123456C", "weeks": "-1"})
    path = tmp_path / "unusable.csv"
    write_unusable(path, found.unusable)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["row", "client", "reason"]
    assert [row["row"] for row in rows] == ["2", "3"]
    assert rows[0]["client"] == '\'=HYPERLINK("x")'
    assert "AB123456C" not in path.read_text(encoding="utf-8")
    assert "column 'weeks': weeks cannot be negative." in rows[0]["reason"]
    with pytest.raises(OutcomesError, match="cannot be written"):
        write_unusable(tmp_path / "no folder" / "x.csv", found.unusable)


def test_ids_that_are_national_insurance_numbers_are_remarked_on(reading: Any) -> None:
    found = reading({"client": "AB123456C"})
    assert [remark.id for remark in found.remarks] == ["client_identity"]
    assert "AB123456C" not in repr(found.remarks)


def test_a_file_of_another_checklist_is_refused_with_what_to_do(tmp_path: Path, features: Features) -> None:
    """Else a model would be learned from almost no answers, and nobody would know."""
    strange = {f"their_question_{k}": "yes" for k in range(6)}
    row = {"client": "a", "age": "52", "weeks": "30", "outcome": "paid_work"}
    with pytest.raises(OutcomesError, match=r"columns for 1 of the 18 questions.*--checklist"):
        read_outcomes(write(tmp_path / "o.csv", [{**row, **strange}]), features, on=ON)
    kept = read_outcomes(write(tmp_path / "p.csv", [row]), features, on=ON)
    assert len(kept.outcomes) == 1, "few questions are enough where every column is known"


@pytest.mark.parametrize(("said", "meant"), [("contract", None), ("paid wrok", "paid work"), ("retird", "retired")])
def test_only_a_slip_of_the_pen_gets_a_suggestion_for_an_outcome(reading: Any, said: str, meant: str | None) -> None:
    """ "Contract" is near "no contact": taken over, it would turn somebody in work into somebody lost from sight."""
    [row] = reading({"outcome": said}).unusable
    assert ("Did you mean" in row.reason) == (meant is not None)
    assert meant is None or f"'{meant}'" in row.reason


@pytest.mark.parametrize(
    ("client", "said"),
    [
        ("jean.brodie@example.org", "hold an e-mail address"),
        ("Jean Brodie", "look like names of people"),
        ("BRODIE, Jean", "look like names of people"),
        ("07700 900{n}", "look like telephone or CHI numbers"),
        ("+44 7700 900{n}", "look like telephone or CHI numbers"),
        ("0101900{n}", "look like telephone or CHI numbers"),
    ],
)
def test_ids_that_say_who_somebody_is_are_remarked_on_and_not_repeated(
    reading: Any, tmp_path: Path, client: str, said: str
) -> None:
    rows = [{"client": client.replace("{n}", f"{n:03}"), "weeks": "8", "outcome": "paid_work"} for n in range(12)]
    rows.append({**rows[0], "weeks": "soon"})
    found = reading(*rows, good=0)
    remark = next(item for item in found.remarks if item.id == "client_identity")
    assert said in remark.text
    assert client[:5] not in remark.text
    assert "13 rows (first 2, 3, 4, 5, 6)" in remark.text


@pytest.mark.parametrize("client", ["jean.brodie@example.org", "Jean Brodie", "QQ123456C"])
def test_the_list_of_rows_that_cannot_be_used_does_not_say_who_they_are(
    reading: Any, tmp_path: Path, client: str
) -> None:
    found = reading({"client": client, "weeks": "soon"})
    write_unusable(tmp_path / "unusable.csv", found.unusable)
    assert client not in (tmp_path / "unusable.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("client", ["C-0001", "sim-ada750e3f846-000001", "1000000001", "Q7F K2", "0000012345"])
def test_ids_that_say_nothing_are_passed_without_a_word(reading: Any, client: str) -> None:
    assert not [item for item in reading({"client": client}).remarks if item.id == "client_identity"]


def test_what_goes_into_a_card_does_not_say_which_row_objects(reading: Any) -> None:
    found = reading({"objects_to_scoring": "yes"}, {"weeks": "soon"})
    text = next(item.text for item in found.remarks if item.id == "unusable_rows")
    assert "objects to being scored, so the row is not used. 1 row." in text
    assert "(2)" not in text
    assert "(3)" not in text


def test_a_span_of_time_in_parquet_is_refused_and_not_guessed(tmp_path: Path, features: Features) -> None:
    frame = pl.DataFrame({"client": ["a"], "weeks": [7], "outcome": ["died"]})
    frame.with_columns(weeks=pl.duration(days=pl.col("weeks"))).write_parquet(tmp_path / "o.parquet")
    with pytest.raises(OutcomesError, match=r"'weeks' holds spans of time\. Write it as a number of weeks"):
        read_outcomes(tmp_path / "o.parquet", features)

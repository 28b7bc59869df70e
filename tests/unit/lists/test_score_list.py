"""From a list to an output, through files: what people find when they open it."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml

from tests.unit.lists.tools import FORM, ON, SAFE, engine, report_of, rows_of, score, scored, workbook, write
from triage.cli.main import main
from triage.content import content_root
from triage.engine import load
from triage.errors import ListError, UsageError
from triage.lists import plan as plan_module
from triage.lists.names import FIXED, OVERRIDES

FULL = (
    f"Surname,{FORM},Disability,Confidence\n"
    f"MacExample,{SAFE},yes,not at all confident\nSample,Glasgow,60,none,none,no,alone,no,very confident\n"
)


def test_columns_stand_in_the_agreed_order(tmp_path: Path) -> None:
    out = score(write(tmp_path, FULL)).out
    header = out.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert header == ["Surname", *FIXED, *OVERRIDES]
    assert list(FIXED[:7]) == ["row", "logit", "probability", "lower", "upper", "proposed_band", "decided_band"]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_row_says_what_the_engine_says(tmp_path: Path) -> None:
    row = scored(tmp_path, FULL, sensitive=True)[1]
    answers = {
        "area": "Glasgow", "age": 60, "qualifications": "none", "driving_licence": "none", "vehicle": "no",
        "household": "alone", "disability": "no", "confidence": "very confident",
    }  # fmt: skip
    expected = engine().score(answers, on=ON)
    assert float(row["logit"]) == expected.logit
    assert float(row["probability"]) == pytest.approx(expected.probability, abs=1e-12)
    assert float(row["lower"]) == pytest.approx(expected.lower, abs=1e-12)
    assert row["proposed_band"] == expected.band
    assert [row[f"reason_{k}"] for k in (1, 2, 3)] == [reason.text for reason in expected.reasons[:3]]
    assert row["strength_1"] == (expected.strengths[0].text if expected.strengths else "")
    assert row["unanswered"].split(", ") == list(expected.unanswered)
    assert (row["model"], row["checklist"], row["cutoffs"], row["date"]) == (
        expected.versions.model, expected.versions.checklist, expected.versions.cutoffs, "2026-10-01",
    )  # fmt: skip


def test_an_output_with_answers_reproduces_its_scores(tmp_path: Path) -> None:
    rows = scored(tmp_path, FULL, answers=True, sensitive=True)
    for row in rows:
        given = {
            name.removeprefix("answer_"): text for name, text in row.items() if name.startswith("answer_") and text
        }
        assert engine().score(given, on=ON).logit == float(row["logit"])


def test_what_is_kept_apart_is_not_in_the_output(tmp_path: Path) -> None:
    """Whoever reads the file cannot tell from any column whether such a question was answered."""
    text = FULL + f"Notreal,{SAFE},,\n" + f"Madeup,{SAFE},nonsense,nonsense\n"
    path = write(tmp_path, text)
    rows = rows_of(score(path, answers=True).out)
    written = (tmp_path / "out.csv").read_text().lower()
    for word in ("disab", "confiden", "nonsense", "answer_physical", "answer_complex"):
        assert word not in written, word
    assert "answer_disability" not in rows[0]
    assert rows[0]["unanswered"] == rows[2]["unanswered"] == rows[3]["unanswered"]
    assert rows[3]["problem"] == ""
    report = report_of(score(path, out="again.csv"))
    assert "Questions that are kept apart: 2 answers not certain" in report


def test_a_hidden_reason_leaves_no_gap(tmp_path: Path) -> None:
    with_reason = scored(tmp_path, f"Surname,{FORM},Physical ability\nA,Glasgow,60,none,none,no,alone,poor\n")[0]
    without = scored(tmp_path, f"Surname,{FORM},Physical ability\nA,Glasgow,60,none,none,no,alone,\n")[0]
    assert [with_reason[f"reason_{k}"] for k in (1, 2, 3)] == [without[f"reason_{k}"] for k in (1, 2, 3)]


def test_a_sensitive_output_says_so_in_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    outcome = score(path, out="scored.xlsx", sensitive=True)
    assert outcome.out.name == "scored-sensitive.xlsx"
    assert score(path, out="my-Sensitive.csv", sensitive=True).out.name == "my-Sensitive.csv"
    first = openpyxl.load_workbook(outcome.out).worksheets[0]
    assert any("SENSITIVE" in str(cell.value) for row in first.iter_rows() for cell in row)


def test_comments_hidden_columns_and_numbers_are_dropped_and_named(tmp_path: Path) -> None:
    text = (
        f"Surname,Clock no,NI number,Comments,Pay,{FORM}\n"
        f"MacExample,QQ123456C,QQ654321A,off with stress,12.50,{SAFE}\n"
        f"Sample,00123,,got job at Elsewhere Foods,,{SAFE}\n"
    )
    outcome = score(write(tmp_path, text))
    written = outcome.out.read_text()
    for secret in ("QQ", "123456", "stress", "Elsewhere", "12.50"):
        assert secret not in written
        assert secret not in report_of(outcome)
    rows = rows_of(outcome.out)
    assert rows[1]["status"].endswith("may already have a job: ask")
    report = report_of(outcome)
    assert "comments, never kept): Comments" in report
    assert "national insurance, never kept): NI number" in report
    assert "Left out of 'Clock no': 1 National Insurance number" in report


def test_people_with_a_job_have_no_figures(tmp_path: Path) -> None:
    text = f"Surname,Redundancy status,{FORM}\nMacExample,got a job,{SAFE}\nSample,redeployed,{SAFE}\n"
    for row in scored(tmp_path, text):
        assert row["status"] in ("has job", "redeployed")
        assert {row[name] for name in ("logit", "probability", "lower", "upper", "proposed_band", "reason_1")} == {""}


def test_people_who_object_are_not_scored(tmp_path: Path) -> None:
    field = engine().checklist.context_by_id["objects_to_scoring"].label
    rows = scored(tmp_path, f"Surname,{field},{FORM}\nMacExample,yes,{SAFE}\nSample,no,{SAFE}\n", sensitive=True)
    assert rows[0]["status"] == "objected"
    assert {rows[0][name] for name in ("logit", "probability", "proposed_band", "reason_1", "strength_1")} == {""}
    assert rows[1]["status"] == "proposed"


def test_too_little_is_not_low(tmp_path: Path) -> None:
    row = scored(tmp_path, "Surname,Age,Council area\nMacExample,24,Stirling\n")[0]
    assert (row["status"], row["proposed_band"]) == ("not enough answers", "")


def test_a_band_whose_range_crosses_a_cut_off_says_so(tmp_path: Path) -> None:
    rows = scored(tmp_path, f"Surname,{FORM}\nMacExample,Glasgow,50,Highers,none,no,alone\nSample,{SAFE}\n")
    assert rows[0]["status"].startswith("proposed; range crosses a cut-off")
    assert rows[1]["status"] == "proposed"


def test_several_heavy_factors_or_a_tick_ask_for_judgement(tmp_path: Path) -> None:
    """The figures are least reliable for people with several complex needs, so nobody should go by them alone."""
    heavy = "Glasgow,60,none,none,no,alone"
    text = f"Surname,Complex needs,{FORM}\nA,,{heavy}\nB,✓,{SAFE}\nC,,{SAFE}\n"
    flagged = ["less reliable here" in row["status"] for row in scored(tmp_path, text)]
    assert flagged == [True, True, False]
    answers = dict(
        zip(("area", "age", "qualifications", "driving_licence", "vehicle", "household"), heavy.split(","), strict=True)
    )
    assert engine().score(answers, on=ON).complex_needs == "suggested"


def capacity(folder: Path, places: int) -> Path:
    """The shipped cut-offs with so many places for the band with the most support."""
    file = yaml.safe_load((content_root() / "models" / "cutoffs" / "default.yaml").read_text())
    file["bands"][2]["rule"] = {"capacity": places, "fallback": {"share": 8}}
    path = folder / "cutoffs.yaml"
    path.write_text(yaml.safe_dump(file))
    return path


def test_places_are_shared_out_over_the_whole_list(tmp_path: Path) -> None:
    """Chunks and sheets must not matter, and a tied group at the edge is never split."""
    ages = [60, 58, 20, 60, 30, 50, 60, 21]
    people = "\n".join(f"Client {age},Glasgow,{age},none,none,no,alone" for age in ages)
    path = write(tmp_path, f"Name,{FORM}\n{people}\n")
    tight = load(cutoffs=capacity(tmp_path, 3))
    outcome = score(path, engine=tight, size=3)
    rows = rows_of(outcome.out)
    assert [row["proposed_band"] == "intensive" for row in rows].count(True) == 0
    assert [("tied at the edge" in row["status"]) for row in rows] == [age in (60, 58) for age in ages]
    assert "same score" in report_of(outcome)
    assert "3 places on this list decided who is proposed" in report_of(outcome)
    enough = load(cutoffs=capacity(tmp_path, 4))
    rows = rows_of(score(path, engine=enough, size=3).out)
    assert [row["proposed_band"] == "intensive" for row in rows] == [age in (60, 58) for age in ages]


def test_several_sheets_come_out_in_order_with_their_names(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "One": [["SURNAME", "Age"], ["MacExample", 44]],
            "Two": [["Age", "Surname", "Email"], [30, "Sample", "a@b.c"]],
        },
    )
    rows = rows_of(score(path).out)
    assert [(row["sheet"], row["SURNAME"], row["Email"], row["row"]) for row in rows] == [
        ("One", "MacExample", "", "2"),
        ("Two", "Sample", "a@b.c", "2"),
    ]


def test_names_are_kept_letter_by_letter(tmp_path: Path) -> None:
    names = ["Màiri NicSgeulachd", "Świętosław Łże-Przykład", "Прикладія Вигадана", "O’Placeholder  d'Arc"]
    rows = scored(tmp_path, "Name,Age\n" + "\n".join(f"{name},40" for name in names) + "\n")
    assert [row["Name"] for row in rows] == names


def test_phone_numbers_and_contact_wishes_are_flagged(tmp_path: Path) -> None:
    text = (
        "Surname,Mobile,OK to contact,Comments\nA,7.7E+09,yes,\nB,7700900123,no,also in session 1\nC,07700 900123,,\n"
    )
    outcome = score(write(tmp_path, text))
    rows = rows_of(outcome.out)
    assert "digits are lost" in rows[0]["problem"]
    assert "check before you get in touch" in rows[1]["problem"]
    assert "there twice" in rows[1]["problem"]
    assert rows[2]["problem"] == ""
    assert "'Mobile': 1 number may have lost leading zeros" in report_of(outcome)


def test_a_column_of_the_list_may_be_called_like_one_of_the_output(tmp_path: Path) -> None:
    mapping = write(tmp_path, "columns: {status: surname, row: reference}\n", "map.yaml")
    row = scored(tmp_path, "status,row\nMacExample,7\n", mapping=mapping)[0]
    assert (row["status (list)"], row["row (list)"], row["row"]) == ("MacExample", "7", "2")


def test_a_list_that_does_not_fit_a_sheet_is_refused_before_it_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "SHEET_ROWS", 3)
    path = write(tmp_path, "Surname,Age\n" + "A,40\n" * 4)
    with pytest.raises(ListError, match=r"-o out\.csv"):
        score(path, out="out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
    assert score(path).report.summary.rows == 4


@pytest.mark.parametrize("out", ["out.txt", "out", "missing/out.csv", "list.csv"])
def test_an_output_that_cannot_be_is_refused(tmp_path: Path, out: str) -> None:
    path = write(tmp_path, "Surname\nA\n")
    with pytest.raises(UsageError):
        score(path, out=out)
    assert path.read_text() == "Surname\nA\n"


def test_nothing_is_left_behind_where_the_list_cannot_be_scored(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n3,4\n")
    with pytest.raises(ListError, match="no row of headings"):
        score(path)
    assert [item.name for item in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize(
    ("text", "code"),
    [(f"Surname,{FORM}\nMacExample,{SAFE}\n", 0), ("Surname\nMacExample\n", 3), ("1,2\n", 2)],
)
def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int) -> None:
    path = write(tmp_path, text)
    assert main(["score", str(path), "-o", str(tmp_path / "out.csv"), "--on", "2026-10-01"]) == code
    assert (tmp_path / "out.csv").exists() == (code != 2)
    said = capsys.readouterr()
    assert "MacExample" not in said.out + said.err


def test_the_command_explains_one_client_without_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, FULL)
    words = ["score", str(path), "-o", str(tmp_path / "out.csv"), "--on", "2026-10-01", "--explain"]
    assert main([*words, "3"]) == 0
    said = capsys.readouterr().out
    assert "The client of row 3" in said
    assert "Answers that are kept apart" in said
    assert "Disability" not in said.split("The client of row 3")[1]
    assert "Sample" not in said
    assert main([*words, "99"]) == 2
    assert "row 99" in capsys.readouterr().err


def test_an_output_is_scored_again_as_on_its_own_date(tmp_path: Path) -> None:
    """A score that is worked out again a year later must not change because time went by."""
    first = score(
        write(tmp_path, "Surname,Last day,Job search,Age\nA,01/09/2026,daily,40\n"), answers=True, sensitive=True
    )
    again = score(first.out, out="again.csv", on=None, answers=True, sensitive=True)
    assert rows_of(again.out)[0]["date"] == "2026-10-01"
    assert again.out.read_bytes() == first.out.read_bytes()


def test_a_corrected_answer_clears_its_problem(tmp_path: Path) -> None:
    first = score(write(tmp_path, f"Surname,{FORM}\nA,Stirling,24,Natonal 5,full,yes,partner\n"), answers=True).out
    row = rows_of(first)[0]
    assert "Please confirm" in row["problem"]
    row["answer_qualifications"] = "scqf_5"
    lines = [",".join(row), ",".join(f'"{cell}"' for cell in row.values())]
    found = rows_of(score(write(tmp_path, "\n".join(lines) + "\n", "again.csv"), out="third.csv", answers=True).out)[0]
    assert (found["answer_qualifications"], found["problem"]) == ("scqf_5", "")


def test_a_workbook_reads_back_like_a_csv(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    book = score(path, out="scored.xlsx", answers=True, sensitive=True).out
    moved = Path(shutil.move(book, tmp_path / "moved-sensitive.xlsx"))
    back = score(moved, out="back.csv", answers=True, sensitive=True).out
    assert back.read_bytes() == score(path, out="direct.csv", answers=True, sensitive=True).out.read_bytes()

"""What does somebody get from `ltu-triage evaluate`, and what are they told when it cannot be done?"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

import pytest

from triage.cli.evaluate import add_parser
from triage.errors import UserError

MODEL = "models/evidence-2026.1"
HEAD = ["client", "age", "qualifications", "group_sex", "weeks", "outcome", "simulated"]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["evaluate", *words])
    code: int = args.func(args)
    return code


def people(path: Path, rows: list[list[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return str(path)


def plain(n: int = 60) -> list[list[str]]:
    """People of whom the older are more often out of work for long."""
    return [
        [
            f"p{row}",
            str(20 + row % 45),
            "none" if row % 3 else "scqf_9_plus",
            ("woman", "man", "")[row % 3],
            "60" if (row * 7) % 45 + row % 45 > 50 else "8",
            "still_looking" if (row * 7) % 45 + row % 45 > 50 else "paid_work",
            "yes",
        ]
        for row in range(n)
    ]


def test_the_figures_are_printed_and_both_files_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = people(tmp_path / "people.csv", plain())
    assert run(MODEL, file, "-o", str(tmp_path / "out"), "--resamples", "100") == 0
    said = capsys.readouterr()
    for part in ("evidence-2026.1", "60 simulated people of people.csv", "AUC", "The rule “50 or over”", "simulated"):
        assert part in said.out
    assert "Written" in said.err
    data = json.loads((tmp_path / "out" / "evaluation.json").read_text(encoding="utf-8"))
    assert data["format"] == 1
    assert data["simulated"] is True
    assert (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_one_file_of_either_kind_can_be_asked_for(tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv", plain())
    assert run(MODEL, file, "-o", str(tmp_path / "a.json"), "-o", str(tmp_path / "b.html"), "--resamples", "100") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.html", "people.csv"]


def test_rows_that_cannot_be_used_are_named_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = plain()
    rows[3][5] = "teleported"
    assert run(MODEL, people(tmp_path / "people.csv", rows), "--resamples", "100") == 3
    said = capsys.readouterr().err
    assert "1 of 60 rows cannot be used" in said
    assert "row 5" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere", "FILE"], "nowhere is not a model bundle"),
        ([MODEL, "nowhere.csv"], "nowhere.csv"),
        ([MODEL, "FILE", "--checklist", "tests/data/displaced"], "does not fit"),
        ([MODEL, "FILE", "--previous", "docs"], "docs is not a model bundle"),
        ([MODEL, "FILE", "--horizon", "400w", "--resamples", "100"], "nobody's outcome at 400 weeks|all|none"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: list[str], said: str) -> None:
    file = people(tmp_path / "people.csv", [[*row[:4], "60", "still_looking", "yes"] for row in plain()])
    with pytest.raises(UserError, match=said):
        run(*[file if word == "FILE" else word for word in words])


def test_people_who_all_fared_alike_are_refused(tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv", [[*row[:4], "3", "paid_work", "yes"] for row in plain()])
    with pytest.raises(UserError, match="Of the 60 people whose outcome at 52 weeks is known, none have it"):
        run(MODEL, file)


@pytest.mark.parametrize("words", [["--horizon", "0"], ["--horizon", "a year"], ["--resamples", "7"]])
def test_options_that_make_no_sense_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(MODEL, "people.csv", *words)
    assert words[1] in capsys.readouterr().err


def test_what_was_not_read_is_said_as_learning_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under a heading that nobody knows all answers count as not given: the figures would be of another file."""
    rows = [["QQ123456C" if k == 4 else row[0], row[1] if k != 7 else "old", *row[2:]] for k, row in enumerate(plain())]
    file = people(tmp_path / "people.csv", rows)
    text = Path(file).read_text(encoding="utf-8").replace("qualifications", "qualies", 1)
    Path(file).write_text(text, encoding="utf-8")
    assert run(MODEL, file, "--resamples", "100") == 0
    said = capsys.readouterr().err
    assert "The column 'qualies' is not known and was left out" in said
    assert "Column 'age': cells that are not among its answers count as not given: 1 row (9)" in said
    assert "National Insurance number" in said
    assert "QQ123456C" not in said


def test_a_model_is_not_judged_by_a_handful(tmp_path: Path) -> None:
    rows = [[*row[:4], "60" if k < 3 else "8", "still_looking" if k < 3 else "paid_work", "yes"]
            for k, row in enumerate(plain(30))]  # fmt: skip
    with pytest.raises(UserError, match=r"3 with the outcome and 27 without it\. At least 5 of each are needed"):
        run(MODEL, people(tmp_path / "people.csv", rows))


def test_rows_that_cannot_be_used_are_written_where_it_is_asked(tmp_path: Path) -> None:
    rows = plain()
    rows[3][5] = "teleported"
    file, target = people(tmp_path / "people.csv", rows), tmp_path / "rows.csv"
    assert run(MODEL, file, "--unusable", str(target), "--resamples", "100") == 3
    assert "not a known outcome" in target.read_text(encoding="utf-8-sig")


def test_without_the_extra_it_is_said_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fairlearn", None)
    with pytest.raises(UserError, match=r"needs fairlearn: pip install 'ltu-triage\[learn\]'"):
        run(MODEL, str(tmp_path / "nowhere.csv"))

"""Can somebody get simulated outcomes from the command line, and see that they are simulated?"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import pytest

from triage.cli.simulate import add_parser
from triage.errors import UserError

pytestmark = pytest.mark.slow

DISPLACED = Path(__file__).resolve().parent.parent / "data" / "displaced"
OWN = ("--checklist", DISPLACED, "--recipe", DISPLACED / "evidence.yaml")


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["simulate", *map(str, words)])
    code: int = args.func(args)
    return code


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_assumed_is_said_and_every_row_says_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(1200, "-o", tmp_path / "a.csv", "--seed", 7, "--truth", tmp_path / "t.csv") == 0
    said = capsys.readouterr().out
    for part in ("1,200 simulated people", "Nobody in this file exists", "Driving licence depends on Age",
                 "That is an assumption", "Known at week 52", "best possible score"):  # fmt: skip
        assert part in said, part
    people, truth = rows(tmp_path / "a.csv"), rows(tmp_path / "t.csv")
    assert {row["simulated"] for row in [*people, *truth]} == {"yes"}
    assert [row["client"] for row in people] == [row["client"] for row in truth]
    assert not any("chance" in name for name in people[0]), "the truth stands in its own file only"
    assert all(0 < float(row["chance"]) < 1 and row["chance"] == row["chance_without_support"] for row in truth)


def test_the_same_seed_gives_the_same_file_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", "x"), ("b", "x"), ("c", "y")):
        run(300, "-o", tmp_path / f"{name}.csv", "--seed", seed)
    first, again, other = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert first == again
    assert not {row["client"] for row in rows(tmp_path / "a.csv")} & {row["client"] for row in rows(tmp_path / "c.csv")}
    assert first != other


def test_support_that_works_is_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, truth = tmp_path / "a.csv", tmp_path / "t.csv"
    run(1500, "-o", path, "--seed", 1, "--support", "0.5", "--everything", "--strength", 2.2, "--truth", truth)
    assert "received more than the standard support" in capsys.readouterr().out
    people = rows(path)
    assert {row["support"] for row in people} == {"", "enhanced", "intensive"}
    assert all((row["support_start"] == "") == (row["support"] == "") for row in people)
    helped = [float(row["chance"]) < float(row["chance_without_support"]) for row in rows(truth)]
    assert helped == [row["support"] != "" for row in people]


def test_another_checklist_gets_its_own_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(50, "-o", tmp_path / "a.csv", "--seed", 1, *OWN, "--spells", "ph") == 0
    assert "proportional hazards" in capsys.readouterr().out
    assert {"tenure", "weekly_pay", "simulated"} <= set(rows(tmp_path / "a.csv")[0])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--strength", 9, "--follow-up", 0), "2 faults"),
        (("--recipe", DISPLACED / "evidence.yaml"), "--recipe and --checklist together"),
        (("--cutoffs", DISPLACED / "cutoffs.yaml"), "give --support as well"),
        (
            ("--checklist", DISPLACED, "--recipe", DISPLACED / "evidence.yaml", "--support", 0.6),
            "--model and --cutoffs",
        ),
        (("--truth", "OUT"), "a file of its own"),
        (("--support", 0), "multiplies the odds"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    tmp_path: Path, words: tuple[object, ...], says: str
) -> None:
    out = tmp_path / "a.csv"
    with pytest.raises(UserError, match=says):
        run(20, "-o", out, "--seed", 1, *(out if word == "OUT" else word for word in words))
    assert not out.exists()


def test_a_horizon_and_a_number_are_written_as_at_the_other_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("1,500", "-o", tmp_path / "p.csv", "--seed", "s", "--horizon", "26w") == 0
    assert "out of work at week 26" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run("many", "-o", tmp_path / "q.csv", "--seed", "s")
    assert "'many' is not a whole number" in capsys.readouterr().err

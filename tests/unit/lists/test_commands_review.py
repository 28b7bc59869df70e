"""A slip on the command line ends in a traceback, or takes the summary away."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.lists.tools import FORM, SAFE, engine, score, scored, write
from triage.cli.ask import ask_in_terminal
from triage.cli.main import main
from triage.cli.options import day

LIST = f"Surname,{FORM},Redundancy status,Objects to scoring\nMacExample,{SAFE},got a job,\nSample,{SAFE},left,x\n"


@pytest.mark.parametrize(("row", "why"), [("99", "row 99 is no client"), ("3", "objects to being scored")])
def test_the_summary_is_said_where_nothing_can_be_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, why: str
) -> None:
    words = ["score", str(write(tmp_path, LIST)), "-o", str(tmp_path / "out.csv"), "--on", "2026-10-01"]
    assert main([*words, "--explain", row]) == 2
    said = capsys.readouterr()
    assert "2 rows: 2 clients" in said.out
    assert why in said.err
    assert (tmp_path / "out.csv").exists()


def test_no_figure_is_explained_of_somebody_with_a_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["score", str(write(tmp_path, LIST)), "-o", str(tmp_path / "out.csv"), "--on", "2026-10-01"]
    assert main([*words, "--explain", "2"]) == 3
    said = capsys.readouterr().out.split("The client of row 2")[1]
    assert "+" not in said
    assert "Age" not in said


@pytest.mark.parametrize("wrong", [["--explain", "²"], ["--on", "0001-01-01"], ["--on", "9999-12-31"]])
def test_a_wrong_option_is_refused_in_words(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(write(tmp_path, LIST)), "-o", str(tmp_path / "out.csv"), *wrong])
    assert stop.value.code == 2


@pytest.mark.parametrize("text", ["1989-12-31", "2101-01-01"])
def test_a_year_that_is_a_slip_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1990 to 2100"):
        day(text)


@pytest.mark.parametrize("last", ["stop", ""])
def test_a_person_may_stop_answering(monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    """With the word, or with Ctrl-D: the other headings are left out and nobody is asked about them."""
    waiting: Iterator[str] = iter(["area", *([last] if last else [])])

    def answer(_: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    ask = ask_in_terminal(engine())
    assert [str(ask("list", name)) for name in ("Toun", "Foo", "Bar")] == ["area", "ignore", "ignore"]


@pytest.mark.parametrize("text", ["Surname,Age\n", "Name,Age\nPACE adviser,\n"])
def test_a_list_without_clients_does_not_end_well(tmp_path: Path, text: str) -> None:
    assert main(["score", str(write(tmp_path, text)), "-o", str(tmp_path / "out.csv")]) in (2, 3)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("not-sensitive.csv", "not-sensitive-sensitive.csv"),
        ("insensitive.csv", "insensitive-sensitive.csv"),
        ("Sensitive list.csv", "Sensitive list.csv"),
        ("list-sensitive.csv", "list-sensitive.csv"),
    ],
)
def test_a_name_that_says_not_sensitive_is_no_warning(tmp_path: Path, name: str, written: str) -> None:
    assert score(write(tmp_path, LIST), name, sensitive=True).out.name == written


def test_a_one_is_a_tick_where_a_nought_is_none(tmp_path: Path) -> None:
    rows = scored(tmp_path, "Surname,No qualifications\nMacExample,1\nSample,0\n", answers=True)
    assert [row["answer_qualifications"] for row in rows] == ["none", ""]

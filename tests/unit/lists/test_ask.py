"""In a terminal a person is asked about headings that nobody knows, and about no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.lists.tools import engine, vocabulary, write
from triage.cli.ask import ask_in_terminal, show_mapping
from triage.lists.mapping import EMPTY, load_mapping
from triage.lists.plan import make_plan
from triage.lists.read import open_source

LIST = "Clan,Age,Dept,Toun,Foo\nMacExample,44,Lab,Fife,x\n"


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Lets a person type these answers; gives the questions that they were asked."""
    asked: list[str] = []
    waiting: Iterator[str] = iter(answers)

    def answer(question: str) -> str:
        asked.append(question)
        return next(waiting)

    monkeypatch.setattr("builtins.input", answer)
    return asked


def test_unknown_headings_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = typed(monkeypatch, "surnam", "surname", "?", "area", "")
    plan = make_plan(open_source(write(tmp_path, LIST)), vocabulary(), EMPTY, "", ask_in_terminal(engine()))
    assert [str(role) for role in plan.tables[0].roles] == ["surname", "age", "department", "area", "ignore"]
    assert ["'Age'" in question for question in asked] == [False] * 5
    said = capsys.readouterr().out
    assert "Did you mean 'surname'" in said
    assert "qualifications" in said
    show_mapping(plan, vocabulary())
    shown = capsys.readouterr().out
    assert "Toun -> Council area" in shown
    assert "Foo -> not used" in shown


def test_what_a_mapping_file_settles_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = typed(monkeypatch, "surname")
    mapping = load_mapping(write(tmp_path, "columns: {Toun: ignore, Foo: ignore}\n", "map.yaml"), vocabulary())
    make_plan(open_source(write(tmp_path, LIST)), vocabulary(), mapping, "map.yaml", ask_in_terminal(engine()))
    assert len(asked) == 1
    assert "'Clan'" in asked[0]

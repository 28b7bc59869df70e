"""Is a list the same through both doors? Compares the rows of the service with an output of the command, to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.lists.tools import ON, rows_of
from triage.engine import Engine
from triage.lists import desk
from triage.lists.results import DECIDED
from triage.lists.score import Request, score_list

FIGURES = ("logit", "probability", "lower", "upper")
SHOWN = (1, 2, 3)


def by_command(engine: Engine, path: Path, **wanted: Any) -> list[dict[str, str]]:
    """The rows of an output with everything in it."""
    out = path.parent / "by-command.csv"
    asked = {"on": ON, "answers": True, "sensitive": True, **wanted}
    return rows_of(score_list(engine, Request(path, out, **asked)).out)


def check_same(engine: Engine, rows: tuple[desk.Row, ...], command: list[dict[str, str]]) -> None:
    """Every figure, band, reason, answer and problem is the same, and each score is that of the engine."""
    assert len(rows) == len(command)
    for row, written in zip(rows, command, strict=True):
        assert str(row.row) == written["row"]
        assert row.sheet == written.get("sheet", "")
        assert (row.band or "") == written["proposed_band"]
        assert [problem.text for problem in row.problems] == [text for text in written["problem"].split("; ") if text]
        check_status(row, written["status"])
        check_figures(row, written)
        if row.client:
            check_texts(row, written)
            check_score(engine, row)


def check_status(row: desk.Row, written: str) -> None:
    first, *flags = written.split("; ")
    said = {"scored": "proposed", "not_read": "not read"}.get(row.status, row.status.replace("_", " "))
    assert first in (said, "claimed", DECIDED)
    assert [desk.FLAG_WORDS[name] for name in row.flags] == flags


def check_figures(row: desk.Row, written: dict[str, str]) -> None:
    """The CSV holds each figure so that it reads back as the same number."""
    if row.figures is None:
        assert not any(written[name] for name in FIGURES)
    else:
        assert {name: float(written[name]) for name in FIGURES} == row.figures


def check_texts(row: desk.Row, written: dict[str, str]) -> None:
    for kind, said in (("reason", row.reasons), ("strength", row.strengths)):
        assert [item.text for item in said] == [written[f"{kind}_{k}"] for k in SHOWN if written[f"{kind}_{k}"]]
        assert all(item.question for item in said) or row.kept
    assert ", ".join(row.unanswered) == written["unanswered"]
    for name, value in row.given.items():
        text = f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
        assert written[f"answer_{name}"] == text
    given = {name for name in written if name.startswith("answer_") and written[name]}
    assert given == {f"answer_{name}" for name in row.given}


def check_score(engine: Engine, row: desk.Row) -> None:
    if row.status in ("scored", "not_enough_answers") and not row.kept:
        assert row.score == engine.score(row.given, on=ON).to_dict()
        assert row.figures is not None
        assert row.score["logit"] == row.figures["logit"]
    elif not row.kept:
        assert row.score is None

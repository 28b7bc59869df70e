"""Small lists for tests: written as text, scored, and read back."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from triage.engine import Engine, load
from triage.lists.score import Outcome, Request, score_list
from triage.lists.vocabulary import Vocabulary

ON = date(2026, 10, 1)
#: Enough answers of the event form for a band.
FORM = "Council area,Age,Highest qualification,Driving licence,Own car,Lives with"
SAFE = "Stirling,24,degree,full clean,yes,partner"


@cache
def engine() -> Engine:
    """The shipped engine."""
    return load()


@cache
def vocabulary() -> Vocabulary:
    """What headings mean with the shipped checklist."""
    return Vocabulary(engine().checklist, engine().features)


def write(folder: Path, text: str, name: str = "list.csv") -> Path:
    """A CSV with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def workbook(folder: Path, sheets: dict[str, list[list[Any]]], name: str = "list.xlsx") -> Path:
    """A workbook with these rows; None leaves a cell empty."""
    path = folder / name
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell)
    book.close()
    return path


def score(path: Path, out: str = "out.csv", **wanted: Any) -> Outcome:
    """Scores the list into the same folder, as on 1 October 2026 unless told otherwise."""
    chosen = wanted.pop("engine", None) or engine()
    return score_list(chosen, Request(path, path.parent / out, **{"on": ON, **wanted}))


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV output by column."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def scored(folder: Path, text: str, **wanted: Any) -> list[dict[str, str]]:
    """The output rows of a list that is written as CSV text."""
    return rows_of(score(write(folder, text), **wanted).out)


def report_of(outcome: Outcome) -> str:
    """The summary as one text."""
    return "\n".join(outcome.report.lines())

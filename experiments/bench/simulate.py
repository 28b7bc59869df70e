"""What do simulated lists of any length look like? Answers by option id, a tenth missing, always the same.

Run: python -m experiments.bench.simulate KIND ROWS OUT, where KIND is answers, people or workbook.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xlsxwriter

from triage.engine import Engine, load

SEED = 20261001
MISSING = 0.1
_LETTERS = np.array(list("abcdefghiklmnoprstuvwyz"))
#: One in ten is not a word of plain letters.
_FORENAMES = np.array(
    ["Simann", "Simbea", "Simcal", "Simdod", "Simeve", "Simfay", "Simgus", "Simhal", "Simina", "Sim-Jò"]
)


def answers(engine: Engine, rows: int, seed: int = SEED) -> dict[str, pl.Series]:
    """A column of text for each question of the checklist: answers drawn on their own, null where missing."""
    draw = np.random.default_rng(seed)
    columns: dict[str, pl.Series] = {}
    for question in engine.checklist.questions:
        pairs = engine.bundle.reference.shares[question.id]
        texts = [answer if isinstance(answer, str) else f"{answer:g}" for answer, _ in pairs]
        shares = np.array([share for _, share in pairs], dtype=np.float64)
        codes = draw.choice(len(texts), rows, p=shares / shares.sum())
        codes = np.where(draw.random(rows) < MISSING, len(texts), codes)
        columns[question.id] = pl.Series(question.id, [*texts, None], dtype=pl.String).gather(pl.Series(codes))
    return columns


def clients(engine: Engine, count: int) -> list[dict[str, Any]]:
    """Answers of single clients as `Engine.score` takes them, with numbers as numbers."""
    frame = pl.DataFrame(answers(engine, count))
    numbers = [question.id for question in engine.checklist.questions if question.number is not None]
    frame = frame.with_columns(pl.col(numbers).cast(pl.Float64))
    return [{name: cell for name, cell in row.items() if cell is not None} for row in frame.iter_rows(named=True)]


def identity(rows: int, seed: int = SEED) -> dict[str, pl.Series]:
    """Invented columns that say who somebody is, as an extract from a payroll has them."""
    draw = np.random.default_rng(seed + 1)
    letters = pl.DataFrame({str(k): _LETTERS[draw.integers(0, len(_LETTERS), rows)] for k in range(7)})
    surnames = letters.select(pl.concat_str(pl.all()).str.to_titlecase().alias("Surname"))["Surname"]
    forenames = pl.Series("Forename", _FORENAMES[draw.integers(0, len(_FORENAMES), rows)])
    frame = pl.DataFrame([surnames, forenames]).with_columns(
        pl.format("C{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(7)).alias("Clock number"),
        pl.format(
            "{}.{}@example.org", pl.col("Forename").str.to_lowercase(), pl.col("Surname").str.to_lowercase()
        ).alias("Email"),
    )
    return {name: frame[name] for name in frame.columns}


def simulated(kind: str, rows: int) -> pl.DataFrame:
    """The simulated list of a kind: `answers` alone, or `people` or `workbook` with who they are."""
    who = {} if kind == "answers" else identity(rows)
    return pl.DataFrame({**who, **answers(load(), rows)})


def write(kind: str, rows: int, out: Path) -> None:
    """Writes a simulated list: a workbook for `workbook`, a CSV otherwise."""
    frame = simulated(kind, rows)
    if kind != "workbook":
        frame.write_csv(out)
        return
    book = xlsxwriter.Workbook(str(out), {"constant_memory": True})
    sheet = book.add_worksheet("Simulated")
    sheet.write_row(0, 0, frame.columns)
    for number, row in enumerate(frame.iter_rows(), start=1):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(number, place, cell)
    book.close()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

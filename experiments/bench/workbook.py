"""How much memory does a long workbook take from file to file, and how long?"""

from __future__ import annotations

from pathlib import Path
from statistics import median

from experiments.bench.csv_list import AIM_PEAK, DONE, score_words
from experiments.bench.figures import Figure, megabytes
from experiments.bench.processes import run


def figures(folder: Path, rows: int, repetitions: int) -> list[Figure]:
    """The figures of part (e)."""
    given, out = folder / "workbook.xlsx", folder / "workbook-scored.xlsx"
    run(["-m", "experiments.bench.simulate", "workbook", str(rows), str(given)])
    runs = [run(score_words(given, out), DONE) for _ in range(repetitions)]
    peak = max(done.peak for done in runs)
    what = f"{rows:,} rows of 18 answers and who they are, XLSX to XLSX"
    return [
        Figure("e", f"{what}: peak memory", megabytes(peak), "", "under 600 MB", peak < AIM_PEAK),
        Figure("e", what, f"{median(done.seconds for done in runs):.0f} s"),
    ]

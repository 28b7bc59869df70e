"""How long does a long CSV take from file to file, beside polars reading it and writing the same output?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.bench.figures import Compared, Figure, megabytes, times
from experiments.bench.processes import run

AIM_RATIO, AIM_PEAK, AIM_STATE = 3.0, 600e6, 40.0
#: All clients scored, or some not.
DONE = (0, 3)
_KINDS = {
    "answers": "{rows:,} rows of 18 answers, CSV to CSV",
    "people": "{rows:,} rows of 18 answers and who they are, CSV to CSV",
}


@dataclass(frozen=True)
class Files:
    """The files of one comparison: the list, both outputs, and the output's columns ready to be written."""

    given: Path
    out: Path
    columns: Path
    plain: Path

    @classmethod
    def within(cls, folder: Path, kind: str) -> Files:
        """Names in a folder."""
        return cls(*(folder / f"{kind}{ending}" for ending in (".csv", "-scored.csv", ".arrow", "-written.csv")))


def score_words(given: Path, out: Path) -> list[str]:
    """The command `ltu-triage score` in words for Python."""
    return ["-m", "triage.cli.main", "score", str(given), "-o", str(out)]


def figures(folder: Path, rows: int, repetitions: int) -> list[Figure]:
    """The figures of part (c)."""
    found = []
    for kind, what in _KINDS.items():
        files = Files.within(folder, kind)
        run(["-m", "experiments.bench.simulate", kind, str(rows), str(files.given)])
        found += _compare(files, what.format(rows=rows), repetitions)
        said = run(["-m", "experiments.bench.state", str(files.given)]).said
        found.append(
            Figure(
                "c", "whole-list state of that list", f"{float(said):.1f} bytes a row", "",
                "at most 40 bytes a row", float(said) <= AIM_STATE,
            )
        )  # fmt: skip
    return found


def _compare(files: Files, what: str, repetitions: int) -> list[Figure]:
    plain = ["-m", "experiments.bench.plain_csv"]
    seconds: dict[str, list[float]] = {"ours": [], "polars": []}
    peaks: dict[str, list[int]] = {"ours": [], "polars": []}
    run(score_words(files.given, files.out), DONE)
    run([*plain, "prepare", str(files.out), str(files.columns)])
    words = {
        "ours": score_words(files.given, files.out),
        "polars": [*plain, "write", str(files.given), str(files.columns), str(files.plain)],
    }
    for _ in range(repetitions):
        for name, command in words.items():
            done = run(command, DONE)
            seconds[name].append(done.seconds)
            peaks[name].append(done.peak)
    compared = Compared(seconds)
    beside = f"polars reading and writing the same: {compared.median('polars'):.2f} s"
    peak, its = max(peaks["ours"]), max(peaks["polars"])
    took = f"{compared.median('ours'):.2f} s, {times(compared, 'ours', 'polars')} the baseline"
    quick, small = compared.ratio("ours", "polars") < AIM_RATIO, peak < AIM_PEAK
    return [
        Figure("c", what, took, beside, "under 3 times", quick),
        Figure("c", f"{what}: peak memory", megabytes(peak), f"polars: {megabytes(its)}", "under 600 MB", small),
    ]

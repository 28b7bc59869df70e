"""How long does a long CSV take from file to file, beside polars reading it and writing the same output?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from experiments.bench.figures import Compared, Figure, megabytes, times
from experiments.bench.processes import Run, run

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
        found += _compare(files, what.format(rows=rows), repetitions, kind == "answers")
        said = run(["-m", "experiments.bench.state", str(files.given)]).said
        found.append(
            Figure(
                "c", "whole-list state of that list", f"{float(said):.1f} bytes a row", "",
                "at most 40 bytes a row", float(said) <= AIM_STATE,
            )
        )  # fmt: skip
    return found


def _compare(files: Files, what: str, repetitions: int, aimed: bool) -> list[Figure]:
    plain = ["-m", "experiments.bench.plain_csv"]
    runs: dict[str, list[Run]] = {"ours": [], "polars": []}
    run(score_words(files.given, files.out), DONE)
    run([*plain, "prepare", str(files.out), str(files.columns)])
    words = {
        "ours": score_words(files.given, files.out),
        "polars": [*plain, "write", str(files.given), str(files.columns), str(files.plain)],
    }
    for _ in range(repetitions):
        for name, command in words.items():
            runs[name].append(run(command, DONE))
    return _figures(runs, what, aimed)


def _figures(runs: dict[str, list[Run]], what: str, aimed: bool) -> list[Figure]:
    # The baseline says how long it took to get hold of the columns that it writes: that is none of its work.
    ready = [float(done.said) for done in runs["polars"]]
    seconds = {name: [done.seconds for done in found] for name, found in runs.items()}
    seconds["polars"] = [took - less for took, less in zip(seconds["polars"], ready, strict=True)]
    compared, busy = Compared(seconds), {name: median(done.processor for done in runs[name]) for name in runs}
    peak, its = (max(done.peak for done in runs[name]) for name in ("ours", "polars"))
    beside = f"polars reading and writing the same: {compared.median('polars'):.2f} s"
    took = f"{compared.median('ours'):.2f} s, {times(compared, 'ours', 'polars')} the baseline"
    quick, small = compared.ratio("ours", "polars") < AIM_RATIO, peak < AIM_PEAK
    return [
        Figure("c", what, took, beside, *(("under 3 times", quick) if aimed else ())),
        Figure("c", f"{what}: processor time", f"{busy['ours']:.1f} s", f"polars: {busy['polars']:.1f} s"),
        Figure("c", f"{what}: peak memory", megabytes(peak), f"polars: {megabytes(its)}", "under 600 MB", small),
    ]

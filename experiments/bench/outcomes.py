"""How long does it take to learn a model from a country's outcomes, and to judge one, and how much memory?

The outcomes are simulated, and written to a file once. Everything measured reads that file in a process of its own,
and says itself how long the work took without the reading.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

from experiments.bench.figures import Compared, Figure, megabytes, times
from experiments.bench.processes import Run, run

AIM_SECONDS, AIM_PEAK = 90.0, 2e9


def learning(folder: Path, people: int, repetitions: int) -> list[Figure]:
    """The figures of part (f): learning beside one fit of LightGBM to the same people."""
    given = _simulated(folder / "learn.csv", people)
    runs: dict[str, list[Run]] = {"learn": [], "lightgbm": []}
    for _ in range(repetitions):
        for name in runs:
            runs[name].append(_once(name, given))
    compared = Compared({name: [_told(done)["seconds"] for done in found] for name, found in runs.items()})
    peaks = {name: max(done.peak for done in found) for name, found in runs.items()}
    told, seconds = _told(runs["learn"][0]), compared.median("learn")
    what = f"learning from {told['rows']:,} simulated people, {told['inputs']} inputs, {told['draws']} draws"
    busy = {name: median(_told(done)["processor"] for done in found) for name, found in runs.items()}
    beside = "one LightGBM fit at default settings"
    return [
        Figure(
            "f", what, f"{seconds:.1f} s, {times(compared, 'learn', 'lightgbm')} the baseline",
            f"{beside}: {compared.median('lightgbm'):.2f} s", "under 90 s on 2 cores", seconds < AIM_SECONDS,
        ),
        Figure(
            "f", f"{what}: processor time", f"{busy['learn']:.1f} s", f"{beside}: {busy['lightgbm']:.1f} s",
        ),
        Figure(
            "f", f"{what}: peak memory, reading the file included", megabytes(peaks["learn"]),
            f"{beside}: {megabytes(peaks['lightgbm'])}", "under 2 GB", peaks["learn"] < AIM_PEAK,
        ),
    ]  # fmt: skip


def evaluation(folder: Path, people: int, resamples: int) -> list[Figure]:
    """The figures of part (g)."""
    done = _once("evaluate", _simulated(folder / "evaluate.csv", people), str(resamples))
    told = _told(done)
    what = f"judging a model by {told['rows']:,} simulated people, {resamples:,} resamples"
    return [
        Figure("g", what, f"{told['seconds']:.1f} s"),
        Figure("g", f"{what}: peak memory, reading the file included", megabytes(done.peak)),
    ]


def _simulated(path: Path, people: int) -> Path:
    run(["-m", "triage.cli.main", "simulate", str(people), "-o", str(path), "--seed", "bench"])
    return path


def _once(task: str, *words: object) -> Run:
    return run(["-m", "experiments.bench.outcomes_once", task, *map(str, words)])


def _told(done: Run) -> dict[str, Any]:
    """What a process said of its own work."""
    told: dict[str, Any] = json.loads(done.said)
    return told

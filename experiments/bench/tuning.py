"""How long does a sweep of all cut-offs take beside a plain loop, how long a whole tuning, and how much memory?

The plain loop would take the better part of an hour, so it does a few resamples, and is said for one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from experiments.bench.figures import Figure, megabytes
from experiments.bench.processes import Run, run

AIM_SECONDS, AIM_PEAK = 30.0, 1e9


def figures(folder: Path, people: int, resamples: int, plain: int) -> list[Figure]:
    """The figures of part (j); `plain` is how many resamples the plain loop does."""
    path = folder / "tune.csv"
    run(["-m", "triage.cli.main", "simulate", str(people), "-o", str(path), "--seed", "bench tuning"])
    sweep, loop, tune = (
        _once(*task) for task in (("sweep", path, resamples), ("plain", path, plain), ("tune", path, resamples))
    )
    told = _told(sweep)
    ratio = (_told(loop)["seconds"] / plain) / (told["seconds"] / resamples)
    what = f"sweep of 99 cut-offs, {told['groups']} groups, {told['rows']:,} simulated people, {resamples:,} resamples"
    beside = f"a plain loop over people, cut-offs and groups: {_told(loop)['seconds'] / plain:.2f} s for one resample"
    whole = (
        f"tuning by {told['rows']:,} simulated people, {resamples:,} resamples, three policies, groups and page data"
    )
    return [
        Figure(
            "j", what, f"{told['seconds']:.1f} s; a resample takes the baseline {ratio:,.0f} times as long", beside,
            "under 30 s on 2 cores", told["seconds"] < AIM_SECONDS,
        ),
        Figure(
            "j", f"{what}: peak memory, reading the file included", megabytes(sweep.peak), "", "under 1 GB",
            sweep.peak < AIM_PEAK,
        ),
        Figure(
            "j", whole, f"{_told(tune)['seconds']:.1f} s", "", "under 30 s on 2 cores",
            _told(tune)["seconds"] < AIM_SECONDS,
        ),
        Figure(
            "j", f"{whole}: peak memory, reading the file included", megabytes(tune.peak), "", "under 1 GB",
            tune.peak < AIM_PEAK,
        ),
    ]  # fmt: skip


def _once(task: str, path: Path, resamples: int) -> Run:
    return run(["-m", "experiments.bench.tuning_once", task, str(path), str(resamples)])


def _told(done: Run) -> dict[str, Any]:
    """What a process said of its own work."""
    told: dict[str, Any] = json.loads(done.said)
    return told

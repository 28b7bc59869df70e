"""How long does one sweep take, one whole tuning, or the plain loop, without reading the file?

Run: python -m experiments.bench.tuning_once TASK OUTCOMES RESAMPLES, where TASK is sweep, tune or plain.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np

from experiments.bench.plain_sweep import plain
from triage.engine import load
from triage.evaluation import Settings
from triage.evaluation.dimensions import dimensions
from triage.evaluation.sample import Sample
from triage.outcomes import Outcomes
from triage.outcomes.read import read_outcomes
from triage.tuning import Asked, scores_of, tune
from triage.tuning.candidates import at_percents
from triage.tuning.deciding import Deciding
from triage.tuning.solver import Wish
from triage.tuning.sweep import EVERYBODY, PERCENTS, Sweep, edge_of, run

HORIZON = 52.0


def task_of(name: str, people: Outcomes, resamples: int) -> tuple[Callable[[], object], int]:
    """The work to be timed, with everything ready that is none of it, and how many groups it looks at."""
    engine, settings = load(), Settings(seed="bench", resamples=resamples)
    found = dimensions(engine.features, people, settings)
    groups = sum(len(item.groups) for item in found)
    if name == "tune":
        scores = scores_of(engine.bundle, people, None)
        asked = Asked([at_percents(engine, {"intensive": Decimal(18)})], Wish("intensive", 10, 100, 0.6))
        return (lambda: tune(engine, people, scores, asked=asked, settings=settings)), groups
    deciding, sample = Deciding.of(engine, people), Sample(people, HORIZON, "not_back", settings)
    logits, edges = deciding.logits(), [edge_of(percent) for percent in PERCENTS]
    if name == "sweep":
        return (lambda: run([Sweep(logits, deciding.banded, edges, found, sample)], sample)), groups
    codes = {EVERYBODY: (np.zeros(len(people), dtype=np.intp), 1)}
    codes |= {item.id: (item.code, len(item.groups)) for item in found}
    return (lambda: plain(logits, deciding.banded, edges, codes, sample, resamples)), groups


def main(name: str, path: Path, resamples: int) -> None:
    """Does it once and prints the seconds."""
    people = read_outcomes(path, load().features).outcomes
    task, groups = task_of(name, people, resamples)
    start = time.perf_counter()
    task()
    told = {"seconds": time.perf_counter() - start, "rows": len(people), "groups": groups}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

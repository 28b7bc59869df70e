"""How long does one learning, one fit of LightGBM or one evaluation take, without reading the file?

Run: python -m experiments.bench.outcomes_once TASK OUTCOMES [RESAMPLES], where TASK is learn, lightgbm or evaluate.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import lightgbm

from triage.content import content_root
from triage.engine import load
from triage.evaluation import Settings as Judging
from triage.evaluation import evaluate
from triage.learning import Settings, Start, learn
from triage.outcomes import Outcomes
from triage.outcomes.read import read_outcomes

HORIZON = 52.0
RECIPE = content_root() / "models" / "recipes" / "evidence.yaml"


def task_of(name: str, outcomes: Outcomes, resamples: int) -> Callable[[], object]:
    """The work to be timed, with everything ready that is none of it."""
    engine = load()
    if name == "learn":
        start = Start.of(RECIPE, engine.features)
        return lambda: learn(outcomes, start, HORIZON, Settings())
    if name == "evaluate":
        return lambda: evaluate(engine, outcomes, settings=Judging(resamples=resamples))
    label = outcomes.label(HORIZON)
    known = label.weight > 0
    inputs, outcome, weight = outcomes.inputs[known], label.outcome[known], label.weight[known]
    model = lightgbm.LGBMClassifier(verbosity=-1)
    return lambda: model.fit(inputs, outcome, sample_weight=weight)


def main(name: str, path: Path, resamples: int) -> None:
    """Does it once and prints the seconds."""
    outcomes = read_outcomes(path, load().features).outcomes
    task = task_of(name, outcomes, resamples)
    start, busy = time.perf_counter(), time.process_time()
    task()
    told = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy, "rows": len(outcomes)}
    told |= {"inputs": outcomes.inputs.shape[1], "draws": Settings().draws}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)

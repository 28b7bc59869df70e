"""Study 3: how near does learning come to the best that can be known, where the truth is known?

Everybody here is SIMULATED: the shipped checklist, and the simulated cohort with its silence and its censoring. The
truth about a person is P(outcome | the answers given), by integration; no score can rank better. So the figures have no
noise of outcomes: the AUC is the expected one, and calibration and coverage are held against the truth.

    python -m experiments.studies.simulated [--quick]
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.studies.options import Options
from experiments.studies.table import markdown
from experiments.studies.tracked import SIMULATED, Study
from experiments.studies.worlds import CASES, Truth, Worlds
from triage.learning import Settings, learn
from triage.simulation import simulate

TESTED = 40_000
QUICK = {300: 1}
HEAD = ("learned from", "cohorts", "below the best AUC", "calibration error", "80% range covers", "its width")


def case(name: str, asked: Options) -> dict[str, Any]:
    """Every size of one case; each figure is the mean over cohorts, with the least and the most."""
    chosen, tested = CASES[name], 2000 if asked.quick else TESTED
    found: dict[str, Any] = {"words": chosen.words, "sizes": {}}
    with tempfile.TemporaryDirectory() as folder:
        worlds = Worlds(chosen, Path(folder))
        for size, draws in (QUICK if asked.quick else chosen.draws).items():
            pairs = [_learned(name, size, draw, worlds, tested) for draw in range(draws)]
            found["start"] = _spread([before for before, _ in pairs])
            found["sizes"][str(size)] = {"cohorts": draws} | _spread([after for _, after in pairs])
            print(name, size, found["sizes"][str(size)], flush=True)
    return found


def _learned(name: str, size: int, draw: int, worlds: Worlds, tested: int) -> tuple[dict[str, float], dict[str, float]]:
    """Figures of the start alone, and after learning from one cohort."""
    world, seed = worlds.world(draw), f"study-{name}-{draw}"
    truth = Truth.of(tested, f"{seed}-tested", world)
    outcomes = simulate(size, seed, world).outcomes
    card = learn(outcomes, worlds.start, world.horizon, Settings(seed=seed, threads=1)).scorecard
    return truth.figures(worlds.start.evidence), truth.figures(card)


def _spread(runs: Sequence[dict[str, float]]) -> dict[str, list[float]]:
    """By figure: mean, least and most."""
    found = {}
    for key in runs[0]:
        values = [run[key] for run in runs]
        found[key] = [round(float(number), 4) for number in (np.mean(values), min(values), max(values))]
    return found


def run(asked: Options) -> dict[str, Any]:
    """The whole study."""
    names = ("answered",) if asked.quick else tuple(CASES)
    found = {name: case(name, asked) for name in names}
    return {"study": "simulated", "simulated": True, "tested": 2000 if asked.quick else TESTED, "results": found}


def tables(result: dict[str, Any]) -> dict[str, str]:
    """The tables of the page, one for each case."""
    return {name: markdown(HEAD, _rows(found)) for name, found in result["results"].items()}


def _rows(found: dict[str, Any]) -> list[list[str]]:
    rows = [["nobody", "", *_cells(found["start"])]]
    for size, entry in found["sizes"].items():
        rows.append([f"{int(size):,}", str(entry["cohorts"]), *_cells(entry)])
    return rows


def _cells(entry: dict[str, Any]) -> list[str]:
    mean, least, most = entry["distance"]
    covered = "{:.0f}% ({:.0f} to {:.0f})".format(*(100 * value for value in entry["coverage"]))
    return [f"{mean:.4f} ({least:.4f} to {most:.4f})", f"{entry['ece'][0]:.4f}", covered, f"{entry['width'][0]:.3f}"]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the study and write its result."""
    Study("simulated", __doc__ or "", SIMULATED, run, tables).main(argv)


if __name__ == "__main__":
    main()

"""Study 1: how well does what is learned from 3,343 displaced workers rank others, beside other methods?

Data: tests/data/cps_dws_jobless.csv. Outcome: still out of work 26 weeks after the job was lost; 37.5% of the spells
are censored. Ten times five-fold cross-validation with the same folds for every method; each chooses its settings
inside the training folds. And in time: learn from the surveys of 1986 to 1990, score the people of 1992 once.

    python -m experiments.studies.displaced [--slow] [--scores FOLDER] [--quick]
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.studies.cohort import Cohort
from experiments.studies.comparison import best_rival, compared, table
from experiments.studies.crossval import FOLDS, fold_table, kept, out_of_fold
from experiments.studies.data import SETS, displaced, surveyed_in_1992
from experiments.studies.methods import METHODS
from experiments.studies.options import Options
from experiments.studies.resample import RESAMPLES, People
from experiments.studies.tracked import DISPLACED, Study
from experiments.studies.tuning import BUDGET

REPEATS = 10
#: A quick run takes one person of so many.
QUICK = 8


def methods_for(inputs: str, asked: Options) -> list[str]:
    """Which methods run on a set of inputs.

    EBM with its interactions takes half an hour on the nineteen inputs: it runs on these alone, and when asked. It is
    tuned on these alone too.
    """
    if asked.quick:
        return ["ours", "logistic", "lightgbm", "evidence", "age"]
    left_out = set() if asked.slow else {"ebm"}
    if inputs != "19":
        left_out |= {"ebm", "ebm_tuned"}
    return [name for name in METHODS if name not in left_out]


def cross_validated(inputs: str, cohort: Cohort, asked: Options) -> dict[str, Any]:
    """Every method on one set of inputs, ten times five-fold."""
    repeats = 1 if asked.quick else REPEATS
    folds = fold_table(cohort, repeats, 2 if asked.quick else FOLDS)
    scores = {
        name: kept(
            asked.scores, f"displaced-{inputs}-{repeats}-{name}", lambda m=METHODS[name]: out_of_fold(m, cohort, folds)
        )
        for name in methods_for(inputs, asked)
    }
    return compared(scores, folds, People.of(cohort, 20 if asked.quick else RESAMPLES))


def in_time(cohort: Cohort, asked: Options) -> dict[str, Any]:
    """Learned from the surveys of 1986 to 1990; the people of 1992 scored once."""
    later = surveyed_in_1992()[cohort.rows]
    train, test = cohort.take(~later), cohort.take(later)
    scores = {
        name: kept(asked.scores, f"displaced-time-{name}", lambda m=METHODS[name]: m(train)(test)[np.newaxis])
        for name in methods_for("19", asked)
    }
    return compared(scores, None, People.of(test, 20 if asked.quick else RESAMPLES))


def run(asked: Options) -> dict[str, Any]:
    """The whole study."""
    sets = ("19",) if asked.quick else tuple(SETS)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        cohorts = {inputs: displaced(inputs, Path(folder) / inputs) for inputs in sets}
        if asked.quick:
            cohorts = {inputs: cohort.take(np.arange(0, len(cohort), QUICK)) for inputs, cohort in cohorts.items()}
        for inputs, cohort in cohorts.items():
            found[inputs] = cross_validated(inputs, cohort, asked)
        whole = cohorts["19"]
        found["in_time"] = in_time(whole, asked)
    return {
        "study": "displaced",
        "people": len(whole),
        "known": int(whole.label.known.sum()),
        "share_with_outcome": round(whole.label.rate, 4),
        "repeats": 1 if asked.quick else REPEATS,
        "folds": FOLDS,
        "resamples": 20 if asked.quick else RESAMPLES,
        "settings_tried": BUDGET,
        "best_rival": {name: best_rival(entries) for name, entries in found.items()},
        "results": found,
    }


def tables(result: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    return {name: table(entries) for name, entries in result["results"].items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the study and write its result."""
    Study("displaced", __doc__ or "", DISPLACED, run, tables).main(argv)


if __name__ == "__main__":
    main()

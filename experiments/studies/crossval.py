"""What does each method say about people that it did not learn from?"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.studies.cohort import Array, Cohort, folds_of, strata
from experiments.studies.comparators import Method

FOLDS = 5


def fold_table(cohort: Cohort, repeats: int, folds: int = FOLDS) -> NDArray[np.intp]:
    """[repeats, n] the fold of each person, the same for every method."""
    groups = strata(cohort)
    return np.array([folds_of(groups, folds, seed) for seed in range(repeats)])


def out_of_fold(method: Method, cohort: Cohort, folds: NDArray[np.intp]) -> Array:
    """[repeats, n] log-odds for each person from a model that was learned without that person's fold."""
    found = np.full(folds.shape, np.nan)
    for repeat, places in enumerate(folds):
        for fold in np.unique(places):
            test = places == fold
            found[repeat, test] = method(cohort.take(~test))(cohort.take(test))
    return found


def kept(folder: Path | None, name: str, make: Callable[[], Array]) -> Array:
    """Scores from `folder` if they are there from an earlier run, else made and put there."""
    path = folder / f"{name}.npy" if folder is not None else None
    if path is not None and path.is_file():
        return np.load(path)
    started = time.perf_counter()
    scores = make()
    print(f"{name}: {time.perf_counter() - started:.0f} seconds", flush=True)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, scores)
    return scores

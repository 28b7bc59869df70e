"""Study 4: how much do additivity, direction, grids and neutral silence each cost or earn?

Our learner as it is, beside itself without one of its rules. On the displaced workers of study 1 (five times five-fold,
the same folds), and on SIMULATED people, of whom each has the outcome to the extent of a known chance. For silence a
fifth of the answers is taken away: at random, and more often from people with the outcome or at higher risk.

    python -m experiments.studies.rules [--scores FOLDER] [--quick]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.displaced_evidence import FOLDER
from experiments.studies import variants
from experiments.studies.cohort import Array, Cohort
from experiments.studies.comparators import Method
from experiments.studies.crossval import fold_table, kept, out_of_fold
from experiments.studies.data import displaced, on_finer_grid
from experiments.studies.methods import ours
from experiments.studies.options import Options
from experiments.studies.resample import RESAMPLES, Figure, People, measured
from experiments.studies.rules_simulated import COHORTS, LEARNED, RULE, TESTED, on_simulated
from experiments.studies.table import markdown, shown, triple
from experiments.studies.tracked import BOTH, Study

REPEATS = 3
#: A quick run takes one person of so many.
QUICK = 8
WORDS = {
    "without_trees": "without the trees",
    "not_additive": "not additive: trees of up to three inputs",
    "undirected": "no direction",
    "finer": "grids ten times as fine",
    "random": "silence fitted; a fifth missing at random",
    "telling": "silence fitted; missing tells of the outcome",
}
#: The share of answers that is taken away: on average, from people without the outcome, with it.
MEAN, WITHOUT, WITH = 0.20, 0.14, 0.32


def on_displaced(asked: Options, folder: Path) -> dict[str, Any]:
    """By rule: the learner with it and without it, and what the rule earns."""
    cohort = displaced("19", folder)
    cohort = cohort.take(np.arange(0, len(cohort), QUICK)) if asked.quick else cohort
    folds = fold_table(cohort, 1, 2) if asked.quick else fold_table(cohort, REPEATS)
    people = People.of(cohort, 20 if asked.quick else RESAMPLES)

    def figures(name: str, method: Method, of: Cohort) -> Mapping[str, Figure]:
        key = f"rules-{len(folds)}-{name}"
        return measured(kept(asked.scores, key, lambda: out_of_fold(method, of, folds)), folds, people)

    plain = figures("ours", ours, cohort)
    others = _others(cohort, folder)
    chosen = ("undirected",) if asked.quick else tuple(others)
    found = {name: _beside(plain, figures(name, *others[name]())) for name in chosen}
    for name, chance in {} if asked.quick else _silences(cohort).items():
        silent = variants.silenced(cohort, chance, 20)
        fitted = variants.silence_fitted(folder / name, FOLDER, silent)
        found[name] = _beside(figures(f"{name}-neutral", ours, silent), figures(f"{name}-fitted", fitted, silent))
    return found


def _others(cohort: Cohort, folder: Path) -> dict[str, Callable[[], tuple[Method, Cohort]]]:
    """By rule but silence, how to make the learner without it and the people as it sees them."""
    return {
        "without_trees": lambda: (variants.without_trees, cohort),
        "not_additive": lambda: (variants.not_additive, cohort),
        "undirected": lambda: (variants.without_directions(folder / "undirected", FOLDER), cohort),
        "finer": lambda: (ours, on_finer_grid(cohort, folder / "finer")),
    }


def _silences(cohort: Cohort) -> dict[str, Array]:
    """By kind of silence, [n] the chance that an answer of each person is taken away."""
    label = cohort.label
    telling = np.where(label.known, np.where(label.outcome, WITH, WITHOUT), MEAN)
    return {"random": np.full(len(cohort), MEAN), "telling": telling}


def _beside(with_rule: Mapping[str, Figure], without: Mapping[str, Figure]) -> dict[str, Any]:
    """The learner with and without a rule, and what the rule earns, in AUC and in Brier score."""
    earned, better = with_rule["auc"].minus(without["auc"]), without["brier"].minus(with_rule["brier"])
    return {
        "with": triple(with_rule["auc"]),
        "without": triple(without["auc"]),
        "earns": triple(earned),
        "rule": RULE[earned.verdict],
        "brier_earns": triple(better),
        "brier_rule": RULE[better.verdict],
    }


def run(asked: Options) -> dict[str, Any]:
    """The whole study."""
    with tempfile.TemporaryDirectory() as folder:
        real = on_displaced(asked, Path(folder) / "displaced")
        simulated = on_simulated(asked.quick, Path(folder) / "simulated")
    return {
        "study": "rules",
        "repeats": 1 if asked.quick else REPEATS,
        "resamples": 20 if asked.quick else RESAMPLES,
        "simulated_cohorts": 2 if asked.quick else COHORTS,
        "simulated_learned": LEARNED,
        "simulated_tested": TESTED,
        "results": {"displaced": real, **simulated},
    }


HEAD = ("our learner", "AUC with the rule", "AUC without it", "difference", "the rule")


def tables(result: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    return {name: markdown(HEAD, _rows(entries)) for name, entries in result["results"].items()}


def _rows(entries: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            WORDS[name],
            f"{entry['with'][0]:.4f}",
            f"{entry['without'][0]:.4f}",
            shown(entry["earns"], 4, True),
            entry["rule"],
        ]
        for name, entry in entries.items()
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the study and write its result."""
    Study("rules", __doc__ or "", BOTH, run, tables).main(argv)


if __name__ == "__main__":
    main()

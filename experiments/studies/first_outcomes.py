"""Study 2: what is starting from evidence worth with the first outcomes, and what does it cost where it is wrong?

Data and outcome as in study 1, with the nineteen inputs. People are drawn at random to learn from, and all the rest are
scored; again and again, the same draws for every method. The second table starts our learner from recipes that
are wrong on purpose.

    python -m experiments.studies.first_outcomes [--scores FOLDER] [--quick]
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.displaced_evidence import FOLDER
from experiments.studies import doubtful, metrics
from experiments.studies.checklists import Edit, edited
from experiments.studies.cohort import Array, Cohort
from experiments.studies.comparators import Method
from experiments.studies.comparison import best_rival
from experiments.studies.crossval import kept
from experiments.studies.data import displaced
from experiments.studies.methods import METHODS, WORDS, ours
from experiments.studies.options import Options
from experiments.studies.resample import RESAMPLES, Figure
from experiments.studies.table import markdown, shown, triple
from experiments.studies.tracked import DISPLACED, Study
from triage.checklist import Checklist
from triage.features import Features

#: How many people are learned from, and how often they are drawn.
DRAWS = {50: 40, 100: 30, 200: 20, 500: 10, 1000: 6, 2000: 4}
QUICK = {60: 2}
#: EBM with interactions, or tuned, takes too long to be run so often.
COMPARED = ("ours", "logistic", "lightgbm", "lightgbm_tuned", "ebm_additive", "evidence", "age")
_THREE = ("age", "state_unemployment", "school_below_12")
STARTS = {
    "flat": ("no evidence, directions kept", doubtful.flat),
    "three": ("three strong effects point the wrong way, no directions", doubtful.turned(_THREE)),
    "all": ("all effects point the wrong way, no directions", doubtful.turned()),
}


def drawn(cohort: Cohort, size: int, draws: int) -> NDArray[np.bool_]:
    """[draws, n] who is learned from in each draw."""
    found = np.zeros((draws, len(cohort)), dtype=np.bool_)
    for draw in range(draws):
        found[draw, np.random.default_rng([size, draw]).choice(len(cohort), size, replace=False)] = True
    return found


def scored(method: Method, cohort: Cohort, chosen: NDArray[np.bool_]) -> Array:
    """[draws, n] log-odds of the people who were not drawn; NaN for those who were."""
    found = np.full(chosen.shape, np.nan)
    for draw, rows in enumerate(chosen):
        found[draw, ~rows] = method(cohort.take(rows))(cohort.take(~rows))
    return found


def starting(folder: Path, edit: Edit) -> Method:
    """Our learner with an edited recipe."""
    features = Features.load(Checklist.load(edited(FOLDER, folder, edit)))

    def learn(people: Cohort) -> Any:
        return ours(replace(people, features=features, recipe=folder / "evidence.yaml"))

    return learn


class Resampled:
    """Resamples of people and of draws together, the same for every method of a size.

    A difference varies with who is scored and with who is learned from. Each resample therefore draws people and, from
    the draws that were made, as many with replacement (a two-way bootstrap; if anything it is too wide).
    """

    def __init__(self, cohort: Cohort, chosen: NDArray[np.bool_], resamples: int) -> None:
        random, size = np.random.default_rng(2), len(cohort)
        people = random.multinomial(size, np.full(size, 1 / size), size=resamples)
        self.weights = np.vstack([np.ones(size), people]) * cohort.label.weight
        picks = random.integers(0, len(chosen), (resamples, len(chosen)))
        self.picks = np.vstack([np.arange(len(chosen)), picks])
        self.outcome = cohort.label.outcome

    def figure(self, metric: metrics.Metric, scores: Array) -> Figure:
        """A metric, the mean over draws."""
        by_draw = np.array([self._once(metric, logits) for logits in scores])
        means = np.array([by_draw[picks, place].mean() for place, picks in enumerate(self.picks)])
        return Figure(float(means[0]), means[1:])

    def _once(self, metric: metrics.Metric, logits: Array) -> Array:
        there = ~np.isnan(logits)
        return metric(logits[there], self.outcome[there], self.weights[:, there])


def at_size(size: int, draws: int, cohort: Cohort, methods: Mapping[str, Method], asked: Options) -> dict[str, Any]:
    """Every method learned from `size` people: AUC, Brier, and our lead in both."""
    chosen = drawn(cohort, size, draws)
    bench = Resampled(cohort, chosen, 20 if asked.quick else RESAMPLES)
    figures = {}
    for name, method in methods.items():
        scores = kept(asked.scores, f"first-{size}-{draws}-{name}", lambda m=method: scored(m, cohort, chosen))
        figures[name] = {"auc": bench.figure(metrics.auc, scores), "brier": bench.figure(metrics.brier, scores)}
    return {name: _entry(figures["ours"], own, name) for name, own in figures.items()}


def _entry(our: Mapping[str, Figure], own: Mapping[str, Figure], name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {key: triple(figure) for key, figure in own.items()}
    if name != "ours":
        lead, better = our["auc"].minus(own["auc"]), own["brier"].minus(our["brier"])
        entry |= {"lead": triple(lead), "we_are": lead.verdict}
        entry |= {"brier_lead": triple(better), "brier_we_are": better.verdict}
    return entry


def run(asked: Options) -> dict[str, Any]:
    """The whole study."""
    plan = QUICK if asked.quick else DRAWS
    names = ("ours", "logistic", "evidence") if asked.quick else COMPARED
    with tempfile.TemporaryDirectory() as folder:
        cohort = displaced("19", Path(folder))
        starts = {name: starting(Path(folder) / name, edit) for name, (_, edit) in STARTS.items()}
        starts = {"three": starts["three"]} if asked.quick else starts
        methods = {name: METHODS[name] for name in names} | starts
        found = {str(size): at_size(size, draws, cohort, methods, asked) for size, draws in plan.items()}
    return {
        "study": "first_outcomes",
        "people": len(cohort),
        "draws": {str(size): draws for size, draws in plan.items()},
        "resamples": 20 if asked.quick else RESAMPLES,
        "best_rival": {size: best_rival(entries) for size, entries in found.items()},
        "results": found,
    }


def tables(result: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    results: dict[str, Any] = result["results"]
    words = WORDS | {name: text for name, (text, _) in STARTS.items()}
    names = next(iter(results.values()))

    def rows(key: str, chosen: Sequence[str], sign: bool) -> list[list[str]]:
        return [[words[name], *(shown(of[name][key], 3, sign) for of in results.values())] for name in chosen]

    others = [name for name in names if name in WORDS]
    doubts = [name for name in names if name in STARTS]
    best = [[WORDS[result["best_rival"][size]], size, *_best(result, size)] for size in results]
    head = ["learned from", *results]
    return {
        "auc": markdown(head, rows("auc", others, False)),
        "best": markdown(["the best of the others", "learned from", "our AUC less its", "we are"], best),
        "lead": markdown(head, rows("lead", [name for name in others if name != "ours"], True)),
        "doubtful": markdown(head, rows("auc", ["ours", *doubts], False)),
        "worth": markdown(head, rows("lead", doubts, True)),
    }


def _best(result: dict[str, Any], size: str) -> list[str]:
    entry = result["results"][size][result["best_rival"][size]]
    return [shown(entry["lead"], 3, True), entry["we_are"]]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the study and write its result."""
    Study("first_outcomes", __doc__ or "", DISPLACED, run, tables).main(argv)


if __name__ == "__main__":
    main()

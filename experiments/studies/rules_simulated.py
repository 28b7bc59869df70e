"""What does each rule of our learner earn on SIMULATED people, whose chance of the outcome is known?

Each cohort is drawn anew, to learn from and to score; the interval is Student's over the differences of the cohorts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.studies import variants
from experiments.studies.checklists import FILES
from experiments.studies.cohort import Array, Cohort
from experiments.studies.comparators import Method
from experiments.studies.methods import ours
from experiments.studies.worlds import Truth, shipped
from triage.checklist import Checklist
from triage.features import Features
from triage.simulation import Settings, World, simulate

#: Cohorts, people in each to learn from, and people who are scored.
COHORTS, LEARNED, TESTED = 5, 3000, 20_000
WORLDS = {
    "simulated": Settings(everything=True),
    "simulated_strong": Settings(everything=True, strength=2.2, base_rate=0.085),
}
#: What a rule does whose learner is ahead of, level with, or behind the one without it.
RULE = {"ahead": "earns", "level": "makes no clear difference", "behind": "costs"}
#: The share of answers that is taken away: on average, from people at lower risk, from the third at the highest.
MEAN, LOWER, HIGHER = 0.20, 0.14, 0.32


def on_simulated(quick: bool, folder: Path) -> dict[str, Any]:
    """By world and rule: the learner with it and without it, and what the rule earns."""
    found = {}
    for name in ("simulated",) if quick else WORLDS:
        bench = Bench(name, WORLDS[name], folder / name, quick)
        runs = [bench.once(draw) for draw in range(2 if quick else COHORTS)]
        found[name] = {rule: _earned([run[rule] for run in runs]) for rule in runs[0]}
    return found


class Bench:
    """One world, and the variants of our learner in it."""

    def __init__(self, name: str, settings: Settings, folder: Path, quick: bool) -> None:
        self.name = name
        self.quick = quick
        self.folder = folder
        self.source = shipped(folder / "shipped")
        self.features = Features.load(Checklist.load(self.source))
        self.world = World.of(self.source / FILES[2], self.features, settings)
        self.undirected = variants.without_directions(folder / "undirected", self.source)

    def people(self, size: int, seed: str) -> tuple[Cohort, Array]:
        """Simulated people, and the chance of each [n]."""
        drawn = simulate(size, seed, self.world)
        names = tuple(item.id for item in self.features.inputs)
        recipe, rows = self.source / FILES[2], np.arange(size)
        raw = drawn.outcomes.inputs
        return Cohort(drawn.outcomes, raw, names, self.features, recipe, self.world.horizon, rows), drawn.chance

    def once(self, draw: int) -> dict[str, tuple[float, float]]:
        """By rule: the AUC with it and without it, learned from one cohort."""
        train, train_chance = self.people(300 if self.quick else LEARNED, f"rules-{self.name}-{draw}")
        test, test_chance = self.people(1000 if self.quick else TESTED, f"rules-{self.name}-{draw}-tested")

        def auc(method: Method, learned: Cohort = train, scored: Cohort = test) -> float:
            return Truth(scored.outcomes.inputs, test_chance).auc(method(learned)(scored))

        plain = auc(ours)
        others = {"undirected": self.undirected}
        if not self.quick:
            others = {"without_trees": variants.without_trees, "not_additive": variants.not_additive, **others}
        found = {name: (plain, auc(method)) for name, method in others.items()}
        for kind in ("telling",) if self.quick else ("random", "telling"):
            learned = variants.silenced(train, _chance(kind, train_chance), draw)
            scored = variants.silenced(test, _chance(kind, test_chance), draw + 1000)
            fitted = variants.silence_fitted(self.folder / f"{kind}-{draw}", self.source, learned)
            found[kind] = (auc(ours, learned, scored), auc(fitted, learned, scored))
        return found


def _chance(kind: str, risk: Array) -> Array:
    """[n] the chance that an answer of each person is taken away."""
    if kind == "random":
        return np.full(len(risk), MEAN)
    return np.where(risk > np.quantile(risk, 2 / 3), HIGHER, LOWER)


def _earned(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The means over cohorts, and the 95% interval of what the rule earns."""
    from scipy import stats

    with_rule, without = np.array(pairs).T
    earned = with_rule - without
    half = float(stats.t.ppf(0.975, len(earned) - 1) * earned.std(ddof=1) / np.sqrt(len(earned)))
    mean = float(earned.mean())
    verdict = "ahead" if mean - half > 0 else "behind" if mean + half < 0 else "level"
    return {
        "with": _three(with_rule),
        "without": _three(without),
        "earns": [round(number, 4) for number in (mean, mean - half, mean + half)],
        "rule": RULE[verdict],
    }


def _three(values: Array) -> list[float]:
    """Mean, least and most."""
    return [round(float(number), 4) for number in (values.mean(), values.min(), values.max())]

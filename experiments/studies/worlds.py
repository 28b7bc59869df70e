"""Which simulated worlds does study 3 learn from, and what is the truth in each?

Everybody here is SIMULATED.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from experiments.studies import doubtful, metrics
from experiments.studies.checklists import FILES, edited
from experiments.studies.cohort import Array
from triage.checklist import Checklist
from triage.content import ContentFolder, content_root
from triage.features import Features
from triage.learning import Start
from triage.scorecard import Scorecard
from triage.simulation import Settings, World, simulate

#: By number of people, how many cohorts are drawn and learned from.
DRAWS = {1000: 4, 5000: 3, 20_000: 2, 50_000: 2, 100_000: 1}
FEWER = {1000: 4, 10_000: 2, 50_000: 1}
COVERED = {1000: 8, 5000: 4, 20_000: 2, 50_000: 2}


@dataclass(frozen=True)
class Case:
    """A world that people are drawn from.

    Attributes:
        words: for the page.
        settings: of the simulation.
        draws: by number of people, how many cohorts.
        redrawn: True where each cohort has a truth of its own, drawn from the ranges that the evidence states.
    """

    words: str
    settings: Settings
    draws: dict[int, int]
    redrawn: bool = False


CASES = {
    "true": Case("the evidence is true", Settings(), DRAWS),
    "strong": Case("effects 2.2 times as strong, base rate 8.5%", Settings(strength=2.2, base_rate=0.085), FEWER),
    "hazards": Case("the evidence is true of hazards", Settings(spells="ph"), FEWER),
    "redrawn": Case("the truth is drawn from the evidence's ranges", Settings(), COVERED, True),
    "answered": Case("the same, and everybody answers", Settings(everything=True), COVERED, True),
}


@dataclass(frozen=True, eq=False)
class Truth:
    """Simulated people who are not learned from, with P(outcome | the answers given), [n]."""

    inputs: Array
    chance: Array

    @classmethod
    def of(cls, people: int, seed: str, world: World) -> Truth:
        """People of a world."""
        inputs = simulate(people, seed, world).outcomes.inputs
        return cls(inputs, world.best_possible(inputs))

    def auc(self, logits: Array) -> float:
        """The expected AUC of log-odds: each person has the outcome to the extent of the chance."""
        outcome = np.repeat([True, False], len(logits))
        weights = np.r_[self.chance, 1 - self.chance][np.newaxis]
        return float(metrics.auc(np.tile(logits, 2), outcome, weights)[0])

    @cached_property
    def best(self) -> float:
        """The best possible AUC."""
        return self.auc(self.chance)

    def figures(self, card: Scorecard) -> dict[str, float]:
        """How a scorecard does.

        Returns:
            `best`: the best possible AUC; `distance`: how far below it the scorecard's is; `ece`: its expected
            calibration error; `gap`: the mean distance of its probability from the truth; `coverage`: the share of
            people whose truth lies in the range; `width`: of the range, on average.
        """
        logits = card.baseline + card.contributions_many(self.inputs).sum(axis=1)
        lower, upper = (metrics.probability(end) for end in card.interval_logits(self.inputs))
        return {
            "best": self.best,
            "distance": self.best - self.auc(logits),
            "ece": metrics.calibration_error(self.chance, logits, np.ones(len(logits))),
            "gap": float(np.mean(np.abs(metrics.probability(logits) - self.chance))),
            "coverage": float(np.mean((lower <= self.chance) & (self.chance <= upper))),
            "width": float(np.mean(upper - lower)),
        }


class Worlds:
    """The worlds of one case, and the start that learning has in all of them."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self._folder = folder
        self._shipped = shipped(folder / "shipped")
        self.start = Start.of(self._shipped / FILES[2], Features.load(Checklist.load(self._shipped)))
        self._world = self._of(self._shipped)

    def world(self, draw: int) -> World:
        """The world that a cohort is drawn from: the same for each, unless the truth is redrawn."""
        if not self.case.redrawn:
            return self._world
        return self._of(edited(self._shipped, self._folder / f"redrawn-{draw}", doubtful.redrawn(draw)))

    def _of(self, folder: Path) -> World:
        return World.of(folder / FILES[2], Features.load(Checklist.load(folder)), self.case.settings)


def shipped(folder: Path) -> Path:
    """The shipped checklist, features, recipe and area table side by side in the new `folder`."""
    folder.mkdir(parents=True)
    content = ContentFolder()
    sources = [content.find(FILES[0]), content.find(FILES[1]), *sorted((content_root() / "features").glob("*.csv"))]
    for source in sources:
        assert source is not None
        (folder / source.name).write_bytes(source.read_bytes())
    recipe = content_root() / "models" / "recipes" / "evidence.yaml"
    (folder / FILES[2]).write_bytes(recipe.read_bytes())
    return folder

"""What is true of simulated people? The evidence of a recipe, taken at its word, with a base rate at a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import Recipe, read_recipe
from triage.scorecard.reference import Reference
from triage.simulation.margins import Cluster, clusters_of, independent
from triage.simulation.settings import Settings
from triage.simulation.spells import Law, phi_of, quantile, slope_of
from triage.simulation.waves import Turned, WaveSum, wave_sum

Array = NDArray[np.float64]
_ROWS = 4096
_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class World:
    """The truth about simulated people. Make one with `World.of`.

    Attributes:
        recipe: effects, base rate and margins.
        features: of the recipe's checklist.
        reference: the population that people are drawn from.
        scorecard: the evidence model of the recipe; its points without the draws are the true effects.
        settings: what was chosen.
        horizon: weeks.
        base_rate: the share of all people with the outcome at the horizon.
        clusters: the margins, ready for integration.
        waves: the law of the spells, ready for integration.
        law: the law of the spells.
    """

    recipe: Recipe
    features: Features
    reference: Reference
    scorecard: Scorecard
    settings: Settings
    horizon: int
    base_rate: float
    clusters: tuple[Cluster, ...]
    waves: WaveSum
    law: Law

    @classmethod
    def of(cls, recipe_path: Path, features: Features, settings: Settings | None = None) -> World:
        """The world in which the evidence of a recipe is true.

        Args:
            recipe_path: an evidence recipe.
            features: of the checklist that the recipe is written for.
            settings: the stated assumptions; the defaults where None.

        Raises:
            ContentError: the recipe has faults; all are named.
        """
        chosen = settings or Settings()
        recipe = read_recipe(recipe_path)
        reference = Reference(recipe.reference, features)
        scorecard = build_evidence(recipe, features, reference)
        horizon = chosen.horizon or features.checklist.label.horizon_weeks
        base_rate = float(recipe.base_rate.value) if chosen.base_rate is None else chosen.base_rate
        clusters = clusters_of(reference, scorecard, chosen.strength)
        slope = slope_of(chosen.spells, base_rate)
        most = slope * chosen.strength * sum(max(map(abs, table.points)) for table in scorecard.tables)
        middle = float(quantile(chosen.spells, np.array(base_rate)))
        waves = wave_sum(chosen.spells, abs(middle) + 2 * most + 1)
        intercept = _intercept(waves, clusters, slope, base_rate, (middle - most, middle + most))
        phi = phi_of(chosen.spells, chosen.unobserved)
        law = Law(chosen.spells, intercept, slope, chosen.shape, float(horizon), phi)
        return cls(recipe, features, reference, scorecard, chosen, horizon, base_rate, clusters, waves, law)

    def effects(self, inputs: Array) -> Array:
        """[n] log-odds of the answers in `inputs` [n, inputs]; a missing answer adds nothing."""
        total: Array = self.settings.strength * self.scorecard.contributions_many(inputs).sum(axis=1)
        return total

    def chance(self, inputs: Array, weeks: float | None = None) -> Array:
        """P(still out of work | every answer): [n], 0 to 1, over what no question asks.

        Args:
            inputs: [n, inputs] grid values, none missing.
            weeks: since the job ended; the horizon where None.
        """
        return self.law.still_out(self.effects(inputs), weeks or self.horizon)

    def best_possible(self, inputs: Array) -> Array:
        """P(still out of work at the horizon | the answers given): [n], 0 to 1; no score can know more.

        It is the mean of the chance over the answers that are missing, given those that are there, and over what no
        question asks: by integration, to 1e-8, and not by drawing. It supposes that who is not asked or declines
        has nothing to do with the missing answer, as here, and that nobody is given support that works.

        Args:
            inputs: [n, inputs] grid values, NaN where missing.

        Raises:
            UsageError: an answer that nobody in the reference population gives.
        """
        at = self.law.intercept + self.law.slope * self.effects(inputs)
        parts = [cluster.turned(inputs, self.law.slope * self.waves.frequencies) for cluster in self.clusters]
        found = np.empty(len(inputs))
        for start in range(0, len(inputs), _ROWS):
            rows = slice(start, start + _ROWS)
            turned: Turned = np.exp(1j * np.outer(at[rows], self.waves.frequencies))
            for kinds, kind_of in parts:
                turned *= kinds[kind_of[rows]]
            found[rows] = self.waves.of(turned)
        return found

    def rate_at(self, weeks: Array) -> Array:
        """The share of all people still out of work at each of `weeks` (above 0)."""
        at = self.law.intercept - self.law.shape * np.log(weeks / self.horizon)
        return self.waves.of(np.exp(1j * np.outer(at, self.waves.frequencies)) * self._nobody)

    @cached_property
    def _nobody(self) -> Turned:
        return _silent(self.clusters, self.law.slope * self.waves.frequencies)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed, in sentences, for whoever reads the file."""
        chosen = self.settings
        law = {
            "aft": "Spells are log-logistic: an odds ratio is the same at every week.",
            "ph": "Spells have proportional hazards: an odds ratio changes from week to week.",
        }
        return (
            "Everybody here is simulated. Nobody in this file exists.",
            f"The effects are those of {self.recipe.id}, times {chosen.strength:g} as log-odds.",
            f"{100 * self.base_rate:g}% are still out of work at week {self.horizon}.",
            law[chosen.spells],
            *independent(self.reference),
            "A sex that no question asks for has nothing to do with the risk.",
            "Who is not asked, declines or is lost from sight has nothing to do with the outcome.",
        )


def _silent(clusters: tuple[Cluster, ...], frequencies: Array) -> Turned:
    """The means of `exp(i w effects)` over all people: [waves]."""
    width = 1 + max(item.place for cluster in clusters for part in cluster.parts for item in part.inputs)
    total = np.ones(len(frequencies), dtype=np.complex128)
    for cluster in clusters:
        total *= cluster.turned(np.full((1, width), np.nan), frequencies)[0][0]
    return total


def _intercept(
    waves: WaveSum, clusters: tuple[Cluster, ...], slope: float, base_rate: float, span: tuple[float, float]
) -> float:
    """The intercept with which the share of all people with the outcome is the base rate, by bisection."""
    silent = _silent(clusters, slope * waves.frequencies)
    low, high = span
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rate = waves.of(np.exp(1j * middle * waves.frequencies)[np.newaxis] * silent)[0]
        low, high = (middle, high) if rate < base_rate else (low, middle)
    return (low + high) / 2

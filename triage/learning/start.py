"""Where does learning start? At the published evidence, and as firmly as the evidence is stated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.features import Features, Input
from triage.learning.tables import Tables
from triage.scorecard import Scorecard
from triage.scorecard.check import check_recipe
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import Effect, Recipe, read_recipe
from triage.scorecard.reference import Reference

Array = NDArray[np.float64]
#: The 90% point of the standard normal distribution: a stated range is an 80% interval.
_Z90 = 1.281551566
#: Standard deviation of a log-odds ratio of which nothing is stated: most published effects are known to about this.
UNSTATED_SPREAD = 0.25


@dataclass(frozen=True, eq=False)
class Start:
    """The evidence that learning departs from.

    Attributes:
        recipe, features, reference: what the evidence model is made of.
        evidence: its scorecard.
        tables: its points on the whole grids; a missing answer is worth 0.
        spread: [inputs] the stated standard deviation of each input's log-odds ratio, lowest against highest risk.
        shares: by input, how the reference population is spread over the grid values.
    """

    recipe: Recipe
    features: Features
    reference: Reference
    evidence: Scorecard
    tables: Tables
    spread: Array
    shares: tuple[Array, ...]

    @classmethod
    def of(cls, recipe_path: Path, features: Features) -> Start:
        """The start that an evidence recipe describes.

        Raises:
            ContentError: the recipe has faults, or does not fit the checklist; all are named.
        """
        recipe = read_recipe(recipe_path)
        check_recipe(recipe, features)
        reference = Reference(recipe.reference, features)
        evidence = build_evidence(recipe, features, reference)
        effects = {effect.input: effect for effect in recipe.effects}
        shares = tuple(np.array([float(share) for share in reference.grid_shares(item)]) for item in features.inputs)
        values = tuple(_on_grid(evidence, item) for item in features.inputs)
        spread = np.array([_spread(effects[item.id]) for item in features.inputs])
        return cls(recipe, features, reference, evidence, Tables(evidence.baseline, values), spread, shares)


def _on_grid(evidence: Scorecard, item: Input) -> Array:
    table = evidence.tables[item.place]
    return np.array([*(table.at(value) for value in item.grid.values), 0.0])


def _spread(effect: Effect) -> float:
    low, high = (float(end) for end in effect.range)
    return math.log(high / low) / (2 * _Z90) if high > low else UNSTATED_SPREAD

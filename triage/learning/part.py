"""What do some of the people teach, with everything that is set chosen already?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from triage.errors import Defect
from triage.learning.bins import Terms, terms_of
from triage.learning.boost import People, grow, margin_of, merged, on_grid
from triage.learning.calibrate import shift
from triage.learning.ridge import ridge
from triage.learning.sample import Sample
from triage.learning.steps import centred, directed, neutral, scaled
from triage.learning.tables import Tables

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
#: How far merged tables may lie from the learner's own margin, in log-odds.
EXACT = 1e-9
#: Standard deviation of the factor, around 1, by which all effects of the evidence may be too large together.
COMMON_SPREAD = 0.4


@dataclass(frozen=True, eq=False)
class Regression:
    """The regression's part: the weights of its terms, by multiple of the stated spread, [2 + terms] each: an
    intercept, the factor of all effects together, and the terms.
    """

    terms: Terms
    weights: Sequence[Array]

    def margin(self, sample: Sample, rows: Rows, place: int) -> Array:
        """Log-odds [rows] by the evidence and the regression at one multiple."""
        weights = self.weights[place]
        design = with_common(self.terms.design(sample.codes[rows]), sample, rows)
        found: Array = sample.offset[rows] + design @ weights
        return found

    def tables(self, sample: Sample, place: int) -> Tables:
        """The evidence with the regression's departures."""
        weights, evidence = self.weights[place], sample.start.tables
        departures = [np.r_[values, 0.0] for values in self.terms.values(weights[2:])]
        common = [weights[1] * table for table in evidence.values]
        return evidence.plus(float(weights[0]), on_grid(departures, sample.bins)).plus(0.0, common)


def regress(sample: Sample, rows: Rows, multiples: Sequence[float], noise: Array | None = None) -> Regression:
    """The regression on some rows, at each multiple of the stated spread.

    Args:
        noise: [2 + terms] standard normal numbers that move the middle of the priors, for a draw.
    """
    terms = terms_of(sample.bins, sample.codes[rows], sample.weight[rows], sample.evidence)
    design = with_common(terms.design(sample.codes[rows]), sample, rows)
    found: list[Array] = []
    for multiple in multiples:
        spread = np.r_[COMMON_SPREAD, multiple * sample.start.spread[terms.owner] * terms.scale]
        centre = None if noise is None else np.r_[0.0, noise[1:] * spread]
        warm = found[-1] if found else None
        outcome, weight = sample.outcome[rows], sample.weight[rows]
        found.append(ridge(design, outcome, weight, sample.offset[rows], spread, centre, warm))
    return Regression(terms, found)


def with_common(design: Array, sample: Sample, rows: Rows) -> Array:
    """The terms with two before them: 1 for everybody, and the evidence's own score."""
    score = sample.offset[rows] - sample.start.tables.intercept
    return np.column_stack([np.ones(len(rows)), score, design])


def people_at(sample: Sample, rows: Rows, margin: Array) -> People:
    """What LightGBM sees of some rows, starting from `margin` [rows]."""
    return People(sample.codes[rows], sample.outcome[rows], sample.weight[rows], margin)


def learn_part(sample: Sample, multiple: float, rounds: int, noise: Array | None = None) -> tuple[Tables, Array]:
    """The tables that all rows teach, and the learner's own log-odds for each row [n].

    Raises:
        Defect: the merged tables are not the learner's margin.
    """
    rows = np.arange(len(sample))
    regression = regress(sample, rows, [multiple], noise)
    margin = regression.margin(sample, rows, 0)
    tables = regression.tables(sample, 0)
    if rounds:
        booster = grow(people_at(sample, rows, margin), sample.features, rounds)
        tables = with_trees(tables, booster, sample, rounds)
        margin = margin + margin_of(booster, sample.codes, rounds)
    check_exact(tables, sample, margin)
    return tables, margin


def with_trees(tables: Tables, booster: lightgbm.Booster, sample: Sample, rounds: int) -> Tables:
    """Tables with the first `rounds` trees merged into them."""
    constant, trees = merged(booster, sample.bins, rounds)
    return tables.plus(constant, on_grid(trees, sample.bins))


def check_exact(tables: Tables, sample: Sample, margin: Array) -> None:
    """Refuse merged tables that differ from the learner's margin [n] anywhere, missing answers included.

    Raises:
        Defect: they do.
    """
    gap = np.abs(tables.logits(sample.places) - margin).max(initial=0.0)
    if not gap <= EXACT:
        raise Defect(f"The merged tables differ from what was learned by {gap:.2g} log-odds.")


def finished(tables: Tables, sample: Sample) -> Tables:
    """Direction, silence and centring in turn."""
    start = sample.start
    kept = directed(tables, sample.features, sample.shares, start.tables)
    return centred(neutral(kept, start.shares), start.shares)


def at_rate(tables: Tables, sample: Sample, rows: Rows | None = None) -> Tables:
    """The tables moved as a whole, so that they are right on average about some rows (all where None), once finished.

    The intercept that suits held-out scores would not do. Their level is that of the folds' tables, silence and centre
    included; these tables have their own, and a draw's stand at the rate of its own people already.
    """
    chosen = np.arange(len(sample)) if rows is None else rows
    logits = finished(tables, sample).logits(sample.places[chosen])
    return scaled(tables, 1.0, shift(logits, sample.outcome[chosen], sample.weight[chosen]))

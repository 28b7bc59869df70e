"""What happens to tables between the fit and the release? Each step is a function, and says how far it moved them.

Calibration scales them; direction makes them keep the stated directions; silence gives a missing answer the neutral
value; centring makes the neutral value 0; range draws in what could lie beyond the released range; rounding takes each
number to its released multiple of 2^-36.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import isotonic_regression

from triage.features import Features, Input
from triage.learning.tables import Tables
from triage.numbers import MAX_LOGIT, UNIT

Array = NDArray[np.float64]
#: A grid value that nobody has still has a say in where a directed table levels out, but a small one.
_LEAST_SHARE = 1e-6
_HALVINGS = 40
#: Scores that could lie further out are drawn in; the rest of the released range is for rounding.
_MOST_REACH = MAX_LOGIT - 0.01
_DRAWN_IN = 0.95


@dataclass(frozen=True)
class Moved:
    """How far one step moved the table of one input, in log-odds.

    `most` is over all grid values, `mean` over people who answered; `missing` is what a missing answer moved by.
    Where a step moves a whole table, and the intercept the other way, that is `constant` and not in the others.
    """

    step: str
    input: str
    most: float
    mean: float
    missing: float
    constant: float


def scaled(tables: Tables, slope: float, intercept: float) -> Tables:
    """Tables whose log-odds are `intercept + slope * logit`."""
    return Tables(intercept + slope * tables.intercept, tuple(slope * table for table in tables.values))


def directed(tables: Tables, features: Features, shares: Sequence[Array], evidence: Tables) -> Tables:
    """The nearest tables that keep every stated direction.

    Along a directed input: the nearest monotone table in least squares, weighted by `shares` (by input, [grid
    values]). A choice whose several inputs still go against its direction together is drawn towards the evidence, which
    does not, as far as it takes.
    """
    values = [_monotone(tables.values[item.place], item, shares[item.place]) for item in features.inputs]
    for question in features.checklist.questions:
        inputs = features.inputs_of[question.id]
        if question.direction is None or question.kind != "choice" or all(i.direction != "none" for i in inputs):
            continue
        options = [option.id for option in question.ordered]
        strays = partial(_strays, inputs=inputs, options=options, falls=question.direction.risk == "falls")
        for item, table in zip(inputs, _towards(inputs, values, evidence, strays), strict=True):
            values[item.place] = table
    return Tables(tables.intercept, tuple(values))


def _monotone(table: Array, item: Input, share: Array) -> Array:
    if item.direction == "none":
        return table
    fitted: Array = isotonic_regression(
        table[:-1], sample_weight=share + _LEAST_SHARE, increasing=item.direction == "rises"
    )
    found: Array = np.r_[fitted, table[-1]]
    return found


def _towards(inputs: Sequence[Input], values: Sequence[Array], evidence: Tables, strays: partial[bool]) -> list[Array]:
    """The tables of a question, or the point nearest to them on the way to the evidence that does not stray."""

    def between(share: float) -> list[Array]:
        # As they will be released: rounded later, the step between two options could turn against the direction.
        mixed = [_rounded((1 - share) * values[i.place] + share * evidence.values[i.place]) for i in inputs]
        # A missing answer is no step of the question.
        return [np.r_[table[:-1], values[i.place][-1]] for i, table in zip(inputs, mixed, strict=True)]

    if not strays(between(0.0)):
        return between(0.0)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if strays(between(middle)) else (low, middle)
    return between(high)


def _strays(tables: Sequence[Array], inputs: Sequence[Input], options: Sequence[str], falls: bool) -> bool:
    path = [sum(t[i.grid.places[i.value(o)]] for i, t in zip(inputs, tables, strict=True)) for o in options]
    return any(after < before for before, after in pairwise(path[::-1] if falls else path))


def neutral(tables: Tables, shares: Sequence[Array]) -> Tables:
    """A missing answer gets the log-odds of the mean odds over `shares`: it neither raises nor lowers."""
    levels = [_level(table, share) for table, share in zip(tables.values, shares, strict=True)]
    values = tuple(np.r_[table[:-1], level] for table, level in zip(tables.values, levels, strict=True))
    return Tables(tables.intercept, values)


def centred(tables: Tables, shares: Sequence[Array]) -> Tables:
    """Each table less its level, so that its mean odds ratio over `shares` is 1; the intercept takes the levels."""
    levels = [_level(table, share) for table, share in zip(tables.values, shares, strict=True)]
    values = tuple(table - level for table, level in zip(tables.values, levels, strict=True))
    return Tables(tables.intercept + sum(levels), values)


def _level(table: Array, share: Array) -> float:
    """As a released number, so that what is exact before centring is exact after it."""
    return float(_rounded(np.log(share @ np.exp(table[:-1]))))


def in_range(tables: Tables, finish: Callable[[Tables], Tables]) -> Tables:
    """Tables drawn in until no score can lie beyond the released range; nearly always as they are.

    Args:
        tables: centred.
        finish: gives smaller tables their direction, silence and centre again.
    """
    while abs(tables.intercept) + sum(float(np.abs(table).max()) for table in tables.values) > _MOST_REACH:
        tables = finish(scaled(tables, _DRAWN_IN, 0.0))
    return tables


def rounded(tables: Tables) -> Tables:
    """Every number at its nearest multiple of 2^-36."""
    return Tables(float(_rounded(np.array(tables.intercept))), tuple(_rounded(table) for table in tables.values))


def _rounded(values: Array) -> Array:
    # Adding 0 takes the sign from a zero: nobody is shown "-0.00".
    found: Array = np.rint(values / UNIT) * UNIT + 0.0
    return found


def moved(step: str, before: Tables, after: Tables, features: Features, people: Sequence[Array]) -> list[Moved]:
    """How far a step moved each table; `people` is how those learned from are spread over each grid."""
    found = []
    for item, one, other, share in zip(features.inputs, before.values, after.values, people, strict=True):
        change = other - one
        constant = float(share @ change[:-1])
        rest = np.abs(change[:-1] - constant) if step == "centring" else np.abs(change[:-1])
        missing = float(change[-1] - constant) if step == "centring" else float(change[-1])
        kept = constant if step == "centring" else 0.0
        found.append(Moved(step, item.id, float(rest.max()), float(share @ rest), missing, kept))
    return found

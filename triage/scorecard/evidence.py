"""How do published effects become a scorecard, the same to the bit on every machine?

All arithmetic is decimal until a value is rounded to its released multiple of 2^-36. A draw takes every effect
from its stated range: its log-odds ratio follows a normal distribution in two halves whose 10% and 90% points are
the ends of the range, cut at 0 where the features file states a direction: then an answer of more risk never counts
for less in any draw. Without a direction nothing is cut, and a draw may point the other way. The draws of an effect
are spread evenly over that distribution (a Latin hypercube) and put in an order that a hash decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from triage.faults import Fault
from triage.features import Features, Input
from triage.numbers import fifty_digits, logit, to_unit
from triage.scorecard.check import check_recipe, refuse
from triage.scorecard.recipe import Block, Effect, Recipe
from triage.scorecard.reference import Reference
from triage.scorecard.scorecard import InputTable, Scorecard
from triage.scorecard.silence import with_silence

#: The 90% point of the standard normal distribution: a range is an 80% interval.
_Z90 = Decimal("1.281551566")
_ZERO = Decimal(0)
#: Log-odds in the points and in each draw, value by value along a grid or along the options of a question.
_Path = Sequence[tuple[Decimal, ...]]


@dataclass(frozen=True)
class _Table:
    """Decimal log-odds of one input by grid value: the point table, and one per draw; not centred."""

    points: tuple[Decimal, ...]
    draws: tuple[tuple[Decimal, ...], ...]


@fifty_digits()
def build_evidence(recipe: Recipe, features: Features, reference: Reference) -> Scorecard:
    """The scorecard of an evidence recipe.

    Raises:
        ContentError: an effect names an unknown input or option, an input has no effect, or the tables do not follow
            a direction that is stated; all are named.
    """
    check_recipe(recipe, features)
    directed = frozenset(item.id for item in features.inputs if item.direction != "none")
    drawn = _drawn(recipe, directed)
    effects = {effect.input: effect for effect in recipe.effects}
    tables = {item.id: _table(effects[item.id], item, drawn[item.id]) for item in features.inputs}
    refuse(recipe, _against_direction(recipe, features, tables))
    centred = {item.id: _centre(tables[item.id], reference.grid_shares(item)) for item in features.inputs}
    baseline = to_unit(logit(recipe.base_rate.value))
    released = tuple(_release(item, centred[item.id]) for item in features.inputs)
    scorecard = Scorecard(baseline, released, recipe.draws.lower, recipe.draws.upper)
    return with_silence(scorecard, reference, f"{recipe.draws.seed}:silent")


def order_of(seed: str, name: str, size: int) -> list[int]:
    """A permutation of `range(size)` that depends on nothing but the two words."""
    return sorted(range(size), key=lambda item: hashlib.sha256(f"{seed}:{name}:{item}".encode()).digest())


def _drawn(recipe: Recipe, directed: frozenset[str]) -> dict[str, list[Decimal]]:
    """By input and draw: the log-odds ratio of the highest against the lowest risk."""
    owner = {name: block for block in recipe.blocks for name in block.inputs}
    effects = {effect.input: effect for effect in recipe.effects}
    found: dict[str, list[Decimal]] = {}
    for effect in recipe.effects:
        block = owner.get(effect.input)
        spread = _normal_scores(recipe, block.id if block else effect.input)
        drawn = [_log_ratio(effect.odds_ratio, effect.range, z, effect.input in directed) for z in spread]
        if block is not None and block.range is not None:
            members = [effects[name] for name in block.inputs]
            drawn = [value * _block_factor(block, members, z) for value, z in zip(drawn, spread, strict=True)]
        found[effect.input] = drawn
    return found


def _normal_scores(recipe: Recipe, name: str) -> list[Decimal]:
    size = recipe.draws.count
    scores = [Decimal(f"{NormalDist().inv_cdf((k + 0.5) / size):.6f}") for k in range(size)]
    return [scores[place] for place in order_of(recipe.draws.seed, f"effect:{name}", size)]


def _log_ratio(point: Decimal, span: tuple[Decimal, Decimal], z: Decimal, cut: bool = True) -> Decimal:
    low, middle, high = span[0].ln(), point.ln(), span[1].ln()
    side = (middle - low) if z < 0 else (high - middle)
    drawn = middle + z * side / _Z90
    return max(_ZERO, drawn) if cut else drawn


def _block_factor(block: Block, members: Sequence[Effect], z: Decimal) -> Decimal:
    """What the members' own draws are multiplied with, so that the block keeps its stated range."""
    assert block.range is not None
    apart = sum((_log_ratio(effect.odds_ratio, effect.range, z) for effect in members), _ZERO)
    together = Decimal(1)
    for effect in members:
        together *= effect.odds_ratio
    wanted = _log_ratio(together, block.range, z)
    return wanted / apart if apart else _ZERO


def _table(effect: Effect, item: Input, drawn: Sequence[Decimal]) -> _Table:
    top = effect.odds_ratio.ln()
    points = tuple(_log_odds(effect, item, top))
    if top:
        scales, shape = [value / top for value in drawn], points
    else:
        # An effect of no stated size still has a range: the draws take its shape with a top of 1.
        scales, shape = list(drawn), tuple(_log_odds(effect, item, Decimal(1)))
    return _Table(points, tuple(tuple(point * scale for point in shape) for scale in scales))


def _log_odds(effect: Effect, item: Input, top: Decimal) -> list[Decimal]:
    """Log-odds against the lowest risk, by grid value; `top` for the highest risk of an even or linear shape."""
    values = item.grid.values
    if effect.even_steps:
        rising = [top * place / (len(values) - 1) for place in range(len(values))]
        return rising if item.direction != "falls" else rising[::-1]
    if effect.answers:
        by_code = {item.codes[answer]: ratio.ln() for answer, ratio in effect.answers.items()}
        return [by_code[value] for value in values]
    if effect.from_values:
        return [_step(effect.from_values, value) for value in values]
    assert effect.log_linear is not None
    start, stop = effect.log_linear
    inside = [min(max(Decimal(repr(value)), start), stop) for value in values]
    rising = [top * (value - start) / (stop - start) for value in inside]
    return rising if item.direction != "falls" else [top - value for value in rising]


def _step(steps: Sequence[tuple[Decimal, Decimal]], value: float) -> Decimal:
    reached = [ratio for start, ratio in steps if Decimal(repr(value)) >= start]
    return (reached[-1] if reached else steps[0][1]).ln()


def _centre(table: _Table, weights: Sequence[Decimal]) -> _Table:
    """The table with a mean odds ratio of 1 over the reference population, each draw likewise."""
    return _Table(_centred(table.points, weights), tuple(_centred(draw, weights) for draw in table.draws))


def _centred(points: Sequence[Decimal], weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    terms = (weight * point.exp() for weight, point in zip(weights, points, strict=True) if weight)
    constant = sum(terms, _ZERO).ln()
    return tuple(point - constant for point in points)


def _release(item: Input, table: _Table) -> InputTable:
    """The table with equal neighbours merged into intervals and every value rounded to 2^-36."""
    columns = list(zip(table.points, *table.draws, strict=True))
    starts = [k for k in range(len(columns)) if k == 0 or columns[k] != columns[k - 1]]
    values = item.grid.values
    return InputTable(
        item.id,
        item.question.id,
        tuple(values[k] for k in starts[1:]),
        tuple(to_unit(table.points[k]) for k in starts),
        np.array([[to_unit(draw[k]) for draw in table.draws] for k in starts]),
        np.zeros(len(table.draws)),
    )


def _against_direction(recipe: Recipe, features: Features, tables: Mapping[str, _Table]) -> list[Fault]:
    """Inputs and questions along which the points, or those of some draw, go against the stated direction."""
    paths: dict[str, _Path] = {
        name: list(zip(table.points, *table.draws, strict=True)) for name, table in tables.items()
    }
    faults = [
        Fault(
            f"recipe {recipe.id}, effect '{item.id}'",
            f"its table does not follow the direction of the input (risk {item.direction} with the number).",
        )
        for item in features.inputs
        if _strays(paths[item.id], item.direction)
    ]
    for question in features.checklist.questions:
        if question.direction is None:
            continue
        inputs, risk = features.inputs_of[question.id], question.direction.risk
        along: list[_Path] = [paths[item.id] for item in inputs]
        if question.kind == "choice":
            along = [_summed([(item, paths[item.id]) for item in inputs], [option.id for option in question.ordered])]
        if any(_strays(path, risk) for path in along):
            what = f"its tables do not follow the direction that the checklist states (risk {risk})."
            faults.append(Fault(f"recipe {recipe.id}, question '{question.id}'", what))
    return faults


def _summed(parts: Sequence[tuple[Input, _Path]], options: Sequence[str]) -> _Path:
    """The path of a whole question along its options: the sum of its inputs, in the points and in each draw."""
    rows = [[path[item.grid.places[item.value(option)]] for item, path in parts] for option in options]
    return [tuple(sum(values, _ZERO) for values in zip(*row, strict=True)) for row in rows]


def _strays(path: _Path, direction: str) -> bool:
    """True where the points or a draw take a step against the direction; never where none is stated."""
    steps = pairwise(path if direction == "rises" else path[::-1])
    return direction != "none" and any(
        after < before for one, other in steps for before, after in zip(one, other, strict=True)
    )

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
from decimal import Decimal, localcontext
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from triage.errors import ContentError
from triage.faults import Fault, did_you_mean
from triage.features import Features, Input
from triage.numbers import DIGITS, logit, to_unit
from triage.scorecard.recipe import Block, Effect, Recipe
from triage.scorecard.reference import Reference
from triage.scorecard.scorecard import InputTable, Scorecard
from triage.scorecard.silence import with_silence
from triage.yamlfile import count

#: The 90% point of the standard normal distribution: a range is an 80% interval.
_Z90 = Decimal("1.281551566")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class _Table:
    """Decimal log-odds of one input by grid value: the point table, and one per draw; not centred."""

    points: tuple[Decimal, ...]
    draws: tuple[tuple[Decimal, ...], ...]


def build_evidence(recipe: Recipe, features: Features, reference: Reference) -> Scorecard:
    """The scorecard of an evidence recipe.

    Raises:
        ContentError: an effect names an unknown input or option, an input has no effect, or the tables do not follow
            a direction that is stated; all are named.
    """
    _refuse(recipe, _faults(recipe, features))
    with localcontext() as context:
        context.prec = DIGITS
        directed = frozenset(item.id for item in features.inputs if item.direction != "none")
        drawn = _drawn(recipe, directed)
        effects = {effect.input: effect for effect in recipe.effects}
        tables = {item.id: _table(effects[item.id], item, drawn[item.id]) for item in features.inputs}
        _refuse(recipe, _against_direction(recipe, features, tables))
        centred = {item.id: _centre(tables[item.id], _weights(item, reference)) for item in features.inputs}
        baseline = to_unit(logit(recipe.base_rate.value))
        released = tuple(_release(item, centred[item.id]) for item in features.inputs)
    scorecard = Scorecard(baseline, released, recipe.draws.lower, recipe.draws.upper)
    return with_silence(scorecard, reference, f"{recipe.draws.seed}:silent")


def _refuse(recipe: Recipe, faults: Sequence[Fault]) -> None:
    if faults:
        raise ContentError(f"The recipe {recipe.id} cannot be used: {count(faults)}.", faults)


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


def _weights(item: Input, reference: Reference) -> list[Decimal]:
    """Shares of the grid values of an input among reference people who answer its question."""
    weights = [_ZERO] * len(item.grid.values)
    for answer, share in reference.shares[item.question.id]:
        value = item.value(answer)
        if value == value:
            weights[item.grid.places[value]] += share
    total = sum(weights, _ZERO)
    return [weight / total for weight in weights]


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
    """Questions along whose answers the points, or those of some draw, go against the stated direction."""
    faults: list[Fault] = []
    for question in features.checklist.questions:
        inputs = features.inputs_of[question.id]
        if question.direction is None:
            continue
        if question.kind == "choice":
            steps = [
                [_row(tables[item.id], item, item.value(option.id)) for item in inputs] for option in question.ordered
            ]
            paths = [[[sum(parts, _ZERO) for parts in zip(*rows, strict=True)] for rows in steps]]
        else:
            paths = [[_row(tables[item.id], item, value) for value in item.grid.values] for item in inputs]
        if any(_falls(path if question.direction.risk == "rises" else path[::-1]) for path in paths):
            what = f"its tables do not follow the direction that the checklist states (risk {question.direction.risk})."
            faults.append(Fault(f"recipe {recipe.id}, question '{question.id}'", what))
    return faults


def _row(table: _Table, item: Input, value: float) -> list[Decimal]:
    place = item.grid.places[value]
    return [column[place] for column in (table.points, *table.draws)]


def _falls(path: Sequence[Sequence[Decimal]]) -> bool:
    """True where some column of the path has a step down."""
    return any(after < before for one, other in pairwise(path) for before, after in zip(one, other, strict=True))


def _faults(recipe: Recipe, features: Features) -> list[Fault]:
    inputs = {item.id: item for item in features.inputs}
    faults: list[Fault] = []
    if recipe.checklist != features.checklist.id:
        what = f"it is written for the checklist '{recipe.checklist}', not '{features.checklist.id}'."
        return [Fault(f"recipe {recipe.id}", what)]
    for effect in recipe.effects:
        item = inputs.get(effect.input)
        where = f"recipe {recipe.id}, effect '{effect.input}'"
        if item is None:
            faults.append(Fault(where, "there is no such input.", did_you_mean(effect.input, inputs)))
        else:
            faults += [Fault(where, what) for what in _effect_faults(effect, item)]
    named = [effect.input for effect in recipe.effects]
    faults += [
        Fault(f"recipe {recipe.id}", f"the input '{name}' has no effect.") for name in inputs if name not in named
    ]
    faults += [
        Fault(f"recipe {recipe.id}", f"the input '{name}' has two effects.")
        for name in sorted({name for name in named if named.count(name) > 1})
    ]
    for block in recipe.blocks:
        unknown = [name for name in block.inputs if name not in named]
        faults += [
            Fault(f"recipe {recipe.id}, block '{block.id}'", f"there is no effect '{name}'.") for name in unknown
        ]
        loose = [name for name in block.inputs if name in inputs and inputs[name].direction == "none"]
        if block.range is not None and loose:
            what = f"a block with a range needs inputs with a direction, and {', '.join(loose)} has none."
            faults.append(Fault(f"recipe {recipe.id}, block '{block.id}'", what))
    return faults


def _effect_faults(effect: Effect, item: Input) -> list[str]:
    found: list[str] = []
    if effect.answers and set(effect.answers) != set(item.codes):
        found.append(f"'answers' must be exactly {', '.join(item.codes) or 'left out: its question is a number'}.")
    elif len({(item.codes[name], ratio) for name, ratio in effect.answers.items()}) > len(set(item.codes.values())) > 0:
        found.append("two answers with the same code have different odds ratios.")
    if item.direction != "none" and effect.range[0] < 1:
        found.append(f"its range goes below 1, but the direction of the input is stated ({item.direction}).")
    if effect.even_steps and len(item.grid.values) < 2:
        found.append("'even_steps' needs at least two values.")
    return found

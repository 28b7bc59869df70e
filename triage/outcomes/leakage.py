"""Does an answer, or its absence, tell the outcome so well that it cannot have been known at intake?

All answers together reach an area under the curve of about 0.67 on real displaced workers, and 0.795 in the whole trial
model of the Department for Work and Pensions (Matty 2013). One question that does as well as a whole model was rather
asked, filled in or corrected once the outcome was known. Whether a question was answered at all should say hardly
anything, so the bar is lower for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.engine.encode_columns import ANSWERED
from triage.features import Features
from triage.outcomes.alike import codes_of
from triage.outcomes.label import Label
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import Remark, Severity

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Areas under the curve from which one question is too good to be true, and from which it should be looked at.
STOP_AT, WARN_AT = 0.85, 0.75
#: The same for whether it was answered.
SILENCE_STOP_AT, SILENCE_WARN_AT = 0.75, 0.65
#: With three standard errors taken off, the area may lie so far below the bar. There are many questions, and by chance
#: alone one of them stands out in a small file: the rule keeps quiet in nearly all files of noise.
_ERRORS, _MARGIN = 3.0, 0.1
#: People with and without the outcome among those who answered, below which nothing is said.
_LEAST = 10
_FOLDS = 5
_WHAT = {"leak": "its answer", "silence_leak": "whether it was answered"}
_THAN = {"leak": "about as well as whole models do, or better", "silence_leak": "which should say hardly anything"}
_ASK = {
    "leak": "Was it filled in or corrected after the outcome was known?",
    "silence_leak": "Was it asked only of people whose outcome was known, or filled in later?",
}


@dataclass(frozen=True)
class Telling:
    """How well something tells who has the outcome.

    Attributes:
        area: the area under the curve, 0.5 to 1, whichever way round.
        error: its standard error (Hanley and McNeil 1982).
        fewest: the smaller of the numbers of people with and without the outcome.
    """

    area: float
    error: float
    fewest: int


def leaks(outcomes: Outcomes, features: Features, label: Label, accepted: Collection[str] = ()) -> Iterator[Remark]:
    """A remark for each question whose answers, or whose being answered, tell the outcome too well.

    Args:
        outcomes: the outcomes.
        features: the features.
        label: the outcome at the horizon.
        accepted: ids of questions that somebody has checked were known at intake: they only warn.
    """
    fold = np.array([zlib.crc32(str(client).encode()) % _FOLDS for client in outcomes.client.tolist()], dtype=np.int64)
    for place, question in enumerate(features.checklist.questions):
        answered = outcomes.states[:, place] == ANSWERED
        inputs = outcomes.inputs[:, [item.place for item in features.inputs_of[question.id]]]
        best = _answers(inputs, label, answered & label.known, fold)
        yield from _remark("leak", best, (STOP_AT, WARN_AT), question, accepted)
        silence = telling(answered.astype(np.float64), label, label.known)
        yield from _remark("silence_leak", silence, (SILENCE_STOP_AT, SILENCE_WARN_AT), question, accepted)


def telling(values: Array, label: Label, rows: Flags, either_way: bool = True) -> Telling:
    """How well `values` tell the outcome of `rows` whose outcome is known, by their weights.

    Without `either_way` higher values must go with the outcome: rates among others can go against it by their making.
    """
    rows = rows & label.known & (label.weight > 0) & ~np.isnan(values)
    outcome, weight = label.outcome[rows], label.weight[rows]
    fewest = int(min(outcome.sum(), (~outcome).sum()))
    if not fewest:
        return Telling(0.5, 0.5, 0)
    area = weighted_area(values[rows], outcome, weight)
    area = max(area, 1 - area if either_way else 0.5)
    return Telling(area, _error(area, _effective(weight[outcome]), _effective(weight[~outcome])), fewest)


def weighted_area(values: Array, outcome: Flags, weight: Array) -> float:
    """The chance that one with the outcome has a higher value than one without, ties counting half."""
    _, places = np.unique(values, return_inverse=True)
    cases = np.bincount(places, weight * outcome)
    others = np.bincount(places, weight * ~outcome)
    below = np.cumsum(others) - others
    return float((cases * (below + others / 2)).sum() / (cases.sum() * others.sum()))


def _effective(weight: Array) -> float:
    return float(weight.sum() ** 2 / (weight**2).sum())


def _error(area: float, cases: float, others: float) -> float:
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (cases - 1) * (first - area**2) + (others - 1) * (second - area**2)
    return float(np.sqrt(max(spread, 0.0) / (cases * others)))


def _answers(inputs: Array, label: Label, rows: Flags, fold: NDArray[np.int64]) -> Telling:
    """The most telling of a question's inputs in their own order, and of its answers in the order of their rates."""
    found = [telling(column, label, rows) for column in inputs.T]
    found.append(telling(_rates(inputs, label, rows, fold), label, rows, either_way=False))
    return max(found, key=lambda item: item.area)


def _rates(values: Array, label: Label, rows: Flags, fold: NDArray[np.int64]) -> Array:
    """[n] for each of `rows` the rate among the others with the same answer, leaving out those of the same fold."""
    rates = np.full(len(values), np.nan)
    answer, part = codes_of(values[rows]), fold[rows]
    weight, outcome = label.weight[rows], label.outcome[rows]
    if not len(weight) or not weight.sum():
        return rates
    mean, size = weight.mean(), int(answer.max()) + 1
    overall = float(weight[outcome].sum() / weight.sum())
    cell = answer * _FOLDS + part
    counts = [np.bincount(cell, mass, size * _FOLDS) for mass in (weight, weight * outcome)]
    table = np.stack(counts).reshape(2, size, _FOLDS)
    others = table.sum(axis=2, keepdims=True) - table
    shrunk = (others[1] + mean * overall) / (others[0] + mean)
    rates[rows] = shrunk[answer, part]
    return rates


def _remark(
    kind: str, found: Telling, bars: tuple[float, float], question: Question, accepted: Collection[str]
) -> Iterator[Remark]:
    sure = found.area - _ERRORS * found.error
    reached = [found.area >= bar and sure >= bar - _MARGIN for bar in bars]
    if found.fewest < _LEAST or not any(reached):
        return
    severity: Severity = "stop" if reached[0] else "warn"
    excused = severity == "stop" and question.id in accepted
    text = (
        f"Question '{question.id}': {_WHAT[kind]} alone tells who has the outcome with an area under the curve of "
        f"{found.area:.2f}, {_THAN[kind]}. "
    )
    advice = "It was named as accepted, so learning goes on." if excused else _advice(kind, severity, question.id)
    figures: dict[str, float | int | str] = {"question": question.id, "area": found.area, "error": found.error}
    yield Remark(kind, "warn" if excused else severity, text + advice, figures | {"fewest": found.fewest})


def _advice(kind: str, severity: Severity, name: str) -> str:
    ask = _ASK[kind]
    if severity == "warn":
        return f"{ask} Check before you use the result."
    return f"{ask} Take the column out, or name '{name}' as accepted once you know that it was asked at intake."

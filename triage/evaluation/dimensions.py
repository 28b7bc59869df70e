"""Into which groups do people fall, by what they answered or by what the file says of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.evaluation.settings import Settings
from triage.features import Features
from triage.outcomes import Outcomes

NOT_STATED = "not stated"
#: The question whose answer is an age in years.
AGE = "age"


@dataclass(frozen=True, eq=False)
class Dimension:
    """One way to group people.

    Attributes:
        id: the question's id, or the column's name.
        name: for people.
        source: "answers" or "column".
        groups: the names of the groups; `NOT_STATED` is the last where anybody is in it.
        code: [n] each person's place in `groups`.
    """

    id: str
    name: str
    source: str
    groups: tuple[str, ...]
    code: NDArray[np.intp]


def dimensions(features: Features, outcomes: Outcomes, settings: Settings) -> list[Dimension]:
    """Every protected question and area of the checklist, then every group column of the file."""
    asked = [
        question
        for question in features.checklist.questions
        if (question.kind == "area" or is_protected(question, settings)) and features.inputs_of[question.id]
    ]
    found = [_of_question(question, features, outcomes, settings) for question in asked]
    return found + [_of_column(name, cells, settings) for name, cells in sorted(outcomes.groups.items())]


def is_protected(question: Question, settings: Settings) -> bool:
    """True for a question about a protected characteristic: named as one, or about health or disability."""
    return question.special_category or question.id in settings.protected


def ages(features: Features, outcomes: Outcomes) -> NDArray[np.float64] | None:
    """[n] ages in years, NaN where not known; None where the checklist does not ask for a number of years."""
    inputs = features.inputs_of.get(AGE, ())
    if not inputs or inputs[0].question.kind != "number":
        return None
    years: NDArray[np.float64] = outcomes.inputs[:, inputs[0].place]
    return years


def _of_question(question: Question, features: Features, outcomes: Outcomes, settings: Settings) -> Dimension:
    inputs = features.inputs_of[question.id]
    values = outcomes.inputs[:, [item.place for item in inputs]]
    if question.kind == "choice":
        names, code = _by_option(question, features, values)
    elif question.id == AGE:
        names, code = _by_edges(values[:, 0], settings.age_starts, " years")
    else:
        unit = inputs[0].grid.unit
        names, code = _by_edges(values[:, 0], _thirds(values[:, 0]), unit if unit == "%" else f" {unit}".rstrip())
    # The model sees an area as its figure, so areas with one figure cannot be told apart here.
    name = f"{question.label}, by its figure" if question.kind == "area" else question.label
    return _dimension(question.id, name, "answers", names, code)


def _by_option(
    question: Question, features: Features, values: NDArray[np.float64]
) -> tuple[list[str], NDArray[np.intp]]:
    """One group for each answer that the model can tell apart."""
    texts: dict[tuple[float, ...], list[str]] = {}
    for option in question.ordered:
        texts.setdefault(features.encode(question.id, option.id), []).append(option.text)
    code = np.full(len(values), -1, dtype=np.intp)
    for place, wanted in enumerate(texts):
        code[np.all(values == np.array(wanted), axis=1)] = place
    return [" or ".join(group) for group in texts.values()], code


def _by_edges(values: NDArray[np.float64], starts: tuple[float, ...], unit: str) -> tuple[list[str], NDArray[np.intp]]:
    code = np.searchsorted(np.array(starts), values, side="right")
    if not starts:
        return [f"any{unit}"], np.where(np.isnan(values), -1, 0)
    whole = all(float(start).is_integer() for start in starts)
    between = [f"{low:g} to {high - 1:g}" if whole else f"{low:g} up to {high:g}" for low, high in pairwise(starts)]
    names = [f"under {starts[0]:g}{unit}", *(f"{name}{unit}" for name in between), f"{starts[-1]:g}{unit} and over"]
    return names, np.where(np.isnan(values), -1, code)


def _thirds(values: NDArray[np.float64]) -> tuple[float, ...]:
    known = values[~np.isnan(values)]
    if not len(known):
        return ()
    edges = np.quantile(known, [1 / 3, 2 / 3], method="nearest")
    return tuple(float(edge) for edge in np.unique(edges) if edge > known.min())


def _of_column(name: str, cells: NDArray[np.object_], settings: Settings) -> Dimension:
    """Values of few people are pooled and not named: what one person's cell holds must not come out with a model."""
    texts = np.array([str(cell).strip() for cell in cells], dtype=np.str_)
    values, counts = np.unique(texts[texts != ""], return_counts=True)
    names = [str(text) for text in values[counts >= settings.least_people]]
    places = {text: place for place, text in enumerate(names)}
    rare = len(names) if len(names) < len(values) else -1
    code = np.array([places.get(str(text), rare) if text else -1 for text in texts], dtype=np.intp)
    if rare >= 0:
        names.append(f"other (each fewer than {settings.least_people} people)")
    return _dimension(f"group_{name}", name.replace("_", " "), "column", names, code)


def _dimension(id_: str, name: str, source: str, names: list[str], code: NDArray[np.intp]) -> Dimension:
    if np.any(code < 0):
        return Dimension(id_, name, source, (*names, NOT_STATED), np.where(code < 0, len(names), code))
    return Dimension(id_, name, source, tuple(names), code)


def compared(item: Dimension, shown: Sequence[int]) -> list[int]:
    """The groups among those shown that gaps are taken between: people who did not say are no group of their own."""
    return [place for place in shown if item.groups[place] != NOT_STATED]

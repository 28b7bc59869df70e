"""Which answer would a person have given for these grid values?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.features import Features, Input
from triage.numbers import shortest

Array = NDArray[np.float64]


def answer_texts(values: Array, question: Question, features: Features) -> tuple[list[str | None], NDArray[np.intp]]:
    """An answer for each different row of values, and for each row which of them it has.

    Args:
        values: [n, inputs of the question] grid values.
        question: the question.
        features: its features.

    Returns:
        The answers, None where there is none that reads back to the values; and [n] places in them.
    """
    items = features.inputs_of[question.id]
    keys = np.zeros(len(values), dtype=np.int64)
    for column, item in zip(values.T, items, strict=True):
        # NaN is sorted behind every grid value, so that it has a place of its own.
        keys = keys * (len(item.grid.values) + 1) + np.searchsorted(np.array(item.grid.values), column)
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    listed = {_key(features.encode(question.id, name)): name for name in reversed(_listed(question, features))}
    found = [tuple(row) for row in values[first].tolist()]
    if question.number is not None:
        return [_number(row, items, question) for row in found], places
    return [listed.get(_key(row)) for row in found], places


def _listed(question: Question, features: Features) -> list[str]:
    """Options or areas that count as an answer, in their order."""
    declined = {option.id for option in question.options if option.counts_as == "declined"}
    return [name for name in features.options(question) if name not in declined]


def _key(values: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else value for value in values)


def _number(values: Sequence[float], items: Sequence[Input], question: Question) -> str | None:
    """A number that all inputs round to these values: one of them if that will do."""
    spec = question.number
    assert spec is not None
    spans = [_span(value, item) for value, item in zip(values, items, strict=True)]
    low = max(spec.minimum, *(span[0] for span in spans)) if spans else spec.minimum
    for number in (*values, low, float(math.ceil(low)) if math.isfinite(low) else low):
        possible = spec.minimum <= number <= spec.maximum and (not spec.whole or float(number).is_integer())
        if possible and tuple(item.grid.snap(number) for item in items) == tuple(values):
            return shortest(number)
    return None


def _span(value: float, item: Input) -> tuple[float, float]:
    """The numbers that this input rounds to `value`: from the first, below the second."""
    place = item.grid.places.get(value, 0)
    edges = item.grid.edges
    return edges[place - 1] if place else -math.inf, edges[place] if place < len(edges) else math.inf

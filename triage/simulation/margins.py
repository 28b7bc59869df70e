"""How likely is each answer, and what is an answer that was not given worth, given those that were?

A reference population is made of clusters that are independent of each other: a question alone, or a question with
those whose shares depend on its answer. Given the first answer, the others are independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.errors import UsageError
from triage.features import Features, Input
from triage.scorecard import Scorecard
from triage.scorecard.reference import Reference

Array = NDArray[np.float64]
Waves = NDArray[np.complex128]
_MISSING = -1


@dataclass(frozen=True, eq=False)
class Replies:
    """The answers that a question can have in the reference population.

    Attributes:
        inputs: the inputs of the question.
        keys: [answers] what the model sees of an answer, as one number; -1 where it sees nothing.
        effects: [answers] log-odds.
        share: [answers] for a question that stands first; [first answers, answers] where it depends on one.
    """

    inputs: tuple[Input, ...]
    keys: NDArray[np.int64]
    effects: Array
    share: Array

    def seen(self, inputs: Array) -> NDArray[np.int64]:
        """[n] the keys of people's grid values [n, inputs of the model]; -1 where the question is not answered.

        Raises:
            UsageError: nobody in the reference population gives one of these answers.
        """
        found = keys_of(self.inputs, inputs[:, [item.place for item in self.inputs]])
        if strange := np.setdiff1d(found, [*self.keys, _MISSING]).size:
            name = self.inputs[0].question.id
            raise UsageError(f"'{name}' has {strange} answers that nobody in the reference population gives.")
        return found

    def turned(self, frequencies: Array) -> Waves:
        """The mean of `exp(i w effect)` over the answers: [waves], or [first answers, waves]."""
        found: Waves = self.share @ np.exp(1j * np.outer(self.effects, frequencies))
        return found


@dataclass(frozen=True)
class Cluster:
    """A question and those that depend on it."""

    first: Replies
    others: tuple[Replies, ...]

    @property
    def parts(self) -> tuple[Replies, ...]:
        """All its questions."""
        return (self.first, *self.others)

    def turned(self, inputs: Array, frequencies: Array) -> tuple[Waves, NDArray[np.intp]]:
        """What is not answered, given what is: the mean of `exp(i w effects)` over the missing answers.

        Args:
            inputs: [n, inputs] grid values, NaN where missing.
            frequencies: [waves] w.

        Returns:
            [kinds, waves], and for each person the kind.
        """
        seen = np.column_stack([replies.seen(inputs) for replies in self.parts])
        kinds, kind_of = _distinct(seen)
        known = kinds != _MISSING
        weight = self._weights(kinds)
        found = np.empty((len(kinds), len(frequencies)), dtype=np.complex128)
        own = np.exp(1j * np.outer(self.first.effects, frequencies))
        others = [replies.turned(frequencies) for replies in self.others]
        for pattern in np.unique(known, axis=0):
            rows = (known == pattern).all(axis=1)
            missing = np.ones_like(own) if pattern[0] else own
            for turned, is_known in zip(others, pattern[1:], strict=True):
                missing = missing if is_known else missing * turned
            found[rows] = weight[rows] @ missing
        return found, kind_of

    def _weights(self, kinds: NDArray[np.int64]) -> Array:
        """[kinds, first answers] how likely each first answer is, given what is known."""
        match = (kinds[:, [0]] == self.first.keys) | (kinds[:, [0]] == _MISSING)
        weight = match * self.first.share
        for column, replies in enumerate(self.others, start=1):
            known = kinds[:, column] != _MISSING
            same = kinds[known, column][:, np.newaxis] == replies.keys
            weight[known] *= same @ replies.share.T
        total = weight.sum(axis=1, keepdims=True)
        if not total.all():
            raise UsageError("Some answers never go together in the reference population.")
        found: Array = weight / total
        return found


def clusters_of(reference: Reference, scorecard: Scorecard, strength: float) -> tuple[Cluster, ...]:
    """The independent clusters of a reference population, with effects `strength` times those of the scorecard."""
    margins = reference.margins
    replies = {name: _replies(name, reference, scorecard, strength) for name in margins}
    return tuple(
        Cluster(replies[name], tuple(replies[other] for other, m in margins.items() if m.given == name))
        for name, margin in margins.items()
        if not margin.given
    )


def keys_of(inputs: tuple[Input, ...], values: Array) -> NDArray[np.int64]:
    """One number for each row of grid values [n, inputs]; -1 where all are missing."""
    keys = np.zeros(len(values), dtype=np.int64)
    for column, item in enumerate(inputs):
        grid = np.array(item.grid.values)
        places = np.where(np.isnan(values[:, column]), 0, 1 + np.searchsorted(grid, values[:, column]))
        keys = keys * (len(grid) + 2) + places
    return np.where(keys == 0, _MISSING, keys)


def _replies(name: str, reference: Reference, scorecard: Scorecard, strength: float) -> Replies:
    inputs, margin = reference.features.inputs_of[name], reference.margins[name]
    answers = [answer for answer, _ in reference.shares[name]]
    values = np.full((len(answers), len(reference.features.inputs)), np.nan)
    for item in inputs:
        values[:, item.place] = [item.value(answer) for answer in answers]
    keys = keys_of(inputs, values[:, [item.place for item in inputs]])
    effects = strength * scorecard.contributions_many(values).sum(axis=1)
    place = {answer: k for k, answer in enumerate(answers)}
    given = [answer for answer, _ in reference.shares[margin.given]] if margin.given else [None]
    share = np.zeros((len(given), len(answers)))
    for row, before in enumerate(given):
        for answer, part in margin.by[before]:
            share[row, place[answer]] += float(part)
    return Replies(inputs, keys, effects, share if margin.given else share[0])


def independent(reference: Reference) -> list[str]:
    """Sentences: which answers depend on which, and that all others are independent by assumption."""
    features: Features = reference.features
    label = {question.id: question.label for question in features.checklist.questions}
    tied = [f"{label[name]} depends on {label[m.given]}" for name, m in reference.margins.items() if m.given]
    first = f"{'; '.join(tied)}." if tied else "No answer depends on another."
    return [first, "All other answers are independent of each other. That is an assumption, and not true of people."]


def _distinct(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The distinct rows, and for each row which of them it is."""
    code = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        values, place = np.unique(column, return_inverse=True)
        code = code * len(values) + place
    _, first, kind_of = np.unique(code, return_index=True, return_inverse=True)
    return rows[first], kind_of

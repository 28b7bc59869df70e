"""What could an answer that was not given have been? For each draw, that of a random reference person.

A missing answer is worth exactly 0 in the score. In the interval it takes, in each draw, the value of one random
answer of the reference population, so that not knowing widens the range. With few draws the luck of their order
can hide that, so of the orders that a hash gives the first is taken with which it does widen on average. Where only a
part of the population is looked at, the widening has to stand out from the luck of who is in that part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from triage.errors import Defect
from triage.features import Input
from triage.numbers import fifty_digits
from triage.scorecard.reference import Answer, Reference, Shares
from triage.scorecard.scorecard import Array, InputTable, Scorecard, interval_many

_TRIES = 256
_PEOPLE = 20_000
#: By how many standard errors the mean widening of a part of the population has to differ from none.
_STANDS_OUT = 3.0


class NoOrder(Defect):
    """No order of the draws makes silence on a question widen the interval."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"No order of the draws makes silence on '{question_id}' widen the interval.")
        self.question_id = question_id


@fifty_digits()
def with_silence(scorecard: Scorecard, reference: Reference, seed: str, baselines: Array | None = None) -> Scorecard:
    """The scorecard with the draws of a missing answer filled in, question by question.

    Args:
        scorecard: its `missing_draws` are not read.
        reference: the population whose answers are drawn.
        seed: the word that orders the draws.
        baselines: [draws] how far the baseline of each draw lies from that of the scorecard; 0 where None.

    Raises:
        NoOrder: for some question no order of the draws widens the interval.
    """
    people = reference.simulate(everything=True)
    # Nothing is known about some areas: people who live there say nothing by answering.
    people = people[~np.isnan(people).any(axis=1)]
    errors = _STANDS_OUT if len(people) > _PEOPLE else 0.0
    people = people[:_PEOPLE]
    rows = [table.draws[interval_many(table, people[:, k])] for k, table in enumerate(scorecard.tables)]
    sums = scorecard.baseline + np.sum(rows, axis=0)
    if baselines is not None:
        sums = sums + baselines
    points = scorecard.contributions_many(people)
    logits = scorecard.baseline + points.sum(axis=1)
    asked = widths(scorecard, sums, logits)
    tables = list(scorecard.tables)
    for question_id, inputs in reference.features.inputs_of.items():
        places = [item.place for item in inputs]
        others = sums - np.sum([rows[k] for k in places], axis=0)
        left = logits - points[:, places].sum(axis=1)
        flat = all(not tables[k].draws.any() for k in places)
        for attempt in range(_TRIES):
            chosen = spread(reference.shares[question_id], scorecard.draw_count, f"{seed}:{question_id}:{attempt}")
            silent = [_values(tables[item.place], item, chosen) for item in inputs]
            wider = widths(scorecard, others + np.sum(silent, axis=0), left) - asked
            if flat or wider.mean() > errors * wider.std() / np.sqrt(len(wider)):
                break
        else:
            raise NoOrder(question_id)
        for item, values in zip(inputs, silent, strict=True):
            tables[item.place] = replace(tables[item.place], missing_draws=values)
    return replace(scorecard, tables=tuple(tables))


def widths(scorecard: Scorecard, sums: Array, logits: Array) -> Array:
    """Widths of the interval [people], in probability, for draws of the logit [people, draws] and the logit."""
    ordered = np.sort(sums, axis=1)
    lower = np.minimum(ordered[:, scorecard.lower_rank - 1], logits)
    upper = np.maximum(ordered[:, scorecard.upper_rank - 1], logits)
    found: Array = 1.0 / (1.0 + np.exp(-upper)) - 1.0 / (1.0 + np.exp(-lower))
    return found


def spread(shares: Shares, size: int, seed: str) -> list[Answer]:
    """`size` answers spread evenly over the shares, in an order that the seed decides."""
    picked: list[Answer] = []
    reached, answers = Decimal(0), iter(shares)
    answer, share = next(answers)
    for k in range(size):
        while Decimal(2 * k + 1) / (2 * size) > reached + share:
            reached += share
            answer, share = next(answers, (answer, Decimal(2)))
        picked.append(answer)
    order = sorted(range(size), key=lambda item: hashlib.sha256(f"{seed}:{item}".encode()).digest())
    return [picked[place] for place in order]


def _values(table: InputTable, item: Input, answers: Sequence[Answer]) -> Array:
    """In each draw, the log-odds of that draw's answer; 0 where the answer has no code."""
    values = np.array([item.value(answer) for answer in answers])
    with_zero = np.vstack([table.draws, np.zeros(table.draws.shape[1])])
    return with_zero[interval_many(table, values), np.arange(len(answers))]

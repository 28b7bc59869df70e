"""How do learned tables become a scorecard with a range?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from triage.features import Input
from triage.learning.draws import draw_tables
from triage.learning.fit import Fitted, Ticks, check_learnable, fit_sample
from triage.learning.sample import Sample
from triage.learning.search import Progress
from triage.learning.settings import LOWER_RANK, UPPER_RANK, Settings
from triage.learning.start import Start
from triage.learning.tables import Tables
from triage.numbers import MAX_LOGIT
from triage.outcomes import Outcomes
from triage.scorecard import InputTable, Scorecard
from triage.scorecard.silence import NoOrder, with_silence

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Learned:
    """A learned model, ready to be released.

    Attributes:
        fitted: the tables and how they came about.
        scorecard: the same tables with their draws.
    """

    fitted: Fitted
    scorecard: Scorecard


def learn(
    outcomes: Outcomes,
    start: Start,
    horizon: float,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Learn a scorecard with a range from outcomes (see `fit`)."""
    sample = Sample.of(outcomes, start, horizon, settings or Settings())
    check_learnable(sample)
    ticks = Ticks(progress, sample, sample.settings.draws)
    fitted = fit_sample(sample, ticks.tick)
    return Learned(fitted, compiled(fitted, draw_tables(fitted, ticks.tick)))


def compiled(fitted: Fitted, draws: Sequence[Tables]) -> Scorecard:
    """The scorecard of the fitted tables and their draws.

    A draw's own intercept is part of its range. It is kept in the draws of the first input, for every answer to it and
    for none: each client gets it exactly once.
    """
    sample, tables = fitted.sample, []
    for item in sample.features.inputs:
        own = np.column_stack([draw.values[item.place][:-1] for draw in draws])
        tables.append(_released(item, fitted.tables.values[item.place][:-1], own))
    baselines = np.array([draw.intercept - fitted.tables.intercept for draw in draws])
    # The first input carries them too, and no released number may be larger than a logit.
    room = MAX_LOGIT - float(np.abs(tables[0].draws).max())
    baselines = np.clip(baselines, -room, room)
    scorecard = Scorecard(fitted.tables.intercept, tuple(tables), LOWER_RANK, UPPER_RANK)
    silent = silence_widens(scorecard, sample, baselines)
    first = silent.tables[0]
    moved = replace(first, draws=first.draws + baselines[np.newaxis], missing_draws=first.missing_draws + baselines)
    return replace(silent, tables=(moved, *silent.tables[1:]))


def silence_widens(scorecard: Scorecard, sample: Sample, baselines: Array) -> Scorecard:
    """The scorecard with the draws of missing answers (see `with_silence`).

    Outcomes that speak against a direction level a table: in the points and in nearly all draws it says nothing. The
    little that is left in a few draws may then be no range that silence could widen. Such a question takes its points
    in every draw.

    Raises:
        NoOrder: silence on a question does not widen the interval all the same.
    """
    levelled: set[str] = set()
    while True:
        try:
            return with_silence(scorecard, sample.start.reference, f"{sample.settings.seed}:silent", baselines)
        except NoOrder as found:
            if found.question_id in levelled:
                raise
            levelled.add(found.question_id)
            tables = [_sure(t) if t.question_id == found.question_id else t for t in scorecard.tables]
            scorecard = replace(scorecard, tables=tuple(tables))


def _sure(table: InputTable) -> InputTable:
    """The table with its points in every draw."""
    size = table.draws.shape[1]
    return replace(table, draws=np.tile(np.array(table.points)[:, np.newaxis], (1, size)))


def _released(item: Input, points: Array, draws: Array) -> InputTable:
    """The table with equal neighbours taken together."""
    columns = np.column_stack([points, draws])
    starts = np.flatnonzero(np.r_[True, np.any(columns[1:] != columns[:-1], axis=1)])
    edges = tuple(item.grid.values[k] for k in starts[1:])
    silent = np.zeros(draws.shape[1])
    return InputTable(item.id, item.question.id, edges, tuple(points[starts].tolist()), draws[starts], silent)

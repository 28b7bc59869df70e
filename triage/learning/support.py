"""Would the model have learned something else without the people who were given support?

Support that works makes people find work sooner. A risk that was met with it can then look smaller than it is, and a
model that learns from supported people may unlearn it. So the tables are learned once more without those people, to be
compared. Neither is the truth: who was given support was no accident.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from triage.errors import OutcomesError
from triage.features import Input
from triage.learning.fit import Fitted, fit
from triage.learning.learn import Learned
from triage.learning.search import Progress
from triage.learning.tables import Tables
from triage.outcomes.guards import supported

#: With fewer people left than this, nothing is learned without the supported.
FEWEST = 50


@dataclass(frozen=True, eq=False)
class Without:
    """What was learned without the people who were given support.

    Attributes:
        supported: how many rows are of people who received support or were given a band above the standard one.
        fitted: what the others taught; None where they are too few or all fared alike, as `reason` says.
    """

    supported: int
    fitted: Fitted | None
    reason: str = ""


def learn_without(learned: Learned, progress: Progress | None = None) -> Without | None:
    """The same learning without supported people; None where nobody is known to have been supported."""
    sample = learned.fitted.sample
    received = supported(sample.outcomes)
    count = int(received.sum())
    if not count:
        return None
    others = sample.outcomes.take(np.flatnonzero(~received))
    if len(others) < FEWEST:
        return Without(count, None, f"only {len(others)} people are left")
    try:
        return Without(count, fit(others, sample.start, sample.horizon, replace(sample.settings), progress))
    except OutcomesError as problem:
        return Without(count, None, problem.message)


def reach_of(tables: Tables, item: Input) -> float:
    """The odds ratio of the highest against the lowest point of an input's table, 1 or more."""
    points = tables.values[item.place][:-1]
    return float(np.exp(points.max() - points.min()))

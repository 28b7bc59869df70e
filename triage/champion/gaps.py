"""How far apart are groups in recall, and is that wider with another model? Paired, on the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.engine import Engine
from triage.evaluation.bounds import bounds
from triage.evaluation.dimensions import Dimension, compared, dimensions
from triage.evaluation.figures import Figure, Figures, figure, measure
from triage.evaluation.groups import GroupRates
from triage.evaluation.sample import Sample, canonical
from triage.evaluation.scored import Scored, score_outcomes
from triage.evaluation.settings import Settings
from triage.outcomes import Outcomes

_NEW, _OLD = "new", "old"


@dataclass(frozen=True)
class Gap:
    """The difference in recall between the two groups of a characteristic that are furthest apart.

    Attributes:
        dimension: the characteristic, for people.
        id: its question or column.
        band: the cut-off's band.
        highest, lowest: the groups.
        gap: of the new model, 0 to 1.
        wider: the same less the champion's; None where there is no champion.
        left_out: the groups that are too small to be compared, or of whose cases none has enough answers for a band.
    """

    dimension: str
    id: str
    band: str
    highest: str
    lowest: str
    gap: Figure
    wider: Figure | None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoGap:
    """A characteristic of which no two groups could be compared.

    Attributes:
        dimension: the characteristic, for people.
        id: its question or column.
        left_out: as of a `Gap`.
    """

    dimension: str
    id: str
    left_out: tuple[str, ...]


def recall_gaps(
    engine: Engine, champion: Engine | None, outcomes: Outcomes, horizon: float, settings: Settings
) -> tuple[list[Gap], list[NoGap]]:
    """The gaps of each characteristic at each cut-off above the standard band, and the characteristics without one.

    Args:
        engine: the model that is judged.
        champion: the one in force, with the same checklist and cut-offs.
        outcomes: what happened to people.
        horizon: weeks since the job ended.
        settings: of the resamples; a group in which fewer than `least_cases` are known to have the outcome, or of
            fewer than `least_people` people, is named and not compared. Who did not say is no group.

    Raises:
        EvaluationError: the outcomes are of another checklist, or nobody can be judged by them.
    """
    people = outcomes.take(canonical(outcomes))
    sample = Sample(people, horizon, "not_back", settings)
    models = {_NEW: engine} if champion is None else {_NEW: engine, _OLD: champion}
    scored = {name: score_outcomes(model, people) for name, model in models.items()}
    found = dimensions(engine.features, people, settings)
    bands = engine.points.ids
    figures = measure(sample, _measures(found, bands, scored, sample))
    # Whether a recall is known does not depend on the band.
    shown = [_shown(item, sample, figures.once[f"{_NEW}/{item.id}/{bands[-1]}/recall"]) for item in found]
    both = list(zip(found, shown, strict=True))
    gaps = [
        _gap(item, band, places, figures, champion is not None)
        for item, places in both
        for band in bands[1:]
        if len(places) > 1
    ]
    return gaps, [NoGap(item.name, item.id, _left_out(item, places)) for item, places in both if len(places) < 2]


def _measures(
    found: Sequence[Dimension], bands: Sequence[str], scored: dict[str, Scored], sample: Sample
) -> list[GroupRates]:
    outcome = sample.label.outcome
    return [
        GroupRates(f"{name}/{item.id}/{band}", item, said.place >= place, said.place >= 0, outcome)
        for name, said in scored.items()
        for item in found
        for place, band in enumerate(bands[1:], start=1)
    ]


def _shown(item: Dimension, sample: Sample, recall: Any) -> list[int]:
    """The places of the groups that are compared: large enough, with a recall, and of people who did say."""
    settings = sample.settings
    counts = [bounds(sample, item.code == place) for place in range(len(item.groups))]
    large = [
        place
        for place, count in enumerate(counts)
        if count["people"] >= settings.least_people
        and count["cases"] >= settings.least_cases
        and np.isfinite(recall[place])
    ]
    return compared(item, large)


def _left_out(item: Dimension, shown: list[int]) -> tuple[str, ...]:
    """The groups that are not compared; an empty one too, because nothing is known of it then."""
    return tuple(item.groups[place] for place in compared(item, range(len(item.groups))) if place not in shown)


def _gap(item: Dimension, band: str, shown: list[int], figures: Figures, paired: bool) -> Gap:
    new = _spread(f"{_NEW}/{item.id}/{band}/recall", shown, figures)
    old = _spread(f"{_OLD}/{item.id}/{band}/recall", shown, figures) if paired else None
    wider = None if old is None else figure(new.once - old.once, new.again - old.again)
    high, low = item.groups[new.high], item.groups[new.low]
    return Gap(item.name, item.id, band, high, low, figure(new.once, new.again), wider, _left_out(item, shown))


@dataclass(frozen=True, eq=False)
class _Spread:
    """The difference between two groups, once and in each resample."""

    high: int
    low: int
    once: float
    again: NDArray[np.float64]


def _spread(name: str, shown: list[int], figures: Figures) -> _Spread:
    once: Any = figures.once[name]
    high, low = (shown[int(find(once[shown]))] for find in (np.argmax, np.argmin))
    return _Spread(high, low, float(once[high] - once[low]), figures.again[name][high] - figures.again[name][low])

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
    """

    dimension: str
    id: str
    band: str
    highest: str
    lowest: str
    gap: Figure
    wider: Figure | None


def recall_gaps(
    engine: Engine, champion: Engine | None, outcomes: Outcomes, horizon: float, settings: Settings
) -> list[Gap]:
    """The gaps of each characteristic at each cut-off above the standard band.

    Args:
        engine: the model that is judged.
        champion: the one in force, with the same checklist and cut-offs.
        outcomes: what happened to people.
        horizon: weeks since the job ended.
        settings: of the resamples; a group in which fewer than `least_cases` are known to have the outcome, or of
            fewer than `least_people` people, is left out, and so is who did not say.

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
    shown = {item.id: _shown(item, sample) for item in found}
    gaps = [_gap(item, band, shown[item.id], figures, champion is not None) for item in found for band in bands[1:]]
    return [gap for gap in gaps if gap is not None]


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


def _shown(item: Dimension, sample: Sample) -> list[int]:
    """The places of the groups that are compared: large enough, and of people who did say."""
    settings = sample.settings
    counts = [bounds(sample, item.code == place) for place in range(len(item.groups))]
    large = [
        place
        for place, count in enumerate(counts)
        if count["people"] >= settings.least_people and count["cases"] >= settings.least_cases
    ]
    return compared(item, large)


def _gap(item: Dimension, band: str, shown: list[int], figures: Figures, paired: bool) -> Gap | None:
    if len(shown) < 2:
        return None
    new = _spread(f"{_NEW}/{item.id}/{band}/recall", shown, figures)
    old = _spread(f"{_OLD}/{item.id}/{band}/recall", shown, figures) if paired else None
    if new is None:
        return None
    wider = None if old is None else figure(new.once - old.once, new.again - old.again)
    return Gap(
        item.name, item.id, band, item.groups[new.high], item.groups[new.low], figure(new.once, new.again), wider
    )


@dataclass(frozen=True, eq=False)
class _Spread:
    """The difference between two groups, once and in each resample."""

    high: int
    low: int
    once: float
    again: NDArray[np.float64]


def _spread(name: str, shown: list[int], figures: Figures) -> _Spread | None:
    once: Any = figures.once[name]
    if not np.all(np.isfinite(once[shown])):
        return None
    high, low = (shown[int(find(once[shown]))] for find in (np.argmax, np.argmin))
    return _Spread(high, low, float(once[high] - once[low]), figures.again[name][high] - figures.again[name][low])

"""What would another model have said of the same people?

A challenger scores the answers that were recorded, beside the model in force. Nothing of it is written to the records
or shown to an adviser: it is compared here and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.casework.figures_tables import LEAST
from triage.casework.suppression import TOTAL, hidden, hidden_parts
from triage.engine import Engine
from triage.evaluation.chances import probability
from triage.evaluation.dimensions import Dimension, dimensions
from triage.evaluation.figures import rounded
from triage.evaluation.scored import Scored, score_outcomes
from triage.evaluation.settings import DEFAULTS, Settings
from triage.monitoring.counts import told_alone, told_parts
from triage.monitoring.drift import band_logits
from triage.outcomes import OUT, Outcomes

Array = NDArray[np.float64]
Places = NDArray[np.intp]
WAYS = ("same", "up", "down")
#: Quantiles of the difference in probability that are told: none of so many people is one person's.
_QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
_FEWEST = 50
#: A difference in probability that an adviser would see in a figure out of 100.
_NOTICED = 0.05


def unheard(inputs: Array, states: NDArray[np.int8]) -> Outcomes:
    """People of whom nothing has been heard since they were scored: so they can be scored and grouped as others."""
    size = len(inputs)
    return Outcomes(
        client=np.array([f"row {place}" for place in range(size)], dtype=object),
        inputs=inputs,
        states=states,
        weeks=np.zeros(size),
        kind=np.full(size, "lost_contact", dtype=object),
        place=np.full(size, OUT, dtype=np.int8),
        weight=np.ones(size),
        date=np.full(size, np.datetime64("NaT"), "datetime64[D]"),
        source="the records",
    )


def shadow(
    champion: Engine, challenger: Engine, people: Outcomes, scored: Scored, settings: Settings = DEFAULTS
) -> dict[str, Any]:
    """The challenger beside the champion on the same recorded answers, as plain data.

    Args:
        champion: the model in force.
        challenger: the other model, for the same checklist, with the same cut-offs file.
        people: the recorded answers, each client once.
        scored: what the champion says of them.
        settings: how ages are grouped.
    """
    beside = score_outcomes(challenger, people)
    told = {"champion": champion.versions.model, "challenger": challenger.versions.model}
    if len(people) < _FEWEST:
        return {**told, "told": False, "why": f"Fewer than {_FEWEST} people were scored."}
    difference = probability(beside.logit) - probability(scored.logit)
    same_share = same_shares(scored.place, band_logits(challenger, beside))
    found = dimensions(champion.features, people, settings)
    return {
        **told,
        "told": True,
        "people": len(people),
        "mean": rounded(difference.mean()),
        "quantiles": [{"at": q, "difference": rounded(np.quantile(difference, q))} for q in _QUANTILES],
        "noticed": _noticed(difference),
        "same_cutoffs": moved(scored.place, beside.place, found),
        "same_share": moved(scored.place, same_share, found),
    }


def _noticed(difference: Array) -> dict[str, float | None]:
    """The share of people whose figure would be five or more out of 100 higher, or lower."""
    counts = {"higher": int((difference >= _NOTICED).sum()), "lower": int((difference <= -_NOTICED).sum())}
    parts = {**counts, "rest": len(difference) - sum(counts.values())}
    gaps = hidden_parts(parts, LEAST, noughts=False)
    return {name: None if name in gaps else rounded(np.float64(parts[name] / len(difference))) for name in counts}


def same_shares(places: Places, logits: Array) -> Places:
    """[n] the bands of another score that gives each band to as many people: never to more, and ties stay together.

    Args:
        places: [n] the bands by the one score, -1 for none.
        logits: [n] the other score.
    """
    banded = places >= 0
    ordered = np.sort(logits[banded])[::-1]
    found = np.where(banded, 0, -1)
    for band in range(1, int(places.max(initial=0)) + 1):
        wanted = int(np.count_nonzero(places >= band))
        # The last place at which the score steps down within the number wanted: all above it have the band.
        steps = np.flatnonzero(np.r_[ordered[1:] < ordered[:-1], True]) + 1
        fitting = steps[steps <= wanted]
        if len(fitting):
            found[banded & (logits >= ordered[fitting[-1] - 1])] = band
    return found


def moved(before: Places, after: Places, found: list[Dimension]) -> dict[str, Any]:
    """How many people would have a higher band, a lower one, or the same; in all and by group. None is hidden.

    How many there are in all is told beside it, so those without a band are a part of the same whole.
    """
    both = (before >= 0) & (after >= 0)
    way = np.sign(after - before)
    code = np.where(way > 0, 1, np.where(way < 0, 2, 0))
    counts = {name: int(np.count_nonzero(both & (code == place))) for place, name in enumerate(WAYS)}
    whole = {**counts, "without_band": int(np.count_nonzero(~both))}
    if sum(counts.values()) < LEAST:
        told: dict[str, int | None] = dict.fromkeys(whole)
    else:
        # Those without a band are told wherever they can be: two tables have them in common.
        told = {**whole, **told_parts(whole if told_alone(whole["without_band"]) is None else counts)}
    # Groups tell what was moved in all, so they are told only where all of that is.
    groups = [] if None in told.values() else [_by_group(item, code, both) for item in found]
    return {**told, "groups": groups}


def _by_group(item: Dimension, code: Places, both: NDArray[np.bool_]) -> dict[str, Any]:
    counts = {
        name: {way: int(np.count_nonzero(both & (item.code == place) & (code == k))) for k, way in enumerate(WAYS)}
        for place, name in enumerate(item.groups)
    }
    counts = {name: row for name, row in counts.items() if sum(row.values())}
    ways = [way for way in WAYS if any(row[way] for row in counts.values())]
    gaps = (
        hidden({name: {way: row[way] for way in ways} for name, row in counts.items()}, LEAST, noughts=False)
        if len(ways) > 1 and len(counts) > 1
        else frozenset((name, way) for name in _alone(counts) for way in (*WAYS, TOTAL))
    )
    lines = [
        {
            "name": name,
            "people": None if (name, TOTAL) in gaps else sum(row.values()),
            **{way: None if (name, way) in gaps else count for way, count in row.items()},
        }
        for name, row in counts.items()
    ]
    return {"id": item.id, "name": item.name, "groups": lines}


def _alone(counts: dict[str, dict[str, int]]) -> frozenset[str]:
    """Groups to hide where nobody moves, or where there is one group alone."""
    sizes = {name: sum(row.values()) for name, row in counts.items()}
    return hidden_parts(sizes, LEAST, noughts=False) if sum(sizes.values()) >= LEAST else frozenset(sizes)

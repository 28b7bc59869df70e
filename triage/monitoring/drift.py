"""Have the answers, the scores, or what is left unanswered moved: from the reference population, or since the start?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.engine import Engine
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY, NOT_ASKED
from triage.evaluation.scored import Scored
from triage.monitoring.bins import Bins, bins_of, score_bins
from triage.monitoring.counts import told_alone
from triage.monitoring.periods import Period
from triage.monitoring.psi import change, merged, put_together
from triage.monitoring.reading import Recorded, Records
from triage.monitoring.rules import DriftRules

Array = NDArray[np.float64]
#: Ways in which a question stands for somebody whom it can be asked, with the words for each.
STATES = {ANSWERED: "answered", DECLINED: "declined", NOT_ASKED: "not asked"}


@dataclass(frozen=True)
class Drift:
    """What moved, as plain data (see `triage.monitoring.monitor`).

    Attributes:
        score: the score.
        answers: one entry a question.
        unanswered: how each question stands, one entry a question.
    """

    score: dict[str, Any]
    answers: list[dict[str, Any]]
    unanswered: list[dict[str, Any]]


def drift(engine: Engine, records: Records, scored: Scored, rules: DriftRules) -> Drift:
    """What moved, period by period.

    Args:
        engine: the model in force.
        records: what was recorded.
        scored: what the model in force says of the recorded answers, row by row with `records.people`.
        rules: when a change counts.
    """
    people = records.people
    asked = [question for question in engine.checklist.questions if engine.features.inputs_of[question.id]]
    score = score_bins(engine.bundle, band_logits(engine, scored))
    answers = [
        _moved(bins_of(question, engine.features, engine.bundle, people.inputs), records, rules) for question in asked
    ]
    states = [_moved(bins, records, rules) for bins in _state_bins(engine, people)]
    return Drift(_moved(score, records, rules), answers, states)


def band_logits(engine: Engine, scored: Scored) -> Array:
    """[n] log-odds that decide on bands: health and disability answers raise them and never lower them."""
    special = scored.contributions[:, list(engine.special_places)].sum(axis=1)
    found: Array = scored.logit + np.maximum(-special, 0.0)
    return found


def _state_bins(engine: Engine, people: Recorded) -> Iterator[Bins]:
    order = np.full(EARLY + 1, -1, dtype=np.intp)
    order[list(STATES)] = range(len(STATES))
    for place, question in enumerate(engine.checklist.questions):
        yield Bins(question.id, question.label, tuple(STATES.values()), order[people.states[:, place]], None)


def _moved(bins: Bins, records: Records, rules: DriftRules) -> dict[str, Any]:
    """One thing that may move: how far in each period, and in what groups the last of them differs."""
    period = records.people.period
    counts = [bins.counts(period == place) for place in range(len(records.periods))]
    sizes = np.bincount(period, minlength=len(counts))
    first = next((place for place, cells in enumerate(counts) if cells.sum() >= rules.least_people), None)
    found = [_period(bins, records.periods[place], cells, counts, first, rules) for place, cells in enumerate(counts)]
    latest = max((place for place, cells in enumerate(counts) if cells.sum() >= rules.least_people), default=None)
    return {
        "id": bins.id,
        "name": bins.name,
        "first": None if first is None else records.periods[first].name,
        "latest": None if latest is None else records.periods[latest].name,
        "periods": found,
        "groups": _groups(bins, counts, first, latest, sizes),
    }


def _period(
    bins: Bins, period: Period, now: Array, counts: Sequence[Array], first: int | None, rules: DriftRules
) -> dict[str, Any]:
    told: dict[str, Any] = {"period": period.name, "from_reference": None, "from_first": None}
    if first is None or now.sum() < rules.least_people:
        return told
    before = counts[first]
    parts = merged(now, before)
    here = put_together(now, parts)
    if bins.reference is not None:
        beside = change(here, put_together(bins.reference, parts), rules)
        told["from_reference"] = beside.data() if beside else None
    if now is not before:
        beside = change(here, put_together(before, parts), rules)
        told["from_first"] = beside.data() if beside else None
    return told


def _groups(
    bins: Bins, counts: Sequence[Array], first: int | None, latest: int | None, sizes: NDArray[np.intp]
) -> list[dict[str, Any]]:
    """The share of each group in the last period that can be told, beside those before it.

    Shares, and how many people came in the period, tell how many of them are in no group: where these are a few, there
    are no shares.
    """
    if first is None or latest is None:
        return []
    now, before = counts[latest], counts[first]
    tells = {place: told_alone(int(sizes[place] - counts[place].sum())) is not None for place in (first, latest)}
    found = []
    for part in merged(now, before):
        reference = None
        if bins.reference is not None:
            reference = _share(bins.reference, part)
        found.append(
            {
                "name": ", or ".join(bins.names[place] for place in part),
                "reference": reference,
                "first": _share(before, part) if tells[first] else None,
                "latest": _share(now, part) if tells[latest] else None,
            }
        )
    return found


def _share(counts: Array, part: NDArray[np.intp]) -> float:
    return round(float(counts[part].sum() / counts.sum()), 3)

"""How do places, recall and the gap between groups trade against each other, and what is best under a wish?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.engine import Engine
from triage.errors import TuningError
from triage.evaluation.dimensions import Dimension, compared
from triage.evaluation.figures import rounded
from triage.evaluation.parts import percent as said
from triage.evaluation.sample import Sample
from triage.faults import did_you_mean
from triage.tuning.candidates import check_band, percent_of
from triage.tuning.deciding import Deciding
from triage.tuning.groups import big_enough
from triage.tuning.solver import Solved, Steps, Wish, people_alike, shortest_percent, solve, steps_of
from triage.tuning.sweep import PERCENTS, edge_of, one_each


@dataclass(frozen=True, eq=False)
class Frontier:
    """What a wish comes to.

    Attributes:
        wish: what was asked.
        solved: the best cut-offs.
        percents: those in percent, in as few digits as say them; one for each.
        data: as `tuning.json` holds it (see `triage.tuning.tune`).
    """

    wish: Wish
    solved: Solved
    percents: tuple[Decimal, ...]
    data: dict[str, Any]

    @property
    def chosen(self) -> Decimal | None:
        """The best cut-off in percent; None where there is none, or where a person has to choose."""
        return self.percents[0] if len(self.percents) == 1 else None


def frontier_of(wish: Wish, engine: Engine, deciding: Deciding, found: Sequence[Dimension], sample: Sample) -> Frontier:
    """Solve a wish exactly, and show the whole percents beside what is best.

    Raises:
        TuningError: there is no such band, or no such way to group people.
    """
    place = check_band(engine, wish.band)
    code, shown = groups_of(wish, deciding, found, sample)
    steps = steps_of(deciding.logits(), deciding.banded, sample, code, shown)
    edges = (-math.inf, *engine.points.edges, math.inf)
    below, above = edges[place - 1], edges[place + 1]
    solved = solve(steps, wish, below, above)
    percents = tuple(shortest_percent(steps, best, below) for best in solved.best)
    alone = len(percents) == 1
    levelled = _levelled(steps, wish, solved.best[0], edges[place], deciding) if alone else ""
    data = {
        "band": wish.band,
        "limit": {
            "places_a_week": wish.places,
            "arrivals_a_week": wish.arrivals,
            "most_gap": wish.most_gap,
            "dimension": wish.dimension if wish.most_gap is not None else None,
        },
        "points": _points(steps, wish, dict(zip(solved.best, percents, strict=True))),
        "chosen": float(percents[0]) if alone else None,
        "equal": [] if alone else [float(percent) for percent in percents],
        "same_people": _range(steps, solved.best[0]) if alone else None,
        "why": " ".join(filter(None, [solved.why, levelled])),
        "local": None,
    }
    return Frontier(wish, solved, percents, data)


def _levelled(steps: Steps, wish: Wish, best: int, edge: float, deciding: Deciding) -> str:
    """What a narrower gap costs where every group is found less than by the cut-off in force; "" where it is not so.

    Args:
        steps: every distinct cut-off.
        wish: a gap is limited by it, or nothing is said.
        best: the place of the chosen one.
        edge: the cut-off in force, log-odds.
        deciding: everybody's scores.
    """
    now = int(np.count_nonzero(steps.logit >= edge)) - 1
    if wish.most_gap is None or now <= best:
        return ""
    if not np.all(steps.recalls[:, best] <= steps.recalls[:, now]) or not steps.gap[best] < steps.gap[now]:
        return ""
    logits = deciding.logits()
    lower = int(np.count_nonzero(deciding.banded & (logits >= edge) & (logits < steps.logit[best])))
    gaps, recalls = (f"from {said(cells[now])} to {said(cells[best])}" for cells in (steps.gap, steps.recall))
    return (
        f"But the gap narrows, {gaps}, because every group is found less: against the cut-off in force recall falls"
        f" {recalls}, and {lower:,} people would get a lower band."
    )


def groups_of(
    wish: Wish, deciding: Deciding, found: Sequence[Dimension], sample: Sample
) -> tuple[NDArray[np.intp], list[int]]:
    """The groups whose recall a wish compares: [n] each person's, and those large enough to be compared.

    Raises:
        TuningError: a gap is limited, and there are not two such groups.
    """
    by_id = {item.id: item for item in found}
    item = by_id.get(wish.dimension) or by_id.get(f"group_{wish.dimension}")
    if item is None:
        if wish.most_gap is None:
            return np.zeros(len(deciding.banded), dtype=np.intp), [0]
        raise TuningError(
            f"Nobody can be grouped by '{wish.dimension}'. {did_you_mean(wish.dimension, by_id)}"
            f" There are: {', '.join(by_id) or 'no groups'}."
        )
    cases = np.flatnonzero(deciding.banded & (sample.label.weight > 0) & sample.label.outcome)
    cases = one_each(sample.client, item.code, np.zeros_like(item.code), cases)
    size = len(item.groups)
    people, cases = (np.bincount(item.code[rows], minlength=size) for rows in (deciding.banded, cases))
    shown = big_enough(people, cases, sample.settings)
    shown = compared(item, shown)
    if wish.most_gap is not None and len(shown) < 2:
        raise TuningError(f"Recall cannot be compared by '{item.name}': too few people have the outcome in its groups.")
    return item.code, shown


def _points(steps: Steps, wish: Wish, best: dict[int, Decimal]) -> list[dict[str, Any]]:
    """One point for each set of people that a whole percent flags, and for what is best."""
    named: dict[int, float] = {}
    for percent in PERCENTS:
        place = int(np.count_nonzero(steps.logit >= edge_of(percent))) - 1
        named.setdefault(place, float(percent))
    named |= {place: float(percent) for place, percent in best.items()}
    return [
        _point(steps, wish, place, percent, place in best)
        for place, percent in sorted(named.items(), key=lambda item: item[1])
    ]


def _point(steps: Steps, wish: Wish, place: int, percent: float, best: bool) -> dict[str, Any]:
    nobody = place < 0
    flagged, recall, gap = (0.0, 0.0, 0.0) if nobody else (
        float(cells[place]) for cells in (steps.flagged, steps.recall, steps.gap)
    )  # fmt: skip
    return {
        "percent": percent,
        "flagged": rounded(flagged),
        "places_a_week": rounded(flagged * wish.arrivals),
        "sensitivity": rounded(recall),
        "gap": rounded(gap),
        "best": best,
    }


def _range(steps: Steps, place: int) -> dict[str, float]:
    """Every cut-off above the first and up to the second flags the same people."""
    low, high = people_alike(steps, place)
    return {"above": 0.0 if low == -math.inf else percent_of(low), "up_to": percent_of(high)}

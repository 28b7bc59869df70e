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
from triage.numbers import UNIT
from triage.tuning.candidates import check_band, percent_of
from triage.tuning.deciding import Deciding
from triage.tuning.groups import big_enough
from triage.tuning.solver import Steps, Wish, people_alike, shortest_percent, solve, steps_of
from triage.tuning.sweep import PERCENTS, edge_of, one_each


@dataclass(frozen=True, eq=False)
class Frontier:
    """What a wish comes to.

    Attributes:
        wish: what was asked.
        chosen: the best cut-off in percent, in as few digits as say it; None where there is none.
        data: as `tuning.json` holds it (see `triage.tuning.tune`).
    """

    wish: Wish
    chosen: Decimal | None
    data: dict[str, Any]


def frontier_of(
    wish: Wish, engine: Engine, deciding: Deciding, found: Sequence[Dimension], sample: Sample,
    floor: Decimal | None = None,
) -> Frontier:  # fmt: skip
    """Solve a wish exactly, and show the whole percents beside what is best.

    Args:
        wish: what is asked of a cut-off.
        engine: holds the policy in force.
        deciding: the scores of n people.
        found: the ways to group them.
        sample: the same people.
        floor: a national floor in percent, in place of the one in force.

    Raises:
        TuningError: there is no such band, no such way to group people, or the floor lies below the band below.
    """
    place = check_band(engine, wish.band)
    code, shown = groups_of(wish, deciding, found, sample)
    steps = steps_of(deciding.logits(), deciding.banded, sample, code, shown)
    below, above, least = _limits(engine, place, wish, floor)
    # Whoever reaches the floor is offered a place anyway: a cut-off above it would not be what it says.
    under = min(above, least + UNIT)
    solved = solve(steps, wish, below, under)
    if solved.best is None:
        fits = solve(steps, wish, below, above).best is not None
        return Frontier(wish, None, _data(steps, wish, _floored(steps, wish, least) if fits else solved.why))
    chosen = shortest_percent(steps, solved.best, below, under)
    equal = [percent for percent in PERCENTS if below < edge_of(percent) < under
             and _place(steps, edge_of(percent)) in solved.equal]  # fmt: skip
    levelled = _levelled(steps, wish, solved.best, engine.points.edges[place - 1], deciding)
    why = " ".join(filter(None, [solved.why, _as_many(equal), levelled]))
    return Frontier(wish, chosen, _data(steps, wish, why, solved.best, chosen, equal))


def _limits(engine: Engine, place: int, wish: Wish, floor: Decimal | None) -> tuple[float, float, float]:
    """The cut-offs of the bands below and above, and the national floor, log-odds."""
    edges = (-math.inf, *engine.points.edges, math.inf)
    below, above = edges[place - 1], edges[place + 1]
    least = engine.points.floors[place - 1] if floor is None else edge_of(floor)
    if least < below:
        raise TuningError(
            f"The national floor of {percent_of(least):.4g}% for '{wish.band}' lies below the cut-off of the band below"
            f" it, {percent_of(below):.4g}%. Move one of the two."
        )
    return below, above, least


def _data(
    steps: Steps, wish: Wish, why: str, best: int | None = None, chosen: Decimal | None = None,
    equal: Sequence[int] = (),
) -> dict[str, Any]:  # fmt: skip
    return {
        "band": wish.band,
        "limit": {
            "places_a_week": wish.places,
            "arrivals_a_week": wish.arrivals,
            "most_gap": wish.most_gap,
            "dimension": wish.dimension if wish.most_gap is not None else None,
        },
        "points": _points(steps, wish, {} if best is None or chosen is None else {best: chosen}),
        "chosen": None if chosen is None else float(chosen),
        "equal": [float(percent) for percent in equal],
        "same_people": None if best is None else _range(steps, best),
        "why": why,
        "local": None,
    }


def _as_many(equal: Sequence[int]) -> str:
    listed = ", ".join(f"{percent}%" for percent in equal)
    return f"As many are found, with no fewer places, from {listed}." if equal else ""


def _floored(steps: Steps, wish: Wish, least: float) -> str:
    place = _place(steps, least)
    needed = wish.arrivals * float(steps.flagged[place]) if place >= 0 else 0.0
    return (
        f"No cut-off up to the national floor of {percent_of(least):.4g}% keeps to what was asked, and whoever reaches"
        f" the floor is offered a place whatever there is: that takes {needed:.3g} places a week. Move the floor, or"
        " ask for more places."
    )


def _place(steps: Steps, edge: float) -> int:
    """The step whose people reach an edge; -1 where nobody does."""
    return int(np.count_nonzero(steps.logit >= edge)) - 1


def _levelled(steps: Steps, wish: Wish, best: int, edge: float, deciding: Deciding) -> str:
    """What a narrower gap costs where every group is found less than by the cut-off in force; "" where it is not so.

    Args:
        steps: every distinct cut-off.
        wish: a gap is limited by it, or nothing is said.
        best: the place of the chosen one.
        edge: the cut-off in force, log-odds.
        deciding: everybody's scores.
    """
    now = _place(steps, edge)
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
        named.setdefault(_place(steps, edge_of(percent)), float(percent))
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

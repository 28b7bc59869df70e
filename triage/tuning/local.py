"""How far do the places of each partnership reach, above one national floor?

Places go to the highest scores, and a group with equal scores is never split. Whoever reaches the national floor is
offered a place whatever there is locally: a partnership with too few is told how many it lacks. Local capacity can
add offers below the floor and take none away above it, down to the cut-off of the band below: places that are left then
are told too. A partnership of few people gets no cut-off of its own, which would be somebody's score.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.errors import TuningError
from triage.evaluation.figures import rounded
from triage.evaluation.sample import Sample
from triage.faults import Fault
from triage.outcomes import Outcomes
from triage.tuning.candidates import percent_of
from triage.tuning.deciding import Deciding
from triage.tuning.sweep import edge_of
from triage.yamlfile import count

Array = NDArray[np.float64]
_COLUMNS = ("partnership", "places", "arrivals")
_FORM = "partnership,places,arrivals"


@dataclass(frozen=True)
class Partnership:
    """What one partnership has: places a week, and people with enough answers who come in a week."""

    name: str
    places: float
    arrivals: float


@dataclass(frozen=True)
class Local:
    """Partnerships with places of their own.

    Attributes:
        column: the group column of the outcomes that names the partnership, without "group_".
        floor: the national floor in percent; above 0, below 100.
        partnerships: those with places of their own; people of others have the floor as their cut-off.
    """

    column: str
    floor: Decimal
    partnerships: tuple[Partnership, ...]


def read_partnerships(path: Path) -> tuple[Partnership, ...]:
    """The partnerships in a CSV with the columns partnership, places and arrivals.

    Raises:
        TuningError: it cannot be read, or has faults; all are named with their line.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise TuningError(f"{path} cannot be read. Write a CSV in UTF-8 with the headings {_FORM}.") from None
    if not rows or any(name not in rows[0] for name in _COLUMNS):
        raise TuningError(f"{path.name} has not the headings {_FORM}, or no line below them.")
    found: list[Partnership] = []
    faults: list[Fault] = []
    for line, row in enumerate(rows, start=2):
        try:
            item = Partnership((row["partnership"] or "").strip(), float(row["places"]), float(row["arrivals"]))
        except (TypeError, ValueError):
            faults.append(Fault(f"{path.name}, line {line}", "places and arrivals are numbers a week."))
            continue
        if not item.name or not 0 <= item.places < np.inf or not 0 < item.arrivals < np.inf:
            faults.append(Fault(f"{path.name}, line {line}", "give a name, places from 0, and arrivals above 0."))
        elif any(other.name == item.name for other in found):
            faults.append(Fault(f"{path.name}, line {line}", "this partnership stands here a second time."))
        found.append(item)
    if faults:
        raise TuningError(f"{path.name} cannot be used: {count(faults)}.", faults)
    return tuple(found)


def local_data(
    local: Local, people: Outcomes, deciding: Deciding, sample: Sample,
    groups: tuple[NDArray[np.intp], Sequence[int]], below: float,
) -> dict[str, Any]:  # fmt: skip
    """The cut-off of each partnership, and what follows for everybody.

    Args:
        local: the partnerships.
        people: the n people.
        deciding: their scores.
        sample: the same people.
        groups: [n] each person's group, and the groups whose recall is compared.
        below: the cut-off of the band below, log-odds.

    Raises:
        TuningError: the outcomes do not say to which partnership people belong, or nobody belongs to one of them.
    """
    cells = _cells(local, people)
    logits, floor = deciding.logits(), edge_of(local.floor)
    cuts = np.full(len(logits), floor)
    found, left_out = [], []
    own = sample.once.people[:, 0]
    for item in local.partnerships:
        rows = deciding.banded & (cells == item.name)
        if len(np.unique(sample.client[rows])) < sample.settings.least_people:
            left_out.append(item.name)
            continue
        cut, told = _partnership(item, logits[rows], own[rows], floor, below)
        cuts[rows] = cut
        found.append({**told, "rows": int(np.count_nonzero(rows))})
    flagged = deciding.banded & (logits >= cuts)
    return {"column": local.column, "floor": float(local.floor), "groups": found, "left_out": left_out,
            **_overall(flagged, deciding.banded, sample, *groups)}  # fmt: skip


def _cells(local: Local, people: Outcomes) -> NDArray[np.str_]:
    if local.column not in people.groups:
        there = ", ".join(people.groups) or "none"
        raise TuningError(f"The outcomes have no column 'group_{local.column}'. Group columns that are there: {there}.")
    cells = np.array([str(cell).strip() for cell in people.groups[local.column]], dtype=np.str_)
    known = set(cells.tolist())
    faults = [
        Fault(item.name, f"nobody in the outcomes has it in 'group_{local.column}'.")
        for item in local.partnerships
        if item.name not in known
    ]
    if faults:
        raise TuningError("Places were given for partnerships without people.", faults)
    return cells


def _partnership(
    item: Partnership, logits: Array, own: Array, floor: float, below: float
) -> tuple[float, dict[str, Any]]:
    """The lowest cut-off that its places reach, from the floor down to the band below."""
    scores, place = np.unique(-logits, return_inverse=True)
    total = float(own.sum())
    needed = np.cumsum(np.bincount(place, own, len(scores))) * (item.arrivals / total) if total else np.empty(0)
    reached = int(np.count_nonzero(needed <= item.places * (1 + 1e-12)))
    cut = max(min(float(-scores[reached - 1]) if reached else np.inf, floor), below)
    above = float(own[logits >= cut].sum()) / total if total else 0.0
    used = above * item.arrivals
    return cut, {
        "name": item.name,
        "places": item.places,
        "arrivals": item.arrivals,
        "percent": percent_of(cut),
        "flagged": rounded(above),
        "places_a_week": rounded(used),
        "short": rounded(max(used - item.places, 0.0)),
        "left": rounded(max(item.places - used, 0.0)),
    }


def _overall(
    flagged: NDArray[np.bool_], banded: NDArray[np.bool_], sample: Sample, code: NDArray[np.intp], shown: Sequence[int]
) -> dict[str, Any]:
    own, known = sample.once.people[:, 0], sample.once.known[:, 0]
    cases = np.where(sample.label.outcome & banded, known, 0.0)
    recalls = [_share(cases, flagged, code == group) for group in shown]
    everybody = np.ones(len(flagged), dtype=np.bool_)
    gap = max(recalls) - min(recalls) if recalls and not np.isnan(recalls).any() else float("nan")
    return {
        "all_flagged": rounded(_share(np.where(banded, own, 0.0), flagged, everybody)),
        "all_sensitivity": rounded(_share(cases, flagged, everybody)),
        "all_gap": rounded(gap),
    }


def _share(weight: Array, flagged: NDArray[np.bool_], rows: NDArray[np.bool_]) -> float:
    total = float(weight[rows].sum())
    return float(weight[rows & flagged].sum()) / total if total else float("nan")

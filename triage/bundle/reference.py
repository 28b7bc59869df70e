"""How are scores spread over the reference population, and how does it answer each question?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.errors import BundleError

#: Shares are kept for each tenth of a percent.
STEPS = 1000


@dataclass(frozen=True)
class ReferenceScores:
    """What a bundle carries of its reference population.

    Attributes:
        name: in words.
        people: how many simulated people.
        cuts: `cuts[k]` is the smallest log-odds with at most k tenths of a percent of people at or above it.
        shares: by question, the share of each answer among those who answer.
    """

    name: str
    people: int
    cuts: tuple[float, ...]
    shares: Mapping[str, tuple[tuple[str | float, float], ...]]

    def top(self, percent: Decimal) -> float:
        """The log-odds at or above which at most `percent` of the population lie (in tenths of a percent)."""
        return self.cuts[int(percent * 10)]


def cuts_of(logits: NDArray[np.float64]) -> tuple[float, ...]:
    """For k = 0 to 1000 the smallest value with at most k/1000 of `logits` at or above it; inf where none."""
    ordered = np.sort(logits)[::-1]
    last = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    cuts: list[float] = []
    for k in range(STEPS + 1):
        allowed = len(ordered) * k // STEPS
        fitting = np.searchsorted(last + 1, allowed, side="right") - 1
        cuts.append(float(ordered[last[fitting]]) if fitting >= 0 else math.inf)
    return tuple(cuts)


def write_reference(reference: ReferenceScores) -> str:
    """The JSON of `reference.json`; an infinite cut is written as null."""
    cuts = [None if math.isinf(cut) else cut for cut in reference.cuts]
    shares = {question: [list(pair) for pair in pairs] for question, pairs in reference.shares.items()}
    data = {
        "name": reference.name,
        "people": reference.people,
        "simulated": True,
        "shares": shares,
        "cuts": cuts,
    }
    return json.dumps(data, indent=None) + "\n"


def read_reference(text: bytes) -> ReferenceScores:
    """The content of a `reference.json`.

    Raises:
        BundleError: it is damaged.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        cuts: Sequence[float | None] = data["cuts"]
        shares = {
            question: tuple((answer, share) for answer, share in pairs) for question, pairs in data["shares"].items()
        }
        exact = tuple(math.inf if cut is None else float(cut) for cut in cuts)
        if len(exact) != STEPS + 1:
            raise ValueError
        return ReferenceScores(data["name"], data["people"], exact, shares)
    except (KeyError, TypeError, ValueError):
        raise BundleError("reference.json of the bundle is damaged. Get the bundle again.") from None

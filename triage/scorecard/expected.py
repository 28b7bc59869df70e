"""If the assumptions were true, how well would the score find people? Computed, never observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """What a score can be expected to do when its model is true.

    Attributes:
        share: the share of people flagged, 0 to 1.
        ppv: of the people flagged, the share with the outcome.
        npv: of the people not flagged, the share without it.
        sensitivity: of the people with the outcome, the share flagged.
    """

    share: float
    ppv: float
    npv: float
    sensitivity: float


def expected_at(score: Array, chance: Array, share: float) -> Expected:
    """What flagging the top `share` by `score` gives when each person's true probability is `chance`.

    People with equal scores at the edge are flagged in part, so that exactly `share` are flagged.
    """
    wanted = share * len(score)
    edge = np.sort(score)[::-1][max(int(np.ceil(wanted)) - 1, 0)]
    weight = np.where(score > edge, 1.0, 0.0)
    tied = score == edge
    weight[tied] = (wanted - weight.sum()) / np.count_nonzero(tied)
    found = float(np.sum(weight * chance))
    rest = float(np.sum((1 - weight) * (1 - chance)))
    return Expected(share, found / wanted, rest / (len(score) - wanted), found / float(chance.sum()))


def expected_auc(score: Array, chance: Array) -> float:
    """The AUC of `score` when each person's true probability is `chance`; ties count a half."""
    order = np.argsort(score, kind="stable")
    ordered, ill, well = score[order], chance[order], 1 - chance[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    group_ill, group_well = np.add.reduceat(ill, starts), np.add.reduceat(well, starts)
    below = np.cumsum(group_well) - group_well
    return float(np.sum(group_ill * (below + group_well / 2)) / (ill.sum() * well.sum()))

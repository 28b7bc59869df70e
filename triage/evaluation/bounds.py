"""What is known for certain of some people: how many, and between which shares does theirs lie?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.figures import rounded
from triage.evaluation.sample import Sample


def bounds(sample: Sample, rows: NDArray[np.bool_]) -> dict[str, Any]:
    """Counts of the people in `rows`, and the bounds of their share with the outcome that need no assumption.

    "least" counts everybody whose outcome is not known as without it, "most" as with it (Manski 1989). "people" and
    "known" count rows, "cases" those known to have the outcome; the shares count each person's own weight.
    """
    label, own = sample.label, sample.once.people[rows, 0]
    known, ill = label.known[rows], label.outcome[rows]
    total = float(own.sum())
    sure, open_ = float(own[known & ill].sum()), float(own[~known].sum())
    return {
        "people": len(own),
        "known": int(np.count_nonzero(known)),
        "cases": int(np.count_nonzero(known & ill)),
        "known_share": rounded(1 - open_ / total) if total else None,
        "least": rounded(sure / total) if total else None,
        "most": rounded((sure + open_) / total) if total else None,
    }

"""Does the model file still give the answers that it gave when it was released?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.errors import BundleError
from triage.features import Features
from triage.scorecard import Scorecard

Array = NDArray[np.float64]
#: Equal to the bit; the sigmoid's last bit differs between machines, so probabilities are not among them.
EXACT = ("contributions", "logit", "lower_logit", "upper_logit")


def parity_cases(scorecard: Scorecard, features: Features) -> str:
    """JSON cases that touch every interval of every input, with silence among them, and what they give."""
    count = max(len(table.points) for table in scorecard.tables) + 1
    inputs = np.array([[_value(features, k, case) for k in range(scorecard.width)] for case in range(count)])
    inputs = np.vstack([inputs, np.full((1, scorecard.width), np.nan)])
    contributions = scorecard.contributions_many(inputs)
    lower, upper = scorecard.interval_logits(inputs)
    results = {
        "contributions": contributions,
        "logit": scorecard.baseline + contributions.sum(axis=1),
        "lower_logit": lower,
        "upper_logit": upper,
    }
    answers = [[None if np.isnan(value) else value for value in row] for row in inputs.tolist()]
    return json.dumps({"answers": answers, **{name: value.tolist() for name, value in results.items()}}) + "\n"


def _value(features: Features, place: int, case: int) -> float:
    """The case's value of one input: the grid in turn, with about one in six left out."""
    values = features.inputs[place].grid.values
    silent = hashlib.sha256(f"{place}:{case}".encode()).digest()[0] % 6 == 0
    return float("nan") if silent and case % 2 else values[(case * 7 + place) % len(values)]


def replay(text: bytes, run: Any) -> None:
    """Run the cases through `run` (grid values in, named outputs out).

    Raises:
        BundleError: an output differs from the released one by a single bit.
    """
    cases = json.loads(text)
    answers = np.array(cases["answers"], dtype=np.float64)
    outputs = run(answers)
    for name in EXACT:
        if not np.array_equal(np.array(cases[name], dtype=np.float64), outputs[name]):
            raise BundleError(f"The model does not give its released answers ('{name}' differs). Do not use it.")

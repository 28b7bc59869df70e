"""Does the model file still give the answers that it gave when it was released?"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
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
    count = 2 * max(len(table.points) for table in scorecard.tables)
    inputs = np.array([[_value(scorecard, features, k, case) for k in range(scorecard.width)] for case in range(count)])
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


def _value(scorecard: Scorecard, features: Features, place: int, case: int) -> float:
    """The case's value of one input: the intervals in turn, first each from its start, then from its end.

    In the second half about one in six is left out.
    """
    values, edges = features.inputs[place].grid.values, scorecard.tables[place].edges
    half = max(len(table.points) for table in scorecard.tables)
    interval = (case + place) % (len(edges) + 1)
    if case < half:
        return (values[0], *edges)[interval]
    silent = hashlib.sha256(f"{place}:{case}".encode()).digest()[0] % 6 == 0
    ends = [values[bisect_left(values, edge) - 1] for edge in edges]
    return float("nan") if silent else (*ends, values[-1])[interval]


def replay(text: bytes, run: Any) -> None:
    """Run the cases through `run` (grid values in, named outputs out).

    Raises:
        BundleError: an output differs from the released one by a single bit.
    """
    try:
        cases = {name: np.array(value, dtype=np.float64) for name, value in json.loads(text).items()}
        outputs = run(cases["answers"])
    except Exception:
        # Whatever onnxruntime raises: a model that cannot be run on its own cases is not the released one.
        raise BundleError("The model cannot be run on its parity cases. Get the bundle again.") from None
    for name in EXACT:
        if name not in cases or not np.array_equal(cases[name], outputs[name]):
            raise BundleError(f"The model does not give its released answers ('{name}' differs). Do not use it.")

"""Are people who left answers out judged as rightly as those who gave them all?

No value is fitted for a missing answer: it is neutral by rule. So it has to be looked at, by how many are missing,
whether as many had the outcome as was expected.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.bounds import bounds
from triage.evaluation.cells import Cells
from triage.evaluation.figures import Figures
from triage.evaluation.sample import Sample
from triage.evaluation.scored import informative
from triage.features import Features
from triage.outcomes import Outcomes

Array = NDArray[np.float64]
#: The fewest unanswered questions of each row of the table.
_STARTS = (0, 1, 2, 3, 4, 6, 9, 13)
_TOLD = ("predicted", "observed", "observed_over_expected")


class Missing:
    """The table by number of unanswered questions; `measure` is what is measured for it.

    Args:
        features: of the checklist; questions without an input are not counted.
        people: n people.
        logits: [n] log-odds.
        sample: the same people.
    """

    def __init__(self, features: Features, people: Outcomes, logits: Array, sample: Sample) -> None:
        asked = [bool(inputs) for inputs in features.inputs_of.values()]
        missing = sum(asked) - informative(features, people).sum(axis=1)
        self._row = np.searchsorted(np.array(_STARTS), missing, side="right") - 1
        self._sample, self._most = sample, len(asked)
        self.measure = Cells("missing", self._row, len(_STARTS), logits, sample)

    def data(self, figures: Figures) -> list[dict[str, Any]]:
        """One entry a row that has people, as plain data (see `triage.evaluation.evaluate`)."""
        settings, found = self._sample.settings, []
        for place, (low, high) in enumerate(pairwise((*_STARTS, self._most + 1))):
            counts = bounds(self._sample, self._row == place)
            if not counts["people"]:
                continue
            row: dict[str, Any] = {"from": low, "to": high - 1}
            few = counts["people"] < settings.least_people or counts["cases"] < settings.least_cases
            told = {} if few else {**counts, **{key: figures.of(f"missing/{key}", place) for key in _TOLD}}
            found.append(row | {"shown": not few} | told)
        return found

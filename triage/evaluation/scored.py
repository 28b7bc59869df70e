"""What does a model say of people whose outcomes are known, and which band does each get?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.engine import Engine
from triage.errors import EvaluationError
from triage.features import Features
from triage.outcomes import Outcomes

Array = NDArray[np.float64]
_CALL_ROWS = 1024


@dataclass(frozen=True, eq=False)
class Scored:
    """What a model says of n people.

    Attributes:
        logit: [n] log-odds.
        contributions: [n, inputs] log-odds by input; 0 where the answer is missing.
        place: [n] the band's place, 0 the standard one; -1 where there are too few answers for a band.
    """

    logit: Array
    contributions: Array
    place: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> Scored:
        """The same for some rows."""
        return Scored(self.logit[rows], self.contributions[rows], self.place[rows])

    def without(self, features: Features, questions: Collection[str]) -> Array:
        """[n] log-odds as if these questions had not been asked."""
        places = [item.place for item in features.inputs if item.question.id in questions]
        less: Array = self.logit - self.contributions[:, places].sum(axis=1)
        return less


def score_outcomes(engine: Engine, outcomes: Outcomes) -> Scored:
    """The scores of `outcomes`. Bands follow the rules for a single client (see `Cutoffs`): a capacity its fallback.

    Raises:
        EvaluationError: the outcomes were read with another checklist.
    """
    contributions, logit = run(engine.bundle, engine.features, outcomes)
    special = contributions[:, list(engine.special_places)].sum(axis=1)
    place = engine.points.places(logit + np.maximum(-special, 0.0))
    counted = [name in engine.counted for name in engine.places]
    told = informative(engine.features, outcomes)[:, counted].sum(axis=1)
    return Scored(logit, contributions, np.where(told >= engine.at_least, place, -1))


def run(bundle: Bundle, features: Features, outcomes: Outcomes) -> tuple[Array, Array]:
    """[n, inputs] contributions and [n] log-odds of a model.

    Raises:
        EvaluationError: the outcomes were read with another checklist.
        BundleError: the model was made for another checklist.
    """
    bundle.check_fits(features)
    found = (outcomes.inputs.shape[1], outcomes.states.shape[1])
    wanted = (len(features.inputs), len(features.checklist.questions))
    if found != wanted:
        raise EvaluationError(
            f"{outcomes.source or 'These outcomes'} hold {found[0]} inputs of {found[1]} questions, and the checklist"
            f" {features.version} has {wanted[0]} of {wanted[1]}. Read the file with the model's own checklist."
        )
    starts = range(0, len(outcomes), _CALL_ROWS)
    parts = [bundle.run_raw(outcomes.inputs[start : start + _CALL_ROWS])[:2] for start in starts]
    if not parts:
        raise EvaluationError(f"{outcomes.source or 'The file'} holds nobody. Give people with outcomes.")
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def informative(features: Features, outcomes: Outcomes) -> NDArray[np.bool_]:
    """[n, questions] True where an answer says something to the model."""
    known = ~np.isnan(outcomes.inputs)
    columns = [
        known[:, [item.place for item in inputs]].any(axis=1) if inputs else np.zeros(len(outcomes), dtype=np.bool_)
        for inputs in features.inputs_of.values()
    ]
    return np.column_stack(columns)

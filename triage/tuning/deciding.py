"""Which log-odds decide on each person's band, and which would if some questions had not been asked?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Checklist
from triage.cutoffs.governed import uses
from triage.engine import Engine
from triage.errors import TuningError
from triage.evaluation.dimensions import is_protected
from triage.evaluation.scored import Scored, score_outcomes
from triage.evaluation.settings import Settings
from triage.features import Features
from triage.outcomes import Outcomes

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Deciding:
    """The scores of n people, ready for cut-offs.

    Attributes:
        scored: what the model says. Where scores from held-out folds are used, `logit` is theirs and the contributions
            are the model's own: what answers about health add, or what a question is worth, is then a near figure.
        banded: [n] True where there are enough answers for a band.
        special: the places of the inputs that come from health and disability questions.
        features: of the checklist.
    """

    scored: Scored
    banded: NDArray[np.bool_]
    special: tuple[int, ...]
    features: Features

    @classmethod
    def of(cls, engine: Engine, people: Outcomes, held_out: Array | None = None) -> Deciding:
        """The scores of `people` by the model, or those of `held_out` [n], log-odds.

        Raises:
            EvaluationError: the outcomes were read with another checklist.
            TuningError: nobody has enough answers for a band.
        """
        scored = score_outcomes(engine, people)
        banded = scored.place >= 0
        if not banded.any():
            raise TuningError(
                f"In {people.source or 'these outcomes'} nobody has enough answers for a band, so that no cut-off can"
                f" be compared. The cut-offs {engine.cutoffs.version} ask for {engine.at_least}."
            )
        if held_out is not None:
            scored = Scored(held_out, scored.contributions, scored.place)
        return cls(scored, banded, engine.special_places, engine.features)

    def take(self, rows: NDArray[np.intp]) -> Deciding:
        """The same for some rows."""
        return Deciding(self.scored.take(rows), self.banded[rows], self.special, self.features)

    def logits(self, without: Collection[str] = ()) -> Array:
        """[n] log-odds that decide on the band: health and disability answers raise them and never lower them.

        Args:
            without: ids of questions that count as not asked.
        """
        left_out = {item.place for item in self.features.inputs if item.question.id in without}
        special = [place for place in self.special if place not in left_out]
        raised = -self.scored.contributions[:, special].sum(axis=1)
        found: Array = self.scored.without(self.features, without) + np.maximum(raised, 0.0)
        return found


def characteristics(checklist: Checklist, features: Features, settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Each protected characteristic that the model uses, with the ids of its questions.

    Those that the checklist marks come first (see `triage.cutoffs.governed.uses`); then questions that carry the name
    of one.
    """
    found = {
        name: tuple(question for question in questions if features.inputs_of[question])
        for name, questions in uses(checklist).items()
    }
    told = {question for questions in found.values() for question in questions}
    for question in checklist.questions:
        if is_protected(question, settings) and question.id not in told and features.inputs_of[question.id]:
            found[question.id] = (question.id,)
    return {name: questions for name, questions in found.items() if questions}

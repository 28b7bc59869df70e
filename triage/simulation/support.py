"""What if support works? A model proposes bands, people decide, and those with more support return sooner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from triage.engine import Engine
from triage.engine.encode_columns import ANSWERED
from triage.errors import Defect, UsageError
from triage.simulation.streams import uniform

Array = NDArray[np.float64]
States = NDArray[np.int8]
Texts = NDArray[np.object_]


class Policy(Protocol):
    """Who is proposed for which band?"""

    @property
    def ids(self) -> tuple[str, ...]:
        """The bands, from the standard one up."""

    @property
    def version(self) -> str:
        """The model in force."""

    def places(self, inputs: Array, states: States) -> NDArray[np.intp]:
        """[n] the places of the bands proposed for these answers (as in `Outcomes`); -1 where there is none."""


@dataclass(frozen=True)
class EnginePolicy:
    """The bands that an engine proposes."""

    engine: Engine

    @property
    def ids(self) -> tuple[str, ...]:
        """The bands of its cut-offs."""
        return self.engine.points.ids

    @property
    def version(self) -> str:
        """Its model."""
        return self.engine.versions.model

    def places(self, inputs: Array, states: States) -> NDArray[np.intp]:
        """As `Engine.score_many` proposes them.

        Raises:
            Defect: the engine was made for other inputs.
        """
        engine = self.engine
        if inputs.shape[1] != len(engine.features.inputs):
            raise Defect("The engine that proposes bands was made for another checklist.")
        contributions, logits = engine.bundle.run_raw(inputs)[:2]
        raised = np.maximum(-contributions[:, list(engine.special_places)].sum(axis=1), 0.0)
        answered = np.zeros(len(inputs), dtype=np.intp)
        for column, question in enumerate(engine.checklist.questions):
            if question.id in engine.counted:
                known = ~np.isnan(inputs[:, list(engine.places[question.id])]).all(axis=1)
                answered += known & (states[:, column] == ANSWERED)
        return np.where(answered < engine.at_least, -1, engine.points.places(logits + raised))


@dataclass(frozen=True)
class Support:
    """Support that works.

    Attributes:
        policy: proposes the bands.
        factor: what the odds of being still out of work are multiplied by for those whose band is above the standard
            one, at every week, among people with the same answers; above 0. 1 is support without an effect. With
            proportional hazards it is turned into hazards as the effects are.
        overridden: the share of people whose adviser decides on a neighbouring band, 0 to 1; of four, three go up.
            Advisers know no more than the answers, which is an assumption.
    """

    policy: Policy
    factor: float
    overridden: float = 0.10

    def __post_init__(self) -> None:
        if not 0.01 <= self.factor <= 100:
            raise UsageError("The effect of support multiplies the odds: give a factor from 0.01 to 100.")
        if not 0 <= self.overridden <= 1:
            raise UsageError("The share of bands that are overridden lies from 0 to 1.")


@dataclass(frozen=True, eq=False)
class Received:
    """The support of n people.

    Attributes:
        proposed: [n] band ids; "" where there are too few answers for one.
        decided: [n] band ids.
        support: [n] the band id where it is above the standard one, "" otherwise.
        start: [n] weeks since the job ended, before 0 here; NaN without support.
        effects: [n] log-odds that the support adds, as if it began with the spell.
    """

    proposed: Texts
    decided: Texts
    support: Texts
    start: Array
    effects: Array


def give(support: Support, inputs: Array, states: States, seed: str) -> Received:
    """What people with these answers receive; `inputs` and `states` as in `Outcomes`."""
    people, place = len(inputs), support.policy.places(inputs, states)
    ids = np.array([*support.policy.ids, ""], dtype=object)
    numbers = uniform(seed, "override", people)
    step = np.where(numbers < 0.75 * support.overridden, 1, np.where(numbers < support.overridden, -1, 0))
    decided = np.clip(np.maximum(place, 0) + step, 0, len(ids) - 2)
    more = decided > 0
    weeks = -1.0 - np.floor(8 * uniform(seed, "support start", people))
    return Received(
        ids[place],
        ids[decided],
        np.where(more, ids[decided], ""),
        np.where(more, weeks, np.nan),
        np.where(more, math.log(support.factor), 0.0),
    )

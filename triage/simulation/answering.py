"""Which questions does each simulated person answer, decline, or never hear?

Independent of the answers and of what follows, which is an assumption: real people who decline differ from those who
do not. Some people fill in the event form alone. For some the job has not ended when they are seen, and then it is too
early for every question about job search. Health, attitudes and family are declined more often than the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY
from triage.simulation.streams import uniform
from triage.simulation.world import World

Array = NDArray[np.float64]
States = NDArray[np.int8]
_NOT_ASKED = 0
_SENSITIVE = ("special_category", "attitude", "family_background")
#: A question that is not sensitive is declined this much less often.
_PLAIN = 1 / 8


def states_of(world: World, people: int, seed: str) -> States:
    """[people, questions] how each question was met: 0 not asked, 1 answered, 2 declined, 3 too early."""
    questions, chosen = world.features.checklist.questions, world.settings
    if chosen.everything:
        return np.full((people, len(questions)), ANSWERED, dtype=np.int8)
    found = np.empty((people, len(questions)), dtype=np.int8)
    has_form = bool(world.features.checklist.event_form)
    form_only = (uniform(seed, "form only", people) < chosen.event_only) & has_form
    early = uniform(seed, "too early", people) < _share_too_early(world)
    for column, question in enumerate(questions):
        state = _reply(world, question, uniform(seed, f"{question.id}:state", people))
        if question.not_applicable_until_weeks_after_job_ends is not None:
            state[early] = EARLY
        if question.event_form is None:
            state[form_only] = _NOT_ASKED
        found[:, column] = state
    return found


def given(world: World, everything: Array, states: States) -> Array:
    """What the model sees: the grid values of the answers that were given, NaN for the rest."""
    inputs = everything.copy()
    for column, question in enumerate(world.features.checklist.questions):
        silent = states[:, column] != ANSWERED
        for item in world.features.inputs_of[question.id]:
            inputs[silent, item.place] = np.nan
    return inputs


def _reply(world: World, question: Question, numbers: Array) -> States:
    chosen = world.settings
    asked = 1 - chosen.missing
    if not question.interview:
        asked *= chosen.off_interview
    elif question.not_applicable_until_weeks_after_job_ends is None:
        asked *= float(world.reference.margins[question.id].answered)
    declined = chosen.declined * (1 if question.sensitivity in _SENSITIVE else _PLAIN) if question.decline else 0.0
    state = np.full(len(numbers), _NOT_ASKED, dtype=np.int8)
    state[numbers < asked] = ANSWERED
    state[numbers < asked * declined] = DECLINED
    return state


def _share_too_early(world: World) -> float:
    """The share for whom it is too early to ask: those who do not answer such questions in the reference population."""
    answered = [
        float(world.reference.margins[question.id].answered)
        for question in world.features.checklist.questions
        if question.not_applicable_until_weeks_after_job_ends is not None
    ]
    return 1 - max(answered, default=1.0)

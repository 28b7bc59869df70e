"""What would our learner be without one of its rules?

- additive: the same start, then LightGBM trees that use up to three inputs together;
- direction: the same evidence, and nothing has to keep a direction;
- grids: the numbers on a grid ten times as fine where the source is finer than ours;
- silence: a learned number for each question that is not answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.studies.checklists import edited, enlarged, undirected
from experiments.studies.cohort import Array, Cohort
from experiments.studies.comparators import Method, Scorer, log_loss
from experiments.studies.methods import SETTINGS, ours, start_of
from experiments.studies.tuning import inner
from triage.checklist import Checklist
from triage.features import Features
from triage.learning import fit

_TREES = tuple({"num_leaves": leaves, "learning_rate": 0.02, "max_depth": 3} for leaves in (3, 4, 6, 8))
_MONOTONE = {"rises": 1, "falls": -1, "none": 0}
_MOST_ROUNDS, _PATIENCE = 500, 40


def without_trees(cohort: Cohort) -> Scorer:
    """The regression alone."""
    return ours(cohort, replace(SETTINGS, boost=False))


def not_additive(cohort: Cohort) -> Scorer:
    """From the regression on, trees of up to three inputs, in the stated directions; size and number chosen inside."""
    parts = [(without_trees(train), train, test) for train, test in inner(cohort, 5)]
    tried = [np.mean([_watched(one, *part) for part in parts], axis=0) for one in _TREES]
    best = int(np.argmin([loss for loss, _ in tried]))
    start, rounds = without_trees(cohort), round(float(tried[best][1]))
    if rounds == 0:
        return start
    model = _grown(_TREES[best], start, cohort, rounds)
    return lambda people: start(people) + np.asarray(model.predict(people.outcomes.inputs, raw_score=True))


def _parameters(settings: Mapping[str, Any], cohort: Cohort) -> dict[str, Any]:
    fixed = {"objective": "binary", "min_data_in_leaf": 50, "lambda_l2": 100.0, "boost_from_average": False}
    fixed |= {"deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1}
    directions = [_MONOTONE[item.direction] for item in cohort.features.inputs]
    return {**fixed, **settings, "monotone_constraints": directions, "metric": "binary_logloss"}


def _data(cohort: Cohort, start: Scorer, parameters: dict[str, Any]) -> Any:
    from lightgbm import Dataset

    label = cohort.label
    kept = label.weight > 0
    inputs, offset = cohort.outcomes.inputs[kept], start(cohort)[kept]
    return Dataset(inputs, label.outcome[kept], weight=label.weight[kept], init_score=offset, params=parameters)


def _grown(settings: Mapping[str, Any], start: Scorer, cohort: Cohort, rounds: int) -> Any:
    from lightgbm import train

    parameters = _parameters(settings, cohort)
    return train(parameters, _data(cohort, start, parameters), num_boost_round=rounds)


def _watched(settings: Mapping[str, Any], start: Scorer, cohort: Cohort, test: Cohort) -> tuple[float, int]:
    """The least loss on people held out, and with how many trees; 0 where trees do not help."""
    model = _grown(settings, start, cohort, _MOST_ROUNDS)
    outcome, weight, inputs = test.label.outcome, test.label.weight, test.outcomes.inputs
    offset, losses = start(test), []
    steps = range(0, _MOST_ROUNDS + 1, 20)
    for rounds in steps:
        added = np.asarray(model.predict(inputs, raw_score=True, num_iteration=rounds)) if rounds else 0.0
        losses.append(log_loss(offset + added, outcome, weight))
    best = int(np.argmin(losses))
    return losses[best], steps[best]


def without_directions(folder: Path, source: Path) -> Method:
    """The learner with the evidence as it is, and no direction anywhere after it."""
    features = Features.load(Checklist.load(edited(source, folder, undirected)))

    def learn(cohort: Cohort) -> Scorer:
        start = replace(start_of(cohort.recipe, cohort.features), features=features)
        fitted = fit(cohort.outcomes, start, cohort.horizon, SETTINGS)
        return lambda people: fitted.logits(people.outcomes.inputs)

    return learn


def silence_fitted(folder: Path, source: Path, cohort: Cohort) -> Method:
    """The learner with a question more for each question that somebody left out: was it left out?"""
    silent = silent_questions(cohort)
    names = {f"silent_{name}": float(gone.mean()) for name, gone in silent.items()}
    features = Features.load(Checklist.load(edited(source, folder, enlarged(names))))

    def more(people: Cohort) -> Cohort:
        gone = silent_questions(people, list(silent))
        inputs = np.column_stack([people.outcomes.inputs, *gone.values()]).astype(np.float64)
        states = np.hstack([people.outcomes.states, np.ones((len(people), len(gone)), dtype=np.int8)])
        outcomes = replace(people.outcomes, inputs=inputs, states=states)
        return replace(people, outcomes=outcomes, features=features, recipe=folder / "evidence.yaml")

    def learn(people: Cohort) -> Scorer:
        scorer = ours(more(people))
        return lambda others: scorer(more(others))

    return learn


def silent_questions(cohort: Cohort, names: Sequence[str] | None = None) -> dict[str, Array]:
    """By question (of those that somebody left out where no names are given), [n] 1 for who did not answer it."""
    found = {}
    for question in cohort.features.checklist.questions:
        place = cohort.features.inputs_of[question.id][0].place
        gone = np.isnan(cohort.outcomes.inputs[:, place])
        if question.id in names if names is not None else gone.any():
            found[question.id] = gone.astype(np.float64)
    return found


def silenced(cohort: Cohort, chance: Array, seed: int) -> Cohort:
    """The people with answers taken away: each question with the person's own chance [n]."""
    random, inputs, states = np.random.default_rng(seed), cohort.outcomes.inputs.copy(), cohort.outcomes.states.copy()
    for place, question in enumerate(cohort.features.checklist.questions):
        gone = random.random(len(cohort)) < chance
        inputs[np.ix_(gone, [item.place for item in cohort.features.inputs_of[question.id]])] = np.nan
        states[gone, place] = 0
    return replace(cohort, outcomes=replace(cohort.outcomes, inputs=inputs, states=states))

"""What would anyone else use? The other methods of the studies, each at stated settings.

Every method learns from the people whose outcome is known, with their censoring weights, and answers with log-odds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.cohort import Array, Cohort
from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

#: What somebody scores with after learning: people in, log-odds [n] out.
Scorer = Callable[[Cohort], Array]
Method = Callable[[Cohort], Scorer]
Settings = Mapping[str, Any]
_SEED = 26


def constant(cohort: Cohort) -> Scorer:
    """The same log-odds for everybody: all that can be learned where nobody, or everybody, has the outcome."""
    rate = float(np.clip(cohort.label.rate, 0.01, 0.99)) if cohort.label.known.any() else 0.5
    value = math.log(rate / (1 - rate))
    return lambda people: np.full(len(people), value)


def one_class(cohort: Cohort) -> bool:
    """True where the outcomes that are known are all the same, or there are none."""
    return len(np.unique(cohort.known[1])) < 2


def logistic(settings: Settings) -> Method:
    """Logistic regression of scikit-learn on standardised columns; `C` is the inverse of the penalty."""

    def learn(cohort: Cohort) -> Scorer:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if one_class(cohort):
            return constant(cohort)
        answers, outcome, weight = cohort.known
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, **settings))
        model.fit(answers, outcome, logisticregression__sample_weight=weight)
        return lambda people: np.asarray(model.decision_function(people.raw))

    return learn


def age_alone(cohort: Cohort) -> Scorer:
    """Logistic regression on age in years."""
    place = [cohort.columns.index("age")]

    def only(people: Cohort) -> Cohort:
        return replace(people, raw=people.raw[:, place])

    scorer = logistic({"C": 1e6})(only(cohort))
    return lambda people: scorer(only(people))


def lightgbm(settings: Settings) -> Method:
    """LightGBM; the settings that are not given are its own defaults. Rounds are fixed, nothing stops early."""

    def learn(cohort: Cohort) -> Scorer:
        if one_class(cohort):
            return constant(cohort)
        answers, outcome, weight = cohort.known
        model = booster(settings).fit(answers, outcome, sample_weight=weight)
        return lambda people: np.asarray(model.predict(people.raw, raw_score=True))

    return learn


def booster(settings: Settings) -> Any:
    """A LightGBM classifier that gives the same trees again."""
    from lightgbm import LGBMClassifier

    fixed = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True, "random_state": _SEED}
    return LGBMClassifier(**fixed, **settings)


def ebm(settings: Settings) -> Method:
    """The explainable boosting machine of interpret-core (development only)."""

    def learn(cohort: Cohort) -> Scorer:
        from interpret.glassbox import ExplainableBoostingClassifier

        if one_class(cohort):
            return constant(cohort)
        answers, outcome, weight = cohort.known
        model = ExplainableBoostingClassifier(n_jobs=1, random_state=_SEED, **settings)
        model.fit(answers, outcome, sample_weight=weight)
        return lambda people: np.asarray(model.decision_function(people.raw))

    return learn


@lru_cache(maxsize=8)
def _card(path: Path, features: Features) -> Scorecard:
    recipe = read_recipe(path)
    return build_evidence(recipe, features, Reference(recipe.reference, features))


def evidence(cohort: Cohort) -> Scorer:
    """The tables of the evidence recipe, which see no outcome."""
    card = _card(cohort.recipe, cohort.features)
    return lambda people: card.baseline + card.contributions_many(people.outcomes.inputs).sum(axis=1)


def log_loss(logits: Array, outcome: NDArray[np.bool_], weight: Array) -> float:
    """Mean weighted log loss of log-odds."""
    return float(np.average(np.logaddexp(0.0, np.where(outcome, -logits, logits)), weights=weight))

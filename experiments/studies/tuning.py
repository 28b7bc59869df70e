"""Which settings does each of the other methods choose, and from how many? All get the same number, `BUDGET`.

Settings are chosen by the weighted log loss of an inner cross-validation over the training people alone, whose
censoring weights are computed anew in each inner training part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from experiments.studies import comparators
from experiments.studies.cohort import Cohort, folds_of, strata
from experiments.studies.comparators import Method, Scorer, Settings, log_loss

BUDGET = 12
_SEED = 1992
#: LightGBM stops early on the inner test part; it may not run longer than this.
_MOST_ROUNDS, _PATIENCE = 500, 30

LOGISTIC: tuple[Settings, ...] = tuple({"C": float(value)} for value in np.geomspace(1e-4, 30, BUDGET))


def _random(seed: int, draw: Callable[[np.random.Generator], Settings]) -> tuple[Settings, ...]:
    random = np.random.default_rng(seed)
    return tuple(draw(random) for _ in range(BUDGET))


def _lightgbm(random: np.random.Generator) -> Settings:
    return {
        "num_leaves": int(np.rint(np.exp(random.uniform(np.log(2), np.log(32))))),
        "learning_rate": float(np.exp(random.uniform(np.log(0.02), np.log(0.1)))),
        "min_child_samples": int(np.rint(np.exp(random.uniform(np.log(5), np.log(150))))),
        "reg_lambda": float(np.exp(random.uniform(np.log(0.01), np.log(100)))),
        "colsample_bytree": float(random.uniform(0.3, 1)),
        "subsample": float(random.uniform(0.5, 1)),
        "subsample_freq": 1,
    }


def _ebm(random: np.random.Generator) -> Settings:
    return {
        "interactions": 0,
        "learning_rate": float(np.exp(random.uniform(np.log(0.005), np.log(0.05)))),
        "max_bins": int(random.choice([16, 64, 256, 1024])),
        "max_leaves": int(random.choice([2, 3])),
        "min_samples_leaf": int(random.choice([4, 15, 50])),
        "smoothing_rounds": int(random.choice([0, 75, 300])),
    }


LIGHTGBM = _random(_SEED, _lightgbm)
#: The first is EBM as it comes, without interactions: those cost twenty times the time.
EBM: tuple[Settings, ...] = ({"interactions": 0}, *_random(_SEED, _ebm)[1:])


def inner(cohort: Cohort, most: int) -> list[tuple[Cohort, Cohort]]:
    """Training and test parts of an inner cross-validation; fewer of them where an outcome is rare; none below two."""
    groups = strata(cohort)
    folds = min(most, *(int(np.count_nonzero(groups == group)) for group in (1, 2)))
    if folds < 2:
        return []
    place = folds_of(groups, folds, _SEED)
    return [(cohort.take(place != fold), cohort.take(place == fold)) for fold in range(folds)]


def loss_of(scorer: Scorer, people: Cohort) -> float:
    """The log loss on people, with their own censoring weights."""
    return log_loss(scorer(people), people.label.outcome, people.label.weight)


def tuned(make: Callable[[Settings], Method], settings: Sequence[Settings], folds: int = 5, **cheap: Any) -> Method:
    """A method that chooses among settings by inner cross-validation and learns again from everybody.

    Args:
        make: the method at given settings.
        settings: what is tried.
        folds: inner folds.
        cheap: settings for the choice alone, to save time.
    """

    def learn(cohort: Cohort) -> Scorer:
        parts = inner(cohort, folds)
        losses = [sum(loss_of(make({**one, **cheap})(train), test) for train, test in parts) for one in settings]
        return make(settings[int(np.argmin(losses))])(cohort)

    return learn


def lightgbm_tuned(cohort: Cohort) -> Scorer:
    """LightGBM at the best of `BUDGET` random settings, with the rounds that early stopping found for it."""
    parts = inner(cohort, 5)
    tried = [_stopped(one, parts) for one in LIGHTGBM]
    best = int(np.argmin([loss for loss, _ in tried]))
    return comparators.lightgbm({**LIGHTGBM[best], "n_estimators": tried[best][1]})(cohort)


def _stopped(settings: Settings, parts: Sequence[tuple[Cohort, Cohort]]) -> tuple[float, int]:
    """Mean loss over the parts at the best number of rounds of each, and the mean of those numbers."""
    from lightgbm import early_stopping

    losses, rounds = [], []
    for train, test in parts:
        answers, outcome, weight = train.known
        shown, truth, counts = test.known
        model = comparators.booster({**settings, "n_estimators": _MOST_ROUNDS})
        model.fit(
            answers,
            outcome,
            sample_weight=weight,
            eval_X=shown,
            eval_y=truth,
            eval_sample_weight=[counts],
            callbacks=[early_stopping(_PATIENCE, verbose=False)],
        )
        rounds.append(int(model.best_iteration_))
        losses.append(log_loss(np.asarray(model.predict(shown, raw_score=True)), truth, counts))
    return (float(np.mean(losses)), max(1, round(float(np.mean(rounds))))) if parts else (0.0, 1)


METHODS: dict[str, Method] = {
    "logistic": tuned(comparators.logistic, LOGISTIC),
    "lightgbm": comparators.lightgbm({}),
    "lightgbm_tuned": lightgbm_tuned,
    "ebm": comparators.ebm({}),
    "ebm_additive": comparators.ebm(EBM[0]),
    "ebm_tuned": tuned(comparators.ebm, EBM, folds=3, outer_bags=4),
    "evidence": comparators.evidence,
    "age": comparators.age_alone,
}

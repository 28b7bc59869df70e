"""Do figures depend on people alone, and not on the order of the rows or the scale of the score?"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tests.evaluation_people import censored
from triage.evaluation import EvaluationError, Settings, judge

HORIZON = 26.0
seeds = st.integers(0, 10_000)


@given(seed=seeds, n=st.integers(30, 120), weighted=st.booleans())
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing(seed: int, n: int, weighted: bool) -> None:
    logits, outcomes = censored(seed, n=n, weighted=weighted, clients=n // 2)
    order = np.random.default_rng(seed).permutation(n)
    few = Settings(resamples=20)
    assert judge(logits[order], outcomes.take(order), HORIZON, settings=few) == judge(
        logits, outcomes, HORIZON, settings=few
    )


@given(seed=seeds, n=st.integers(5, 60))
@settings(max_examples=60)
def test_auc_is_that_of_scikit_learn_or_refused(seed: int, n: int) -> None:
    logits, outcomes = censored(seed, n=n, weighted=True)
    label = outcomes.label(HORIZON)
    try:
        found = judge(logits, outcomes, HORIZON, settings=Settings(resamples=0))["auc"]["value"]
    except EvaluationError:
        assert len(set(label.outcome[label.known].tolist())) < 2
        return
    wanted = roc_auc_score(label.outcome[label.known], logits[label.known], sample_weight=label.weight[label.known])
    assert abs(found - wanted) < 1e-5


@given(seed=seeds)
@settings(max_examples=20)
def test_order_figures_stay_when_the_score_is_stretched(seed: int) -> None:
    logits, outcomes = censored(seed)
    once, again = (
        judge(score, outcomes, HORIZON, settings=Settings(resamples=0)) for score in (logits, 3 * logits + 1)
    )
    assert once["auc"] == again["auc"]
    assert once["top"] == again["top"]
    assert once["lowest"] == again["lowest"]

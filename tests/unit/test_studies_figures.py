"""Do the figures of the studies mean what their tables say?"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from experiments.studies import metrics
from experiments.studies.resample import Figure, People, measured

RANDOM = np.random.default_rng(7)
SIZE = 300
LOGITS = np.round(RANDOM.normal(size=SIZE), 1)
OUTCOME = RANDOM.random(SIZE) < metrics.probability(0.7 * LOGITS - 0.3)
WEIGHT = np.where(RANDOM.random(SIZE) < 0.3, 0.0, RANDOM.uniform(1, 3, SIZE))
COUNTS = np.vstack([np.ones(SIZE), RANDOM.integers(0, 4, (3, SIZE))])
ROWS = COUNTS * WEIGHT


@pytest.mark.parametrize("row", range(len(COUNTS)))
def test_auc_and_brier_are_scikit_learns(row: int) -> None:
    """The headline figures would not be what every reader takes them for; many scores are tied here."""
    assert metrics.auc(LOGITS, OUTCOME, ROWS)[row] == pytest.approx(
        roc_auc_score(OUTCOME, LOGITS, sample_weight=ROWS[row])
    )
    assert metrics.brier(LOGITS, OUTCOME, ROWS)[row] == pytest.approx(
        brier_score_loss(OUTCOME, metrics.probability(LOGITS), sample_weight=ROWS[row])
    )


@pytest.mark.parametrize("row", range(len(COUNTS)))
def test_the_calibration_slope_is_that_of_a_regression(row: int) -> None:
    model = LogisticRegression(C=1e12, tol=1e-10, max_iter=1000)
    model.fit(LOGITS[:, np.newaxis], OUTCOME, sample_weight=ROWS[row])
    assert metrics.slope(LOGITS, OUTCOME, ROWS)[row] == pytest.approx(model.coef_[0, 0], rel=1e-4)


def test_the_intercept_makes_the_mean_right() -> None:
    shift = metrics.intercept(LOGITS, OUTCOME, ROWS)
    for row, weights in enumerate(ROWS):
        chance = metrics.probability(LOGITS + shift[row])
        assert np.average(chance, weights=weights) == pytest.approx(np.average(OUTCOME, weights=weights))


def test_the_top_share_is_of_everybody_and_shares_a_tie() -> None:
    """By hand: of ten people the top 30% are the first and two of the three who tie; one of those is not known."""
    logits = np.array([9.0, 5, 5, 5, 1, 1, 1, 0, 0, 0])
    outcome = np.array([True, True, False, False, *[False] * 6])
    weight = np.array([1.0, 1, 1, 0, *[1] * 6])
    found = metrics.precision(0.30)(logits, outcome, weight[np.newaxis], np.ones((1, 10)))
    assert found[0] == pytest.approx((1 + 2 / 3) / (1 + 2 / 3 * 2))


def test_a_resample_is_people_repeated() -> None:
    """The intervals would be of something else than drawing people again."""
    again = np.repeat(np.arange(SIZE), COUNTS[1].astype(int))
    for metric in (metrics.auc, metrics.brier, metrics.slope, metrics.intercept):
        alone = metric(LOGITS[again], OUTCOME[again], WEIGHT[again][np.newaxis])
        assert metric(LOGITS, OUTCOME, ROWS)[1] == pytest.approx(alone[0], rel=1e-6, abs=1e-9)


def test_calibration_error_is_nothing_for_the_truth_and_the_gap_for_a_shift() -> None:
    chance = metrics.probability(LOGITS)
    assert metrics.calibration_error(chance, LOGITS, np.ones(SIZE)) == pytest.approx(0.0)
    assert metrics.calibration_error(chance - 0.02, LOGITS, np.ones(SIZE)) == pytest.approx(0.02)


def test_ahead_needs_an_interval_without_zero() -> None:
    """A page would say "ahead" where nothing was shown."""
    draws = np.linspace(-0.01, 0.05, 1001)
    assert Figure(0.02, draws).verdict == "level"
    assert Figure(0.03, draws + 0.02).verdict == "ahead"
    assert Figure(-0.03, -draws - 0.02).verdict == "behind"


def test_a_method_is_level_with_itself() -> None:
    people = People(OUTCOME, WEIGHT, COUNTS)
    folds = np.arange(SIZE)[np.newaxis] % 2
    figures = measured(LOGITS[np.newaxis], folds, people)
    nothing = figures["auc"].minus(figures["auc"])
    assert (nothing.value, nothing.low, nothing.high, nothing.verdict) == (0, 0, 0, "level")
    halves = [metrics.auc(LOGITS[k::2], OUTCOME[k::2], ROWS[:1, k::2])[0] for k in (0, 1)]
    assert figures["auc"].value == pytest.approx(np.mean(halves))

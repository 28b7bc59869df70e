"""Are the figures of an evaluation what textbooks and scikit-learn say they are?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from tests.evaluation_people import censored, outcomes_of, told_apart
from triage.evaluation import EvaluationError, Settings, judge
from triage.evaluation.cells import THRESHOLDS, Benefit, Cells
from triage.evaluation.chances import probability
from triage.evaluation.sample import Sample
from triage.outcomes import BACK, OUT, Competing, label_of
from triage.scorecard.expected import expected_at, expected_auc

QUICK = Settings(resamples=0)
HORIZON = 26.0


def value(told: dict[str, Any]) -> float:
    found = told["value"]
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_scikit_learn_with_censoring_weights(seed: int) -> None:
    logits, outcomes = censored(seed, weighted=seed % 2 == 1)
    label = outcomes.label(HORIZON)
    y, p, w = label.outcome[label.known], probability(logits[label.known]), label.weight[label.known]
    found = judge(logits, outcomes, HORIZON, settings=QUICK)
    assert value(found["auc"]) == pytest.approx(roc_auc_score(y, p, sample_weight=w), rel=1e-5)
    assert value(found["brier"]) == pytest.approx(brier_score_loss(y, p, sample_weight=w), rel=1e-5)
    assert value(found["log_loss"]) == pytest.approx(log_loss(y, p, sample_weight=w), rel=1e-5)
    assert value(found["observed"]) == pytest.approx(label.rate, rel=1e-5)
    assert value(found["predicted"]) == pytest.approx(np.average(p, weights=w), rel=1e-5)
    fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000)
    fit.fit(logits[label.known, None], y, sample_weight=w)
    assert value(found["slope"]) == pytest.approx(fit.coef_[0, 0], abs=1e-4)
    assert value(found["intercept"]) == pytest.approx(fit.intercept_[0], abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_shift_makes_the_mean_prediction_right(seed: int) -> None:
    logits, outcomes = censored(seed)
    label = outcomes.label(HORIZON)
    shift = value(judge(logits, outcomes, HORIZON, settings=QUICK)["in_the_large"])
    assert np.average(probability(logits + shift), weights=label.weight) == pytest.approx(label.rate, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_the_parts_of_the_brier_score_add_up(seed: int) -> None:
    logits, outcomes = censored(seed)
    found = judge(logits, outcomes, HORIZON, settings=QUICK)
    parts = {key: value(told) for key, told in found["brier_parts"].items()}
    together = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]
    assert together == pytest.approx(value(found["brier"]), abs=1e-5)


def test_nobody_is_hidden_within_a_tenth_where_each_tenth_has_one_probability() -> None:
    logits = np.repeat(np.linspace(-2, 2, 10), 30)
    outcome = np.random.default_rng(3).random(300) < probability(logits)
    parts = judge(logits, told_apart(logits, outcome), HORIZON, settings=QUICK)["brier_parts"]
    assert value(parts["within"]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("share", [0.08, 0.30, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_flagging_a_share_is_what_a_slow_count_gives(seed: int, share: float) -> None:
    logits, outcomes = censored(seed, n=97, weighted=True)
    label = outcomes.label(HORIZON)
    left, flagged = share * outcomes.weight.sum(), np.zeros(len(logits))
    for level in sorted(set(logits), reverse=True):
        rung = logits == level
        flagged[rung] = min(1.0, left / outcomes.weight[rung].sum())
        left -= flagged[rung] @ outcomes.weight[rung]
    found = label.weight * flagged
    rest = label.weight * (1 - flagged)
    top = judge(logits, outcomes, HORIZON, settings=Settings(resamples=0, shares=(share,)))["top"][0]
    low = judge(logits, outcomes, HORIZON, settings=Settings(resamples=0, shares=(1 - share,)))["lowest"][0]
    assert value(top["ppv"]) == pytest.approx(found[label.outcome].sum() / found.sum(), rel=1e-5)
    assert value(top["npv"]) == pytest.approx(rest[~label.outcome].sum() / rest.sum(), rel=1e-5)
    assert value(top["sensitivity"]) == pytest.approx(
        found[label.outcome].sum() / label.weight[label.outcome].sum(), rel=1e-5
    )
    others = label.weight[~label.outcome].sum()
    assert value(top["false_positive_rate"]) == pytest.approx(found[~label.outcome].sum() / others, rel=1e-5)
    assert value(low["safe"]) == pytest.approx(value(top["npv"]), rel=1e-5)


def test_order_and_shares_agree_with_what_is_computed_for_a_true_model() -> None:
    random = np.random.default_rng(5)
    logits = np.round(random.normal(0, 1, 400), 1)
    outcome = random.random(400) < 0.3
    found = judge(logits, told_apart(logits, outcome), HORIZON, settings=QUICK)
    assert value(found["auc"]) == pytest.approx(expected_auc(logits, outcome.astype(float)), rel=1e-5)
    wanted = expected_at(logits, outcome.astype(float), 0.3)
    assert value(found["top"][1]["ppv"]) == pytest.approx(wanted.ppv, rel=1e-5)
    assert value(found["top"][1]["npv"]) == pytest.approx(wanted.npv, rel=1e-5)


def test_net_benefit_is_what_a_slow_count_gives() -> None:
    logits, outcomes = censored(7)
    sample = Sample(outcomes, HORIZON, "not_back", QUICK)
    label, p = sample.label, probability(logits)
    found = Benefit("b", logits, label.outcome)(sample.once)
    for place, threshold in enumerate(THRESHOLDS):
        flagged = p >= threshold
        right = label.weight[flagged & label.outcome].sum()
        vain = label.weight[flagged & ~label.outcome].sum()
        wanted = (right - vain * threshold / (1 - threshold)) / label.weight.sum()
        assert found["b/net"][place, 0] == pytest.approx(wanted, abs=1e-12)


def test_right_probabilities_have_a_slope_of_one_within_the_interval() -> None:
    random = np.random.default_rng(11)
    logits = random.normal(-1.5, 1.0, 3000)
    outcome = random.random(3000) < probability(logits)
    found = judge(logits, told_apart(logits, outcome), HORIZON, settings=Settings(resamples=200))
    assert found["slope"]["low"] <= 1 <= found["slope"]["high"]
    assert found["in_the_large"]["low"] <= 0 <= found["in_the_large"]["high"]
    assert found["observed_over_expected"]["low"] <= 1 <= found["observed_over_expected"]["high"]
    too_far = judge(2 * logits, told_apart(logits, outcome), HORIZON, settings=Settings(resamples=200))
    assert too_far["slope"]["high"] < 1


def test_a_score_that_tells_everybody_apart_has_no_slope_and_says_so() -> None:
    logits = np.linspace(-2, 2, 40)
    found = judge(logits, told_apart(logits, logits > 0), HORIZON, settings=Settings(resamples=100))
    assert found["slope"] == {"value": None, "low": None, "high": None}
    assert found["auc"] == {"value": 1.0, "low": None, "high": None}


def test_one_score_for_everybody_is_no_order() -> None:
    logits = np.zeros(60)
    found = judge(logits, told_apart(logits, np.arange(60) % 3 == 0), HORIZON, settings=Settings(resamples=100))
    assert found["auc"]["value"] == 0.5
    assert found["top"][0]["ppv"]["value"] == pytest.approx(1 / 3, rel=1e-5)
    assert len(found["curve"]) == 1


@pytest.mark.parametrize(
    ("weeks", "place", "said"),
    [
        (np.full(20, 5.0), np.full(20, OUT), "nobody's outcome at 26 weeks is known"),
        (np.full(20, 5.0), np.full(20, BACK), "none of the 20 people"),
        (np.full(20, 50.0), np.full(20, OUT), "all of the 20 people"),
    ],
)
def test_people_who_cannot_tell_scores_apart_are_refused(weeks: Any, place: Any, said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        judge(np.linspace(-1, 1, 20), outcomes_of(weeks, place), HORIZON)


def test_bounds_hold_whoever_the_unknown_are() -> None:
    logits, outcomes = censored(2)
    label = outcomes.label(HORIZON)
    for row in judge(logits, outcomes, HORIZON, settings=QUICK)["curve"]:
        assert row["least"] <= row["observed"]["value"] <= row["most"]
        assert row["known"] <= row["people"]
    assert sum(row["people"] for row in judge(logits, outcomes, HORIZON, settings=QUICK)["curve"]) == len(label.outcome)


def unlike_followed(n: int, seed: int = 0) -> tuple[Any, Any, Any]:
    """Two groups: (the second?, log-odds, outcomes); the second is slower to return and lost three times as fast."""
    random = np.random.default_rng(seed)
    slow = random.random(n) < 0.5
    back, lost = random.exponential(np.where(slow, 40, 20)), random.exponential(np.where(slow, 30, 90))
    outcomes = outcomes_of(np.minimum(back, lost), np.where(back <= lost, BACK, OUT))
    return slow, np.where(slow, 0.1, -1.0), outcomes


def test_each_group_is_told_by_its_own_follow_up() -> None:
    """With everybody's weights, one group would be told too high and the other too low, by 4 in 100."""
    slow, logits, outcomes = unlike_followed(40_000)
    sample = Sample(outcomes, HORIZON, "not_back", QUICK)
    found = Cells("c", slow.astype(np.intp), 2, logits, sample)(sample.once)
    curve = judge(logits, outcomes, HORIZON, settings=QUICK)["curve"]
    for k, truth in enumerate((np.exp(-HORIZON / 20), np.exp(-HORIZON / 40))):
        rows = slow == bool(k)
        alone = label_of(outcomes.weeks[rows], outcomes.place[rows], outcomes.weight[rows], HORIZON).rate
        assert found["c/observed"][k, 0] == pytest.approx(alone, abs=1e-12)
        assert alone == pytest.approx(truth, abs=0.015)
        assert value(curve[k]["observed"]) == pytest.approx(alone, rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("competing", ["not_back", "censored"])
def test_in_a_resample_a_group_is_told_by_those_drawn_of_it(seed: int, competing: Competing) -> None:
    logits, outcomes = censored(seed, n=120, weighted=True)
    sample = Sample(outcomes, HORIZON, competing, QUICK)
    random = np.random.default_rng(seed)
    group, counts = random.integers(-1, 3, 120), random.integers(0, 4, (120, 2)).astype(float)
    found = Cells("c", group, 3, logits, sample)(sample.weigh(counts))
    for k in range(3):
        rows = group == k
        for b in range(2):
            own = (outcomes.weight * counts[:, b])[rows]
            alone = label_of(outcomes.weeks[rows], outcomes.place[rows], own, HORIZON, competing).rate
            expected = np.average(probability(logits[rows]), weights=own)
            assert found["c/observed"][k, b] == pytest.approx(alone, abs=1e-12)
            assert found["c/predicted"][k, b] == pytest.approx(expected, abs=1e-12)
            assert found["c/observed_over_expected"][k, b] == pytest.approx(alone / expected, abs=1e-12)


def test_of_a_group_with_nobody_left_at_the_horizon_no_share_is_told() -> None:
    """Those who are known are those who returned: a share of 0 would say that all did."""
    weeks = np.r_[np.array([3.0, 5.0, 8.0, 9.0]), np.array([3.0, 5.0, 8.0, 40.0]), np.array([3.0, 4.0, 5.0, 6.0])]
    place = np.array([BACK, OUT, BACK, OUT, BACK, OUT, BACK, OUT, BACK, OUT, BACK, BACK])
    sample = Sample(outcomes_of(weeks, place), HORIZON, "not_back", QUICK)
    told = Cells("c", np.repeat(np.arange(3), 4), 4, np.zeros(12), sample)(sample.once)["c/observed"][:, 0]
    np.testing.assert_allclose(told, [np.nan, 0.375, 0.0, np.nan])

"""Are intervals those of clients drawn again, with the censoring weights computed again?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.evaluation_people import censored
from triage.evaluation import Settings, judge
from triage.evaluation.chances import probability
from triage.evaluation.figures import figure, verdict
from triage.evaluation.sample import Sample
from triage.outcomes import label_of

HORIZON = 26.0
SETTINGS = Settings(resamples=120)


@pytest.mark.parametrize("seed", range(3))
def test_weights_of_a_resample_are_those_of_people_written_out_as_often_as_drawn(seed: int) -> None:
    _, outcomes = censored(seed, n=80, weighted=True)
    sample = Sample(outcomes, HORIZON, "not_back", SETTINGS)
    counts = np.random.default_rng(seed).integers(0, 4, 80)
    found = sample.weigh(counts[:, None].astype(float)).known[:, 0]
    rows = np.repeat(np.arange(80), counts)
    plain = label_of(outcomes.weeks[rows], outcomes.place[rows], outcomes.weight[rows], HORIZON)
    wanted = np.bincount(rows, plain.weight, minlength=80)
    np.testing.assert_allclose(found, wanted, rtol=1e-10)


def test_everybody_once_has_the_weights_of_the_label() -> None:
    _, outcomes = censored(1)
    sample = Sample(outcomes, HORIZON, "censored", SETTINGS)
    np.testing.assert_allclose(sample.weigh(np.ones((300, 1))).known, sample.once.known, rtol=1e-12)


def test_rows_of_one_client_are_drawn_together() -> None:
    _, outcomes = censored(4, clients=60)
    sample = Sample(outcomes, HORIZON, "not_back", SETTINGS)
    for weights in sample.resamples():
        for client in np.unique(outcomes.client.astype(str)):
            rows = weights.people[outcomes.client == client]
            assert np.all(rows == rows[:1])
    assert sample.clients < len(sample)


def test_intervals_are_those_of_a_plain_loop_over_the_same_draws() -> None:
    logits, outcomes = censored(6, n=150, clients=100)
    found = judge(logits, outcomes, HORIZON, settings=SETTINGS)
    _, client = np.unique(outcomes.client.astype(str), return_inverse=True)
    size, random, brier = client.max() + 1, SETTINGS.random(), []
    for _ in range(SETTINGS.resamples):
        drawn = np.bincount(random.integers(0, size, size), minlength=size)[client]
        again = label_of(outcomes.weeks, outcomes.place, drawn.astype(float), HORIZON)
        brier.append(np.average((probability(logits) - again.outcome) ** 2, weights=again.weight))
    low, high = np.percentile(brier, [2.5, 97.5])
    assert found["brier"]["low"] == pytest.approx(low, rel=1e-5)
    assert found["brier"]["high"] == pytest.approx(high, rel=1e-5)


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    logits, outcomes = censored(8)
    first = judge(logits, outcomes, HORIZON, settings=SETTINGS)
    assert judge(logits, outcomes, HORIZON, settings=SETTINGS) == first
    other = judge(logits, outcomes, HORIZON, settings=replace(SETTINGS, seed="another"))
    assert other["auc"]["value"] == first["auc"]["value"]
    assert other["auc"]["low"] != first["auc"]["low"]


def test_a_figure_that_fails_in_many_resamples_has_no_interval() -> None:
    told = figure(0.5, np.r_[np.full(90, 0.4), np.full(10, np.nan)])
    assert told == {"value": 0.5, "low": None, "high": None}
    assert figure(float("nan"), np.ones(10))["value"] is None


@pytest.mark.parametrize(
    ("low", "high", "more_is_better", "said"),
    [
        (0.01, 0.05, True, "ahead"),
        (-0.05, -0.01, True, "behind"),
        (-0.05, -0.01, False, "ahead"),
        (-0.01, 0.05, True, "level"),
        (0.0, 0.0, True, "level"),
        (None, None, True, "level"),
    ],
)
def test_ahead_means_that_the_interval_leaves_out_nought(
    low: float | None, high: float | None, more_is_better: bool, said: str
) -> None:
    assert verdict({"value": 0.0, "low": low, "high": high}, more_is_better=more_is_better) == said

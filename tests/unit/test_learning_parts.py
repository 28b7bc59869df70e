"""Does each part of the learner give what a slow or foreign computation gives?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from tests.learning_people import HORIZON, QUICK, people, start_of, write_content
from triage.learning import Start
from triage.learning.bins import MOST_BINS, bins_of, terms_of
from triage.learning.calibrate import LEAST_SLOPE, MOST_SLOPE, Affine, affine, shift
from triage.learning.ridge import log_loss, ridge
from triage.learning.sample import Sample
from triage.learning.tables import places_of

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return start_of(write_content(tmp_path_factory.mktemp("tiny")))


def problem(seed: int, n: int = 150, terms: int = 4) -> tuple[Array, ...]:
    random = np.random.default_rng(seed)
    design = np.column_stack([np.ones(n), random.normal(size=(n, terms))])
    outcome = (random.random(n) < 0.3).astype(float)
    return design, outcome, random.exponential(1.0, n), random.normal(size=n), random.uniform(0.1, 3.0, terms)


# ---------------------------------------------------------------------------------------- regression, calibration


@pytest.mark.parametrize("seed", range(4))
def test_the_regression_is_where_a_general_minimiser_ends(seed: int) -> None:
    design, outcome, weight, offset, spread = problem(seed)
    centre = np.random.default_rng(seed + 50).normal(size=5)
    prior = np.r_[10.0, spread]

    def objective(at: Array) -> float:
        return log_loss(offset + design @ at, outcome, weight) + 0.5 * float(np.sum(((at - centre) / prior) ** 2))

    wanted = minimize(objective, np.zeros(5), method="BFGS", options={"gtol": 1e-7}).x
    found = ridge(design, outcome, weight, offset, spread, centre)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    warm = ridge(design, outcome, weight, offset, spread, centre, warm=wanted + 3.0)
    np.testing.assert_allclose(warm, found, atol=1e-8)


def test_one_class_and_separable_people_still_end_in_a_finite_regression() -> None:
    design, _, weight, offset, spread = problem(1)
    for outcome in (np.zeros(150), np.ones(150), (design[:, 1] > 0).astype(float)):
        assert np.isfinite(ridge(design, outcome, 1e3 * weight, offset, spread)).all()


@pytest.mark.parametrize("seed", range(3))
def test_calibration_is_the_penalised_logistic_regression_of_the_textbook(seed: int) -> None:
    """Checked against scikit-learn, which knows no prior around 1: that one comes in as an offset's worth of slope."""
    random = np.random.default_rng(seed)
    logit = random.normal(-1, 1, 400)
    outcome = (random.random(400) < 1 / (1 + np.exp(-0.4 * logit))).astype(float)
    weight = random.exponential(1.0, 400)
    found = affine(logit[np.newaxis], outcome, weight)
    spread = _slope_spread()

    def objective(at: Array) -> float:
        penalty = (at[0] / 10) ** 2 + ((at[1] - 1) / spread) ** 2
        return log_loss(at[0] + at[1] * logit, outcome, weight) + 0.5 * float(penalty)

    wanted = minimize(objective, np.array([0.0, 1.0]), method="BFGS", options={"gtol": 1e-7}).x
    np.testing.assert_allclose([found.intercept, found.slope], wanted, atol=1e-5)
    twice = affine(np.vstack([logit, logit]), outcome, weight)
    assert twice.slope == pytest.approx(found.slope, abs=1e-9), "repeats are no further people"
    many = affine(np.tile(logit, 400)[np.newaxis], np.tile(outcome, 400), np.tile(weight, 400))
    reference = LogisticRegression(C=np.inf, tol=1e-10).fit(logit[:, np.newaxis], outcome, sample_weight=weight)
    assert many.slope == pytest.approx(reference.coef_[0, 0], abs=0.01)
    assert many.intercept == pytest.approx(reference.intercept_[0], abs=0.01)


def _slope_spread() -> float:
    """The spread of the slope's prior, from what a draw's noise moves where nobody says anything."""
    nobody = affine(np.zeros((1, 3)), np.zeros(3), np.zeros(3), noise=1.0)
    return nobody.slope - 1.0


def test_a_slope_at_a_bound_is_not_sound() -> None:
    assert Affine(0.0, 1.0).sound
    for slope in (-1.0, 0.0, LEAST_SLOPE, MOST_SLOPE, 9.0):
        assert not Affine(0.3, slope).sound
        assert LEAST_SLOPE <= Affine(0.3, slope).bounded().slope <= MOST_SLOPE
    assert Affine(0.3, 0.5).bounded() == Affine(0.3, 0.5)


def test_a_shift_makes_scores_right_on_average() -> None:
    random = np.random.default_rng(3)
    logit, weight = random.normal(size=500), random.exponential(1, 500)
    outcome = (random.random(500) < 0.7).astype(float)
    chance = 1 / (1 + np.exp(-logit - shift(logit, outcome, weight)))
    assert weight @ chance / weight.sum() == pytest.approx(weight @ outcome / weight.sum(), abs=1e-3)


# ---------------------------------------------------------------------------------------------------- bins, terms


def test_every_value_has_one_of_at_most_twenty_bins(start: Start) -> None:
    outcomes = people(1, start, 400)
    never, constant = outcomes.inputs.copy(), outcomes.inputs.copy()
    never[:, 1], constant[:, 1] = np.nan, 7.0
    for inputs in (outcomes.inputs, never, constant, outcomes.inputs[:1], outcomes.inputs[:0]):
        places = places_of(inputs, start.features)
        bins = bins_of(places, start.features)
        for item, part, size in zip(start.features.inputs, bins.of, bins.counts, strict=True):
            assert len(part) == len(item.grid.values) + 1
            assert part[-1] == -1
            assert 1 <= size <= MOST_BINS
            np.testing.assert_array_equal(np.unique(part[:-1]), np.arange(size))
            assert np.all(np.diff(part[:-1]) >= 0)
        codes = bins.codes(places)
        np.testing.assert_array_equal(np.isnan(codes), np.isnan(inputs))


def test_bins_hold_about_as_many_people_each(start: Start) -> None:
    outcomes = people(2, start, 4000)
    places = places_of(outcomes.inputs, start.features)
    codes = bins_of(places, start.features).codes(places)
    age = codes[~np.isnan(codes[:, 2]), 2]
    counts = np.bincount(age.astype(int))
    assert counts.min() > 0.4 * counts.mean()


def test_no_term_moves_the_average_of_those_who_answered(start: Start) -> None:
    sample = Sample.of(people(3, start, 300), start, HORIZON, QUICK)
    terms = terms_of(sample.bins, sample.codes, sample.weight, sample.evidence)
    design = terms.design(sample.codes)
    assert design.shape == (300, len(terms.owner)) == (300, len(terms.scale))
    for place in range(sample.codes.shape[1]):
        given = ~np.isnan(sample.codes[:, place])
        own = design[:, terms.owner == place]
        np.testing.assert_allclose(sample.weight[given] @ own[given], 0.0, atol=1e-9)
        assert not own[~given].any()
    weights = np.random.default_rng(0).normal(size=len(terms.owner))
    by_table = sum(
        np.r_[values, 0.0][np.nan_to_num(sample.codes[:, k], nan=len(values)).astype(int)]
        for k, values in enumerate(terms.values(weights))
    )
    np.testing.assert_allclose(by_table, design @ weights, atol=1e-12)


def test_a_departure_from_end_to_end_has_about_the_stated_spread(start: Start) -> None:
    """The size of the evidence has a spread of 1 and its shape another, so end to end it is from 1 to the root of 2."""
    sample = Sample.of(people(4, start, 500), start, HORIZON, QUICK)
    terms = terms_of(sample.bins, sample.codes, sample.weight, sample.evidence)
    random = np.random.default_rng(5)
    ends: dict[int, list[float]] = {}
    for _ in range(2000):
        for place, values in enumerate(terms.values(random.normal(size=len(terms.owner)) * terms.scale)):
            ends.setdefault(place, []).append(float(values[-1] - values[0]))
    for place, item in enumerate(start.features.inputs):
        if item.direction != "none" or len(sample.evidence[place]) == 2:
            assert 0.93 <= np.std(ends[place]) <= 1.07 * np.sqrt(2), item.id

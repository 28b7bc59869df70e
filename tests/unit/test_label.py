"""Is the outcome of each spell as the rules say, and are the weights those of a textbook and of scikit-survival?"""

from __future__ import annotations

import numpy as np
import pytest

from triage.outcomes import BACK, COMPETING, OUT, label_of, staying_known


def made(seed: int, people: int = 400, competing: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Spells with many ties: weeks and places."""
    draw = np.random.default_rng(seed)
    weeks = draw.integers(0, 40, people).astype(float)
    return weeks, draw.choice([BACK, OUT, COMPETING] if competing else [BACK, OUT], people).astype(np.int8)


@pytest.mark.parametrize(
    ("weeks", "place", "known", "outcome"),
    [
        (51.9, BACK, True, False),
        (52.0, BACK, True, False),
        (52.1, BACK, True, True),
        (51.9, OUT, False, False),
        (52.0, OUT, True, True),
        (80.0, OUT, True, True),
        (0.0, OUT, False, False),
        (0.0, BACK, True, False),
        (51.9, COMPETING, True, True),
        (52.1, COMPETING, True, True),
    ],
)
def test_each_way_a_spell_can_end_has_the_label_that_the_rules_state(
    weeks: float, place: int, known: bool, outcome: bool
) -> None:
    found = label_of(np.array([weeks]), np.array([place], dtype=np.int8), np.ones(1), 52.0)
    assert (bool(found.known[0]), bool(found.outcome[0])) == (known, outcome)
    assert (found.weight[0] > 0) == known


@pytest.mark.parametrize(("weeks", "known"), [(51.0, False), (52.0, True), (60.0, True)])
def test_a_retirement_can_be_treated_as_lost_from_sight(weeks: float, known: bool) -> None:
    found = label_of(np.array([weeks]), np.array([COMPETING], dtype=np.int8), np.ones(1), 52.0, "censored")
    assert bool(found.known[0]) is known
    assert bool(found.outcome[0]) is known, "somebody who retires is never counted as back in work"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("horizon", [5.0, 13.0, 26.5])
def test_the_weighted_share_is_the_kaplan_meier_share(seed: int, horizon: float) -> None:
    """The claim of the module: without competing events the two are the same number."""
    survival = pytest.importorskip("sksurv.nonparametric")
    weeks, place = made(seed)
    found = label_of(weeks, place, np.ones(len(weeks)), horizon)
    times, alive = survival.kaplan_meier_estimator(place == BACK, weeks)
    # Still out beyond the horizon: returns in the week of the horizon count as back.
    assert found.rate == pytest.approx(alive[times <= horizon][-1], abs=1e-12)
    assert found.weight.sum() == pytest.approx(len(weeks)), "those known stand for everybody"


@pytest.mark.parametrize("seed", range(5))
def test_the_chance_of_staying_in_sight_is_that_of_scikit_survival(seed: int) -> None:
    """Its estimator gives the chance after a moment, and also lets an end come before a loss at equal times."""
    survival = pytest.importorskip("sksurv.nonparametric")
    weeks, place = made(seed)
    weeks += 1.0  # It refuses spells that end at 0.
    events = np.array(list(zip(place == BACK, weeks, strict=True)), dtype=[("event", bool), ("time", float)])
    estimator = survival.CensoringDistributionEstimator().fit(events)
    at = np.arange(2.0, weeks.max())
    just_before = staying_known(weeks, place == BACK, np.ones(len(weeks)), at)
    np.testing.assert_allclose(just_before, estimator.predict_proba(at - 0.5), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_with_competing_events_the_share_is_one_minus_returns_of_aalen_and_johansen(seed: int) -> None:
    survival = pytest.importorskip("sksurv.nonparametric")
    weeks, place = made(seed, competing=True)
    event = np.select([place == BACK, place == COMPETING], [1, 2], 0)
    times, incidence = survival.cumulative_incidence_competing_risks(event, weeks)
    for horizon in (7.0, 20.0):
        found = label_of(weeks, place, np.ones(len(weeks)), horizon)
        assert found.rate == pytest.approx(1 - incidence[1][times <= horizon][-1], abs=1e-12)
        censored = label_of(weeks, place, np.ones(len(weeks)), horizon, "censored")
        _, alive = survival.kaplan_meier_estimator(place == BACK, weeks)
        assert censored.rate == pytest.approx(alive[times <= horizon][-1], abs=1e-12)


def test_nobody_is_a_label_without_a_rate() -> None:
    found = label_of(np.empty(0), np.empty(0, dtype=np.int8), np.empty(0), 52.0)
    assert len(found.weight) == 0
    assert np.isnan(found.rate)


def test_where_all_are_lost_nobody_is_known_and_there_is_no_rate() -> None:
    found = label_of(np.array([0.0, 5.0, 51.0]), np.full(3, OUT, dtype=np.int8), np.ones(3), 52.0)
    assert not found.known.any()
    assert not found.weight.any()
    assert np.isnan(found.rate)


def test_where_nobody_is_lost_everybody_weighs_what_they_weigh() -> None:
    weeks, place = np.array([3.0, 60.0, 52.0]), np.array([BACK, BACK, OUT], dtype=np.int8)
    found = label_of(weeks, place, np.array([1.0, 2.0, 0.5]), 52.0)
    assert found.weight.tolist() == [1.0, 2.0, 0.5]
    assert found.rate == pytest.approx(2.5 / 3.5)


def test_all_followed_to_the_horizon_and_lost_there_are_known() -> None:
    found = label_of(np.full(4, 52.0), np.full(4, OUT, dtype=np.int8), np.ones(4), 52.0)
    assert found.rate == 1.0
    assert found.weight.tolist() == [1.0] * 4


def test_people_who_weigh_nothing_change_nothing() -> None:
    weeks, place = made(1)
    weight = np.where(np.arange(len(weeks)) % 3 == 0, 0.0, 1.0)
    found = label_of(weeks, place, weight, 20.0)
    kept = label_of(weeks[weight > 0], place[weight > 0], weight[weight > 0], 20.0)
    assert np.isfinite(found.weight).all()
    np.testing.assert_allclose(found.weight[weight > 0], kept.weight, rtol=1e-12)
    assert not found.weight[weight == 0].any()

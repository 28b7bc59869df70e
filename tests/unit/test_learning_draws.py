"""Are people held out together, trees merged exactly, and draws as wide as what is known?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tests.learning_people import HORIZON, QUICK, opposite, people, start_of, write_content
from triage.errors import UsageError
from triage.learning import Settings, Start, fit, learn
from triage.learning.boost import PATIENCE, People, grow, grow_until, merged
from triage.learning.draws import draw_tables
from triage.learning.folds import bootstrap_weights, folds_of, in_order, people_of
from triage.learning.part import people_at, regress
from triage.learning.sample import Sample
from triage.learning.search import COUNTS, search
from triage.outcomes import OUT

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return start_of(write_content(tmp_path_factory.mktemp("tiny")))


# ----------------------------------------------------------------------------------------------- folds, bootstrap


def test_people_are_held_out_together_whatever_the_order_of_the_rows(start: Start) -> None:
    outcomes = people(5, start, 300, clients=120)
    clients, client = people_of(outcomes)
    fold = folds_of(clients.tolist(), 5, "word")
    counts = np.bincount(fold, minlength=5)
    assert counts.max() - counts.min() <= 1
    by_client = dict(zip(clients.tolist(), fold.tolist(), strict=True))
    mixed = outcomes.take(np.random.default_rng(0).permutation(300))
    others, place = people_of(mixed)
    again = folds_of(others.tolist(), 5, "word")
    assert [by_client[name] for name in mixed.client] == again[place].tolist()
    assert by_client[outcomes.client[0]] == fold[client[0]]
    assert folds_of(clients.tolist(), 5, "other").tolist() != fold.tolist()


def test_the_order_of_rows_is_that_of_what_stands_in_them(start: Start) -> None:
    outcomes = people(6, start, 200, clients=40)
    mixed = outcomes.take(np.random.default_rng(1).permutation(200))
    one, other = outcomes.take(in_order(outcomes)), mixed.take(in_order(mixed))
    np.testing.assert_array_equal(one.client, other.client)
    np.testing.assert_array_equal(one.inputs, other.inputs)
    np.testing.assert_array_equal(one.weeks, other.weeks)


def test_bootstrap_weights_are_exponential_and_nobody_is_lost() -> None:
    weights = bootstrap_weights(20_000, "word")
    assert weights.min() > 0
    assert weights.mean() == pytest.approx(1.0)
    assert weights.std() == pytest.approx(1.0, abs=0.03)
    assert np.mean(weights > 1) == pytest.approx(np.exp(-1), abs=0.01)
    np.testing.assert_array_equal(weights, bootstrap_weights(20_000, "word"))
    assert not np.array_equal(weights, bootstrap_weights(20_000, "other"))


def test_all_rows_of_a_client_are_reweighted_alike(start: Start) -> None:
    sample = Sample.of(people(7, start, 100, clients=30), start, HORIZON, QUICK)
    factor = bootstrap_weights(30 if len(sample.clients) == 30 else len(sample.clients), "x")
    drawn = sample.reweighted(factor)
    np.testing.assert_allclose(drawn.outcomes.weight, factor[sample.client])


def test_a_draw_holds_as_many_people_against_the_evidence_as_the_fit(start: Start) -> None:
    """Were the bootstrap's own weights taken for a loss of people, every draw would lie nearer to the evidence."""
    sample = Sample.of(people(7, start, 400), start, HORIZON, QUICK)
    totals = [sample.reweighted(bootstrap_weights(len(sample.clients), f"{k}")).weight.sum() for k in range(20)]
    assert np.mean(totals) == pytest.approx(sample.weight.sum(), rel=0.05)


def test_a_draw_says_the_rate_of_its_own_people_once(start: Start) -> None:
    """With an intercept from held-out scores on top of its own, a draw's rate would lie twice as far out."""
    fitted = fit(people(16, start, 300), start, HORIZON, QUICK)
    for number, tables in enumerate(draw_tables(fitted, lambda words: None)[:8]):
        seed = f"{QUICK.seed}:draw:{number}:people"
        label = fitted.sample.reweighted(bootstrap_weights(len(fitted.sample.clients), seed)).label
        chance = 1 / (1 + np.exp(-tables.logits(fitted.sample.places)))
        assert label.weight @ chance / label.weight.sum() == pytest.approx(label.rate, abs=2e-3)


# ---------------------------------------------------------------------------------------------------------- trees


def grown(start: Start, seed: int, missing: bool) -> tuple[Sample, People]:
    outcomes = people(seed, start, 600, truth="evidence")
    if not missing:
        filled = np.where(np.isnan(outcomes.inputs), np.nanmin(outcomes.inputs, axis=0), outcomes.inputs)
        outcomes = replace(outcomes, inputs=filled)
    sample = Sample.of(outcomes, start, HORIZON, QUICK)
    rows = np.arange(len(sample))
    return sample, people_at(sample, rows, np.full(len(sample), -0.5))


@pytest.mark.parametrize("missing", [True, False])
@pytest.mark.parametrize("rounds", [1, 7, 60])
def test_merged_trees_are_what_lightgbm_predicts_for_every_bin_and_for_missing(
    start: Start, missing: bool, rounds: int
) -> None:
    """Trained without missing answers, LightGBM takes one for a 0: the table has to know that."""
    sample, seen = grown(start, 8, missing)
    booster = grow(seen, start.features, rounds)
    constant, tables = merged(booster, sample.bins, rounds)
    random = np.random.default_rng(0)
    codes = np.column_stack([random.integers(0, len(table), 500).astype(float) for table in tables])
    for place, table in enumerate(tables):
        codes[: len(table), place] = np.arange(len(table))
    wanted = np.full(500, constant)
    for place, table in enumerate(tables):
        wanted += table[codes[:, place].astype(int)]
        codes[codes[:, place] == len(table) - 1, place] = np.nan
    np.testing.assert_allclose(booster.predict(codes, raw_score=True), wanted, rtol=0, atol=1e-9)
    assert any(table.any() for table in tables)


def test_trees_stop_once_nothing_is_gained_on_people_held_out(start: Start) -> None:
    sample, seen = grown(start, 9, True)
    half = np.arange(len(sample)) < 350
    parts = [
        People(seen.codes[rows], seen.outcome[rows], seen.weight[rows], seen.offset[rows]) for rows in (half, ~half)
    ]
    mixed = replace(parts[1], outcome=1 - parts[1].outcome)
    assert grow_until(parts[0], mixed, start.features, 120).num_trees() <= PATIENCE + 1
    assert grow_until(parts[0], parts[0], start.features, 120).num_trees() == 120


def test_trees_are_chosen_by_what_would_be_released_of_them(start: Start) -> None:
    """What trees find for missing answers is dropped, so it must not count for them."""
    silent = people(11, start, 900)
    missing = np.isnan(silent.inputs).any(axis=1)
    told = replace(
        silent, weeks=np.where(missing, 2.0 * HORIZON, silent.weeks), place=np.where(missing, OUT, silent.place)
    )
    chosen = search(Sample.of(told, start, HORIZON, Settings(threads=1)), lambda words: None)
    assert set(chosen.tree_losses) == set(COUNTS)
    assert chosen.tree_losses[chosen.rounds] == min(chosen.tree_losses.values())


def test_trees_keep_the_stated_directions(start: Start) -> None:
    sample, seen = grown(start, 10, True)
    against = People(seen.codes, 1 - seen.outcome, seen.weight, seen.offset)
    _, tables = merged(grow(against, start.features, 60), sample.bins, 60)
    assert np.all(np.diff(tables[1][:-1]) >= 0)
    assert np.all(np.diff(tables[5][:-1]) <= 0)


# ----------------------------------------------------------------------------------------- settings, progress, draws


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"folds": 1}, "2 folds"),
        ({"repeats": 0}, "1 repeat"),
        ({"draws": 10}, "30 draws"),
        ({"multiples": ()}, "more than 0"),
        ({"multiples": (1.0, -1.0)}, "more than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Settings(**wrong)


def test_fewer_people_are_split_more_often() -> None:
    assert [Settings().repeats_for(people) for people in (1, 100, 500, 100_000)] == [10, 10, 4, 2]
    assert Settings(repeats=3).repeats_for(1) == 3


@pytest.mark.parametrize("boost", [True, False])
@pytest.mark.parametrize("known", [300, 8])
def test_progress_reaches_its_total_and_never_goes_back(start: Start, boost: bool, known: int) -> None:
    """With 8 known outcomes some folds have none, so no tree is grown; the bar must end all the same."""
    outcomes = people(11, start, 300)
    outcomes = replace(outcomes, weight=(np.arange(300) < known).astype(float))
    seen: list[tuple[int, int]] = []
    settings = replace(QUICK, boost=boost, folds=5, threads=2)
    learn(outcomes, start, HORIZON, settings, lambda done, total, words: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, seen[-1][1] + 1))
    assert {total for _, total in seen} == {seen[-1][1]}


def spread_of_draws(scorecard: Any, place: int) -> float:
    draws = scorecard.tables[place].draws
    return float(np.std(draws[-1] - draws[0]))


@pytest.mark.slow
def test_few_outcomes_leave_the_range_of_the_evidence_and_many_narrow_it(start: Start) -> None:
    settings = replace(QUICK, boost=False)
    few = learn(people(12, start, 12, truth="evidence"), start, HORIZON, settings).scorecard
    many = learn(people(12, start, 6000, truth="evidence"), start, HORIZON, settings).scorecard
    for place in (1, 5):
        stated = spread_of_draws(start.evidence, place)
        assert 0.7 * stated < spread_of_draws(few, place) < 3.0 * stated
        assert spread_of_draws(many, place) < 0.7 * spread_of_draws(few, place)


def test_without_noise_a_question_that_nobody_answered_keeps_its_evidence(start: Start) -> None:
    outcomes = people(13, start, 200)
    inputs = outcomes.inputs.copy()
    inputs[:, 5] = np.nan
    sample = Sample.of(replace(outcomes, inputs=inputs), start, HORIZON, QUICK)
    found = regress(sample, np.arange(200), [1.0])
    own = found.tables(sample, 0).values[5][:-1]
    ratio = np.diff(own) / np.diff(start.tables.values[5][:-1])
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
    assert found.weights[0][1] + 1 == pytest.approx(ratio[0])


def test_a_model_that_fell_back_is_the_evidence_at_the_rate_of_its_people(start: Start) -> None:
    """Its range too: draws around what was learned and thrown away would stand beside the points."""
    learned = learn(opposite(14, start), start, HORIZON, replace(QUICK, multiples=(10.0,)))
    fitted = learned.fitted
    assert fitted.fell_back
    for now, evidence in zip(fitted.tables.values, start.tables.values, strict=True):
        np.testing.assert_allclose(now, evidence, atol=1e-9)
    chance = 1 / (1 + np.exp(-fitted.tables.logits(fitted.sample.places)))
    label = fitted.sample.label
    assert label.weight @ chance / label.weight.sum() == pytest.approx(label.rate, abs=0.01)
    for place in (1, 5):
        middle = np.median(learned.scorecard.tables[place].draws[-1] - learned.scorecard.tables[place].draws[0])
        points = learned.scorecard.tables[place].points
        assert middle == pytest.approx(points[-1] - points[0], abs=0.35)


def test_fitting_alone_gives_the_tables_that_learning_releases(start: Start) -> None:
    outcomes = people(15, start, 150)
    fitted, learned = fit(outcomes, start, HORIZON, QUICK), learn(outcomes, start, HORIZON, QUICK)
    inputs = start.reference.simulate()[:200]
    released = learned.scorecard.baseline + learned.scorecard.contributions_many(inputs).sum(axis=1)
    np.testing.assert_array_equal(fitted.logits(inputs), released)


@pytest.mark.parametrize("number", [30, 120, 600])
def test_a_released_model_is_right_on_average_about_its_own_people(start: Start, number: int) -> None:
    """Silent people too: what the steps after the fit do to the level is made good."""
    fitted = fit(people(19, start, number, truth="evidence"), start, HORIZON, QUICK)
    label = fitted.sample.label
    chance = 1 / (1 + np.exp(-fitted.tables.logits(fitted.sample.places)))
    assert label.weight @ chance / label.weight.sum() == pytest.approx(label.rate, abs=1e-3)


def test_the_number_of_threads_of_the_machine_changes_no_bit(start: Start) -> None:
    """The libraries below add up in as many threads as there are processors, and each number gives other last bits."""
    outcomes, found = people(17, start, 6000), []
    for threads in (1, 2):
        with threadpool_limits(limits=threads):
            found.append(fit(outcomes, start, HORIZON, replace(QUICK, boost=False)).raw)
    for one, other in zip(found[0].values, found[1].values, strict=True):
        np.testing.assert_array_equal(one, other)

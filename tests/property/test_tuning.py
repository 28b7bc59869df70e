"""Does the sweep count as a plain loop does, and does the solver find what trying everything finds?"""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.bench.plain_sweep import plain
from tests.evaluation_people import censored, outcomes_of
from triage.evaluation import EvaluationError, Settings
from triage.evaluation.dimensions import Dimension
from triage.evaluation.sample import Sample
from triage.numbers import UNIT, logit, to_unit
from triage.outcomes import BACK, OUT, Outcomes
from triage.tuning.solver import Steps, Wish, allowed, people_alike, percent_within, shortest_percent, solve, steps_of
from triage.tuning.sweep import EVERYBODY, PERCENTS, Sweep, edge_of, run

Array = NDArray[np.float64]
HORIZON = 26.0
seeds = st.integers(0, 10_000)


def sampled(seed: int, n: int, resamples: int = 0) -> tuple[Array, Outcomes, Sample] | None:
    """People with ties, weights and several rows a client; None where all fared alike."""
    logits, outcomes = censored(seed, n=n, weighted=True, clients=max(n // 2, 1))
    try:
        return logits, outcomes, Sample(outcomes, HORIZON, "not_back", Settings(seed=str(seed), resamples=resamples))
    except EvaluationError:
        return None


def grouped(seed: int, n: int) -> tuple[Dimension, NDArray[np.bool_]]:
    """Three groups, and who has a band."""
    random = np.random.default_rng(seed)
    return Dimension("team", "Team", "column", ("a", "b", "c"), random.integers(0, 3, n)), random.random(n) < 0.9


@given(seed=seeds, n=st.integers(10, 60))
@settings(max_examples=40)
def test_the_sweep_is_the_plain_loop(seed: int, n: int) -> None:
    """Bins, sums from the top and resamples side by side are quick; a slip there would move every curve."""
    made = sampled(seed, n, resamples=7)
    if made is None:
        return
    logits, _, sample = made
    item, banded = grouped(seed, n)
    # Some edges are scores of people: the edge is inclusive.
    edges = sorted({*(edge_of(percent) for percent in PERCENTS[::9]), *logits[:5].tolist()})
    (found,) = run([Sweep(logits, banded, edges, [item], sample)], sample)
    codes = {EVERYBODY: (np.zeros(n, dtype=np.intp), 1), item.id: (item.code, 3)}
    wanted = plain(logits, banded, edges, codes, sample, 7)
    for name in codes:
        for kind in ("people", "known", "cases"):
            close = np.allclose(getattr(found.again[name], kind), getattr(wanted[name], kind), rtol=1e-12, atol=1e-12)
            assert close, (name, kind)
    for place, edge in enumerate(edges):
        assert found.rows[EVERYBODY][0, place + 1] == np.count_nonzero(banded & (logits >= edge))


@given(seed=seeds)
@settings(max_examples=20)
def test_the_order_of_the_edges_and_edges_twice_change_nothing(seed: int) -> None:
    made = sampled(seed, 40, resamples=3)
    if made is None:
        return
    logits, _, sample = made
    item, banded = grouped(seed, 40)
    edges = [edge_of(percent) for percent in (10, 20, 30)]
    (one,) = run([Sweep(logits, banded, edges, [item], sample)], sample)
    (other,) = run([Sweep(logits, banded, [*edges[::-1], edges[0]], [item], sample)], sample)
    assert np.array_equal(one.again[item.id].cases, other.again[item.id].cases)


def test_groups_that_are_lost_from_sight_otherwise_have_their_own_share() -> None:
    """A fifth of both fare badly, and the score says nothing of anybody; most of one group is lost from sight."""
    n, random = 6000, np.random.default_rng(5)
    ill, place = random.random(n) < 0.2, np.full(n, BACK)
    weeks = np.where(ill, 40.0, random.integers(1, 26, n))
    group, lost = np.arange(n) % 2, random.integers(0, 45, n)
    gone = (group == 1) & (lost < weeks)
    found = outcomes_of(np.where(gone, lost, weeks), np.where(gone, OUT, place))
    sample = Sample(found, HORIZON, "not_back", Settings(resamples=2))
    item = Dimension("team", "Team", "column", ("seen", "lost"), group)
    (swept,) = run([Sweep(random.normal(0, 1, n), np.ones(n, dtype=np.bool_), [0.0], [item], sample)], sample)
    alone = Sample(found.take(np.flatnonzero(group == 1)), HORIZON, "not_back", Settings(resamples=0)).label
    for sums in (swept.once[item.id], swept.again[item.id]):
        for k in range(2):
            rates = {name: float(cells[0, 0]) for name, cells in sums.rates(k).items()}
            assert rates["found"] + rates["missed"] == pytest.approx(0.2, abs=0.03)
            assert (rates["missed"], rates["in_vain"]) == pytest.approx((0.1, 0.4), abs=0.03)
            assert (rates["ppv"], rates["npv"]) == pytest.approx((0.2, 0.8), abs=0.04)
    lost_share = sum(swept.once[item.id].rates(1)[name][0, 0] for name in ("found", "missed"))
    assert lost_share == pytest.approx(float(alone.weight[alone.outcome].sum() / alone.weight.sum()), rel=1e-9)


def brute_force(logits: Array, banded: NDArray[np.bool_], sample: Sample, item: Dimension, wish: Wish,
                below: float, above: float) -> list[int]:  # fmt: skip
    """How many people the best cut-offs flag, the best first, by trying every cut-off on every person.

    Every set of people that a cut-off can flag is flagged by somebody's score, or by the last one below the band above.
    """
    own, known = sample.once.people[:, 0], sample.once.known[:, 0]
    cases = np.where(sample.label.outcome & banded, known, 0.0)
    tried: dict[int, float] = {}
    for cut in {*logits[banded].tolist(), above - UNIT}:
        flagged = banded & (logits >= cut)
        if not below < cut < above or not flagged.any():
            continue
        recalls = [cases[flagged & (item.code == k)].sum() / cases[item.code == k].sum() for k in range(3)]
        places = own[flagged].sum() / own[banded].sum() * wish.arrivals
        near = wish.most_gap is None or max(recalls) - min(recalls) <= wish.most_gap + 1e-12
        if near and places <= wish.places + 1e-12:
            tried[int(flagged.sum())] = cases[flagged].sum() / cases.sum()
    return sorted(people for people, recall in tried.items() if recall >= max(tried.values()) - 1e-12)


on_grid = st.floats(0, 4).map(lambda value: to_unit(Decimal(value)))


@given(
    seed=seeds,
    n=st.integers(20, 80),
    places=st.floats(0, 12),
    gap=st.one_of(st.none(), st.floats(0, 1)),
    bounds=st.tuples(on_grid.map(lambda value: -value), on_grid),
)
@settings(max_examples=120)
def test_the_solver_finds_what_trying_everything_finds(
    seed: int, n: int, places: float, gap: float | None, bounds: tuple[float, float]
) -> None:
    made = sampled(seed, n)
    if made is None:
        return
    logits, _, sample = made
    logits = np.array([to_unit(Decimal(value)) for value in logits.tolist()])
    item, banded = grouped(seed, n)
    cases = sample.label.outcome & banded
    if any(not (cases & (item.code == k)).any() for k in range(3)):
        return
    wish = Wish("top", places, 10.0, gap, "team")
    steps = steps_of(logits, banded, sample, item.code, [0, 1, 2])
    solved = solve(steps, wish, *bounds)
    found = () if solved.best is None else (solved.best, *solved.equal)
    reached = [int(np.count_nonzero(banded & (logits >= steps.logit[place]))) for place in found]
    assert reached == brute_force(logits, banded, sample, item, wish, *bounds)
    assert solved.why
    assert all(allowed(steps, wish, *bounds)[place] for place in found)
    for place, people in zip(found, reached, strict=True):
        cut = edge_of(shortest_percent(steps, place, *bounds))
        assert bounds[0] < cut < bounds[1]
        assert np.count_nonzero(banded & (logits >= cut)) == people


@given(low=st.floats(-8, 8), width=st.floats(1e-9, 3))
@settings(max_examples=200)
def test_a_cut_off_in_percent_lies_where_it_should(low: float, width: float) -> None:
    """The file holds a percentage. Rounded carelessly, it would flag somebody else."""
    high = to_unit(Decimal(low + width))
    percent = percent_within(low, high)
    assert low < to_unit(logit(percent / 100)) <= high
    assert percent == percent_within(low, high)


def test_a_whole_percent_is_preferred() -> None:
    assert percent_within(edge_of(11), edge_of(13)) == 13
    assert percent_within(-math.inf, edge_of(5)) == 5


def test_the_edge_is_inclusive() -> None:
    logits, outcomes = censored(3, n=50)
    at = edge_of(20)
    logits[:4] = at
    sample = Sample(outcomes, HORIZON, "not_back", Settings(resamples=0))
    banded = np.ones(50, dtype=np.bool_)
    (found,) = run([Sweep(logits, banded, [at, math.nextafter(at, 9)], [], sample)], sample)
    assert found.rows[EVERYBODY][0, 1] - found.rows[EVERYBODY][0, 2] == 4
    with pytest.raises(KeyError):
        found.at(0.5)


def test_what_finds_as_many_is_named_beside_the_one_with_the_fewest_places() -> None:
    steps = Steps(
        np.array([2.0, 1.0, 0.0]), np.array([0.1, 0.2, 1.0]), np.array([0.4, 0.4, 1.0]), np.zeros(3), np.zeros((1, 3))
    )
    solved = solve(steps, Wish("top", 5, 10))
    assert (solved.best, solved.equal) == (0, (1,))
    assert "it needs the fewest places" in solved.why
    assert people_alike(steps, 0) == (1.0, 2.0)
    assert solve(steps, Wish("top", 0.5, 10)).best is None


def test_a_step_that_reaches_past_the_band_above_is_cut_below_it() -> None:
    """Nobody scores between 0 and 2, so every cut-off there flags the same, those below the band above too."""
    steps = Steps(np.array([2.0, 0.0]), np.array([0.1, 1.0]), np.array([0.4, 1.0]), np.zeros(2), np.zeros((1, 2)))
    assert solve(steps, Wish("middle", 5, 10), above=1.5).best == 0
    assert 0.0 < edge_of(shortest_percent(steps, 0, above=1.5)) < 1.5
    assert solve(steps, Wish("middle", 5, 10), above=0.0).best is None

"""Is the population stability index the plain one, and is what chance alone gives told apart from a change?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.worlds import examples
from triage.casework.figures_tables import LEAST
from triage.content import content_root
from triage.evaluation.scored import score_outcomes
from triage.monitoring.bins import bins_of, score_bins
from triage.monitoring.drift import band_logits
from triage.monitoring.psi import change, merged, psi, put_together
from triage.monitoring.rules import load_rules
from triage.monitoring.shadow import unheard
from triage.outcomes.write import frame_of
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

RULES = load_rules().drift
COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=7)


def plain(now: list[int], before: list[int]) -> float:
    """The index as a textbook has it, in a loop; an empty group counts as half a person."""
    total = 0.0
    for a, b in zip(now, before, strict=True):
        if a or b:
            p, q = (a or 0.5) / sum(now), (b or 0.5) / sum(before)
            total += (p - q) * math.log(p / q)
    return total


@examples(200)
@given(st.data())
def test_the_index_is_the_plain_one(data: st.DataObject) -> None:
    now = data.draw(COUNTS.filter(any))
    before = data.draw(st.lists(st.integers(0, 60), min_size=len(now), max_size=len(now)).filter(any))
    index = psi(np.array(now, dtype=float), np.array(before, dtype=float))
    assert index == pytest.approx(plain(now, before), abs=1e-12)
    assert index == pytest.approx(psi(np.array(before, dtype=float), np.array(now, dtype=float)), abs=1e-12)
    assert index >= -1e-12


def test_a_known_index() -> None:
    """Half and half against three quarters and one quarter, written out."""
    wanted = -0.25 * math.log(0.5 / 0.75) + 0.25 * math.log(0.5 / 0.25)
    assert psi(np.array([50.0, 50.0]), np.array([75.0, 25.0])) == pytest.approx(wanted)


@pytest.mark.parametrize(("people", "others"), [(200, 200), (100, 1000), (400, 100_000)])
def test_without_a_change_the_index_is_what_chance_gives(people: int, others: int) -> None:
    """The stated mean and bound hold for people drawn at random from one population."""
    random = np.random.default_rng(5)
    shares, times = np.array([0.3, 0.25, 0.2, 0.15, 0.1]), 1500
    now, before = (random.multinomial(size, shares, times).astype(np.float64) for size in (people, others))
    known = [item for place in range(times) if (item := change(now[place], before[place], RULES)) is not None]
    assert len(known) == times
    assert np.mean([item.index for item in known]) == pytest.approx(known[0].by_chance, rel=0.1)
    # One in a thousand is stated; a chi-square is not quite what small groups give.
    assert sum(item.counts for item in known) <= 6
    assert known[0].by_chance == pytest.approx(4 * (1 / people + 1 / others))


def test_a_change_is_found_whatever_its_size_is_called() -> None:
    before = np.array([5000.0, 5000.0])
    small = change(np.array([2300.0, 2700.0]), before, RULES)
    large = change(np.array([40.0, 160.0]), before, RULES)
    chance = change(np.array([23.0, 27.0]), before, RULES)
    assert small is not None
    assert large is not None
    assert chance is not None
    assert (small.size, small.counts) == ("small", True)
    assert (large.size, large.counts) == ("large", True)
    assert (chance.size, chance.counts) == ("small", False)
    assert large.data()["may_be_chance"] is False
    # A third decimal would tell how many did not answer.
    assert large.data()["psi"] == round(large.index, 2) != large.index


def test_few_people_and_one_group_are_not_compared() -> None:
    enough = float(RULES.least_people)
    assert change(np.array([enough - 1, 0.0]), np.array([50.0, 50.0]), RULES) is None
    assert change(np.array([enough, 0.0]), np.array([enough, 0.0]), RULES) is None
    assert change(np.array([enough / 2, enough / 2]), np.array([10.0, 10.0]), RULES) is None
    assert change(np.array([enough, 0.0]), np.array([50.0, 50.0]), RULES) is not None


@examples(200)
@given(st.data())
def test_no_group_with_a_few_people_goes_into_an_index(data: st.DataObject) -> None:
    now = np.array(data.draw(COUNTS), dtype=float)
    before = np.array(data.draw(st.lists(st.integers(0, 60), min_size=len(now), max_size=len(now))), dtype=float)
    parts = merged(now, before)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(now))), "each group once"
    assert [place for part in parts for place in part] == list(range(len(now))), "in order: neighbours together"
    for cells in (now, before):
        together = put_together(cells, parts)
        assert together.sum() == cells.sum()
        if len(parts) > 1:
            assert not np.any((together > 0) & (together < LEAST))


@pytest.fixture(scope="module")
def population(shipped_engine: triage.Engine) -> np.ndarray:
    """Grid values of the reference population of the shipped model."""
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    return Reference(recipe.reference, shipped_engine.features).simulate()


def test_the_reference_population_does_not_differ_from_itself(
    shipped_engine: triage.Engine, population: np.ndarray
) -> None:
    """Bins whose shares are not those of the population would find drift in everybody."""
    people = unheard(population, np.ones((len(population), len(shipped_engine.checklist.questions)), dtype=np.int8))
    scored = score_outcomes(shipped_engine, people)
    questions = shipped_engine.checklist.questions
    answers = [bins_of(item, shipped_engine.features, shipped_engine.bundle, population) for item in questions]
    found = [score_bins(shipped_engine.bundle, band_logits(shipped_engine, scored)), *answers]
    everybody = np.ones(len(population), dtype=np.bool_)
    for bins in found:
        assert bins.reference is not None
        assert len(bins.names) == len(set(bins.names)) >= 2
        counts = bins.counts(everybody)
        # The optional questions are answered by nobody there.
        assert not counts.any() or psi(counts, bins.reference) < 0.001, bins.id
        assert bins.reference.sum() == pytest.approx(shipped_engine.bundle.reference.people)
    assert len(found[0].names) == 10
    assert found[0].reference == pytest.approx(np.full(10, 10_000), rel=0.02)


def test_an_answer_that_says_nothing_is_in_no_group(shipped_engine: triage.Engine) -> None:
    width = len(shipped_engine.features.inputs)
    for question in shipped_engine.checklist.questions:
        bins = bins_of(question, shipped_engine.features, shipped_engine.bundle, np.full((3, width), np.nan))
        assert set(bins.code.tolist()) == {-1}


def test_a_frame_of_people_of_whom_nothing_is_heard_is_one_of_the_contract(shipped_engine: triage.Engine) -> None:
    width, questions = len(shipped_engine.features.inputs), len(shipped_engine.checklist.questions)
    people = unheard(np.full((2, width), np.nan), np.zeros((2, questions), dtype=np.int8))
    assert frame_of(people, shipped_engine.features).height == 2
    assert not people.label(52).known.any()

"""Are people known again by their answers alone, and is nobody who is alike by chance?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.learning_people import people as of_tiny
from tests.learning_people import start_of, write_content
from tests.tuning_people import RECIPE, engine
from triage.bundle import Bundle
from triage.outcomes import Outcomes
from triage.outcomes.copied import copies
from triage.outcomes.seen import Overlap, Seen
from triage.simulation import Settings, World, simulate

pytestmark = pytest.mark.slow


@cache
def cohort(seed: str, missing: float | None = None) -> Outcomes:
    settings = Settings() if missing is None else Settings(missing=missing)
    return simulate(2500, seed, World.of(RECIPE, engine().features, settings)).outcomes


def renamed(found: Outcomes) -> Outcomes:
    """The same rows under other ids."""
    return replace(found, client=np.array([f"other-{place}" for place in range(len(found))], dtype=object))


def edited(found: Outcomes) -> Outcomes:
    """Copies under new ids, in which the weeks and the day of every row are other ones."""
    return replace(renamed(found), weeks=found.weeks + 0.1, date=np.full(len(found), "NaT", "datetime64[D]"))


@pytest.mark.parametrize("missing", [None, 0.0, 0.5, 0.7])
def test_copies_with_other_weeks_and_no_day_are_found(missing: float | None) -> None:
    """Most have too few answers to count where much is missing; one in a hundred is enough."""
    learned = cohort("one", missing)
    found = Seen.of(learned, Bundle.load()).overlap(edited(learned))
    assert found.clients == 0
    assert found.rows > (20 if missing else 1500)


def test_a_hundred_of_them_among_others_are_found() -> None:
    learned, others = cohort("one", 0.0), cohort("two", 0.0)
    few = edited(learned.take(np.arange(100)))
    names = ("client", "inputs", "states", "weeks", "place", "kind", "date", "weight")
    both = {name: np.concatenate([getattr(few, name), getattr(others, name)]) for name in names}
    joined = replace(others, **both, groups={}, notes={})
    assert 50 < Seen.of(learned, Bundle.load()).overlap(joined).rows <= 100


@pytest.mark.parametrize(("missing", "of_others"), [(None, None), (0.0, 0.0), (0.7, 0.7), (0.7, 0.0), (0.0, 0.7)])
def test_two_cohorts_are_no_copies_of_each_other(missing: float | None, of_others: float | None) -> None:
    seen = Seen.of(cohort("one", missing), Bundle.load())
    assert seen.overlap(cohort("two", of_others)) == Overlap(0, 0)


@pytest.mark.parametrize(("n", "others"), [(100, 3000), (3000, 100), (3000, 3000), (12000, 2000)])
def test_nor_are_people_of_a_checklist_so_short_that_many_give_the_same_answers(
    tmp_path: Path, n: int, others: int
) -> None:
    start = start_of(write_content(tmp_path / "tiny"))
    seen = Seen.of(of_tiny(1, start, n), Bundle.load())
    assert seen.overlap(renamed(of_tiny(2, start, others))) == Overlap(0, 0)


def test_chance_is_not_exceeded_however_often_it_is_tried() -> None:
    """Answers drawn at random, from so few that nearly all are shared to so many that nearly none is."""
    random = np.random.default_rng(0)
    for _ in range(500):
        kinds = int(10 ** random.uniform(1, 6))
        learned, here = (random.geometric(1 / kinds, int(random.integers(50, 3000))).astype(str) for _ in range(2))
        by_answers = dict(zip(*np.unique(learned, return_counts=True), strict=True))
        clients = [str(place).encode() for place in range(len(here))]
        assert not copies(by_answers, clients, here.tolist()).any()

"""Does an organisation's own checklist, made at random, keep every rule of the design?

Each test writes content files, releases a model from them and loads an engine: nothing is put together by hand.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clients import answers_to, clients, grid_rows
from tests.property import checks, checks_people
from tests.strategies import worlds
from tests.worlds import World, examples


@given(world=worlds())
@examples(15)
def test_one_model_gives_one_answer(world: World) -> None:
    """Rules 1 and 2: several inputs to a question, grids of any size, neutral answers, areas without a figure."""
    with world.build() as built:
        rows = grid_rows(built.engine, 200, seed=1)
        checks.check_additive(built.engine, rows)
        checks.check_batches(built.engine, rows[:40])
        checks.check_one_model(built.engine, built.scorecard)
        checks.check_jointly(built.engine, built.scorecard, rows)
        checks.check_engine_gives_the_model(built.engine)


@given(world=worlds())
@examples(15)
def test_direction_and_silence(world: World) -> None:
    """Rules 3 and 4."""
    with world.build() as built:
        people = clients(built.engine, 12, seed=2)
        checks.check_direction(built.engine, [{}, *people[:4]])
        checks.check_silence(built.engine, people)
        checks.check_silence_widens(built.engine, built.scorecard, built.reference.simulate(everything=True))


@given(world=worlds(), data=st.data())
@examples(20)
def test_bands_and_words(world: World, data: st.DataObject) -> None:
    """Rules 5, 6 and 10."""
    with world.build() as built:
        for person in data.draw(st.lists(answers_to(built.engine), min_size=1, max_size=6)):
            checks_people.check_bands(built.engine, person)
            checks_people.check_special_only_raises(built.engine, person)
            checks.check_kinds_of_silence(built.engine, person)
            checks_people.check_words(built.engine, person)


@given(world=worlds(), data=st.data())
@examples(20)
def test_records_and_lists(world: World, data: st.DataObject) -> None:
    """Rules 8 and 9, and that a list says what is said of each client alone."""
    with world.build() as built:
        people = data.draw(st.lists(answers_to(built.engine), min_size=1, max_size=6))
        checks_people.check_one_is_many(built.engine, people)
        for person in people:
            checks_people.check_reproduces(built.engine, person)


@given(world=worlds())
@examples(10)
def test_the_same_content_gives_the_same_files(world: World) -> None:
    """Building again, also where an area's figures come in another order of rows, changes no byte."""
    with world.build() as one, world.build() as other:
        assert one.release.files == other.release.files
        assert one.engine.score({}).logit == other.engine.score({}).logit
        assert not math.isnan(one.engine.score({}).probability)


@pytest.mark.soak
@given(world=worlds(), seed=st.integers(0, 10**6))
@examples(1, soak=1500)
def test_every_rule_over_very_many_checklists(world: World, seed: int) -> None:
    with world.build() as built:
        everybody = built.reference.simulate(everything=True)
        checks_people.check_all(built.engine, built.scorecard, everybody, seed)

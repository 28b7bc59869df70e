"""In any world that can be asked for: are chances chances, is the base rate kept, and is the truth coherent?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features
from triage.simulation import Settings, World, simulate
from triage.simulation.settings import Spells

KNOWN = ("qualifications", "vehicle", "confidence", "mental_ability", "age", "area")


@cache
def features() -> Features:
    return Features.load(Checklist.load())


def worlds() -> st.SearchStrategy[Settings]:
    laws: st.SearchStrategy[Spells] = st.sampled_from(("aft", "ph"))
    return st.builds(
        Settings,
        strength=st.floats(0, 3),
        base_rate=st.floats(0.02, 0.6),
        spells=laws,
        horizon=st.sampled_from((13, 26, 52)),
        shape=st.floats(0.5, 3),
        unobserved=st.floats(0, 3),
        follow_up=st.floats(0.2, 1),
        missing=st.floats(0, 0.9),
        declined=st.floats(0, 0.5),
    )


@pytest.mark.slow
@settings(max_examples=12)
@given(chosen=worlds(), seed=st.text(max_size=8))
def test_a_world_keeps_its_word(chosen: Settings, seed: str) -> None:
    world = World.of(content_root() / "models" / "recipes" / "evidence.yaml", features(), chosen)
    people = simulate(400, seed, world)
    inputs, everything = people.outcomes.inputs, people.everything
    nobody = np.full((1, inputs.shape[1]), np.nan)
    np.testing.assert_allclose(world.best_possible(nobody), world.base_rate, atol=1e-8)
    np.testing.assert_allclose(world.best_possible(everything), world.chance(everything), atol=1e-8)
    best = world.best_possible(inputs)
    assert ((best >= 0) & (best <= 1)).all()
    label = people.outcomes.label(world.horizon)
    np.testing.assert_array_equal(label.outcome[label.known], (people.spells > world.horizon)[label.known])
    assert (people.outcomes.weeks >= 0).all()
    assert people.outcomes.simulated


@pytest.mark.slow
@settings(max_examples=6)
@given(chosen=worlds(), name=st.sampled_from(KNOWN))
def test_not_knowing_an_answer_is_the_mean_over_it(chosen: Settings, name: str) -> None:
    """Knowing one answer more neither raises nor lowers the chance on average, also where answers go together."""
    world = World.of(content_root() / "models" / "recipes" / "evidence.yaml", features(), chosen)
    shares = world.reference.shares[name]
    rows = np.full((len(shares), len(features().inputs)), np.nan)
    for item in features().inputs_of[name]:
        rows[:, item.place] = [item.value(answer) for answer, _ in shares]
    mean = world.best_possible(rows) @ np.array([float(share) for _, share in shares])
    np.testing.assert_allclose(mean, world.base_rate, atol=1e-8)

"""Who are the simulated people, and what is true of them that nobody would know?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from triage.errors import UsageError
from triage.outcomes import Outcomes
from triage.scorecard.reference import Reference
from triage.simulation.answering import given, states_of
from triage.simulation.follow_up import follow
from triage.simulation.streams import choose, uniform
from triage.simulation.support import Received, Support, give
from triage.simulation.world import World

Array = NDArray[np.float64]
MOST = 1_000_000
#: Sex has nothing to do with the risk here. No margin is published for newly redundant people: equal shares.
_SEX = (("woman", 0.485), ("man", 0.485), ("", 0.03))


@dataclass(frozen=True, eq=False)
class Cohort:
    """Simulated people, with the truth beside them.

    Attributes:
        outcomes: what would be known of them; `simulated` is True.
        everything: [n, inputs] what each would answer to every question.
        chance: [n] P(outcome at the world's horizon | every answer, the support received), 0 to 1.
        untreated: [n] the same without support; equal to `chance` where there is none.
        spells: [n] weeks until the first return, not rounded, as if nobody retired, died or was lost from sight.
    """

    outcomes: Outcomes
    everything: Array
    chance: Array
    untreated: Array
    spells: Array


def simulate(people: int, seed: str, world: World, support: Support | None = None) -> Cohort:
    """Draw people, their answers and their spells, the same ones from the same seed.

    More people leave the first ones as they are. Answers, spells, follow-up and silence use streams of their own, so
    that changing one setting leaves the other draws as they were.

    Args:
        people: how many, from 1 to 1,000,000.
        seed: any word. No two seeds share a client id.
        world: what is true of people.
        support: support that works; none where None.

    Raises:
        UsageError: the number of people lies outside its range.
    """
    if not 1 <= people <= MOST:
        raise UsageError(f"Simulate from 1 to {MOST:,} people.")
    spec = replace(world.recipe.reference, people=people, seed=f"simulated:{seed}")
    everything = Reference(spec, world.features).simulate(everything=True)
    states = states_of(world, people, seed)
    inputs = given(world, everything, states)
    effects = world.effects(everything)
    received = give(support, inputs, states, seed) if support is not None else None
    treated = effects + received.effects if received is not None else effects
    spells = world.law.draw(treated, seed)
    followed = follow(world, spells, _ages(world, everything), seed)
    outcomes = Outcomes(
        client=client_ids(seed, people),
        inputs=inputs,
        states=states,
        weeks=followed.weeks,
        kind=followed.kind,
        place=followed.place,
        weight=np.ones(people),
        date=followed.date,
        groups=_groups(world, people, seed),
        notes=_notes(received, support, people),
        support_start=received.start if received is not None else np.full(people, np.nan),
        simulated=True,
        source="simulated people",
    )
    untreated = world.law.still_out(effects, world.horizon)
    return Cohort(outcomes, everything, world.law.still_out(treated, world.horizon), untreated, spells)


def client_ids(seed: str, people: int) -> NDArray[np.object_]:
    """[people] ids such as "sim-1b4f0e985197-000001"; the middle comes from the seed."""
    stem = f"sim-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
    return np.array([f"{stem}-{number:06d}" for number in range(1, people + 1)], dtype=object)


def _ages(world: World, everything: Array) -> Array:
    """Ages in years, for a checklist that asks for the age as a number; NaN otherwise."""
    question = world.features.checklist.by_id.get("age")
    if question is None or question.number is None:
        return np.full(len(everything), np.nan)
    return everything[:, world.features.inputs_of["age"][0].place]


def _groups(world: World, people: int, seed: str) -> Mapping[str, NDArray[np.object_]]:
    """The sex, unless the checklist itself asks for it."""
    return {} if "sex" in world.features.checklist.by_id else {"sex": choose(uniform(seed, "sex", people), _SEX)}


def _notes(received: Received | None, support: Support | None, people: int) -> Mapping[str, NDArray[np.object_]]:
    if received is None or support is None:
        return {}
    return {
        "band_proposed": received.proposed,
        "band_decided": received.decided,
        "support": received.support,
        "model": np.full(people, support.policy.version, dtype=object),
    }

"""What becomes known of a simulated spell: how long it is seen, and how it ends?

Jobs end on a day of two years, each equally likely. Follow-up closes on one day for everybody; some people are never
reached, and of others contact is lost at a constant rate. The rate is the one with which the stated share of outcomes
is known at the horizon. Weeks are whole: a return is rounded up to the week in which it falls, the last time that
somebody was heard of is rounded down, so that the outcome at a whole number of weeks is exact.

Some spells end otherwise. Of those who would not be back by the horizon, some aged 55 or over retire, and a few people
die, at a week before it. The outcome "not back in work" at the horizon or earlier is then exactly that of the spell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.outcomes import BACK, COMPETING, OUT
from triage.simulation.streams import choose, uniform
from triage.simulation.world import World

Array = NDArray[np.float64]
FIRST_DAY, DAYS = np.datetime64("2023-07-01", "D"), 730
#: Of the outcomes that are not known, the share of people who were never reached at all.
_NEVER_REACHED = 0.6
_RETIRES_FROM, _RETIRED, _DIED = 55, 0.15, 0.01
#: How outcomes are shared among kinds; judgement, and the same for everybody.
_BACK = (("paid_work", 0.78), ("temporary_seasonal", 0.14), ("self_employed", 0.08))
_OUT = (("still_looking", 0.70), ("training", 0.12), ("ill_health", 0.10), ("caring", 0.08))
_LOST = (("lost_contact", 0.80), ("moved", 0.20))
_STEP = 0.25


@dataclass(frozen=True, eq=False)
class Followed:
    """What is known of n spells; the attributes are those of `Outcomes`."""

    weeks: Array
    kind: NDArray[np.object_]
    place: NDArray[np.int8]
    date: NDArray[np.datetime64]


def follow(world: World, spells: Array, ages: Array, seed: str) -> Followed:
    """What is known of `spells` [n] (weeks) of people of these `ages` [n] (years; NaN where no age is asked)."""
    people = len(spells)
    day = np.floor(uniform(seed, "job ended", people) * DAYS).astype(np.int64)
    closes = (DAYS + 7 * _closing(world) - day) / 7
    lost = _lost(world, people, seed)
    ends, competing = _competing(world, spells, ages, seed)
    is_seen, contact = ends <= np.minimum(closes, lost), lost >= closes
    weeks = np.where(is_seen, np.ceil(ends), np.floor(np.minimum(closes, lost)))
    numbers = uniform(seed, "kind", people)
    kind = np.where(contact, choose(numbers, _OUT), choose(numbers, _LOST))
    kind[lost == 0] = "lost_contact"
    kind = np.where(is_seen, np.where(competing == "", choose(numbers, _BACK), competing), kind)
    place = np.where(is_seen, np.where(competing == "", BACK, COMPETING), OUT).astype(np.int8)
    return Followed(weeks, kind, place, FIRST_DAY + day)


def _competing(world: World, spells: Array, ages: Array, seed: str) -> tuple[Array, NDArray[np.object_]]:
    """When each spell ends, and the kind of the event that ends it before any return; "" where none does."""
    people, chance = len(spells), uniform(seed, "otherwise", len(spells))
    beyond = spells > world.horizon
    retires = beyond & (ages >= _RETIRES_FROM) & (chance < _RETIRED)
    dies = beyond & (chance > 1 - _DIED)
    kind = np.full(people, "", dtype=object)
    kind[retires], kind[dies] = "retired", "died"
    ends = np.where(retires | dies, world.horizon * uniform(seed, "otherwise:when", people), spells)
    return ends, kind


def _closing(world: World) -> float:
    """Weeks from the last job's end until follow-up closes: the horizon where every outcome is to be known."""
    return world.horizon * world.settings.follow_up


def _lost(world: World, people: int, seed: str) -> Array:
    """Weeks until contact is lost: 0 for those never reached, inf where it never is."""
    unknown = 1 - world.settings.follow_up
    if not unknown:
        return np.full(people, np.inf)
    weeks = -np.log(uniform(seed, "lost", people)) / _rate_of_loss(world)
    weeks[uniform(seed, "reached", people) < _NEVER_REACHED * unknown] = 0.0
    return weeks


def _rate_of_loss(world: World) -> float:
    """The weekly rate of loss with which the stated share of outcomes is known at the horizon, by bisection."""
    unknown = 1 - world.settings.follow_up
    wanted = (unknown - _NEVER_REACHED * unknown) / (1 - _NEVER_REACHED * unknown)
    edges = np.arange(0, world.horizon + _STEP, _STEP)
    out = world.rate_at((edges[1:] + edges[:-1]) / 2)
    open_still = 1 - np.clip((edges - _closing(world)) / (DAYS / 7), 0, 1)
    low, high = 0.0, 100.0
    for _ in range(60):
        rate = (low + high) / 2
        in_sight = np.exp(-rate * edges) * open_still
        known = float(out @ (in_sight[:-1] - in_sight[1:]))
        low, high = (rate, high) if known < wanted else (low, rate)
    return high

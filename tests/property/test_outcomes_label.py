"""Are labels and censoring weights those of a slow textbook computation, on any spells?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.outcomes import BACK, COMPETING, OUT, Label, label_of

Person = tuple[float, int, float]
# Few different weeks, so that there are many ties, also with the horizon.
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from((0.0, 1.0, 2.5, 4.0, 7.0, 9.0)),
        st.sampled_from((BACK, COMPETING, OUT)),
        st.sampled_from((0.0, 0.5, 1.0, 3.0)),
    ),
    max_size=25,
)
HORIZONS = st.sampled_from((0.5, 1.0, 4.0, 6.0, 9.0, 12.0))


def ends(person: Person, competing: str) -> bool:
    return person[1] == BACK or (person[1] == COMPETING and competing == "not_back")


def textbook_chance(people: list[Person], moment: float, competing: str) -> float:
    """The product over each loss before the moment, person by person; at equal weeks ends leave first."""
    chance = 1.0
    for week in sorted({person[0] for person in people}):
        if week >= moment:
            break
        lost = sum(p[2] for p in people if p[0] == week and not ends(p, competing))
        there = sum(p[2] for p in people if p[0] > week) + lost
        if lost > 0:
            chance *= 1 - lost / there
    return chance


def textbook(people: list[Person], horizon: float, competing: str) -> list[tuple[bool, bool, float]]:
    found = []
    for person in people:
        weeks, place, weight = person
        if weeks > horizon or (weeks == horizon and not ends(person, competing)):
            found.append((True, True, weight / textbook_chance(people, horizon, competing) if weight else 0.0))
        elif ends(person, competing):
            chance = textbook_chance(people, weeks, competing)
            found.append((True, place == COMPETING, weight / chance if weight else 0.0))
        else:
            found.append((False, False, 0.0))
    return found


def label(people: list[Person], horizon: float, competing: str) -> Label:
    weeks, place, weight = (list(column) for column in zip(*people, strict=True)) if people else ([], [], [])
    arrays = np.array(weeks, dtype=float), np.array(place, dtype=np.int8), np.array(weight, dtype=float)
    return label_of(*arrays, horizon, competing)  # type: ignore[arg-type]  # drawn from the two words


@given(PEOPLE, HORIZONS, st.sampled_from(("not_back", "censored")))
@examples(300)
def test_labels_and_weights_are_those_of_the_textbook(people: list[Person], horizon: float, competing: str) -> None:
    found, wanted = label(people, horizon, competing), textbook(people, horizon, competing)
    assert found.known.tolist() == [known for known, _, _ in wanted]
    assert found.outcome.tolist() == [outcome for _, outcome, _ in wanted]
    np.testing.assert_allclose(found.weight, [weight for _, _, weight in wanted], rtol=1e-9, atol=1e-12)


def aalen_johansen(people: list[Person], horizon: float) -> float:
    """The share that has returned by the horizon, week by week."""
    share, free = 0.0, 1.0
    for week in sorted({person[0] for person in people if person[0] <= horizon}):
        there = sum(p[2] for p in people if p[0] >= week)
        back = sum(p[2] for p in people if p[0] == week and p[1] == BACK)
        gone = sum(p[2] for p in people if p[0] == week and p[1] == COMPETING)
        if there:
            share += free * back / there
            free *= 1 - (back + gone) / there
    return share


@given(PEOPLE, HORIZONS)
@examples(300)
def test_the_rate_is_one_minus_aalen_johansen_where_somebody_is_followed_to_the_horizon(
    people: list[Person], horizon: float
) -> None:
    """Where nobody is followed so far, the textbook estimate is not defined at the horizon."""
    if not any(weeks >= horizon and weight for weeks, _, weight in people):
        return
    found = label(people, horizon, "not_back")
    assert found.rate == pytest.approx(1 - aalen_johansen(people, horizon), abs=1e-9)
    assert found.weight.sum() == pytest.approx(sum(weight for _, _, weight in people))


@given(PEOPLE.filter(bool), HORIZONS, st.integers(1, 3))
@examples(100)
def test_a_person_who_weighs_n_counts_like_n_people(people: list[Person], horizon: float, times: int) -> None:
    whole = [(weeks, place, 1.0) for weeks, place, _ in people]
    once = label([(weeks, place, float(times)) for weeks, place, _ in people], horizon, "not_back")
    often = label(whole * times, horizon, "not_back")
    assert once.rate == pytest.approx(often.rate) or (math.isnan(once.rate) and math.isnan(often.rate))

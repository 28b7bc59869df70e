"""Does a tuning say so where a score tells nothing, where a rate rests on nobody, and where all are found less?"""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.tuning_people import QUICK, UNLEARNED, band_of, engine, made, people, policy_of
from tests.tuning_sample import sample_data
from triage.evaluation.dimensions import NOT_STATED
from triage.tuning import Asked, tune
from triage.tuning.candidates import at_percents
from triage.tuning.page.given import given
from triage.tuning.page.groups import LEAST_FOR_RATIO, gap
from triage.tuning.page.sweep import Sweep
from triage.tuning.solver import Wish

FEW = replace(QUICK, resamples=40)


@pytest.mark.slow
def test_a_score_that_tells_nothing_carries_no_promotion() -> None:
    """Everybody gets somebody else's outcome: enough cases lie between the cut-offs, and the score says nothing."""
    found = people()
    order = np.random.default_rng(3).permutation(len(found))
    dealt = {name: getattr(found, name)[order] for name in ("weeks", "kind", "place", "date")}
    moved = Asked([at_percents(engine(), {"enhanced": Decimal(12)})])
    entry = policy_of(tune(engine(), replace(found, **dealt), UNLEARNED, asked=moved, settings=FEW).data, "given")
    said = "At the cut-off of 'enhanced' these events do not show that people flagged have the outcome more often"
    assert entry["blocked"] == [{"id": "tells_nothing", "why": f"{said} than the others."}]
    whole = policy_of(tune(engine(), found, UNLEARNED, asked=moved, settings=FEW).data, "given")
    assert whole["blocked"] == []


@pytest.mark.slow
def test_a_gap_that_narrows_because_all_are_found_less_is_called_so() -> None:
    data = tune(
        engine(), people(), UNLEARNED, asked=Asked(wish=Wish("enhanced", 30, 100, 0.3, "age")), settings=FEW
    ).data
    now, solved = (policy_of(data, kind) for kind in ("in_force", "solved"))
    before, after = (band_of(policy, "enhanced")["figures"]["sensitivity"]["value"] for policy in (now, solved))
    said = data["frontier"]["why"]
    assert after < before
    assert "because every group is found less" in said
    assert f"recall falls from {before:.0%} to {after:.0%}" in said
    assert f"and {solved['moved']['down']:,} people would get a lower band." in said
    assert "found less" not in made().data["frontier"]["why"]


@pytest.fixture
def data() -> dict[str, Any]:
    """A page whose people did not all say their age; those who did not are found least often."""
    found = copy.deepcopy(sample_data(3000))
    ages = found["groups"][0]["groups"]
    silent = copy.deepcopy(ages[0]) | {"name": NOT_STATED}
    for curve in silent["curves"].values():
        curve["value"] = [0.0] * 99
    ages[-1] = silent
    return found


def test_the_page_compares_nobody_with_people_who_did_not_say(data: dict[str, Any]) -> None:
    sweep = Sweep(data)
    said = given(sweep)["gaps"][0]
    assert said[13] == gap(sweep, sweep.dimensions[0], 14)
    assert said
    assert all(NOT_STATED not in text for text in said)


def test_in_vain_is_of_those_without_the_outcome_and_a_ratio_needs_people(data: dict[str, Any]) -> None:
    sweep = Sweep(data)
    groups = {group["name"]: group for group in sweep.dimensions[0]["groups"]}
    told = gap(sweep, sweep.dimensions[0], 14)
    found = re.search(
        r"In vain most often: (.+) \(([\d.]+) of 100 who were no long-term case, ([\d.]+) times as often\);"
        r" least often: (.+) \(([\d.]+)\)\.",
        told,
    )
    assert found
    most, high, ratio, least, low = found.groups()
    for name, rate in ((most, high), (least, low)):
        value = groups[name]["curves"]["false_positive_rate"]["value"][13]
        assert float(rate) == pytest.approx(100 * value, abs=0.05)
    assert float(ratio) == pytest.approx(float(high) / float(low), abs=0.06)
    small = groups[least]
    rate = small["curves"]["false_positive_rate"]["value"][13]
    small["known"] = small["cases"] + int((LEAST_FOR_RATIO - 1) / rate)
    assert "times as often" not in gap(sweep, sweep.dimensions[0], 14)

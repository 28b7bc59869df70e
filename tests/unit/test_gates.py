"""Does each gate let through what it should, and nothing else?"""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import triage
from triage.champion.gaps import Gap, NoGap, recall_gaps
from triage.champion.gates import Facts, Gate, all_gates, parity
from triage.champion.limits import Limits, limits_path, read_limits
from triage.cutoffs import Cutoffs
from triage.engine import Engine
from triage.errors import ContentError
from triage.evaluation import Settings
from triage.evaluation.dimensions import NOT_STATED
from triage.outcomes import Outcomes
from triage.outcomes.seen import Overlap
from triage.simulation import Settings as Simulated
from triage.simulation import World, simulate

LIMITS = read_limits(limits_path())
GOOD = {"value": 1.0, "low": 0.8, "high": 1.2}


def facts(**changes: Any) -> Facts:
    """A challenger that passes every gate of the shipped file, changed as asked."""
    difference = {"value": 0.001, "low": -0.01, "high": 0.02}
    evaluation = {
        "people": {"clients_with_outcome": 150},
        "main": {"slope": GOOD, "observed_over_expected": GOOD, "auc": {"value": 0.65, "low": 0.6, "high": 0.7}},
        "comparators": [{"kind": "age"}, {"kind": "previous", "auc": {"difference": difference}}],
        "groups": [{"id": "age"}],
    }
    gap = Gap("Age", "age", "enhanced", "55 years and over", "under 25 years", part(0.5), part(0.02))
    return replace(Facts(evaluation, (gap,), "old-1", True, Overlap(0, 0)), **changes)


def part(value: float | None, low: float | None = -1.0, high: float | None = 1.0) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


def changed(path: str, value: Any) -> Facts:
    """The same with one entry of the evaluation changed."""
    whole = facts()
    data = copy.deepcopy(whole.evaluation)
    *above, last = path.split("/")
    inner: Any = data
    for key in above:
        inner = inner[int(key) if key.isdigit() else key]
    inner[last] = value
    return replace(whole, evaluation=data)


def failed(found: Facts, limits: Limits = LIMITS) -> list[str]:
    return [gate.id for gate in all_gates(found, limits) if not gate.passed]


def test_the_good_one_passes_each_gate_and_each_is_named_once() -> None:
    gates = all_gates(facts(), LIMITS)
    assert all(gate.passed for gate in gates)
    ids = [gate.id for gate in gates]
    assert len(set(ids)) == len(ids)
    assert {"parity", "cases", "unseen", "auc", "groups.age.enhanced"} <= set(ids)
    assert all(gate.asks and gate.found and gate.limit for gate in gates)


def test_a_broken_file_is_named_and_fails() -> None:
    assert parity("model.onnx was changed.").found == "model.onnx was changed."
    assert not parity("model.onnx was changed.").passed


@pytest.mark.parametrize(("cases", "passes"), [(99, False), (100, True)])
def test_there_must_be_enough_cases(cases: int, passes: bool) -> None:
    assert (failed(changed("people/clients_with_outcome", cases)) == []) is passes


@pytest.mark.parametrize("name", ["slope", "observed_over_expected"])
@pytest.mark.parametrize(
    ("told", "passes"),
    [
        (GOOD, True),
        ({"value": 0.6, "low": 0.6, "high": 0.6}, False),
        ({"value": 1.5, "low": 1.5, "high": 1.5}, False),
        ({"value": 1.0, "low": 0.3, "high": 1.2}, False),
        ({"value": 1.0, "low": 0.9, "high": 2.5}, False),
        ({"value": None, "low": None, "high": None}, False),
        ({"value": 1.0, "low": None, "high": None}, False),
    ],
    ids=["right", "low", "high", "may be low", "may be high", "not known", "no interval"],
)
def test_calibration_must_be_right_and_known_to_be(name: str, told: Any, passes: bool) -> None:
    """A figure in the right place that could as well lie anywhere does not pass."""
    assert failed(changed(f"main/{name}", told)) == ([] if passes else [f"calibration_{name}"])


@pytest.mark.parametrize(("low", "passes"), [(-0.03, True), (-0.0301, False), (None, False)])
def test_the_order_of_people_may_not_be_worse_even_at_the_low_end(low: float | None, passes: bool) -> None:
    told = changed("comparators/1/auc", {"difference": part(0.0, low)})
    assert failed(told) == ([] if passes else ["auc"])


def test_the_first_champion_is_compared_with_none() -> None:
    gaps = [replace(gap, wider=None) for gap in facts().gaps]
    assert failed(replace(changed("comparators", []), champion=None, gaps=gaps)) == []


@pytest.mark.parametrize(
    ("gap", "wider", "passes"),
    [(0.6, 0.10, True), (0.61, 0.0, False), (0.2, 0.11, False), (None, 0.0, False), (0.2, None, False)],
)
def test_no_group_may_be_left_behind(gap: float | None, wider: float | None, passes: bool) -> None:
    told = replace(facts().gaps[0], gap=part(gap), wider=part(wider))
    assert (failed(facts(gaps=(told,))) == []) is passes


@pytest.mark.parametrize("young", [0.12, 0.18])
@pytest.mark.parametrize("old", [0.88, 0.89])
def test_what_was_found_in_the_netherlands_does_not_pass_even_for_a_first_champion(young: float, old: float) -> None:
    """Recall by age there: 12 to 18% of those under 30 and 88 to 89% of those of 50 or more."""
    gap = replace(facts().gaps[0], gap=part(old - young), wider=None)
    assert failed(replace(changed("comparators", []), champion=None, gaps=(gap,))) == ["groups.age.enhanced"]


def test_a_group_that_was_not_compared_is_named() -> None:
    gap = replace(facts().gaps[0], left_out=("25 to 34 years", "35 to 44 years"))
    gates = all_gates(facts(gaps=(gap,), no_gaps=(NoGap("Disability", "disability", ("Yes",)),)), LIMITS)
    found = {gate.id: gate.found for gate in gates if gate.passed}
    assert found["groups.age.enhanced"].endswith("; too little is known of “25 to 34 years”, “35 to 44 years”")
    assert found["groups.disability"] == "no two groups can be compared; too little is known of “Yes”"


def test_groups_that_are_too_small_to_compare_fail_and_nothing_to_group_by_does_not() -> None:
    assert failed(facts(gaps=())) == ["groups"]
    assert failed(replace(changed("groups", []), gaps=())) == []


@pytest.mark.parametrize(
    ("learned", "overlap", "passes"),
    [
        (False, None, True), (True, Overlap(0, 0), True), (True, None, False), (True, Overlap(1, 0), False),
        (True, Overlap(0, 3), False),
    ],
)  # fmt: skip
def test_nobody_whom_it_learned_from_may_judge_it(learned: bool, overlap: Overlap | None, passes: bool) -> None:
    assert failed(facts(learned=learned, overlap=overlap)) == ([] if passes else ["unseen"])


def test_a_gate_says_in_words_what_it_found_and_what_was_asked() -> None:
    [gate] = [gate for gate in all_gates(facts(), LIMITS) if gate.id == "auc"]
    assert str(gate) == (
        "passed: AUC 0.650 (0.600 to 0.700); the difference to old-1 is 0.001 (-0.010 to 0.020) (at the low end of the"
        " interval not more than 0.03 below the champion)"
    )
    assert Gate("x", "?", False, "found", "limit").as_data()["passed"] is False


# ------------------------------------------------------------------------------------------------ limits of one's own


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("least: 100", "least: 0", "cases.least"),
        ("margin: 0.03", "margin: -1", "auc.margin"),
        ("value: [0.7, 1.4], interval: [0.4, 2.0]", "value: [0.7, 1.4], interval: [0.8, 2.0]", "slope"),
        ("widest: 0.6", "widest: 0.6\n  despite: yes", "despite"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_place(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = limits_path().read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gates.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        read_limits(tmp_path / "gates.yaml")


def test_other_limits_do_not_pass_for_the_shipped_ones(tmp_path: Path) -> None:
    """A promotion names its limits; comments may differ."""
    text, own = limits_path().read_text(encoding="utf-8"), tmp_path / "gates.yaml"
    own.write_text(f"# Ours.\n{text}", encoding="utf-8")
    assert read_limits(own).digest == LIMITS.digest
    own.write_text(text.replace("least: 100", "least: 10"), encoding="utf-8")
    with pytest.raises(ContentError, match="Give it an id of its own"):
        read_limits(own)
    own.write_text(text.replace("least: 100", "least: 10").replace("id: gates-start", "id: ours"), encoding="utf-8")
    assert read_limits(own).name == "ours-2026.1"


# ------------------------------------------------------------------------------------------------ gaps


@pytest.fixture(scope="module")
def people() -> Outcomes:
    features = triage.load().features
    world = World.of(Path("models/recipes/evidence.yaml"), features, Simulated(strength=2.2, base_rate=0.25))
    return simulate(2500, "gaps", world).outcomes


def test_the_gap_is_that_of_counting_by_hand(people: Outcomes) -> None:
    engine = triage.load()
    settings = Settings(resamples=40, least_cases=20)
    [found] = [
        gap for gap in recall_gaps(engine, None, people, 52.0, settings)[0] if (gap.id, gap.band) == ("age", "enhanced")
    ]
    label = people.label(52.0)
    logit = engine.bundle.run(people.inputs)["logit"]
    contributions = engine.bundle.run(people.inputs)["contributions"]
    special = contributions[:, list(engine.special_places)].sum(axis=1)
    flagged = engine.points.places(logit + np.maximum(-special, 0)) >= 1
    age = people.inputs[:, next(item.place for item in engine.features.inputs if item.id == "age")]

    def recall(here: Any) -> float:
        weight = label.weight * (label.known & label.outcome & here & (band_known(engine, people)))
        return float(weight[flagged].sum() / weight.sum())

    edges = (0, 25, 35, 45, 55, 200)
    rates = [recall((age >= low) & (age < high)) for low, high in itertools.pairwise(edges)]
    assert found.wider is None
    assert found.gap["value"] == pytest.approx(max(rates) - min(rates), abs=1e-5)


def test_people_who_did_not_say_are_no_group_of_their_own(people: Outcomes) -> None:
    """Those who keep their age to themselves here are found least often of all."""
    engine = triage.load()
    age = next(item.place for item in engine.features.inputs if item.id == "age")
    inputs = people.inputs.copy()
    logit = engine.bundle.run(inputs)["logit"]
    inputs[logit < np.quantile(logit, 0.4), age] = np.nan
    # Of those under 25 too few are left with the outcome: what the others are like says nothing of them.
    young = np.flatnonzero((inputs[:, age] < 25) & people.label(52.0).outcome)
    kept = np.setdiff1d(np.arange(len(people)), young[5:])
    told = replace(people, inputs=inputs).take(kept)
    gaps, no_gaps = recall_gaps(engine, None, told, 52.0, Settings(resamples=20, least_cases=20))
    [of_age] = [gap for gap in gaps if (gap.id, gap.band) == ("age", "enhanced")]
    assert NOT_STATED not in (of_age.highest, of_age.lowest, *of_age.left_out)
    assert of_age.left_out == ("under 25 years",)
    few = recall_gaps(engine, None, told, 52.0, Settings(resamples=20, least_cases=len(people)))
    assert few[0] == []
    assert {item.id for item in few[1]} == {gap.id for gap in gaps} | {item.id for item in no_gaps}


def band_known(engine: Engine, people: Outcomes) -> Any:
    """Who has enough answers for a band: five that say something."""
    known = ~np.isnan(people.inputs)
    return known.sum(axis=1) >= engine.at_least


def test_the_same_model_is_not_wider_than_itself_and_another_may_be(people: Outcomes, tmp_path: Path) -> None:
    engine = triage.load()
    settings = Settings(resamples=40, least_cases=20)
    same, _ = recall_gaps(engine, engine, people, 52.0, settings)
    assert same
    assert all(gap.wider == {"value": 0.0, "low": 0.0, "high": 0.0} for gap in same)
    text = Path("models/cutoffs/default.yaml").read_text(encoding="utf-8")
    (tmp_path / "more.yaml").write_text(text.replace("share: 30}", "share: 60}"), encoding="utf-8")
    other = Engine(engine.bundle, engine.features, Cutoffs.load(tmp_path / "more.yaml"))
    moved = [gap for gap in recall_gaps(engine, other, people, 52.0, settings)[0] if gap.band == "enhanced"]
    assert any(abs(gap.wider["value"] or 0.0) > 0.05 for gap in moved if gap.wider)

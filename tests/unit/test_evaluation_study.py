"""What does an evaluation of a whole model say, on real displaced workers?"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.evaluation_people import censored, displaced
from triage import Engine
from triage.bundle import Bundle
from triage.bundle.manifest import Sample as Learned
from triage.errors import BundleError
from triage.evaluation import EvaluationError, Settings, evaluate, judge
from triage.evaluation.about import about
from triage.evaluation.dimensions import dimensions
from triage.evaluation.parts import shares
from triage.evaluation.sample import Sample
from triage.evaluation.scored import score_outcomes
from triage.evaluation.write import as_json
from triage.outcomes import COMPETING, Outcomes

pytestmark = pytest.mark.slow

FEW = Settings(resamples=60)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Outcomes]:
    return displaced(tmp_path_factory.mktemp("displaced"))


@pytest.fixture(scope="module")
def data(world: tuple[Engine, Outcomes]) -> dict[str, Any]:
    engine, outcomes = world
    return evaluate(engine, outcomes, previous=[engine.bundle], settings=FEW).data


def of(items: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    return next(item for item in items if item["id"] == id_)


def test_scores_and_bands_are_those_of_the_engine(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    some = outcomes.take(np.arange(40))
    inputs = some.inputs.copy()
    inputs[::3, 4:] = np.nan
    found = score_outcomes(engine, replace(some, inputs=inputs))
    for row in range(40):
        one = engine.score_inputs(inputs[row].tolist())
        assert found.logit[row] == one["logit"]
        place = engine.points.place(engine.band_logit(float(one["logit"]), one["contributions"].tolist()))
        assert found.place[row] in (place, -1)
    assert np.any(found.place == -1), "nobody had too few answers"


def test_leaving_a_question_out_is_not_asking_it(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    some = outcomes.take(np.arange(200))
    inputs = some.inputs.copy()
    inputs[:, [item.place for item in engine.features.inputs_of["age"]]] = np.nan
    silent = score_outcomes(engine, replace(some, inputs=inputs)).logit
    np.testing.assert_allclose(
        score_outcomes(engine, some).without(engine.features, {"age"}), silent, rtol=0, atol=1e-12
    )


def test_main_figures_are_those_of_judge(world: tuple[Engine, Outcomes], data: dict[str, Any]) -> None:
    engine, outcomes = world
    wanted = judge(score_outcomes(engine, outcomes).logit, outcomes, 26.0, settings=FEW)
    for key in ("auc", "brier", "slope", "top", "lowest", "brier_parts"):
        assert data["main"][key] == wanted[key]


def test_row_order_changes_nothing_and_a_seed_gives_the_same_file(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    some = outcomes.take(np.arange(0, 3343, 8))
    order = np.random.default_rng(1).permutation(len(some))
    once, again = (as_json(evaluate(engine, given, settings=FEW).data) for given in (some, some.take(order)))
    assert once == again


def test_nothing_is_said_of_small_groups_and_rare_cells_are_not_repeated(data: dict[str, Any]) -> None:
    groups = of(data["groups"], "group_town")["groups"]
    assert {"name": "other (each fewer than 10 people)", "shown": False} in groups
    assert "Tiny" not in str(data), "a cell of the file that few people share is an answer of theirs"
    assert [group["name"] for group in groups][-1] == "not stated"
    for item in data["groups"]:
        for group in item["groups"]:
            assert not group["shown"] or (group["people"] >= 10 and group["cases"] >= 5)
    between = of(data["groups"], "group_town")["between_groups"]
    assert {between[band]["recall"]["highest"] for band in between} <= {"East", "West", "not stated"}


def test_group_figures_are_those_of_a_slow_count(world: tuple[Engine, Outcomes], data: dict[str, Any]) -> None:
    engine, outcomes = world
    label, scored = outcomes.label(26.0), score_outcomes(engine, outcomes)
    age = outcomes.inputs[:, engine.features.inputs_of["age"][0].place]
    group = next(item for item in of(data["groups"], "age")["groups"] if item["name"] == "45 to 54 years")
    here = (age >= 45) & (age < 55)
    assert group["people"] == np.count_nonzero(here)
    assert group["cases"] == np.count_nonzero(here & label.known & label.outcome)
    flagged = scored.place >= 2
    for key, among in (("recall", label.outcome), ("false_positive_rate", ~label.outcome)):
        rows = here & among
        wanted = label.weight[rows & flagged].sum() / label.weight[rows].sum()
        assert group["cutoffs"]["intensive"][key]["value"] == pytest.approx(wanted, rel=1e-5)
    assert group["cutoffs"]["intensive"]["workload"]["value"] == pytest.approx(np.mean(flagged[here]), rel=1e-5)


def test_the_largest_difference_is_between_two_groups_that_are_shown(data: dict[str, Any]) -> None:
    for item in data["groups"]:
        for band, rates in item["between_groups"].items():
            shown = {group["name"]: group for group in item["groups"] if group["shown"]}
            told = rates["recall"]
            values = [group["cutoffs"][band]["recall"]["value"] for group in shown.values()]
            assert told["value"] == pytest.approx(max(values) - min(values), abs=1e-5)
            assert {told["highest"], told["lowest"]} <= set(shown)


def test_who_did_not_say_is_a_group_and_ages_lie_in_their_bands(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    inputs = outcomes.inputs.copy()
    inputs[:25] = np.nan
    found = {item.id: item for item in dimensions(engine.features, replace(outcomes, inputs=inputs), FEW)}
    assert {"age", "sex", "race", "married", "group_town"} == set(found)
    age = found["age"]
    assert age.groups == (
        "under 25 years", "25 to 34 years", "35 to 44 years", "45 to 54 years", "55 years and over", "not stated",
    )  # fmt: skip
    assert np.all(age.code[:25] == 5)
    years = inputs[25:, engine.features.inputs_of["age"][0].place]
    assert np.array_equal(age.code[25:], np.searchsorted([25, 35, 45, 55], years, side="right"))


def test_a_model_is_level_with_itself_and_the_rules_are_beside_it(data: dict[str, Any]) -> None:
    itself = of(data["comparators"], "previous_1")
    assert itself["auc"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert itself["auc"]["model_is"] == itself["brier"]["model_is"] == "level"
    kinds = [item["kind"] for item in data["comparators"]]
    assert kinds[:4] == ["age_rule", "age_rule", "age", "previous"]
    assert [item["id"] for item in data["comparators"] if item["kind"] == "less"] == [
        "less_age", "less_married", "less_sex", "less_race", "less_all",
    ]  # fmt: skip


def test_an_age_rule_is_what_a_slow_count_gives(world: tuple[Engine, Outcomes], data: dict[str, Any]) -> None:
    engine, outcomes = world
    label = outcomes.label(26.0)
    flagged = outcomes.inputs[:, engine.features.inputs_of["age"][0].place] >= 40
    rule = of(data["comparators"], "age_40")
    assert rule["workload"]["value"] == pytest.approx(flagged.mean(), rel=1e-5)
    wanted = label.weight[flagged & label.outcome].sum() / label.weight[flagged].sum()
    assert rule["at_same_workload"]["ppv"]["figure"]["value"] == pytest.approx(wanted, rel=1e-5)


def test_an_evidence_model_of_another_checklist_is_refused(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    with pytest.raises(BundleError, match="does not fit"):
        evaluate(engine, outcomes, evidence=Bundle.load(), settings=FEW)


def test_outcomes_of_another_checklist_are_refused(world: tuple[Engine, Outcomes]) -> None:
    _, outcomes = censored(1)
    with pytest.raises(EvaluationError, match="hold 1 inputs of 1 questions"):
        evaluate(world[0], outcomes, settings=FEW)


def test_another_horizon_is_said(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    found = evaluate(engine, outcomes.take(np.arange(400)), horizon=13, settings=FEW).data
    assert not found["own_horizon"]
    assert any("made for 26 weeks and is judged here at 13 weeks" in item["text"] for item in found["cautions"])


def test_few_people_followed_up_and_simulated_people_are_said_first(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    weeks, kind = outcomes.weeks.copy(), outcomes.kind.copy()
    place = outcomes.place.copy()
    weeks[::2], place[::2], kind[::2] = 0.0, 2, "lost_contact"
    lost = replace(outcomes, weeks=weeks, place=place, kind=kind, simulated=True)
    found = evaluate(engine, lost, settings=FEW).data
    assert {"simulated", "follow_up"} <= {item["id"] for item in found["cautions"]}
    assert found["title"].startswith("Simulated people")
    assert found["follow_up"]["never_reached"] == np.count_nonzero(kind == "lost_contact")
    # An organisation's own kinds have ids of their own: their place in the label says who was lost.
    own = np.where(kind == "lost_contact", "no_reply", kind)
    assert evaluate(engine, replace(lost, kind=own), settings=FEW).data["follow_up"] == found["follow_up"]
    assert found["follow_up"]["least"] < found["main"]["observed"]["value"] < found["follow_up"]["most"]


def test_a_file_put_in_twice_has_no_more_people_with_the_outcome(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world

    def people(these: Outcomes) -> dict[str, Any]:
        sample = Sample(these, 52, "not_back", FEW)
        found: dict[str, Any] = about(engine, these, sample, 52, "not_back")["people"]
        return found

    once, twice = people(outcomes), people(outcomes.take(np.tile(np.arange(len(outcomes)), 2)))
    assert twice["cases"] == 2 * once["cases"]
    assert twice["clients_with_outcome"] == once["clients_with_outcome"] == once["cases"]
    weight = np.where(np.arange(len(outcomes)) < 300, 1.0, 0.0)
    few = people(replace(outcomes, weight=weight))
    assert few["clients_with_outcome"] == people(outcomes.take(np.arange(300)))["clients_with_outcome"]


def test_support_and_competing_events_are_counted_both_ways(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    place, kind = outcomes.place.copy(), outcomes.kind.copy()
    place[5::20], kind[5::20] = COMPETING, "retired"
    cells = np.array(["" if row % 4 else "coaching" for row in range(len(place))], dtype=object)
    decided = np.full(len(place), "standard", dtype=object)
    decided[1] = "intensive"
    given = replace(outcomes, place=place, kind=kind, notes={"support": cells, "band_decided": decided})
    found = evaluate(engine, given, settings=FEW).data
    assert found["support"]["supported_people"] == np.count_nonzero(cells == "coaching") + 1
    assert found["support"]["without"]["people"] + found["support"]["only"]["people"] == len(place)
    both = found["competing_events"]
    assert both["not_back"]["observed"]["value"] > both["censored"]["observed"]["value"]
    assert both["not_back"]["auc"] == found["main"]["auc"]


def test_a_file_without_support_columns_says_nothing_of_support(data: dict[str, Any]) -> None:
    assert data["support"] is None
    assert data["competing_events"]["competing_people"] == 0


def test_a_band_of_a_few_people_is_named_and_not_shown(world: tuple[Engine, Outcomes]) -> None:
    """Three people, of whom two are known, are nobody's secret in a table of bands."""
    engine, outcomes = world
    inputs = outcomes.inputs.copy()
    inputs[:3] = np.nan
    found = evaluate(engine, replace(outcomes, inputs=inputs), settings=FEW).data
    assert found["bands"][-1] == {"id": None, "shown": False}


def test_people_with_few_answers_have_no_band_and_stand_apart(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    inputs = outcomes.inputs.copy()
    inputs[::5] = np.nan
    found = evaluate(engine, replace(outcomes, inputs=inputs), settings=FEW).data
    assert found["bands"][-1]["id"] is None
    assert sum(row["people"] for row in found["bands"]) == len(outcomes)
    assert [(row["from"], row["people"]) for row in found["missing_answers"]] == [(0, 2674), (13, 669)]


@pytest.mark.parametrize(
    ("first", "last", "said"), [("1990-01-01", "1992-12-31", True), ("1980-01-01", "1981-12-31", False)]
)
def test_a_learned_model_judged_by_people_of_its_own_days_is_spoken_of(
    world: tuple[Engine, Outcomes], first: str, last: str, said: bool
) -> None:
    engine, outcomes = copy(world[0]), world[1].take(np.arange(300))
    engine.bundle = copy(engine.bundle)
    engine.bundle.manifest = replace(
        engine.bundle.manifest, source="learned", sample=Learned(people=300, first=first, last=last)
    )
    days = np.full(300, "1991-05-01", dtype="datetime64[D]")
    found = evaluate(engine, replace(outcomes, date=days), settings=FEW).data
    assert ("learned_from" in {item["id"] for item in found["cautions"]}) == said
    assert "no_evidence" in {item["id"] for item in found["cautions"]}


def test_kinds_of_outcome_that_few_people_have_are_not_counted_out(data: dict[str, Any]) -> None:
    kinds = data["people"]["kinds"].values()
    assert all(count is None or count >= 10 for count in kinds)
    assert any(count for count in kinds)


def test_a_difference_below_nothing_has_a_true_minus_sign() -> None:
    assert shares({"value": 0.22, "low": -0.113, "high": 0.56}) == "22% (−11% to 56%)"
    assert shares({"value": 0.22, "low": -0.013, "high": 0.56}) == "22% (−1.3% to 56%)"


def test_a_model_of_simulated_people_that_meets_real_ones_is_called_so(world: tuple[Engine, Outcomes]) -> None:
    engine, outcomes = world
    learned = copy(engine)
    sample = Learned(people=10, first="1980-01-01", last="1980-12-31", simulated=True)
    learned.bundle = copy(engine.bundle)
    manifest = replace(engine.bundle.manifest, source="learned", sample=sample)
    object.__setattr__(learned.bundle, "manifest", manifest)
    some = outcomes.take(np.arange(0, 3343, 8))
    said = {item["id"] for item in evaluate(learned, some, settings=FEW).data["cautions"]}
    assert "learned_simulated" in said

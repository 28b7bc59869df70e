"""Does a tuning say of each cut-off and each policy what the people say, and what it cannot say?"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tests.evaluation_people import displaced
from tests.tuning_people import QUICK, UNLEARNED, band_of, engine, made, people, policy_of
from triage.errors import TuningError
from triage.evaluation.scored import score_outcomes
from triage.tuning import Asked, tune
from triage.tuning.apart import LEAST_BETWEEN
from triage.tuning.candidates import at_percents
from triage.tuning.deciding import Deciding
from triage.tuning.intervals import curve, told
from triage.tuning.page import tuning_page
from triage.tuning.solver import Wish
from triage.tuning.sweep import edge_of
from triage.tuning.tune import Tuning

pytestmark = pytest.mark.slow
NONE = replace(QUICK, resamples=10)


def test_figures_at_a_cut_off_are_those_of_the_people() -> None:
    """Worked out again from the label and the scores, person by person."""
    data, found = made().data, people()
    scored, label = score_outcomes(engine(), found), found.label(52)
    logits, banded = Deciding.of(engine(), found).logits(), scored.place >= 0
    known = np.where(banded, label.weight, 0.0)
    cases = np.where(label.outcome, known, 0.0)
    for percent in (8, 15, 30):
        flagged = banded & (logits >= edge_of(percent))
        hit, all_, in_all = cases[flagged].sum(), known[flagged].sum(), known.sum()
        wanted = {
            "ppv": hit / all_,
            "sensitivity": hit / cases.sum(),
            "flagged": flagged.sum() / banded.sum(),
            "missed": (cases.sum() - hit) / in_all,
            "in_vain": (all_ - hit) / in_all,
            "npv": 1 - (cases.sum() - hit) / (in_all - all_),
            "net_benefit": hit / in_all - percent / (100 - percent) * (all_ - hit) / in_all,
        }
        for name, value in wanted.items():
            assert data["curves"][name]["value"][percent - 1] == pytest.approx(value, rel=1e-5), name
        assert data["counts"]["people"][percent - 1] == np.count_nonzero(flagged)
        assert data["counts"]["cases"][percent - 1] == np.count_nonzero(flagged & label.outcome)


def test_health_answers_raise_a_band_and_never_lower_it() -> None:
    scored = score_outcomes(engine(), people())
    logits = Deciding.of(engine(), people()).logits()
    assert np.all(logits >= scored.logit)
    assert np.any(logits > scored.logit)
    banded = scored.place >= 0
    assert np.array_equal(engine().points.places(logits)[banded], scored.place[banded])


def test_curves_fall_where_they_must_and_intervals_hold_their_values() -> None:
    curves = made().data["curves"]
    for name in ("sensitivity", "flagged"):
        values = curves[name]["value"]
        assert values == sorted(values, reverse=True)
    assert curves["missed"]["value"] == sorted(curves["missed"]["value"])
    ppv = curves["ppv"]
    assert all(low <= value <= high for low, value, high in zip(ppv["low"][:20], ppv["value"][:20], ppv["high"][:20],
                                                                strict=True))  # fmt: skip
    assert ppv["value"][98] is None
    assert curves["recall_gap_age"]["value"][15] > 0.2


def test_cut_offs_that_flag_the_same_people_are_one_run_and_close_ones_are_not_told_apart() -> None:
    data = made().data
    rows, cases = data["counts"]["people"], data["counts"]["cases"]
    for run in data["equal"]:
        assert rows[run["from"] - 1] == rows[run["to"] - 1]
    assert data["equal"][-1]["to"] == 99
    pairs = {(item["from"], item["to"]) for item in data["indistinct"]}
    for low in range(1, 99):
        few = rows[low - 1] > rows[low] and cases[low - 1] - cases[low] < LEAST_BETWEEN
        assert not few or (low, low + 1) in pairs
    assert pairs


def test_the_order_of_the_rows_changes_nothing() -> None:
    some = people().take(np.arange(700))
    order = np.random.default_rng(1).permutation(700)
    asked = Asked([at_percents(engine(), {"intensive": Decimal(30)})])
    one, other = (tune(engine(), found, UNLEARNED, asked=asked, settings=NONE) for found in (some, some.take(order)))
    assert one.data == other.data
    assert sorted(one.movers.rows) == sorted(other.movers.rows)


class TestFairness:
    def test_the_young_who_are_missed_are_spoken_of(self) -> None:
        """In the Netherlands 12 to 18% of the long-term unemployed under 30 were found, and 88% of those over 50."""
        said = [item["text"] for item in made().data["cautions"] if item["id"] == "age_recall"]
        assert said
        assert "“under 25 years”" in said[0]
        assert "less than half" in said[0]

    def test_a_gap_is_that_of_the_two_groups_furthest_apart(self) -> None:
        for item in policy_of(made().data, "given")["gaps"]:
            told = band_of(policy_of(made().data, "given"), item["band"])
            groups = next(found["groups"] for found in told["groups"] if found["id"] == item["dimension"])
            rates = {group["name"]: group[item["rate"]]["value"] for group in groups if group["name"] != "not stated"}
            assert item["difference"]["value"] == pytest.approx(max(rates.values()) - min(rates.values()), abs=1e-5)
            assert rates[item["highest"]] == max(rates.values())

    def test_a_wider_gap_is_listed_with_both(self) -> None:
        entry = policy_of(made().data, "given")
        before = {
            (gap["dimension"], gap["band"], gap["rate"]): gap for gap in policy_of(made().data, "in_force")["gaps"]
        }
        assert {item["rate"] for item in entry["widened"]} <= {"recall", "false_positive_rate"}
        assert entry["widened"]
        for item in entry["widened"]:
            old = before[item["dimension"], item["band"], item["rate"]]
            assert item["before"] == old["difference"]["value"]
            assert item["after"] > item["before"]
            assert item["difference"]["value"] == pytest.approx(item["after"] - item["before"], abs=1e-5)

    def test_the_policy_less_a_characteristic_flags_as_many(self) -> None:
        entry = policy_of(made().data, "in_force")
        assert {item["characteristic"] for item in entry["less"]} == {"age", "disability"}
        for item in entry["less"]:
            for less in item["bands"]:
                whole = band_of(entry, less["id"])["figures"]["flagged"]["value"]
                assert less["figures"]["flagged"]["value"] == pytest.approx(whole, abs=0.02)
        older = next(item for item in entry["less"] if item["characteristic"] == "age")
        gap = {
            (found["band"], found["dimension"], found["rate"]): found["difference"]["value"]
            for found in older["bands"][0]["gaps"]
        }
        with_age = next(
            found["difference"]["value"]
            for found in entry["gaps"]
            if (found["band"], found["dimension"], found["rate"]) == ("enhanced", "age", "recall")
        )
        assert gap["enhanced", "age", "recall"] < with_age

    def test_small_groups_are_named_and_not_shown(self) -> None:
        found = people().take(np.arange(900))
        town = np.where(np.arange(900) < 12, "Tiny", "Large").astype(object)
        found = replace(found, groups={"town": town})
        data = tune(engine(), found, UNLEARNED, settings=NONE).data
        item = next(item for item in data["groups"] if item["id"] == "group_town")
        assert {group["name"]: group["shown"] for group in item["groups"]} == {"Large": True, "Tiny": False}
        assert set(item["groups"][1]) == {"name", "shown"}


def test_people_who_do_not_say_are_shown_and_not_compared() -> None:
    for item in made().data["policies"]:
        assert not {"not stated"} & {gap[end] for gap in item["gaps"] for end in ("highest", "lowest")}
    age = next(item for item in made().data["groups"] if item["id"] == "age")
    assert "not stated" in [group["name"] for group in age["groups"]]


def test_without_age_bands_there_is_no_gap_between_them() -> None:
    some = people().take(np.arange(600))
    data = tune(engine(), some, UNLEARNED, settings=replace(NONE, protected=())).data
    assert data["curves"]["recall_gap_age"] is None
    assert "age" not in [item["id"] for item in data["groups"]]
    assert tuning_page(data).startswith("<!DOCTYPE html>")


def test_people_with_support_are_spoken_of() -> None:
    some = people().take(np.arange(600))
    helped = replace(some, notes={"support": np.where(np.arange(600) < 40, "workshop", "").astype(object)})
    data = tune(engine(), helped, UNLEARNED, settings=NONE).data
    assert data["people"]["supported"] == 40
    assert "40 of 600" in next(item["text"] for item in data["cautions"] if item["id"] == "support")


def test_nobody_with_a_band_is_refused() -> None:
    found = people().take(np.arange(50))
    silent = replace(found, inputs=np.full_like(found.inputs, math.nan), states=np.zeros_like(found.states))
    with pytest.raises(TuningError, match="enough answers"):
        tune(engine(), silent, UNLEARNED, settings=NONE)


def test_another_checklist_with_real_people_is_tuned_alike(tmp_path: Path) -> None:
    """The displaced workers: other questions and bands, no health question, people who existed."""
    other, found = displaced(tmp_path)
    asked = Asked([at_percents(other, {"enhanced": Decimal(35)})], Wish("intensive", 20, 100, 0.15, "town"))
    data = tune(other, found, UNLEARNED, asked=asked, settings=NONE).data
    assert not data["simulated"]
    assert "simulated" not in data["policies"][1]["cutoffs_file"]
    assert {item["characteristic"] for item in data["policies"][0]["less"]} >= {"age", "sex", "race"}
    assert data["policies"][1]["blocked"] == []
    [best] = [point for point in data["frontier"]["points"] if point["best"]]
    assert best["places_a_week"] <= 20
    assert best["gap"] <= 0.15
    assert "age_recall" in [item["id"] for item in data["cautions"]]


def test_the_sample_for_other_tests_has_everything() -> None:
    tuning: Tuning = made()
    kinds = [item["kind"] for item in tuning.data["policies"]]
    assert kinds == ["in_force", "given", "solved", "cost"]
    assert tuning.data["simulated"]
    assert tuning.data["title"].startswith("Simulated people")


def test_a_curve_is_its_figures_side_by_side() -> None:
    """Intervals of 99 points at once are those that each point would get alone."""
    random = np.random.default_rng(2)
    once, again = random.random(6), random.random((6, 50))
    once[0] = np.nan
    again[1, :2], again[2, :20] = np.nan, np.nan
    once[3], again[3] = 1.0, 1.0
    found = curve(once, again)
    points = [{key: found[key][place] for key in ("value", "low", "high")} for place in range(6)]
    assert points == [told(once[place], again[place]) for place in range(6)]
    assert points[0]["value"] is points[2]["low"] is points[3]["low"] is None
    assert points[1]["low"] is not None

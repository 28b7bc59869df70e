"""Does a tuning say of each cut-off and each policy what the people say, and what it cannot say?"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tuning_people import QUICK, UNLEARNED, engine, made, people
from triage.cutoffs import Cutoffs
from triage.errors import TuningError
from triage.evaluation.scored import score_outcomes
from triage.numbers import logistic
from triage.tuning import Asked, tune
from triage.tuning.apart import LEAST_BETWEEN
from triage.tuning.candidates import IN_FORCE, at_percents, from_file
from triage.tuning.costs import Costs
from triage.tuning.deciding import Deciding
from triage.tuning.local import Local, Partnership
from triage.tuning.solver import Wish
from triage.tuning.sweep import edge_of
from triage.tuning.tune import Tuning

pytestmark = pytest.mark.slow
NONE = replace(QUICK, resamples=10)


def policy(data: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in data["policies"] if item["kind"] == kind)
    return found


def band(entry: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in entry["bands"] if item["id"] == name)
    return found


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


class TestPolicies:
    def test_each_is_a_whole_cut_offs_file_that_gives_its_cut_offs(self, tmp_path: Path) -> None:
        """What a promotion signs is what was compared."""
        for item in made().data["policies"]:
            path = tmp_path / "cutoffs.yaml"
            path.write_text(item["cutoffs_file"], encoding="utf-8")
            cutoffs = Cutoffs.load(path)
            cutoffs.check_fits(engine().checklist)
            assert list(cutoffs.at(engine().bundle).edges) == [told["logit"] for told in item["bands"]]
            assert cutoffs.file.governance is None
            assert "simulated people" in item["cutoffs_file"]

    def test_the_one_in_force_keeps_its_rules(self) -> None:
        entry = policy(made().data, "in_force")
        assert made().data["in_force"] == entry["id"] == IN_FORCE
        assert "share: 8" in entry["cutoffs_file"]
        assert entry["moved"] == {"up": 0, "down": 0, "same": len(people())}
        assert [item["id"] for item in entry["blocked"]] == ["in_force"]

    def test_a_file_that_changes_nothing_is_named_so(self, tmp_path: Path) -> None:
        path = tmp_path / "same.yaml"
        path.write_text(policy(made().data, "in_force")["cutoffs_file"], encoding="utf-8")
        some = people().take(np.arange(900))
        data = tune(engine(), some, UNLEARNED, asked=Asked([from_file(path, engine())]), settings=NONE).data
        assert "same" in [item["id"] for item in policy(data, "given")["blocked"]]

    def test_a_file_with_another_rule_for_too_few_answers_is_not_compared(self, tmp_path: Path) -> None:
        path = tmp_path / "other.yaml"
        text = policy(made().data, "in_force")["cutoffs_file"].replace("at_least: 5", "at_least: 4")
        path.write_text(text, encoding="utf-8")
        with pytest.raises(TuningError, match="enough_answers"):
            from_file(path, engine())

    @pytest.mark.parametrize(
        ("percents", "said"),
        [
            ({"enhanced": 40}, "do not go together|easier to reach"),
            ({"standard": 5}, "everybody's"),
            ({"intense": 30}, "intensive"),
            ({"intensive": 100}, "between 0 and 100"),
        ],
    )
    def test_cut_offs_that_cannot_be_are_refused_in_words(self, percents: dict[str, int], said: str) -> None:
        from triage.errors import UserError

        with pytest.raises(UserError, match=said):
            at_percents(engine(), {name: Decimal(value) for name, value in percents.items()})

    def test_movers_are_those_whose_band_changes(self) -> None:
        tuning = made()
        for item in tuning.data["policies"]:
            rows = [row for row in tuning.movers.rows if row[1] == item["id"]]
            assert len(rows) == item["moved"]["up"] + item["moved"]["down"]
        assert {row[0] for row in tuning.movers.rows} <= set(people().client)
        assert tuning.movers.text().splitlines()[0].endswith("simulated")

    def test_too_few_events_block(self) -> None:
        some = people().take(np.arange(250))
        asked = Asked([at_percents(engine(), {"intensive": Decimal("55")})])
        data = tune(engine(), some, UNLEARNED, asked=asked, settings=NONE).data
        said = [item["why"] for item in policy(data, "given")["blocked"]]
        assert any("in all; 100 are needed" in text for text in said)
        assert any("at or above the cut-off of 'intensive'" in text for text in said)
        assert "few_cases" in [item["id"] for item in data["cautions"]]

    def test_a_hair_from_the_one_in_force_is_not_told_apart(self) -> None:
        now = logistic(engine().points.edges[1])
        near = Decimal(f"{100 * now + 0.2:.3f}")
        asked = Asked([at_percents(engine(), {"intensive": near})])
        data = tune(engine(), people(), UNLEARNED, asked=asked, settings=NONE).data
        assert [item["id"] for item in policy(data, "given")["blocked"]] == ["indistinct"]


class TestSolvedAndCosts:
    def test_the_solved_policy_keeps_to_what_was_asked(self) -> None:
        frontier = made().data["frontier"]
        best = [point for point in frontier["points"] if point["best"]]
        assert [point["percent"] for point in best] == [frontier["chosen"]]
        assert best[0]["places_a_week"] <= 10
        assert best[0]["gap"] <= 0.6
        inside = [point for point in frontier["points"] if point["places_a_week"] <= 10 and point["gap"] <= 0.6]
        below = engine().points.edges[0]
        reachable = [point for point in inside if edge_of(Decimal(str(point["percent"]))) > below]
        assert best[0]["sensitivity"] == max(point["sensitivity"] for point in reachable)
        assert frontier["policy"] in [item["id"] for item in made().data["policies"]]

    def test_nothing_that_fits_is_said_and_no_policy_made(self) -> None:
        some = people().take(np.arange(900))
        data = tune(engine(), some, UNLEARNED, asked=Asked(wish=Wish("intensive", 0, 100)), settings=NONE).data
        assert data["frontier"]["chosen"] is None
        assert "the highest scores alone need" in data["frontier"]["why"]
        assert [item["kind"] for item in data["policies"]] == ["in_force"]

    def test_an_unknown_way_to_group_people_is_refused(self) -> None:
        with pytest.raises(TuningError, match="agee"):
            tune(engine(), people(), UNLEARNED, asked=Asked(wish=Wish("intensive", 5, 100, 0.1, "agee")), settings=NONE)

    def test_local_places_never_push_anybody_out_above_the_floor(self) -> None:
        local = made().data["frontier"]["local"]
        by_name = {item["name"]: item for item in local["groups"]}
        assert by_name["East"]["percent"] <= local["floor"]
        for item in local["groups"]:
            assert item["places_a_week"] <= item["places"] + item["short"] + 1e-9
        few = Local("partnership", Decimal(20), (Partnership("East", 0, 30),))
        asked = Asked(wish=Wish("intensive", 10, 100), local=few)
        found = tune(engine(), people(), UNLEARNED, asked=asked, settings=NONE).data["frontier"]["local"]["groups"][0]
        assert (found["percent"], found["short"] > 0) == (20.0, True)

    def test_places_for_a_partnership_without_people_are_refused(self) -> None:
        few = Local("partnership", Decimal(20), (Partnership("South", 3, 30),))
        with pytest.raises(TuningError, match="without people"):
            tune(engine(), people(), UNLEARNED, asked=Asked(wish=Wish("intensive", 9, 99), local=few), settings=NONE)

    def test_a_cut_off_follows_from_costs_and_depends_on_the_guess(self) -> None:
        """A place of 1 where a missed case loses 4: worth it from 25%. If it loses 8, from 12.5%; if 2, from 50%."""
        data = Costs("intensive", Decimal(1), Decimal(4)).data()
        assert data["percent"] == 25
        by_ratio = {item["ratio"]: item["percent"] for item in data["depends"]}
        assert (by_ratio[2], by_ratio[4], by_ratio[8]) == (50, 25, 12.5)
        assert band(policy(made().data, "cost"), "intensive")["percent"] == 25

    @pytest.mark.parametrize(("place", "missed"), [(0, 4), (4, 4), (5, 4), (1, 0)])
    def test_costs_from_which_nothing_follows_are_refused(self, place: int, missed: int) -> None:
        with pytest.raises(TuningError):
            Costs("intensive", Decimal(place), Decimal(missed))


class TestFairness:
    def test_the_young_who_are_missed_are_spoken_of(self) -> None:
        """In the Netherlands 12 to 18% of the long-term unemployed under 30 were found, and 88% of those over 50."""
        said = [item["text"] for item in made().data["cautions"] if item["id"] == "age_recall"]
        assert said
        assert "“under 25 years”" in said[0]
        assert "less than half" in said[0]

    def test_a_gap_is_that_of_the_two_groups_furthest_apart(self) -> None:
        for item in policy(made().data, "given")["gaps"]:
            told = band(policy(made().data, "given"), item["band"])
            groups = next(found["groups"] for found in told["groups"] if found["id"] == item["dimension"])
            rates = {group["name"]: group[item["rate"]]["value"] for group in groups if group["name"] != "not stated"}
            assert item["difference"]["value"] == pytest.approx(max(rates.values()) - min(rates.values()), abs=1e-5)
            assert rates[item["highest"]] == max(rates.values())

    def test_a_wider_gap_is_listed_with_both(self) -> None:
        entry = policy(made().data, "given")
        before = {(gap["dimension"], gap["band"], gap["rate"]): gap for gap in policy(made().data, "in_force")["gaps"]}
        assert entry["widened"]
        for item in entry["widened"]:
            old = before[item["dimension"], item["band"], item["rate"]]
            assert item["before"] == old["difference"]["value"]
            assert item["after"] > item["before"]
            assert item["difference"]["value"] == pytest.approx(item["after"] - item["before"], abs=1e-5)

    def test_the_policy_less_a_characteristic_flags_as_many(self) -> None:
        entry = policy(made().data, "in_force")
        assert {item["characteristic"] for item in entry["less"]} == {"age", "disability"}
        for item in entry["less"]:
            for told in item["bands"]:
                whole = band(entry, told["id"])["figures"]["flagged"]["value"]
                assert told["figures"]["flagged"]["value"] == pytest.approx(whole, abs=0.02)
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


def test_the_sample_for_other_tests_has_everything() -> None:
    tuning: Tuning = made()
    kinds = [item["kind"] for item in tuning.data["policies"]]
    assert kinds == ["in_force", "given", "solved", "cost"]
    assert tuning.data["simulated"]
    assert tuning.data["title"].startswith("Simulated people")

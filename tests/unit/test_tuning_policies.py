"""Is each policy what was asked for, and is it blocked where the events are too few?"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tests.tuning_people import QUICK, UNLEARNED, band_of, engine, made, people, policy_of
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import LevelRule, Rule
from triage.engine import Engine
from triage.errors import TuningError, UserError
from triage.evaluation.scored import score_outcomes
from triage.numbers import logistic
from triage.policies import Evidence
from triage.tuning import Asked, tune
from triage.tuning.candidates import IN_FORCE, at_percents, from_file
from triage.tuning.costs import Costs
from triage.tuning.deciding import Deciding
from triage.tuning.local import Local, Partnership
from triage.tuning.solver import Wish
from triage.tuning.sweep import edge_of
from triage.tuning.write import as_json, evidence_of, lines

pytestmark = pytest.mark.slow
NONE = replace(QUICK, resamples=10)


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
        entry = policy_of(made().data, "in_force")
        assert made().data["in_force"] == entry["id"] == IN_FORCE
        assert "share: 8" in entry["cutoffs_file"]
        assert entry["moved"] == {"up": 0, "down": 0, "same": len(people())}
        assert [item["id"] for item in entry["blocked"]] == ["in_force"]

    def test_the_evidence_names_the_rules_that_it_compares_with(self) -> None:
        """By a digest, because a version can be written into any file."""
        data = made().data
        found = Evidence.of(as_json(evidence_of(data, policy_of(data, "given"))), "evidence.json")
        assert found.compared_rules == engine().cutoffs.rules_digest

    def test_a_file_that_changes_nothing_is_named_so(self, tmp_path: Path) -> None:
        path = tmp_path / "same.yaml"
        path.write_text(policy_of(made().data, "in_force")["cutoffs_file"], encoding="utf-8")
        some = people().take(np.arange(900))
        data = tune(engine(), some, UNLEARNED, asked=Asked([from_file(path, engine())]), settings=NONE).data
        assert "same" in [item["id"] for item in policy_of(data, "given")["blocked"]]

    def test_a_file_with_another_rule_for_too_few_answers_is_not_compared(self, tmp_path: Path) -> None:
        path = tmp_path / "other.yaml"
        text = policy_of(made().data, "in_force")["cutoffs_file"].replace("at_least: 5", "at_least: 4")
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
        with pytest.raises(UserError, match=said):
            at_percents(engine(), {name: Decimal(value) for name, value in percents.items()})

    def test_a_band_with_places_keeps_them(self) -> None:
        """The cut-off of a single client is replaced; the places of a list stay."""
        bands = engine().cutoffs.file.bands
        places = Rule(capacity=40, fallback=LevelRule(share=Decimal(8)))
        file = replace(engine().cutoffs.file, bands=(*bands[:2], replace(bands[2], rule=places)))
        shared = Engine(engine().bundle, engine().features, Cutoffs(file, ""))
        found = at_percents(shared, {"intensive": Decimal("22.5")})
        assert found.file.bands[2].rule == Rule(capacity=40, fallback=LevelRule(probability=Decimal("0.225")))
        assert found.points.edges[1] == edge_of(Decimal("22.5"))

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
        said = [item["why"] for item in policy_of(data, "given")["blocked"]]
        assert any("in all; 100 are needed" in text for text in said)
        assert any("at or above the cut-off of 'intensive'" in text for text in said)
        assert "few_cases" in [item["id"] for item in data["cautions"]]
        # The same people a second time, and copies of them that have no weight, are no more events.
        twice = some.take(np.tile(np.arange(250), 2))
        half = np.arange(500) < 250
        copies = np.where(half, twice.client, np.array([f"copy-{k}" for k in range(500)], dtype=object))
        for more in (twice, replace(twice, client=copies, weight=np.where(half, twice.weight, 0.0))):
            again = tune(engine(), more, UNLEARNED, asked=asked, settings=NONE).data
            few = [item["why"] for item in policy_of(again, "given")["blocked"] if item["why"].endswith("are needed.")]
            assert few == [text for text in said if text.endswith("are needed.")]
            assert again["counts"]["cases"] == data["counts"]["cases"]
            assert "few_cases" in [item["id"] for item in again["cautions"]]

    def test_a_hair_from_the_one_in_force_is_not_told_apart(self) -> None:
        now = logistic(engine().points.edges[1])
        near = Decimal(f"{100 * now + 0.2:.3f}")
        asked = Asked([at_percents(engine(), {"intensive": near})])
        data = tune(engine(), people(), UNLEARNED, asked=asked, settings=NONE).data
        assert [item["id"] for item in policy_of(data, "given")["blocked"]] == ["indistinct"]


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

    def test_whole_percents_that_find_as_many_are_named_beside_the_one_chosen(self) -> None:
        some = people().take(np.arange(300))
        data = tune(engine(), some, UNLEARNED, asked=Asked(wish=Wish("intensive", 5, 100)), settings=NONE).data
        found, curves = data["frontier"], data["curves"]
        best = band_of(policy_of(data, "solved"), "intensive")["figures"]
        assert found["equal"]
        for percent in found["equal"]:
            assert curves["sensitivity"]["value"][int(percent) - 1] == best["sensitivity"]["value"]
            assert best["flagged"]["value"] < curves["flagged"]["value"][int(percent) - 1] <= 0.05
        assert f"with no fewer places, from {found['equal'][0]:g}%" in found["why"]

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
        local, banded = made().data["frontier"]["local"], score_outcomes(engine(), people()).place >= 0
        logits = Deciding.of(engine(), people()).logits()
        for item in local["groups"]:
            rows = banded & (people().groups["partnership"] == item["name"])
            used = item["arrivals"] * np.mean(logits[rows] >= edge_of(Decimal(str(item["percent"]))))
            assert item["rows"] == np.count_nonzero(rows)
            assert item["percent"] <= local["floor"]
            assert item["places_a_week"] == pytest.approx(used, abs=item["arrivals"] / item["rows"])
            assert item["places"] + item["short"] - item["left"] == pytest.approx(item["places_a_week"], rel=1e-5)
            assert item["places_a_week"] <= item["places"] or item["percent"] == local["floor"]

    def test_local_places_end_at_the_floor_at_the_band_below_and_where_people_are_few(self) -> None:
        found = people()
        names = np.where(np.arange(len(found)) < 9, "Isle", found.groups["partnership"]).astype(object)
        found = replace(found, groups={"partnership": names})
        items = [Partnership(name, places, 30) for name, places in (("East", 0), ("West", 29), ("Isle", 5))]
        asked = Asked(wish=Wish("intensive", 100, 100), local=Local("partnership", Decimal(20), tuple(items)))
        local = tune(engine(), found, UNLEARNED, asked=asked, settings=NONE).data["frontier"]["local"]
        none, many = local["groups"]
        assert (none["percent"], none["short"] > 0, none["left"]) == (20.0, True, 0.0)
        assert many["percent"] == pytest.approx(100 * logistic(engine().points.edges[0]), rel=1e-5)
        assert many["places_a_week"] + many["left"] == pytest.approx(29, rel=1e-5)
        assert many["left"] > 10
        assert local["left_out"] == ["Isle"]

    def test_a_solved_cut_off_is_never_above_the_national_floor(self) -> None:
        """Whoever reaches the floor is offered a place anyway, so the file would offer more than its name says."""
        some = people().take(np.arange(900))
        found = {}
        for floor in (16, 40):
            local = Local("partnership", Decimal(floor), (Partnership("East", 2, 30),))
            asked = Asked(wish=Wish("intensive", 10, 100), local=local)
            found[floor] = tune(engine(), some, UNLEARNED, asked=asked, settings=NONE).data
        low, high = found[16], found[40]
        assert low["frontier"]["chosen"] is None
        assert [item["kind"] for item in low["policies"]] == ["in_force"]
        said = re.search(r"up to the national floor of 16% keeps .* takes ([\d.]+) places", low["frontier"]["why"])
        assert said
        assert float(said[1]) == pytest.approx(100 * low["curves"]["flagged"]["value"][15], rel=0.01)
        assert 16 < high["frontier"]["chosen"] <= 40
        asked = Asked(wish=Wish("intensive", 10, 100), local=replace(local, floor=Decimal(10)))
        with pytest.raises(TuningError, match="of 10% for 'intensive' lies below the cut-off of the band below it"):
            tune(engine(), some, UNLEARNED, asked=asked, settings=NONE)

    def test_a_floor_below_a_cut_off_that_is_asked_for_is_refused(self) -> None:
        places = Rule(capacity=40, fallback=LevelRule(share=Decimal(8)))
        for rule in (places, engine().cutoffs.file.bands[2].rule):
            bands = engine().cutoffs.file.bands
            file = replace(
                engine().cutoffs.file, bands=(*bands[:2], replace(bands[2], rule=rule)),
                national_floor={"intensive": LevelRule(probability=Decimal("0.18"))},
            )  # fmt: skip
            floored = Engine(engine().bundle, engine().features, Cutoffs(file, ""))
            with pytest.raises(TuningError, match="floor of 18% for 'intensive' lies below 25%"):
                at_percents(floored, {"intensive": Decimal(25)})
            at_percents(floored, {"intensive": Decimal(18)})

    def test_places_for_a_partnership_without_people_are_refused(self) -> None:
        few = Local("partnership", Decimal(20), (Partnership("South", 3, 30),))
        with pytest.raises(TuningError, match="without people"):
            tune(engine(), people(), UNLEARNED, asked=Asked(wish=Wish("intensive", 9, 99), local=few), settings=NONE)

    def test_a_guess_by_which_nobody_is_worth_a_place_is_told(self) -> None:
        told = Costs("intensive", Decimal(60), Decimal(100)).data()
        assert (told["depends"][0]["percent"], told["depends"][-1]["percent"]) == (None, 30)
        assert lines(made().data | {"costs": told})[-1].endswith("twice what was given: for nobody, or from 30%.")

    def test_a_cut_off_follows_from_costs_and_depends_on_the_guess(self) -> None:
        """A place of 1 where a missed case loses 4: worth it from 25%. If it loses 8, from 12.5%; if 2, from 50%."""
        data = Costs("intensive", Decimal(1), Decimal(4)).data()
        assert data["percent"] == 25
        by_ratio = {item["ratio"]: item["percent"] for item in data["depends"]}
        assert (by_ratio[2], by_ratio[4], by_ratio[8]) == (50, 25, 12.5)
        assert band_of(policy_of(made().data, "cost"), "intensive")["percent"] == 25

    @pytest.mark.parametrize(("place", "missed"), [(0, 4), (4, 4), (5, 4), (1, 0), (1, "1e-500")])
    def test_costs_from_which_nothing_follows_are_refused(self, place: int, missed: int | str) -> None:
        with pytest.raises(TuningError):
            Costs("intensive", Decimal(place), Decimal(missed))

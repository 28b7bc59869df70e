"""Does each part of the tuning page say what the sweep holds, in whole people, plain words and honest marks?"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.tuning_sample import BANDS, sample_data
from triage import load
from triage.cli.main import parser
from triage.tuning.page import tuning_page
from triage.tuning.page.given import given, script_data
from triage.tuning.page.groups import groups
from triage.tuning.page.numbers import change, of_100, percents, tree
from triage.tuning.page.policies import command, policies
from triage.tuning.page.solver import costs, frontier
from triage.tuning.page.sweep import Sweep


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return sample_data(3000)


@pytest.fixture(scope="module")
def sweep(data: dict[str, Any]) -> Sweep:
    return Sweep(data)


# ---------------------------------------------------------------------------------------------- people out of 100


@pytest.mark.parametrize(
    ("flagged", "right", "missed", "people"),
    [
        (0.23, 0.26, 0.06, [6, 17, 6, 71]),
        (0.295, 0.359, 0.098, [11, 19, 10, 60]),
        (0.0, None, 0.2, [0, 0, 20, 80]),
        (1.0, 0.2, 0.0, [20, 80, 0, 0]),
        (0.996, 0.2, 0.006, [20, 80, 0, 0]),
        (0.3, None, 0.1, None),
        (None, 0.3, 0.1, None),
    ],
)
def test_people_out_of_100_are_whole_and_add_up(
    flagged: float | None, right: float | None, missed: float | None, people: list[int] | None
) -> None:
    assert tree(flagged, right, missed) == people
    assert people is None or sum(people) == 100


def test_a_figure_is_told_of_100_with_its_range_or_without() -> None:
    assert of_100({"value": 0.2344, "low": 0.21, "high": 0.259}) == "23.4 (21.0 to 25.9)"
    assert of_100({"value": 1.0, "low": None, "high": None}) == "100.0 (no range)"
    assert of_100({"value": None, "low": None, "high": None}) == "cannot be told"
    assert of_100({"value": -0.0123, "low": -0.02, "high": 0.001}) == "−1.2 (−2.0 to 0.1)"
    assert change({"value": 0.031, "low": -0.004, "high": 0.058}) == "+3.1 (−0.4 to +5.8)"
    assert (percents(17.0), percents(16.84), percents(0.5)) == ("17%", "16.84%", "0.5%")


# ---------------------------------------------------------------------------------------------- sliders


def test_sliders_start_at_the_policy_in_force_and_never_meet(sweep: Sweep) -> None:
    assert sweep.starts(sweep.in_force) == [14, 22]
    near = {"bands": [{"percent": 16.6}, {"percent": 17.2}]}
    assert sweep.starts(near) == [17, 18]
    high = {"bands": [{"percent": 98.0}, {"percent": 100.0}]}
    assert sweep.starts(high) == [sweep.last - 1, sweep.last]
    low = {"bands": [{"percent": 0.1}, {"percent": 0.2}]}
    assert sweep.starts(low) == [1, 2]


def test_the_scale_ends_where_nobody_scores_more(data: dict[str, Any], sweep: Sweep) -> None:
    assert sweep.people(sweep.last - 1) > 0
    counts = data["counts"] | {"people": [5] * 99}
    assert Sweep(data | {"counts": counts}).last == 99
    nobody = Sweep(data | {"counts": data["counts"] | {"people": [0] * 99}})
    assert nobody.last == 23, "the policies stay in sight"
    assert 10 <= len(sweep.steps) <= 20


def test_what_the_script_gets_covers_every_place_of_the_page(data: dict[str, Any], sweep: Sweep) -> None:
    told, html = given(sweep), tuning_page(data)
    lengths = {len(told[name]) for name in ("short", "marks", "trees")} | {len(cells) for cells in told["gaps"]}
    lengths |= {len(cells) for item in (told, *told["groups"]) for part in ("figures", "counts") for cells in
                item[part].values()}  # fmt: skip
    assert lengths == {sweep.last}
    rows = {int(row) for row in re.findall(r'data-row="(\d+)"', html)}
    assert rows == set(range(len(told["groups"])))
    assert set(re.findall(r'data-figure="(\w+)"', html)) == set(told["figures"]) | set(told["groups"][0]["figures"])


def test_a_checklist_without_an_age_has_no_gap_between_ages(data: dict[str, Any]) -> None:
    html = tuning_page(data | {"curves": data["curves"] | {"recall_gap_age": None}, "groups": []})
    assert "Gap in recall between age bands" in tuning_page(data)
    assert "Gap in recall between age bands" not in html
    assert "How far apart are age bands?" not in html
    assert "Neither the checklist nor the file says anything by which to group people." in html


def test_any_number_of_bands_has_a_slider_each(data: dict[str, Any]) -> None:
    for count in (2, 5):
        more = [*BANDS, ("more", "More", "More."), ("most", "Most", "Most.")][:count]
        cut = sample_data(600, dimensions=(2,), bands=more, frontier=None, costs=None)
        for policy in cut["policies"]:
            spare = policy["bands"][-1]
            policy["bands"] = [*policy["bands"], *(spare | {"id": id_} for id_, _, _ in more[3:])][: count - 1]
            policy["widened"] = policy["less"] = policy["gaps"] = []
        assert tuning_page(cut).count('id="slider-') == count - 1


# ---------------------------------------------------------------------------------------------- policies


def test_a_policy_is_promoted_by_a_command_or_blocked_with_the_reason(data: dict[str, Any], sweep: Sweep) -> None:
    html = policies(sweep)
    _, blocked, free = data["policies"]
    assert "The cut-off of 'enhanced' cannot be told apart." in html
    assert f"policy promote {free['run']}" in html
    assert html.count("policy promote") == 1
    folder = command(sweep, free | {"run": ""})
    assert folder.startswith(
        "ltu-triage policy promote policies/solved-17 --model 'the model evidence-2026.1, as the service names it' --by"
    )
    shipped = data["model"] | {"manifest_sha256": load().bundle.manifest_sha256}
    assert "--model" not in command(Sweep(data | {"model": shipped}), free)
    assert "the same --checklist and --areas" in html
    assert folder.endswith("--key ours.key --demo")
    assert "--trade-off" in command(sweep, blocked)
    assert "--demo" not in command(Sweep(data | {"simulated": False}), free)
    given = parser().parse_args(shlex.split(command(sweep, blocked))[1:])
    assert (given.candidate, given.trade_off, given.demo) == ("policies/at-12.5", "why the wider gap is accepted", True)


def test_a_policy_under_which_all_groups_are_level_names_none_as_furthest(data: dict[str, Any]) -> None:
    [first, *rest] = data["policies"]
    level = first["gaps"][0] | {"highest": "under 25 years", "lowest": "under 25 years"}
    html = policies(Sweep(data | {"policies": [first | {"gaps": [level]}, *rest]}))
    assert html.count("<td>all alike</td>") == 2


def test_policies_tell_movers_widened_gaps_and_themselves_without_a_characteristic(sweep: Sweep) -> None:
    text = re.sub(r"<[^>]*>", " ", policies(sweep))
    assert (
        "Against the policy in force 412 clients would be offered more and 0 less; for 2,588 nothing changes." in text
    )
    assert "It widens a gap between groups, 1 by more than chance would explain." in text
    assert "+15.0 (+4.0 to +22.0)" in text
    assert "without disability (physical_ability, disability, mental_ability)" in text


def test_the_solver_says_what_it_chose_and_what_finds_as_many(data: dict[str, Any]) -> None:
    assert "Chosen: 17%." in frontier(Sweep(data))
    equal = frontier(Sweep(data | {"frontier": data["frontier"] | {"equal": [16.0]}}))
    assert (equal.count(">chosen<"), equal.count(">finds as many<")) == (1, 1)
    none = data["frontier"] | {"chosen": None, "why": "No cut-off keeps to the places."}
    assert "No cut-off keeps to what was asked." in frontier(Sweep(data | {"frontier": none}))
    local = {
        "column": "partnership", "floor": 40.0, "all_flagged": 0.12, "all_sensitivity": 0.3, "all_gap": 0.2,
        "groups": [{"name": "East", "places": 2.0, "arrivals": 30.0, "percent": 33.3, "flagged": 0.1, "rows": 100,
                    "places_a_week": 3.0, "short": 1.0, "left": 0.0}], "left_out": ["Isle"],
    }  # fmt: skip
    html = frontier(Sweep(data | {"frontier": data["frontier"] | {"local": local}}))
    assert "national floor of 40%" in html
    assert re.search(r"East.*100.*33\.3%.*1\.0", html, re.DOTALL)
    assert (
        "too few people in the outcomes to share out the places of these, so they have the floor as cut-off: Isle."
        in (html)
    )
    assert frontier(Sweep(data | {"frontier": None})) == ""


def test_costs_come_with_how_far_the_guess_matters(data: dict[str, Any]) -> None:
    html = costs(Sweep(data))
    assert "weighs 5 times as much as a place, and the cut-off that follows is 20%" in html
    assert html.count("times a place") == 5
    first, *more = data["costs"]["depends"]
    dear = costs(Sweep(data | {"costs": data["costs"] | {"depends": [first | {"percent": None}, *more]}}))
    assert dear.count("none: an offer is worth it for nobody") == 1
    assert dear.count("<circle") == html.count("<circle") - 1
    assert costs(Sweep(data | {"costs": None})) == ""


# ---------------------------------------------------------------------------------------------- the file


def test_simulated_people_are_called_so_wherever_there_are_figures(data: dict[str, Any]) -> None:
    html = tuning_page(data)
    captions = re.findall(r"<(?:caption|figcaption)>([^<]*)", html)
    of_people = [text for text in captions if "cost" not in text]
    assert len(of_people) > 20
    assert [text for text in of_people if not text.startswith("Simulated people. ")] == []
    real = tuning_page(data | {"simulated": False, "title": "Which cut-offs?", "cautions": []})
    assert "simulated" not in re.sub(r"<style>.*</style>", "", real, flags=re.DOTALL).lower()


def test_it_asks_for_nothing_anywhere_and_runs_nothing_but_its_own_script(data: dict[str, Any]) -> None:
    html = tuning_page(data)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"\son[a-z]+=", html)
    assert "url(" not in html
    assert "@import" not in html


def test_no_text_in_the_data_ends_the_part_that_holds_them(data: dict[str, Any]) -> None:
    hostile = "</script><script>alert(1)</script><!--"
    bands = [data["bands"][0], *(band | {"name": hostile} for band in data["bands"][1:])]
    html = script_data(Sweep(data | {"bands": bands}))
    assert html.count("<") == 2
    inside = html[html.index(">") + 1 : html.rindex("<")]
    assert json.loads(inside)["bands"][0]["name"] == hostile


def test_groups_that_are_too_small_are_named_and_not_shown(data: dict[str, Any], sweep: Sweep) -> None:
    html = groups(sweep)
    assert html.count("Too few people to show: not stated.") == len(data["groups"])
    assert html.index(">Age<") < html.index(">Way 2 (column of the file)<")

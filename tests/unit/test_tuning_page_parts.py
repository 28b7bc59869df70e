"""Does each part of the tuning page say what the sweep holds, in whole people, plain words and honest marks?"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.tuning_sample import BANDS, sample_data
from triage.cli.main import parser
from triage.tuning.page import tuning_page
from triage.tuning.page.given import given, script_data
from triage.tuning.page.groups import gap, groups
from triage.tuning.page.numbers import change, of_100, percents, tree
from triage.tuning.page.opening import seen, whom
from triage.tuning.page.policies import command, policies
from triage.tuning.page.solver import costs, frontier
from triage.tuning.page.sweep import Sweep
from triage.tuning.page.words import at_cutoff, marks, short, told_from_next


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return sample_data(3000)


@pytest.fixture(scope="module")
def sweep(data: dict[str, Any]) -> Sweep:
    return Sweep(data)


def altered(sweep: Sweep, percent: int, **shares: float | None) -> Sweep:
    """The same with other estimates at one cut-off, without ranges."""
    curves = {name: curve if curve is None else {k: list(v) for k, v in curve.items()} for name, curve in
              sweep.data["curves"].items()}  # fmt: skip
    for name, share in shares.items():
        for key in ("value", "low", "high"):
            curves[name][key][percent - 1] = share
    return Sweep(sweep.data | {"curves": curves})


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


# ---------------------------------------------------------------------------------------------- words


def test_a_cutoff_is_told_in_people_with_the_words_of_the_label(sweep: Sweep) -> None:
    told = at_cutoff(altered(sweep, 22, flagged=0.23, ppv=0.26, missed=0.06), 1, 22)
    assert told == (
        "Of 100 clients, 23 would be offered “PACE support with your own adviser”. 6 of these 23 were not in paid work"
        f" a year after their job ended (range 6 to 6, from {sweep.cases(22)} long-term cases). Of the 77 others, 6"
        " were not in paid work a year after their job ended too: they would be missed."
    )
    assert "“PACE support plus a check-in” or more" in at_cutoff(sweep, 0, 14)


def test_few_are_told_of_100_offered_it(sweep: Sweep) -> None:
    """ "One of these three, range one to one" would look surer than it is."""
    told = at_cutoff(altered(sweep, 22, flagged=0.03, ppv=0.36, missed=0.01), 1, 22)
    assert "Of 100 clients, 3 would be offered" in told
    assert "Of 100 clients offered it, 36 were not in paid work" in told
    assert "96 others" not in told
    assert (
        "Of the 97 others, 1 was not in paid work a year after their job ended too: that one would be missed." in told
    )


def test_what_cannot_be_told_is_not_told(sweep: Sweep) -> None:
    top = sweep.last
    assert sweep.people(top) == 0
    assert at_cutoff(sweep, 1, top) == (
        f"No client scores {top}% or more: nobody would be offered “PACE support with your own adviser”."
    )
    assert short(sweep, top) == "nobody is offered it"
    unknown = altered(sweep, 20, ppv=None)
    assert unknown.tree(20) is None
    assert "too few to say" in at_cutoff(unknown, 1, 20)
    assert short(unknown, 20) == "too few outcomes to tell"
    few = altered(sweep, 20, flagged=0.004, missed=0.11)
    assert short(few, 20) == "fewer than 1 of 100 clients offered it, 11 missed"


def test_cutoffs_that_cannot_be_told_apart_are_marked_on_both_sides(sweep: Sweep) -> None:
    plain = Sweep(sweep.data | {
        "indistinct": [{"from": 17, "to": 18, "why": "Between them lies nobody."}], "equal": [{"from": 1, "to": 3}],
    })  # fmt: skip
    assert marks(plain, 16) == []
    for percent in (17, 18):
        assert marks(plain, percent) == [
            ("Not told apart", "The outcomes cannot tell 17% from 18%. Between them lies nobody.")
        ]
    assert marks(plain, 2) == [("Equal", "Every cut-off from 1% to 3% flags exactly the same people.")]
    told = [told_from_next(plain, percent) for percent in (1, 2, 3, 16, 17, 18)]
    same = "no: flags the same people"
    assert told == [same, same, "yes", "yes", "no: too few outcomes", "yes"]


def test_a_gap_names_both_ends(sweep: Sweep) -> None:
    ages = sweep.dimensions[0]
    told = gap(sweep, ages, 14)
    assert re.search(
        r"Found most often: 55 years and over \([\d.]+ of 100 long-term cases\); least often: under 25", told
    )
    assert re.search(r"The gap in recall is [\d.]+ \(range [\d.]+ to [\d.]+\)\. In vain most often", told)
    assert "times as often" in told
    alone = ages | {"groups": ages["groups"][:1]}
    assert gap(sweep, alone, 14) == "The recall of no two groups can be compared here."


def test_whom_the_figures_speak_of_and_whether_the_model_has_seen_them(data: dict[str, Any]) -> None:
    assert whom(data).startswith("The figures speak of 3,000 simulated clients of outcomes.csv, whose jobs ended from")
    assert "3,000 clients (3,100 job losses)" in whom(
        data | {"simulated": False, "people": data["people"] | {"rows": 3100}}
    )
    said = seen({"how": "asserted", "asserted_by": "Ada Byron", "why": "The file is younger than the model."})
    assert "Ada Byron asserts that it did not, and answers for that" in said
    assert said.endswith("The file is younger than the model.")


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
    assert folder.startswith("ltu-triage policy promote policies/solved-17 --by")
    assert folder.endswith("--key ours.key --demo")
    assert "--trade-off" in command(sweep, blocked)
    assert "--demo" not in command(Sweep(data | {"simulated": False}), free)
    given = parser().parse_args(shlex.split(command(sweep, blocked))[1:])
    assert (given.candidate, given.trade_off, given.demo) == ("policies/at-12.5", "why the wider gap is accepted", True)


def test_policies_tell_movers_widened_gaps_and_themselves_without_a_characteristic(sweep: Sweep) -> None:
    text = re.sub(r"<[^>]*>", " ", policies(sweep))
    assert (
        "Against the policy in force 412 clients would be offered more and 0 less; for 2,588 nothing changes." in text
    )
    assert "It widens a gap between groups, 1 by more than chance would explain." in text
    assert "+15.0 (+4.0 to +22.0)" in text
    assert "without disability (physical_ability, disability, mental_ability)" in text


def test_the_solver_says_what_it_chose_or_that_a_person_has_to(data: dict[str, Any]) -> None:
    assert "Chosen: 17%." in frontier(Sweep(data))
    equal = data["frontier"] | {"chosen": None, "equal": [16.0, 17.0], "why": "2 cut-offs."}
    assert "Equal: 16%, 17%. Nobody but you can choose." in frontier(Sweep(data | {"frontier": equal}))
    none = data["frontier"] | {"chosen": None, "why": "No cut-off keeps to the places."}
    assert "No cut-off keeps to what was asked." in frontier(Sweep(data | {"frontier": none}))
    local = {
        "column": "partnership", "floor": 40.0, "all_flagged": 0.12, "all_sensitivity": 0.3, "all_gap": 0.2,
        "groups": [{"name": "East", "places": 2.0, "arrivals": 30.0, "percent": 33.3, "flagged": 0.1, "rows": 100,
                    "places_a_week": 3.0, "short": 1.0}],
    }  # fmt: skip
    html = frontier(Sweep(data | {"frontier": data["frontier"] | {"local": local}}))
    assert "national floor of 40%" in html
    assert re.search(r"East.*33\.3%.*1\.0", html, re.DOTALL)
    assert frontier(Sweep(data | {"frontier": None})) == ""


def test_costs_come_with_how_far_the_guess_matters(data: dict[str, Any]) -> None:
    html = costs(Sweep(data))
    assert "weighs 5 times as much as a place, and the cut-off that follows is 20%" in html
    assert html.count("times a place") == 5
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

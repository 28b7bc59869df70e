"""Do the sentences of the tuning page say what the sweep holds, and no more than it holds?"""

from __future__ import annotations

import re

import pytest

from tests.tuning_sample import sample_data
from triage.evaluation.opening import who
from triage.tuning.page.groups import gap
from triage.tuning.page.opening import seen, whom
from triage.tuning.page.sweep import Sweep
from triage.tuning.page.words import at_cutoff, marks, short, told_from_next


@pytest.fixture(scope="module")
def sweep() -> Sweep:
    return Sweep(sample_data(3000))


def altered(sweep: Sweep, percent: int, **shares: float | None) -> Sweep:
    """The same with other estimates at one cut-off, without ranges."""
    curves = {name: curve if curve is None else {k: list(v) for k, v in curve.items()} for name, curve in
              sweep.data["curves"].items()}  # fmt: skip
    for name, share in shares.items():
        for key in ("value", "low", "high"):
            curves[name][key][percent - 1] = share
    return Sweep(sweep.data | {"curves": curves})


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


@pytest.mark.parametrize(
    ("shares", "below", "said"),
    [
        ((0.997, 0.2, 0.001), 3, "Fewer than 1 of 100 would not be offered it; some long-term cases are among those."),
        ((0.997, 0.2, 0.0), 0, "Fewer than 1 of 100 would not be offered it; no long-term case is known among those."),
        ((1.0, 0.2, 0.0), 0, "Everybody would be offered it, so nobody is missed."),
        ((0.99, 0.2, 0.0), 0, "Of the 1 other, fewer than 1 was"),
        ((0.10, 0.04, 0.1), 9, "Fewer than 1 of these 10 was not in paid work"),
        ((0.10, 0.0, 0.1), 9, "None of these 10 were not in paid work"),
        ((0.10, 0.97, 0.1), 9, "Nearly all of these 10 were not in paid work"),
        ((0.10, 1.0, 0.1), 9, "10 of these 10 were not in paid work"),
        ((0.03, 0.004, 0.1), 9, "Of 100 clients offered it, fewer than 1 was not in paid work"),
    ],
)
def test_what_only_rounding_makes_none_or_all_is_not_told_as_that(
    sweep: Sweep, shares: tuple[float, float, float], below: int, said: str
) -> None:
    counts = sweep.data["counts"] | {"cases_below": [below] * 99}
    told = Sweep(sweep.data | {"counts": counts})
    assert said in at_cutoff(altered(told, 20, **dict(zip(("flagged", "ppv", "missed"), shares, strict=True))), 1, 20)


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
    level = ages | {"groups": [group | {"curves": ages["groups"][0]["curves"]} for group in ages["groups"][:2]]}
    told = r"All groups are found equally often here: \S+ of 100 long-term cases\. The gap in recall is 0\.0 \(.*\)\."
    assert re.fullmatch(told, gap(sweep, level, 14))
    alone = ages | {"groups": ages["groups"][:1]}
    assert gap(sweep, alone, 14) == "The recall of no two groups can be compared here."


def test_whom_the_figures_speak_of_and_whether_the_model_has_seen_them(sweep: Sweep) -> None:
    data = sweep.data
    assert whom(data).startswith("The figures speak of 3,000 simulated clients of outcomes.csv, whose jobs ended from")
    assert "3,000 clients (3,100 job losses)" in whom(
        data | {"simulated": False, "people": data["people"] | {"rows": 3100}}
    )
    same = whom(data).removeprefix("The figures speak of ").partition(" of those")[0]
    assert who(data).startswith(same.replace("clients", "people")), "as the page of evaluate says it"
    said = seen({"how": "asserted", "asserted_by": "Ada Byron", "why": "The file is younger than the model."})
    assert "Ada Byron asserts that it did not, and answers for that" in said
    assert said.endswith("The file is younger than the model.")

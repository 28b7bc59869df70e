"""Are the figure, the waterfall and what is not known shown exactly, in numbers that anybody can read?"""

from __future__ import annotations

import math
import re
from datetime import date

import pytest

from tests.web.result_pages import DAY, ENGINE, FEW, HEAVY, PERSON, view
from triage.web.result.said import day, odds, share, signed
from triage.web.result.waterfall import HEIGHT, WIDTH

WORDS = ENGINE.words.wording


# --- the figure and the waterfall


def test_the_range_says_why_and_how_many_questions_have_no_answer() -> None:
    found = view(PERSON).figure
    assert found is not None
    assert found.range[0] == ENGINE.words.span(
        *(getattr(ENGINE.score(PERSON, on=DAY), end) for end in ("lower", "upper"))
    )
    assert found.range[1].endswith("Questions without an answer here: 4 of 16.")
    everything = HEAVY | {"redundancy_status": "left", "job_search": "often", "interviews": "one"}
    full = view(everything | {"employer_contact": "one"}).figure
    assert full is not None
    assert len(full.range) == 1


def test_the_picture_is_told_in_words() -> None:
    found = view(PERSON).figure
    assert found is not None
    assert f"{found.in_100} are filled squares: not in paid work a year after their job ended." in found.description
    assert found.filled == f"about {found.in_100} not in paid work a year after their job ended"
    assert found.open == f"about {100 - found.in_100} in paid work"


def test_bars_join_and_stay_on_the_drawing() -> None:
    for answers in (PERSON, HEAVY, FEW, {}):
        fall = view(answers).waterfall
        assert fall is not None
        at = float(fall.start_x)
        for step in fall.steps[1:-1]:
            corners = [tuple(map(float, corner.split(","))) for corner in step.bar.split()]
            if corners:
                assert corners[0][0] == pytest.approx(at, abs=0.11)
                assert corners[2][0] == pytest.approx(float(step.x), abs=0.11)
                assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
                assert (corners[2][0] > corners[0][0]) == (step.direction == "up")
            at = float(step.x)
        assert float(fall.steps[-1].x) == pytest.approx(at, abs=0.11)


def test_the_odds_are_said_in_words() -> None:
    fall = view(PERSON).waterfall
    assert fall is not None
    start, age, *_, total = fall.steps
    assert (age.label, age.answer) == ("Age", "57 years")
    assert age.odds == f"times {math.exp(age.value):.2f}"
    assert (start.answer, start.odds) == ("about 12 in 100", f"{math.exp(start.value):.2f}")
    assert total.odds == f"{math.exp(total.value):.2f}"


def test_on_paper_health_and_attitudes_are_one_row() -> None:
    fall, open_fall = view(PERSON, apart=True).waterfall, view(PERSON).waterfall
    assert fall is not None
    assert open_fall is not None
    row = fall.steps[-2]
    assert (row.kind, row.label, row.answer) == ("apart", "Answers kept apart: 3", "")
    named = {"Disability", "Mental ability for the work sought", "Expectation of finding work"}
    assert row.value == sum(step.value for step in open_fall.steps if step.label in named)
    assert named.isdisjoint(step.label for step in fall.steps)


# --- what is not known


def test_enough_is_known_comes_with_the_chance() -> None:
    nearly_all = {name: answer for name, answer in HEAVY.items() if name != "vehicle"}
    found = view(nearly_all).unasked
    assert found is not None
    assert ENGINE.score(nearly_all, on=DAY).enough_is_known
    assert found.enough == WORDS.notes.enough_known
    assert "In fewer than 1 of 100" in found.chance
    unsure = view(PERSON).unasked
    assert unsure is not None
    assert unsure.enough == ""
    chance = ENGINE.score(PERSON, on=DAY).chance_of_another_band
    assert f"In {round(100 * chance)} of 100" in unsure.chance
    assert unsure.next.startswith("Ask next: ")
    assert [item.next for item in unsure.items].count(True) == 1


def test_those_that_could_move_the_figure_most_come_first() -> None:
    found = view(FEW).unasked
    assert found is not None
    spans = [item.high - item.low for item in found.items]
    assert spans == sorted(spans, reverse=True)
    assert re.fullmatch(r"could move the figure to between about \d+ and \d+ in 100", found.items[0].moves)
    assert re.fullmatch(r"log-odds −0\.\d\d to \+0\.\d\d", found.items[0].log_odds)


def test_what_is_too_early_says_from_when() -> None:
    found = view(HEAVY).unasked
    assert found is not None
    [early] = found.settled
    assert "less than 4 weeks ago: Looking for a job, Job interviews, Contact with an employer" in early
    odd = view(PERSON | {"vehicle": "not_applicable"}).unasked
    assert odd is not None
    assert "Does not apply: Motor vehicle." in odd.settled


def test_on_paper_what_was_declined_is_counted_where_it_is_sensitive() -> None:
    declined = PERSON | {"disability": "declined"}
    screen, paper = view(declined).unasked, view(declined, apart=True).unasked
    assert screen is not None
    assert paper is not None
    assert screen.settled[0].startswith("Preferred not to say: Dependants under 18, Disability.") or (
        screen.settled[0].startswith("Preferred not to say: Disability, Dependants under 18.")
    )
    assert paper.settled[0].startswith("Preferred not to say: 2 of 18 questions.")


# --- figures and days


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0.00"), (0.004, "0.00"), (-0.004, "0.00"), (0.3, "+0.30"), (-1.995, "−2.00")]
)
def test_log_odds_have_a_proper_sign(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "1.00"), (0.3, "1.35"), (-2.0, "0.14"), (-6.0, "0.0025"), (-16.0, "0.00000011"), (8.0, "2,981")],
)
def test_odds_keep_two_figures(value: float, text: str) -> None:
    assert odds(value) == text


@pytest.mark.parametrize(("chance", "text"), [(0.0, "fewer than 1"), (0.03, "3"), (0.9951, "more than 99")])
def test_a_chance_is_never_none_and_never_certain(chance: float, text: str) -> None:
    assert share(chance, WORDS) == text


def test_a_day_is_written_out() -> None:
    assert day(date(2026, 3, 1)) == "1 March 2026"

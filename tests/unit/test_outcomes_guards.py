"""Do the guard rails stop what must not be learned from, warn of what misleads, and keep quiet otherwise?"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from triage.checklist import Checklist
from triage.features import Features
from triage.outcomes import BACK, COMPETING, OUT, Outcomes
from triage.outcomes.follow_up import bounds, reached_by_answer
from triage.outcomes.guards import review, supported
from triage.outcomes.leakage import weighted_area
from triage.outcomes.problems import Remark

HORIZON = 52.0


@lru_cache(maxsize=1)
def features() -> Features:
    return Features.load(Checklist.load())


def place_of(question: str) -> int:
    return [item.id for item in features().checklist.questions].index(question)


def spot_of(question: str) -> int:
    return features().inputs_of[question][0].place


def cohort(people: int = 400, seed: int = 1, lost: float = 0.2) -> Outcomes:
    """People whose answers have nothing to do with what became of them; some are lost from sight early."""
    draw = np.random.default_rng(seed)
    grids = [draw.choice(np.array(item.grid.values), people) for item in features().inputs]
    weeks = np.where(draw.random(people) < 0.3, draw.uniform(53, 80, people), draw.uniform(0, 51, people))
    gone = draw.random(people) < lost
    place = np.where(gone | (weeks > 60), OUT, BACK).astype(np.int8)
    return Outcomes(
        client=np.array([f"c{k}" for k in range(people)], dtype=object),
        inputs=np.column_stack(grids),
        states=np.ones((people, len(features().checklist.questions)), dtype=np.int8),
        weeks=np.where(gone, draw.uniform(0.1, 60, people), weeks),
        kind=np.where(place == BACK, "paid_work", "still_looking").astype(object),
        place=place,
        weight=np.ones(people),
        date=np.full(people, np.datetime64("NaT"), "datetime64[D]"),
        support_start=np.full(people, np.nan),
    )


def with_answers(outcomes: Outcomes, question: str, values: np.ndarray) -> Outcomes:
    """The same outcomes with other grid values for a question of one input; NaN where it was not asked."""
    inputs, states = outcomes.inputs.copy(), outcomes.states.copy()
    inputs[:, spot_of(question)] = values
    states[:, place_of(question)] = ~np.isnan(values)
    return replace(outcomes, inputs=inputs, states=states)


def found(outcomes: Outcomes, horizon: float = HORIZON, **settings: Any) -> dict[str, Remark]:
    remarks = review(outcomes, features(), horizon, **settings)
    order = ["stop", "warn", "note"]
    assert [order.index(item.severity) for item in remarks] == sorted(order.index(item.severity) for item in remarks)
    return {remark.id: remark for remark in remarks}


def test_sound_outcomes_raise_nothing() -> None:
    assert found(cohort(2000), plausible_rate=(0.2, 0.5)) == {}


@pytest.mark.parametrize("people", [20, 40, 100])
def test_noise_does_not_stop_and_is_not_called_a_leak(people: int) -> None:
    """With twenty questions and few people, one of them always fits a little: that must not cry wolf."""
    seen = [found(cohort(people, seed, lost=0.1)) for seed in range(25)]
    assert sum("leak" in remarks or "silence_leak" in remarks for remarks in seen) <= 1
    assert all("twins" not in remarks for remarks in seen)


def beyond(outcomes: Outcomes) -> np.ndarray:
    return outcomes.weeks >= HORIZON


def test_an_answer_that_was_filled_in_afterwards_stops_unless_it_is_accepted() -> None:
    clean = cohort(300)
    leaky = with_answers(clean, "confidence", np.where(beyond(clean), 3.0, 0.0))
    stopped = found(leaky)["leak"]
    assert stopped.severity == "stop"
    assert stopped.figures["question"] == "confidence"
    assert float(stopped.figures["area"]) > 0.95
    assert "name 'confidence' as accepted" in stopped.text
    assert found(leaky, accepted={"confidence"})["leak"].severity == "warn"


def test_a_leak_that_does_not_follow_the_order_of_the_answers_is_found_too() -> None:
    clean = cohort(400)
    draw = np.random.default_rng(3)
    ends = draw.choice([0.0, 3.0], len(clean))
    leaky = with_answers(clean, "confidence", np.where(beyond(clean), ends, draw.choice([1.0, 2.0], len(clean))))
    assert found(leaky)["leak"].severity == "stop"


def test_a_strong_answer_warns() -> None:
    clean = cohort(1000)
    draw = np.random.default_rng(4)
    told = np.where(beyond(clean) == (draw.random(len(clean)) < 0.8), 1.0, 0.0)
    assert found(with_answers(clean, "vehicle", told))["leak"].severity == "warn"


def test_a_question_asked_only_of_those_still_out_of_work_stops() -> None:
    clean = cohort(300)
    asked = np.where(beyond(clean), clean.inputs[:, spot_of("interviews")], np.nan)
    stopped = found(with_answers(clean, "interviews", asked))["silence_leak"]
    assert (stopped.severity, stopped.figures["question"]) == ("stop", "interviews")


def test_a_horizon_beyond_the_follow_up_stops_and_names_one_that_works() -> None:
    short = replace(cohort(200), weeks=np.minimum(cohort(200).weeks, 40.0), place=np.full(200, OUT, dtype=np.int8))
    remarks = found(short)
    assert remarks["horizon_beyond_follow_up"].severity == "stop"
    assert "the longest follow-up is 40 weeks" in remarks["horizon_beyond_follow_up"].text
    assert remarks["nobody_known"].severity == "stop"


def test_all_back_in_work_before_the_horizon_is_one_class_and_no_lack_of_follow_up() -> None:
    back = replace(cohort(100), weeks=np.linspace(1, 50, 100), place=np.full(100, BACK, dtype=np.int8))
    remarks = found(back)
    assert remarks["one_class"].severity == "stop"
    assert "none have it" in remarks["one_class"].text
    assert "horizon_beyond_follow_up" not in remarks
    out = replace(back, weeks=np.full(100, 60.0), place=np.full(100, OUT, dtype=np.int8))
    assert "all have it" in found(out)["one_class"].text


@pytest.mark.parametrize(
    ("cases", "rows", "wanted"), [(4, 100, "too_few"), (5, 100, "few_for_questions"), (4, 9, "few_known")]
)
def test_too_few_people_stop_and_few_warn(cases: int, rows: int, wanted: str) -> None:
    weeks = np.where(np.arange(rows) < cases, 60.0, 10.0)
    remarks = found(replace(cohort(rows), weeks=weeks, place=np.full(rows, BACK, dtype=np.int8)))
    assert wanted in remarks
    assert (remarks[wanted].severity == "stop") == (wanted != "few_for_questions")
    assert remarks[wanted].figures["with_outcome"] == cases


def test_twenty_rows_warn_that_the_result_is_the_evidence() -> None:
    weeks = np.where(np.arange(20) < 8, 60.0, 10.0)
    remarks = found(replace(cohort(20), weeks=weeks, place=np.full(20, BACK, dtype=np.int8)))
    assert "evidence almost unchanged" in remarks["few_rows"].text
    assert all(remark.severity != "stop" for remark in remarks.values())


def test_no_rows_stop() -> None:
    assert found(cohort(10).take(np.zeros(10, dtype=bool)))["no_rows"].severity == "stop"
    assert found(replace(cohort(10), weight=np.zeros(10)))["no_weight"].severity == "stop"


def test_poor_follow_up_warns_with_bounds() -> None:
    poor = cohort(400, lost=0.7)
    warned, wide = found(poor)["follow_up"], bounds(poor, HORIZON)
    assert wide.known < 0.6
    assert wide.low < wide.estimate < wide.high
    assert wide.high - wide.low == pytest.approx(1 - wide.known)
    assert f"{wide.low:.1%} to {wide.high:.1%}" in warned.text


def test_bounds_by_hand_with_weights() -> None:
    four = replace(
        cohort(4),
        weeks=np.array([10.0, 60.0, 20.0, 0.0]),
        place=np.array([BACK, OUT, OUT, OUT], dtype=np.int8),
        weight=np.array([1.0, 2.0, 3.0, 4.0]),
    )
    found_ = bounds(four, HORIZON)
    assert (found_.low, found_.high, found_.known, found_.not_known) == pytest.approx((0.2, 0.9, 0.3, 2))
    nobody = bounds(four.take(np.zeros(4, dtype=bool)), HORIZON)
    assert np.isnan([nobody.low, nobody.high, nobody.estimate]).all()


def test_many_rows_of_few_clients_stop() -> None:
    """Else a model of one or two people would be released, with intervals that say nothing."""
    some = cohort(300)
    two = replace(some, client=np.array([f"c{k % 2}" for k in range(300)], dtype=object))
    assert found(two)["few_clients"].severity == "stop"
    assert "few_clients" not in found(some)


def test_people_never_reached_are_counted() -> None:
    some = cohort(400, lost=0.0)
    weeks, place = some.weeks.copy(), some.place.copy()
    weeks[:30], place[:30] = 0.0, OUT
    remarks = found(replace(some, weeks=weeks, place=place))
    assert remarks["never_reached"].figures["rows"] == 30


def test_follow_up_that_depends_on_an_answer_warns_and_shows_in_the_table() -> None:
    all_ = cohort(600, lost=0.0)
    alone = np.arange(600) % 3 == 0
    weeks, place = all_.weeks.copy(), all_.place.copy()
    lost = alone & (np.arange(600) % 2 == 0)
    weeks[lost], place[lost] = 0.0, OUT
    told = with_answers(replace(all_, weeks=weeks, place=place), "household", np.where(alone, 2.0, 0.0))
    assert "household" in str(found(told)["follow_up_by_answer"].figures["questions"])
    rows = {row.answer: row for row in reached_by_answer(told, features(), HORIZON) if row.question == "household"}
    assert rows["no_other_adult"].people == 200
    assert rows["no_other_adult"].never == pytest.approx(0.5)
    assert rows["no_other_adult"].in_sight == pytest.approx(0.5)
    assert rows["partner"].known == 1.0


def test_returning_early_is_not_taken_for_better_follow_up() -> None:
    """A group of low risk is known more often, because a return is known at once. That is no fault of the follow-up."""
    draw = np.random.default_rng(6)
    low = np.arange(3000) % 2 == 0
    spell = draw.exponential(np.where(low, 15.0, 90.0))
    seen = draw.uniform(20, 100, 3000)
    both = replace(
        cohort(3000), weeks=np.minimum(spell, seen), place=np.where(spell <= seen, BACK, OUT).astype(np.int8)
    )
    told = with_answers(both, "household", np.where(low, 0.0, 2.0))
    rows = {row.answer: row for row in reached_by_answer(told, features(), HORIZON) if row.question == "household"}
    assert (rows["partner"].known or 0) - (rows["no_other_adult"].known or 0) > 0.15
    assert "follow_up_by_answer" not in found(told)


def test_small_groups_are_not_shown_and_cannot_be_found_by_subtraction() -> None:
    values = np.array([0.0] * 9 + [1.0] * 60 + [2.0] * 31)
    rows = [
        r
        for r in reached_by_answer(with_answers(cohort(100), "household", values), features(), HORIZON)
        if r.question == "household"
    ]
    shown = {row.answer: row.people for row in rows}
    assert shown == {"partner": None, "other_adults": 60, "no_other_adult": None}
    assert all(row.never is None and row.known is None and row.in_sight is None for row in rows if row.people is None)


def test_heavy_weights_warn() -> None:
    some = cohort(300, lost=0.0)
    weeks, place = some.weeks.copy(), some.place.copy()
    place[weeks >= HORIZON] = OUT
    weeks[weeks >= HORIZON] = 51.5
    weeks[0] = 60.0
    assert float(found(replace(some, weeks=weeks, place=place))["weights"].figures["most"]) > 20


def test_a_base_rate_far_from_the_reference_warns_and_chance_does_not() -> None:
    remarks = found(cohort(1000), plausible_rate=(0.05, 0.15))
    assert "expected was 5.0% to 15.0%" in remarks["base_rate"].text
    few = cohort(1000)
    share = few.label(HORIZON).rate
    assert "base_rate" not in found(few, plausible_rate=(share + 0.01, share + 0.05))


def test_constant_and_silent_questions_are_named() -> None:
    some = with_answers(cohort(), "vehicle", np.ones(400))
    remarks = found(with_answers(some, "interviews", np.full(400, np.nan)))
    assert remarks["constant"].figures["questions"] == "vehicle"
    assert remarks["never_answered"].figures["questions"] == "interviews"


def test_one_client_in_several_rows_is_counted_and_no_fault() -> None:
    some = cohort(100)
    client = some.client.copy()
    client[:6] = ["a", "a", "a", "b", "b", "c1"]
    several = found(replace(some, client=client))["several_rows"]
    assert (several.severity, several.figures["clients"], several.figures["rows"]) == ("note", 2, 5)


def test_equal_rows_under_two_ids_warn_and_under_one_id_are_repeated_rows() -> None:
    some = cohort(200)
    doubled = some.take(np.r_[np.arange(200), np.arange(10)])
    assert found(doubled)["repeated_rows"].figures["rows"] == 10
    client = doubled.client.copy()
    client[200:] = [f"other{k}" for k in range(10)]
    twins = found(replace(doubled, client=client))["twins"]
    assert (twins.severity, twins.figures["rows"]) == ("warn", 20)


def test_equal_rows_by_chance_are_not_called_twins() -> None:
    """Few answers and whole weeks: many people are alike, and nobody has two ids."""
    draw = np.random.default_rng(5)
    alike = with_answers(cohort(800), "vehicle", draw.choice([0.0, 1.0], 800))
    inputs, states = np.full_like(alike.inputs, np.nan), np.zeros_like(alike.states)
    inputs[:, spot_of("vehicle")] = alike.inputs[:, spot_of("vehicle")]
    states[:, place_of("vehicle")] = 1
    assert "twins" not in found(replace(alike, inputs=inputs, states=states, weeks=np.round(alike.weeks / 4) * 4))


def test_outcomes_under_support_are_counted() -> None:
    some = cohort(200)
    support = np.array(["course"] * 20 + [""] * 180, dtype=object)
    band = np.array([""] * 10 + ["enhanced"] * 20 + ["standard"] * 170, dtype=object)
    told = replace(some, notes={"support": support, "band_decided": band})
    assert int(supported(told).sum()) == 30
    assert found(told)["supported"].figures["rows"] == 30
    assert not supported(some).any()


def test_competing_events_are_counted_before_the_horizon_only() -> None:
    some = cohort(200)
    place = some.place.copy()
    place[np.flatnonzero(some.weeks < 40)[:7]] = COMPETING
    place[np.flatnonzero(some.weeks > 60)[:5]] = COMPETING
    assert found(replace(some, place=place))["competing"].figures["rows"] == 7


def test_simulated_people_are_called_simulated() -> None:
    assert found(replace(cohort(), simulated=True))["simulated"].severity == "note"


def test_the_weighted_area_by_hand() -> None:
    values, outcome = np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, True, False, True])
    assert weighted_area(values, outcome, np.ones(4)) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert weighted_area(values, outcome, np.array([1.0, 2.0, 3.0, 1.0])) == pytest.approx((2 * 1 + 2 * 1.5 + 4) / 12)


def test_a_share_of_none_or_all_among_few_people_is_no_news() -> None:
    """With 3 people of whom none had the outcome, nobody can say that 8% to 20% was wrong."""
    some = cohort(3)
    nobody = replace(some, weeks=np.full(3, 8.0), place=np.full(3, BACK, dtype=np.int8))
    assert "base_rate" not in found(nobody, plausible_rate=(0.08, 0.2))
    many = cohort(300)
    nobody = replace(many, weeks=np.full(300, 8.0), place=np.full(300, BACK, dtype=np.int8))
    assert "base_rate" in found(nobody, plausible_rate=(0.08, 0.2))


def test_a_horizon_of_no_weeks_is_never_advised() -> None:
    some = cohort(20)
    weeks = np.where(np.arange(20) < 15, 0.0, 8.0)
    text = found(replace(some, weeks=weeks, place=np.full(20, OUT, dtype=np.int8)))["horizon_beyond_follow_up"].text
    assert "At 0 weeks" not in text
    assert "Wait" in text

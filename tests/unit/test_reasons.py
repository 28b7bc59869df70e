"""Are the reasons the answers that moved the figure, strongest first, in the checklist's own words?"""

from __future__ import annotations

import math

import pytest

import triage
from tests.clients import choices, clients
from triage.engine.reasons import sentence, spoken, stands_out

ENGINE = triage.load()


@pytest.mark.parametrize("seed", range(5))
def test_reasons_raise_strengths_lower_and_both_stand_out(seed: int) -> None:
    for person in clients(ENGINE, 40, seed=seed, silent=0.1):
        score = ENGINE.score(person)
        for named, sign in ((score.reasons, 1), (score.strengths, -1)):
            sizes = [sign * reason.log_odds for reason in named]
            assert sizes == sorted(sizes, reverse=True)
            assert all(size >= math.log(1.1) for size in sizes)
            assert all(reason.log_odds == score.contributions[reason.question] for reason in named)
        named_at_all = {reason.question for reason in (*score.reasons, *score.strengths)}
        assert named_at_all == {name for name, value in score.contributions.items() if abs(value) >= math.log(1.1)}
        assert named_at_all <= set(score.answers)


@pytest.mark.parametrize(
    ("value", "wanted"), [(math.log(1.1), True), (-math.log(1.1), True), (0.0953, False), (0.0, False)]
)
def test_a_tenth_is_the_least_that_is_named(value: float, wanted: bool) -> None:
    assert stands_out(value, 1.1) is wanted


def test_every_answer_has_a_sentence_without_gaps() -> None:
    for question in ENGINE.checklist.questions:
        for answer in choices(ENGINE, question.id):
            for log_odds in (0.5, -0.5):
                text = sentence(question, answer, log_odds, ENGINE.features)
                assert "{" not in text
                assert text == text.strip()
                assert spoken(question, answer, ENGINE.features) in text


def test_an_area_is_said_by_its_name_and_an_age_as_a_whole_number() -> None:
    assert spoken(ENGINE.checklist.question("area"), "S12000014", ENGINE.features) == "Falkirk"
    assert spoken(ENGINE.checklist.question("age"), 57.0, ENGINE.features) == "57"


def test_equal_reasons_stand_in_the_order_of_the_checklist() -> None:
    score = ENGINE.score({"mental_ability": "poor", "physical_ability": "poor"})
    assert [reason.question for reason in score.reasons] == ["physical_ability", "mental_ability"]
    swapped = ENGINE.score({"physical_ability": "poor", "mental_ability": "poor"})
    assert [reason.question for reason in swapped.reasons] == ["physical_ability", "mental_ability"]


def test_nothing_stands_out_is_a_result() -> None:
    score = ENGINE.score({"qualifications": "scqf_6"})
    assert score.contributions["qualifications"] != 0
    assert score.reasons == score.strengths == ()


def test_each_reason_says_how_sensitive_its_question_is() -> None:
    score = ENGINE.score({"disability": "yes", "confidence": "not_at_all_confident", "age": 60})
    kinds = {reason.question: reason.sensitivity for reason in score.reasons}
    assert kinds == {"disability": "special_category", "confidence": "attitude", "age": "none"}

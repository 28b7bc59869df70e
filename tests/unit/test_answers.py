"""Are the fields beside the questions read as carefully as the answers?"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

import triage
from triage.errors import AnswersError

ENGINE = triage.load()
DAY = date(2026, 9, 15)
NOTHING = [None, "", "  ", math.nan, pd.NA, pd.NaT, "not known", "n/a", "prefer not to say", "declined"]


@pytest.mark.parametrize("name", ["redundancy_status", "job_ends", "complex_needs", "objects_to_scoring"])
@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_nothing_said_beside_the_questions_is_nothing(name: str, nothing: object) -> None:
    assert ENGINE.score({name: nothing}).context == {}
    found = ENGINE.score_many({name: [nothing, None], "age": [30, 30]})
    assert found.logit[0] == found.logit[1]


@pytest.mark.parametrize(
    "day",
    [
        "2026-03-31",
        date(2026, 3, 31),
        datetime(2026, 3, 31, 14, 5, tzinfo=UTC),
        pd.Timestamp("2026-03-31 10:00"),
        np.datetime64("2026-03-31"),
        np.datetime64("2026-03-31T10:00:00"),
    ],
    ids=repr,
)
def test_a_date_is_read_in_every_type_that_a_table_may_hold(day: object) -> None:
    assert ENGINE.score({"job_ends": day}).context == {"job_ends": date(2026, 3, 31)}


@pytest.mark.parametrize("day", ["31/03/2026", "2026-02-30", "soon", 46112, 1.5, True, "2026-03", b"2026-03-31"])
def test_what_may_be_several_dates_is_none(day: object) -> None:
    """Slash dates are for lists, where a whole column shows which way round they are."""
    with pytest.raises(AnswersError, match="not a date"):
        ENGINE.score({"job_ends": day})


@pytest.mark.parametrize(
    ("word", "value"), [("yes", True), ("No", False), (True, True), (np.False_, False), ("Y", True)]
)
def test_yes_and_no(word: object, value: bool) -> None:
    assert ENGINE.score({"complex_needs": word}).context == {"complex_needs": value}


@pytest.mark.parametrize("word", [True, False, "maybe", "lefft", 7])
def test_a_status_is_one_of_its_own_answers(word: object) -> None:
    with pytest.raises(AnswersError) as caught:
        ENGINE.score({"redundancy_status": word})
    assert "redundancy_status" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "declined", "early"),
    [
        (
            {"job_search": "declined", "redundancy_status": "at_risk"},
            {"job_search"},
            {"interviews", "employer_contact"},
        ),
        ({"job_search": "not_applicable"}, set(), {"job_search"}),
        (
            {"job_search": "not_applicable", "redundancy_status": "at_risk"},
            set(),
            {"job_search", "interviews", "employer_contact"},
        ),
        ({"age": "not_applicable"}, set(), {"age"}),
        ({"driving_licence": "medical"}, {"driving_licence"}, set()),
    ],
)
def test_declined_stays_declined_and_too_early_stays_too_early(
    given: dict[str, Any], declined: set[str], early: set[str]
) -> None:
    score = ENGINE.score(given, on=DAY)
    assert set(score.declined) == declined
    assert set(score.not_applicable) == early
    found = ENGINE.score_many({name: [value] for name, value in given.items()}, on=DAY)
    states = dict(zip(found.questions, found.states[0].tolist(), strict=True))
    assert {name for name, state in states.items() if state == 2} == declined
    assert {name for name, state in states.items() if state == 3} == early


def test_a_wrong_answer_is_named_even_where_it_would_be_set_aside() -> None:
    for call in (
        lambda: ENGINE.score({"job_search": "qqq", "redundancy_status": "at_risk"}),
        lambda: ENGINE.score_many({"job_search": ["qqq"], "redundancy_status": ["at_risk"]}),
    ):
        with pytest.raises(AnswersError, match="job_search"):
            call()

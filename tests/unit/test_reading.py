"""Which answer did a person mean? Only what is exact after folding; anything nearer is asked back, never assumed."""

from __future__ import annotations

import math
import string
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.worlds import examples
from triage.features import fold

FEATURES = triage.load().features
QUESTIONS = [question.id for question in FEATURES.checklist.questions]
CHOICES = [question for question in FEATURES.checklist.questions if question.kind == "choice"]


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.id)
def test_each_option_is_read_by_its_id_and_by_its_words(question: Any) -> None:
    for option in question.options:
        for text in (option.id, option.text, option.text.upper(), f"  {option.text}. "):
            reading = FEATURES.normalise(question.id, text)
            assert reading.value == option.id, text
            assert reading.state == ("declined" if option.counts_as == "declined" else "answered")


@given(question=st.sampled_from(QUESTIONS), text=st.text(max_size=40))
@examples(400)
def test_nothing_that_a_person_may_type_trips_the_reader(question: str, text: str) -> None:
    reading = FEATURES.normalise(question, text)
    assert reading.state in ("answered", "declined", "not_asked", "not_applicable", "unknown")
    assert (reading.value is None) or reading.state in ("answered", "declined")
    assert bool(reading.problem) == (reading.state == "unknown")
    assert not reading.suggestion or reading.state == "unknown"


@given(question=st.sampled_from(CHOICES), place=st.integers(0, 40), letter=st.sampled_from(string.ascii_lowercase))
@examples(300)
def test_a_slip_of_the_pen_is_never_taken_for_an_answer(question: Any, place: int, letter: str) -> None:
    """One letter more in a long wording: the answer may be suggested, and is not assumed."""
    option = question.options[place % len(question.options)]
    words = fold(option.text)
    slip = words[: place % len(words) + 1] + letter + words[place % len(words) + 1 :]
    reading = FEATURES.normalise(question.id, slip)
    known = FEATURES.vocabularies[question.id].spellings
    if fold(slip) not in known:
        assert reading.state in ("unknown", "declined", "not_asked")
        assert reading.value is None
        assert reading.suggestion in ("", *question.by_id)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "nothing", [None, "", " ", "\t\n", math.nan, np.nan, np.float32("nan"), pd.NA, pd.NaT, "not_asked"]
)
def test_every_kind_of_nothing_is_not_asked(question: str, nothing: object) -> None:
    assert FEATURES.normalise(question, nothing).state == "not_asked"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "words", ["declined", "Prefer not to say", "prefer not to say.", "PREFER NOT TO SAY", np.str_("declined")]
)
def test_declining_is_read_for_every_question(question: str, words: str) -> None:
    assert FEATURES.normalise(question, words).state == "declined"


@pytest.mark.parametrize(
    "age",
    [
        57,
        57.0,
        "57",
        " 57 ",
        "57.0",
        "+57",
        np.int64(57),
        np.float64(57),
        np.float32(57),
        np.uint8(57),
        Decimal(57),
        Decimal("57.0"),
    ],
)
def test_a_number_is_read_in_every_type_that_a_table_may_hold(age: object) -> None:
    reading = FEATURES.normalise("age", age)
    assert (reading.state, reading.value) == ("answered", 57.0)
    assert type(reading.value) is float


@pytest.mark.parametrize(
    "age",
    ["5,7", "57,", "1_6", "5 7", "5-7", "fifty", "0x39", "५७", "57yrs", True, np.True_, b"57", "1,6", "--57", "5.7.1"],
)
def test_what_may_be_several_numbers_is_none(age: object) -> None:
    assert FEATURES.normalise("age", age).state == "unknown"


@pytest.mark.parametrize("age", [15, 76, -57, 0, 570, 57.5, "57.5", 1e300, "1e9", math.inf, -math.inf, 10**400])
def test_an_impossible_age_is_not_bent_into_a_possible_one(age: object) -> None:
    reading = FEATURES.normalise("age", age)
    assert reading.state == "unknown"
    assert reading.value is None
    assert (
        "16 to 75 years" in reading.problem or "whole number of years" in reading.problem or "number" in reading.problem
    )


@pytest.mark.parametrize("text", ["inf", "nan", "Infinity", "-inf", "NaN", "1e400"])
def test_words_that_python_takes_for_numbers_are_no_age(text: str) -> None:
    assert FEATURES.normalise("age", text).state in ("unknown", "not_asked")


@pytest.mark.parametrize(
    ("yes", "no"), [(True, False), (np.True_, np.False_), ("TRUE", "FALSE"), ("Y", "N"), ("yes", "no")]
)
def test_true_and_false_answer_a_yes_or_no_question(yes: object, no: object) -> None:
    assert FEATURES.normalise("vehicle", yes).value == "yes"
    assert FEATURES.normalise("vehicle", no).value == "no"


@pytest.mark.parametrize("cell", [0, 0.0, np.float64(0), np.int8(0), "0", Decimal(0)])
def test_a_whole_number_reads_the_same_however_a_table_holds_it(cell: object) -> None:
    """A column of codes with one blank becomes a column of floats: 0 turns into 0.0."""
    assert FEATURES.normalise("qualifications", cell).value == FEATURES.normalise("qualifications", "0").value == "none"


@pytest.mark.parametrize("cell", [False, [], {}, object(), (1,), b"", {1}])
def test_a_cell_of_a_strange_kind_is_not_an_answer(cell: object) -> None:
    assert FEATURES.normalise("qualifications", cell).state == "unknown"


@given(text=st.text(max_size=60))
@examples(300)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Na h-Eileanan Siar", "na h eileanan siar"),
        ("CAFÉ", "cafe"),
        ("Straße", "STRASSE"),
        ("a_b", "A  b"),
        ("1.5", "1 5"),
        ("\u00a0yes\u00a0", "yes"),
        ("ﬁle", "file"),
    ],
)
def test_case_accents_signs_and_spaces_do_not_matter(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("no", "now"), ("✓", "✗"), ("1", "l"), ("yes", "ye s"), ("+", "-")])
def test_nothing_looser_than_that(one: str, other: str) -> None:
    assert fold(one) != fold(other)

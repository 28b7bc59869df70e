"""Somebody who came to two sessions is offered once for confirmation; two people are never taken for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.lists.tools import ON, engine, write
from triage.lists import desk

ANN = {"surname": "MacExample", "forename": "Ann", "born": "1975-04-03"}


def matches(one: dict[str, str], other: dict[str, str]) -> tuple[desk.Match, ...]:
    return desk.possible_matches(engine(), {"a": one}, {"b": other})


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (ANN, {"full_name": "macexample, ANN", "born": "1975-04-03"}, "same name and date of birth"),
        (
            {"surname": "Ó Súilleabháin", "forename": "Seán", "born": "1960-01-01"},
            {"full_name": "Mr Sean O Suilleabhain", "born": "1960-01-01"},
            "same name and date of birth",
        ),
        (
            {"forename": "Ann", "email": "A@nowhere.example"},
            {"full_name": "Ann Other", "email": "a@nowhere.example "},
            "same email and forename",
        ),
        (
            {"full_name": "Ann MacExample", "mobile": "+44 7700 900123"},
            {"full_name": "MacExample Ann", "mobile": "07700900123"},
            "same name and phone number",
        ),
        ({"reference": "00123"}, {"reference": "123"}, "same reference"),
        ({**ANN, "reference": "123"}, {"reference": "123"}, "same reference"),
    ],
)
def test_the_same_person_is_offered_with_the_reason(one: dict[str, str], other: dict[str, str], reason: str) -> None:
    (found,) = matches(one, other)
    assert (found.one, found.other, found.sure, found.against) == ("a", "b", "likely", ())
    assert reason in found.reasons
    assert "confirm" in desk.SURE_WORDS[found.sure]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ANN, {**ANN, "born": "1976-04-03"}),
        (ANN, {"surname": "MacExample", "forename": "Ann"}),
        ({"full_name": "Ann Example"}, {"full_name": "Ann Example"}),
        (
            {"full_name": "Ann Example", "email": "we@nowhere.example", "mobile": "0131 496 0000"},
            {"full_name": "Bo Example", "email": "we@nowhere.example", "mobile": "0131 496 0000"},
        ),
        ({"born": "1975-04-03"}, {"born": "1975-04-03"}),
        ({"reference": "n/a"}, {"reference": "n/a"}),
        ({"email": "none", "forename": "Ann"}, {"email": "none", "forename": "Ann"}),
        ({**ANN, "reference": "7"}, {"full_name": "Zed Other", "born": "1990-01-01", "reference": "7"}),
        ({}, {}),
    ],
)
def test_namesakes_couples_and_blanks_are_nobodys_match(one: dict[str, str], other: dict[str, str]) -> None:
    assert matches(one, other) == ()


@pytest.mark.parametrize(
    ("other", "against"),
    [
        ({"full_name": "Zed Other", "reference": "7"}, "the names differ"),
        ({"reference": "7", "born": "1990-01-01"}, "the dates of birth differ"),
        ({**ANN, "born": "1999-04-03", "mobile": "07700 900123"}, "the dates of birth differ"),
    ],
)
def test_what_speaks_against_a_match_is_said(other: dict[str, str], against: str) -> None:
    (found,) = matches({**ANN, "reference": "7", "mobile": "07700900123"}, other)
    assert (found.sure, found.against) == ("unsure", (against,))
    assert "speaks against" in desk.SURE_WORDS[found.sure]


def test_everything_that_is_the_same_is_named_the_strongest_first() -> None:
    everything = {**ANN, "reference": "7", "mobile": "07700900123", "email": "a@nowhere.example"}
    (found,) = matches(everything, everything)
    assert found.reasons == (
        "same name and date of birth",
        "same reference",
        "same email and forename",
        "same name and phone number",
    )


def test_nobody_is_like_nobody() -> None:
    assert desk.possible_matches(engine(), {}, {"b": ANN}) == ()
    assert desk.possible_matches(engine(), {"a": ANN}, {}) == ()


def test_a_number_that_many_share_says_nothing() -> None:
    many = {str(place): {"reference": "5000", "forename": "Ann"} for place in range(6)}
    assert desk.possible_matches(engine(), many, many) == ()
    few = dict(list(many.items())[:2])
    assert len(desk.possible_matches(engine(), few, few)) == 4


def test_two_sessions_in_two_files(tmp_path: Path) -> None:
    """As a page uses it: from the rows of two lists, whatever their columns."""
    first = "Surname,Forename,DOB,Clock no\nMacExample,Testina,03/04/1975,0012\nSample,Bo,01/01/1980,0013\n"
    second = "Name,Date of birth,Mobile\nTestina MacExample,3 April 1975,\nBo Sample,02/02/1982,\n"

    def identities(text: str, name: str) -> dict[str, Any]:
        found = desk.score_rows(engine(), write(tmp_path, text, name), on=ON).rows
        return {f"{name}:{row.place}": row.private.identity for row in found if row.client}

    (match,) = desk.possible_matches(engine(), identities(first, "one.csv"), identities(second, "two.csv"))
    assert (match.one, match.other) == ("one.csv:0", "two.csv:0")
    assert match.reasons == ("same name and date of birth",)

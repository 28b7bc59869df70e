"""One person on the list twice is called twice; two people taken for one lose a place."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from tests.unit.lists.tools import rows_of, score, scored, workbook
from triage.lists.duplicates import Duplicates

HEAD = "Surname,Forename,Clock number,Date of birth,Email"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("MacExample,Testina,,03/04/1975,", "MACEXAMPLE,testina,,3 April 1975,", "same name and date of birth"),
        ("Ó Súilleabháin,Seán,,03/04/1975,", "O Suilleabhain,Sean,,03.04.75,", "same name and date of birth"),
        ("MacExample,Testina,00123,,", "McExample,Tess,123,,", "same reference"),
        ("MacExample,Testina,,,A@nowhere.example", "Example,Testina,,,a@nowhere.example ", "same email and forename"),
    ],
)
def test_rows_that_may_be_one_person_are_flagged_and_both_scored(
    tmp_path: Path, first: str, second: str, why: str
) -> None:
    rows = scored(tmp_path, f"{HEAD}\n{first}\n{second}\n")
    assert [row["problem"] for row in rows] == [
        f"May be the same person as row 3 ({why})",
        f"May be the same person as row 2 ({why})",
    ]
    assert all(row["logit"] for row in rows)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Namesake,Notional,1,12/09/1975,", "Namesake,Notional,2,01/02/1990,"),
        ("Namesake,Notional,,,", "Namesake,Notional,,,"),
        ("Twosome,Fictor,,,couple@nowhere.example", "Twosome,Imagina,,,couple@nowhere.example"),
        (",,,,", ",,,,"),
        ('",",",",,,', '"""","""",,03/04/1975,'),
    ],
)
def test_namesakes_and_couples_with_one_email_are_different_people(tmp_path: Path, first: str, second: str) -> None:
    rows = scored(tmp_path, f"{HEAD}\n{first}\n{second}\nSomebody,Else,77,,\n")
    assert not any("same person" in row["problem"] for row in rows)


def test_the_same_person_on_two_sheets_is_found(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Monday": [["Surname", "Forename", "DOB"], ["MacExample", "Testina", "03/04/1975"]],
            "Tuesday": [["Full name", "Date of birth"], ["MacExample, Testina", "3/4/75"]],
        },
    )
    rows = rows_of(score(path).out)
    assert rows[0]["problem"] == "May be the same person as row 2 of sheet Tuesday (same name and date of birth)"
    assert [row["sheet"] for row in rows] == ["Monday", "Tuesday"]


def test_partners_are_those_that_a_search_by_hand_finds() -> None:
    """The first of a group points to the second, every other one to the first."""
    cards = random.Random(5)
    keys = np.array([cards.choice([0, 0, 1, 2, 3, 4, 5, 6, 7]) for _ in range(400)], dtype=np.uint64)
    found = Duplicates(400)
    found.put(0, [keys])
    found.settle()
    groups: dict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(keys.tolist()):
        groups[key].append(place)
    expected = [
        -1 if key == 0 or len(groups[key]) == 1 else groups[key][1] if groups[key][0] == place else groups[key][0]
        for place, key in enumerate(keys.tolist())
    ]
    assert found.partners(0, 400)[0].tolist() == expected

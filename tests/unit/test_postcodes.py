"""Does a postcode find its council area, and nothing where it is not certain?"""

from __future__ import annotations

from pathlib import Path

import pytest

import triage
from triage.errors import ContentError
from triage.features.postcodes import tidy_postcode

HEAD = "Postcode,PostcodeDistrict,DateOfIntroduction,DateOfDeletion,CouncilArea2011Code,CouncilArea2019Code\n"
ROWS = [
    "FK1 1AA,FK1,1/1/1980,,S12000014,S12000014",
    "KY1 1AA,KY1,1/1/1980,1/1/1999,S12000015,S12000047",
    "KY1 1AA,KY1,1/1/2001,,S12000015,S12000047",
    "DD1 1AA,DD1,1/1/1980,1/1/1999,S12000042,S12000042",
    "EH27 8AAA,EH27,1/1/1980,,S12000040,S12000040",
    "EH27 8AAB,EH27,1/1/1980,,S12000036,S12000036",
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An invented piece of a directory, in the shape of the official one."""
    path = tmp_path / "SmallUser.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("given", "area"),
    [
        ("FK1 1AA", "S12000014"),
        ("fk11aa", "S12000014"),
        ("FK1 1aa.", "S12000014"),
        ("KY1 1AA", "S12000047"),
        ("DD1 1AA", "S12000042"),
        ("Falkirk", "S12000014"),
    ],
)
def test_a_postcode_answers_the_question_about_the_area_and_is_not_kept(directory: Path, given: str, area: str) -> None:
    score = triage.load(postcodes=[directory]).score({"area": given})
    assert score.answers == {"area": area}
    assert "1AA" not in str(score.to_dict())


@pytest.mark.parametrize("given", ["EH27 8AA", "FK9 9ZZ", "FK1"])
def test_a_postcode_in_two_areas_or_in_none_is_not_guessed(directory: Path, given: str) -> None:
    reading = triage.load(postcodes=[directory]).features.normalise("area", given)
    assert (reading.state, reading.value) == ("unknown", None)


def test_without_a_directory_a_postcode_says_nothing() -> None:
    assert triage.load().features.normalise("area", "FK1 1AA").state == "unknown"


@pytest.mark.parametrize(("given", "tidy"), [("EH1 OAA", "EH10AA"), ("G1 1AA", "G11AA"), ("1AA", ""), ("", "")])
def test_the_letter_o_in_place_of_a_figure_is_put_right(given: str, tidy: str) -> None:
    assert tidy_postcode(given) == tidy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "needs the columns 'Postcode'"),
        (HEAD + "FK1 1AA,FK1,,,E09000001,E09000001\n", "No postcode of"),
        ("", "needs the columns 'Postcode'"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        triage.load(postcodes=[path])

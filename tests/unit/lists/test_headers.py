"""If the headings are not found, nobody on the list is scored."""

from __future__ import annotations

from tests.unit.lists.tools import vocabulary
from triage.lists.headers import OWN_MARK, find_headings, unique
from triage.lists.vocabulary import IGNORED


def roles(*rows: list[str | None], merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[str]:
    found = find_headings(rows, vocabulary(), merged=merged)
    assert found is not None
    return [str(role) for role in found.roles]


def test_headings_below_a_title_are_found() -> None:
    found = find_headings([["PACE event, 12 March", None], [None, None], ["Surname", "D.O.B."]], vocabulary())
    assert found is not None
    assert (found.first, found.rows, found.names) == (2, 1, ("Surname", "D.O.B."))


def test_headings_in_two_rows_are_read_together() -> None:
    assert roles(["No", "Date of", "Name", None], [None, "birth", "Surname", "Forename"]) == [
        "row_number",
        "date_of_birth",
        "surname",
        "forename",
    ]


def test_options_under_a_merged_question_are_columns_to_tick() -> None:
    found = roles(
        ["Surname", "Highest qualification", None, None],
        [None, "No qualifications", "Higher", "Degree"],
        merged=((1, 1, 1, 3),),
    )
    assert found == ["surname", "qualifications=none", "qualifications=scqf_6", "qualifications=scqf_9_plus"]


def test_people_are_not_taken_for_headings() -> None:
    """Otherwise the first person of a list without headings would vanish."""
    assert find_headings([["MacExample", "Testina", "Falkirk"], ["Sample", "Ann", "Fife"]], vocabulary()) is None


def test_a_row_below_the_headings_is_not_joined_to_them() -> None:
    found = find_headings([["Name", "Age"], ["Testina MacExample", "44"]], vocabulary())
    assert found is not None
    assert found.rows == 1


def test_headings_beyond_the_first_twenty_rows_are_not_looked_for() -> None:
    rows: list[list[str | None]] = [["x", None]] * 20
    assert find_headings([*rows, ["Surname", "Age"]], vocabulary()) is None
    assert find_headings([*rows[:19], ["Surname", "Age"]], vocabulary()) is not None


def test_a_lone_known_heading_must_be_most_of_its_row() -> None:
    assert find_headings([["Name", "a", "b", "c"]], vocabulary()) is None
    assert find_headings([["Name"], ["Testina MacExample"]], vocabulary()) is not None


def test_a_trade_beside_a_name_is_no_heading() -> None:
    """ "Driver" can stand over a column, but here it is what somebody does, and the name would be printed."""
    assert find_headings([["Driver", "Testina MacExample"], ["Packer", "Ann Sample"]], vocabulary()) is None


def test_headings_of_a_mapping_file_count_as_known() -> None:
    found = find_headings([["title", None], ["Foo", "Bar"]], vocabulary(), known=frozenset({"foo", "bar"}))
    assert found is not None
    assert found.first == 1
    assert found.roles == (IGNORED, IGNORED)


def test_an_output_of_this_program_is_known_by_its_columns() -> None:
    found = find_headings([["Surname", *OWN_MARK, "status"]], vocabulary())
    assert found is not None
    assert found.own


def test_a_heading_that_stands_there_twice_is_told_apart() -> None:
    assert unique(["Name", "", "Name", "", "name"]) == ("Name", "", "Name (2)", "", "name (3)")
    assert len(set(unique(["Name", "Name", "Name (2)"]))) == 3

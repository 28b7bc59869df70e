"""Do counts of equality answers say enough, and never who somebody is?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.casework import Desk
from tests.databases import both
from triage.casework import deciding, equality, scoring
from triage.casework.equality import Counts, Table

pytestmark = both
BANDS = ("standard", "enhanced", "intensive")


def asked(desk: Desk, band: str, given: Mapping[str, str]) -> str:
    """A client for whom this band was decided, and who then answered."""
    row, score = desk.scored()
    if score["band"] == band:
        deciding.confirm(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    else:
        about = {"score_id": score["id"], "band": band, "reason": "other", "note": "It fits better."}
        deciding.override(desk.service, desk["adviser"], row["id"], **about)
    equality.record(desk.service, desk["adviser"], row["id"], given)
    return str(row["id"])


def told(desk: Desk) -> Counts:
    return equality.counts(desk.service, desk["manager"])


def table(counts: Counts, label: str) -> Table:
    [found] = [item for item in counts.tables if item.label == label]
    return found


def test_counts_are_of_whole_months_and_change_only_with_enough_new_people(desk: Desk) -> None:
    """Whoever looks before and after one client must not learn what that client said."""
    for _ in range(10):
        asked(desk, "standard", {"sex": "female"})
    assert told(desk).people == 0
    desk.clock.move(days=31)
    assert (told(desk).people, told(desk).until) == (10, "2026-03")
    asked(desk, "standard", {"sex": "male"})
    desk.clock.move(days=31)
    assert (told(desk).people, told(desk).until) == (10, "2026-03")
    for _ in range(9):
        asked(desk, "standard", {"sex": "male"})
    desk.clock.move(days=31)
    assert (told(desk).people, told(desk).until) == (20, "2026-05")


def test_small_groups_and_what_would_tell_of_them_are_hidden(desk: Desk) -> None:
    for number in range(14):
        asked(desk, "standard", {"sex": "female" if number < 12 else "male", "ethnicity": "white_polish"})
    desk.clock.move(days=31)
    sex = table(told(desk), "Sex")
    # Of 14 people 12 are women: to show that would tell that there are 2 others.
    assert {name: total for name, _, total in sex.rows} == {"Female": None, "Male": None, "Prefer not to say": None}
    white = {name: total for name, _, total in table(told(desk), "Ethnic group").rows}
    assert "Polish" not in white
    assert white["White"] is None


def test_the_table_by_support_waits_until_each_kind_has_enough_people(desk: Desk) -> None:
    for band in BANDS[:2]:
        for number in range(20):
            asked(desk, band, {"sex": "female" if number % 2 else "male"})
    for _ in range(9):
        asked(desk, BANDS[2], {"sex": "female"})
    desk.clock.move(days=31)
    sex = table(told(desk), "Sex")
    assert sex.columns == ()
    assert {name: total for name, _, total in sex.rows}["Prefer not to say"] is None
    asked(desk, BANDS[2], {"sex": "male"})
    for _ in range(9):
        asked(desk, BANDS[2], {"sex": "male"})
    desk.clock.move(days=31)
    sex = table(told(desk), "Sex")
    names = [band.name for band in desk.service.engines.now.cutoffs.bands]
    assert list(sex.columns) == names
    counts = {name: cells for name, cells, _ in sex.rows}
    assert counts["Prefer not to say"] == (None, None, None)


@pytest.mark.parametrize("answer", ["sex", "care_experience"])
def test_groups_for_learning_leave_small_groups_out(desk: Desk, answer: str) -> None:
    options = {"sex": ("female", "male"), "care_experience": ("no_care", "care")}[answer]
    many = [asked(desk, "standard", {answer: options[0]}) for _ in range(10)]
    one = asked(desk, "standard", {answer: options[1]})
    silent, _, _ = desk.decided()
    groups = equality.groups_of(desk.service)
    assert groups(many[0]) == {answer: {"sex": "Female", "care_experience": "No"}[answer]}
    assert groups(one) == {}
    assert groups(silent["id"]) == {}
    assert groups("nobody") == {}


def test_a_decision_that_changes_moves_nobody_in_a_table(desk: Desk) -> None:
    """Otherwise a change of one decision would tell, in each table, which group that client is in."""
    people = [asked(desk, "standard", {"sex": "female"}) for _ in range(10)]
    for band in BANDS[1:]:
        for _ in range(10):
            asked(desk, band, {"sex": "female"})
    desk.clock.move(days=31)
    before = told(desk)
    assert table(before, "Sex").columns
    deciding.ask_for_more(desk.service, desk["adviser"], people[0], score_id=latest(desk, people[0]))
    assert told(desk) == before


def latest(desk: Desk, assessment: str) -> str:
    """The id of the score that counts."""
    row = scoring.latest(desk.service, desk["adviser"], assessment)
    assert row is not None
    return str(row["id"])

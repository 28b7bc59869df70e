"""Is nothing of a plan for places released before a person has opened and decided each row that needs one?"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.casework import Desk
from tests.databases import both
from tests.lists_desk import people, scored
from tests.places_case import (
    EDGE,
    SAME,
    TIED,
    all_decided,
    choose,
    decided,
    made,
    people_of,
    planned,
    released,
    rows,
    rows_of,
)
from tests.unit.test_casework_lists import faults
from triage.casework import assessments, interview, lists, places, places_rows, scoring
from triage.casework.places_rows import Choice
from triage.errors import CaseworkError, ConflictError
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.erase import erase_assessment
from triage.records.erasures import NAME as ERASURES
from triage.records.plain import parsed
from triage.records.tables import decisions, place_decisions, place_openings, place_plans, place_rows


@both
def test_an_order_is_proposed_with_the_tied_group_and_everybody_comes_out(desk: Desk) -> None:
    _, plan = planned(desk)
    found = rows_of(desk, plan)
    assert {name: row["part"] for name, row in found.items()} == {
        "Ada": "place", "Bea": "place", **dict.fromkeys(SAME, "edge"), "Guy": "below", "Hal": "below",
        "Ian": "talk", "Jon": "objected",
    }  # fmt: skip
    assert [found[name]["rank"] for name in ("Ada", *SAME, "Guy", "Ian")] == [1, 3, 3, 3, 3, 7, None]
    proposed = parsed(plan["data"])
    assert (proposed["edge"], proposed["left"]) == ({"people": 4, "left": 2}, 2)
    assert {found[name]["band"] for name in SAME} <= {"standard", "enhanced"}, (
        "no place is given to some of them by the tool"
    )
    assert all(found[name]["needed"] for name in (*SAME, "Guy", "Hal"))
    assert not any(found[name]["needed"] for name in ("Ian", "Jon"))
    assert rows(desk, decisions)[1:] == [], "only the objection of the list is there"


@both
def test_nothing_is_released_before_each_row_is_opened_and_decided(desk: Desk, tmp_path: Path) -> None:
    _, plan = planned(desk)
    with pytest.raises(CaseworkError, match="opened and decided first"):
        released(desk, plan)
    all_decided(desk, plan)
    before = len(rows(desk, decisions))
    done = released(desk, plan, "manager")
    assert (done["state"], done["ended_by"]) == ("released", desk["manager"].account)
    kept = [row for row in rows(desk, decisions) if row["action"] in ("confirm", "override")]
    assert (
        len(kept) == len(rows(desk, decisions)) - before == sum(row["needed"] for row in rows_of(desk, plan).values())
    )
    assert {row["by"] for row in kept} == {desk["adviser"].account}, "who decided, and not who released"
    bands = {name: entry.standing.band for name, entry in people_of(desk, plan).items() if entry.standing}
    assert [bands[name] for name in ("Cat", "Dan")] == [plan["band"]] * 2
    assert bands["Eve"] == bands["Fay"] == rows_of(desk, plan)["Eve"]["band"]
    assert bands["Ian"] is bands["Jon"] is None
    assert released(desk, plan)["version"] == done["version"], "a second click changes nothing"
    assert len(rows(desk, decisions)) == before + len(kept)
    assert faults(desk.service.database, tmp_path) == []


@both
def test_at_the_same_moment_one_plan_is_made_and_released_once(desk: Desk) -> None:
    row = scored(desk, TIED)
    staff = ("adviser", "second_adviser", "manager")

    def making(who: str) -> str:
        try:
            return str(made(desk, row, who=who)["id"])
        except ConflictError:
            return ""

    with ThreadPoolExecutor(len(staff)) as pool:
        [plan_id] = [found for found in pool.map(making, staff) if found]
    [plan] = places.of_list(desk.service, desk["adviser"], row["id"])
    assert plan["id"] == plan_id
    all_decided(desk, plan)
    before = len(rows(desk, decisions))
    with ThreadPoolExecutor(len(staff)) as pool:
        done = list(pool.map(lambda who: released(desk, plan, who), staff))
    assert len({item["ended_by"] for item in done}) == 1
    needed = sum(item["needed"] for item in rows_of(desk, plan).values())
    assert len(rows(desk, decisions)) == before + needed


def test_more_people_on_the_reserve_than_it_is_for_are_not_released(desk: Desk) -> None:
    _, plan = planned(desk, reserve=3)
    found = rows_of(desk, plan)
    assert {name: row["part"] for name, row in found.items() if row["part"].startswith("reserve")} == {
        "Guy": "reserve_edge", "Hal": "reserve_edge",
    }  # fmt: skip
    for name in ("Guy", "Hal"):
        decided(desk, plan, name, on_reserve=True, **EDGE)
    for name in SAME:
        band = plan["band"] if name in ("Cat", "Dan") else found[name]["band"]
        decided(desk, plan, name, band=band, on_reserve=name in ("Eve", "Fay"), **EDGE)
    with pytest.raises(CaseworkError, match="4 people are on the reserve and it is for 3"):
        released(desk, plan)
    decided(desk, plan, "Hal", **EDGE)
    assert released(desk, plan)["state"] == "released"


def test_more_people_than_places_are_not_released(desk: Desk) -> None:
    _, plan = planned(desk)
    all_decided(desk, plan)
    decided(desk, plan, "Eve", band=plan["band"], **EDGE)
    with pytest.raises(CaseworkError, match="5 people have a place and there are 4"):
        released(desk, plan)
    decided(desk, plan, "Eve", **EDGE)
    assert released(desk, plan)["state"] == "released"


CHANGES: Mapping[str, Any] = {
    "objects": lambda desk, case: assessments.object_to_scoring(desk.service, desk["adviser"], case),
    "answers": lambda desk, case: interview.save_answer(desk.service, desk["adviser"], case, "vehicle", "yes"),
    "asked again": lambda desk, case: scoring.rescore_start(desk.service, desk["adviser"], case, "change"),
}  # fmt: skip


@pytest.mark.parametrize("what", ["objects", "answers", "asked again"])
def test_a_plan_holds_no_more_when_people_or_scores_change(desk: Desk, what: str) -> None:
    row, plan = planned(desk)
    all_decided(desk, plan)
    CHANGES[what](desk, rows_of(desk, plan)["Ada"]["assessment"])
    with pytest.raises(ConflictError, match="make a new one"):
        released(desk, plan)
    with pytest.raises(ConflictError, match="make a new one"):
        decided_again(desk, plan)
    withdrawn = places.withdraw(desk.service, desk["adviser"], row["id"], plan["id"], why="Somebody changed.")
    assert (withdrawn["state"], withdrawn["why"]) == ("withdrawn", "Somebody changed.")
    new = made(desk, row)
    assert rows_of(desk, new)["Ada"]["part"] == ("objected" if what == "objects" else "talk")
    assert [plan["state"] for plan in places.of_list(desk.service, desk["adviser"], row["id"])].count("withdrawn") == 1
    assert len(rows(desk, place_decisions)) > 0, "what was decided stays to be read"


def decided_again(desk: Desk, plan: Row) -> None:
    row = rows_of(desk, plan)["Guy"]
    opened = places_rows.open_row(desk.service, desk["adviser"], plan["list"], plan["id"], row["id"])
    assert (opened.opening, bool(opened.stale)) == ("", True)
    choose(desk, plan, row, Choice("x", row["version"], row["band"]))


def test_a_changed_policy_makes_a_plan_stale(desk: Desk, other_cutoffs: triage.Engine) -> None:
    row, plan = planned(desk)
    all_decided(desk, plan)
    desk.service.engines.replace(other_cutoffs)
    with pytest.raises(ConflictError, match="cut-offs have changed"):
        released(desk, plan)
    places.withdraw(desk.service, desk["adviser"], row["id"], plan["id"])
    with pytest.raises(ConflictError, match="Upload it again"):
        made(desk, row)


@both
def test_what_a_plan_holds_of_a_person_goes_with_them_and_names_are_in_none_of_it(desk: Desk, tmp_path: Path) -> None:
    row, plan = planned(desk)
    all_decided(desk, plan)
    for table in (place_plans, place_rows, place_openings, place_decisions):
        text = str(rows(desk, table))
        assert not [name for name in ("Toplister", "Sameas", "Cat", "Ada") if name in text], table.name
    guy = rows_of(desk, plan)["Guy"]
    erase_assessment(desk.service.database, Event(SYSTEM, "records_erased"), guy["assessment"], tmp_path / ERASURES)
    assert guy["id"] not in str([rows(desk, table) for table in (place_rows, place_openings, place_decisions)])
    with pytest.raises(ConflictError, match="people on the list have changed"):
        released(desk, plan)
    lists.erase_names(desk.service, desk["adviser"], row["id"], tmp_path)
    assert people(desk, row)
    assert faults(desk.service.database, tmp_path) == []

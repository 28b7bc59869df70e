"""Is nothing of a plan for places released before a person has opened and decided each row that needs one?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import triage
from tests.casework import Desk
from tests.databases import both
from tests.lists_desk import people, scored, uploaded
from tests.places_case import TIED, decided, made, planned, rows_of
from tests.unit.test_casework_lists import faults
from triage.casework import (
    assessments,
    deciding,
    interview,
    list_view,
    lists,
    places,
    places_release,
    places_rows,
    scoring,
)
from triage.casework.places_rows import Choice
from triage.errors import AccessError, CaseworkError, ConflictError, DecisionError
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.erase import erase_assessment
from triage.records.erasures import NAME as ERASURES
from triage.records.plain import parsed
from triage.records.tables import (
    audit_events,
    decisions,
    place_decisions,
    place_openings,
    place_plans,
    place_rows,
)

SAME = ("Cat", "Dan", "Eve", "Fay")
EDGE: Mapping[str, Any] = {"reason": "not_on_checklist", "note": "What decided between them."}
SUPPORT = ("standard", "enhanced", "intensive")


def all_decided(desk: Desk, plan: Row) -> None:
    """Everybody who needs a person: two of the four with one score get the places, one is on the reserve."""
    found = rows_of(desk, plan)
    for name, row in found.items():
        if not row["needed"]:
            continue
        if name in SAME:
            has = name in ("Cat", "Dan")
            band = plan["band"] if has else row["band"]
            decided(desk, plan, name, band=band, on_reserve=name == "Eve", **EDGE)
        else:
            decided(desk, plan, name)


def released(desk: Desk, plan: Row, who: str = "adviser", version: int | None = None) -> Row:
    return places_release.release(desk.service, desk[who], plan["list"], plan["id"], version)


def rows(desk: Desk, table: sa.Table) -> list[Row]:
    with desk.service.database.read() as view:
        return view.all(sa.select(table))


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
    assert {found[name]["band"] for name in SAME} < {*SUPPORT[:2]}, "no place is given to some of them by the tool"
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


def people_of(desk: Desk, plan: Row) -> dict[str, Any]:
    """The entries of the list by forename."""
    _, found = list_view.entries(desk.service, desk["adviser"], plan["list"])
    return {entry.private.identity["forename"]: entry for entry in found if entry.private}


def test_who_opened_a_row_how_long_and_what_they_changed_is_recorded(desk: Desk) -> None:
    _, plan = planned(desk)
    kept = decided(
        desk, plan, "Guy", "second_adviser", seconds=75, band=plan["band"], reason="recent_change", note="Ill."
    )
    assert (kept["by"], kept["seconds"], kept["reason"]) == (desk["second_adviser"].account, 75, "recent_change")
    [opening] = rows(desk, place_openings)
    assert (opening["id"], opening["by"]) == (kept["opening"], desk["second_adviser"].account)
    case = rows_of(desk, plan)["Guy"]["assessment"]
    trail = sorted(rows(desk, audit_events), key=lambda row: row["seq"])
    noted = [row for row in trail if row["action"] in ("places_opened", "places_decided")]
    assert [(row["action"], row["subject"]) for row in noted] == [("places_opened", case), ("places_decided", case)]
    detail = parsed(noted[-1]["detail"])
    assert (detail["seconds"], detail["changed"]) == (75, True)


def test_a_row_is_decided_by_who_has_opened_it_themselves(desk: Desk) -> None:
    _, plan = planned(desk)
    row = rows_of(desk, plan)["Guy"]
    seen = places_rows.open_row(desk.service, desk["adviser"], plan["list"], plan["id"], row["id"])
    for who, opening in (("second_adviser", seen.opening), ("adviser", ""), ("adviser", "nothing")):
        with pytest.raises((ConflictError, AccessError)):
            choose(desk, plan, row, Choice(opening, row["version"], row["band"]), who)
    apart = rows_of(desk, plan)["Ian"]
    assert places_rows.open_row(desk.service, desk["adviser"], plan["list"], plan["id"], apart["id"]).opening == ""
    with pytest.raises(CaseworkError, match="in no order"):
        choose(desk, plan, apart, Choice(seen.opening, 1, row["band"]))


def choose(desk: Desk, plan: Row, row: Row, choice: Choice, who: str = "adviser", submission: str = "") -> Row:
    return places_rows.decide(desk.service, desk[who], plan["list"], plan["id"], row["id"], choice, submission)


@both
def test_two_people_at_once_and_a_second_click(desk: Desk) -> None:
    row, plan = planned(desk)
    with pytest.raises(ConflictError, match="a plan for this list already"):
        made(desk, row, who="second_adviser")
    guy = rows_of(desk, plan)["Guy"]
    mine, theirs = (
        places_rows.open_row(desk.service, desk[who], plan["list"], plan["id"], guy["id"])
        for who in ("adviser", "second_adviser")
    )
    choice = Choice(mine.opening, mine.row["version"], guy["band"])
    first, again = (choose(desk, plan, guy, choice, submission="form-1") for _ in range(2))
    assert first["id"] == again["id"]
    with pytest.raises(ConflictError, match="Somebody else decided"):
        choose(desk, plan, guy, Choice(theirs.opening, theirs.row["version"], guy["band"]), "second_adviser")
    all_decided(desk, plan)
    with pytest.raises(ConflictError, match="in the meantime"):
        released(desk, plan, version=plan["version"])


def test_between_equal_scores_and_against_the_proposal_a_reason_is_asked(desk: Desk) -> None:
    _, plan = planned(desk)
    for wrong in ({}, {"reason": "other"}, {"note": "Because."}):
        with pytest.raises(CaseworkError, match="same score"):
            decided(desk, plan, "Cat", band=plan["band"], **wrong)
    with pytest.raises(CaseworkError, match="not what was proposed"):
        decided(desk, plan, "Guy", band=plan["band"])
    with pytest.raises(DecisionError, match="needs a note"):
        decided(desk, plan, "Guy", band=plan["band"], reason="other")
    with pytest.raises(CaseworkError, match="which support"):
        decided(desk, plan, "Guy", band="nothing")
    with pytest.raises(CaseworkError, match="without a place"):
        decided(desk, plan, "Guy", band=plan["band"], on_reserve=True, reason="other", note="Yes.")
    assert rows(desk, place_decisions) == []


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


def test_a_decision_in_the_record_stands_and_one_in_between_is_seen(desk: Desk) -> None:
    _, plan = planned(desk)
    ada = rows_of(desk, plan)["Ada"]
    standing = deciding.standing(desk.service, desk["adviser"], ada["assessment"])
    assert standing.score is not None
    lower = SUPPORT[0]
    deciding.override(
        desk.service, desk["manager"], ada["assessment"], score_id=standing.score["id"], band=lower, reason="other",
        note="A job starts soon.",
    )  # fmt: skip
    all_decided(desk, plan)
    with pytest.raises(CaseworkError, match="1 person has to be opened"):
        released(desk, plan)
    with pytest.raises(CaseworkError, match="It stands here"):
        decided(desk, plan, "Ada")
    decided(desk, plan, "Ada", band=lower)
    count = len(rows(desk, decisions))
    guy = deciding.standing(desk.service, desk["adviser"], rows_of(desk, plan)["Guy"]["assessment"])
    assert guy.score is not None
    taken = deciding.ask_for_more(
        desk.service, desk["adviser"], guy.assessment["id"], score_id=guy.score["id"]
    )  # fmt: skip
    with pytest.raises(ConflictError, match="Open the row again"):
        released(desk, plan)
    assert len(rows(desk, decisions)) == count + 1, "all of it or nothing"
    decided(desk, plan, "Guy", band=taken["band"])
    assert released(desk, plan)["state"] == "released"


def test_other_offices_and_roles_are_refused(desk: Desk) -> None:
    row, plan = planned(desk)
    guy = rows_of(desk, plan)["Guy"]
    for who in ("other_adviser", "other_manager", "analyst", "administrator", "partner"):
        with pytest.raises(AccessError):
            made(desk, row, who=who)
        with pytest.raises(AccessError):
            places.of_list(desk.service, desk[who], row["id"])
        with pytest.raises(AccessError):
            places_rows.open_row(desk.service, desk[who], row["id"], plan["id"], guy["id"])
        with pytest.raises(AccessError):
            released(desk, plan, who)
        with pytest.raises(AccessError):
            places.withdraw(desk.service, desk[who], row["id"], plan["id"])
    other = uploaded(desk)
    with pytest.raises(AccessError):
        places.withdraw(desk.service, desk["adviser"], other["id"], plan["id"])
    with pytest.raises(CaseworkError, match="not scored yet"):
        made(desk, other)


def test_what_is_no_plan_is_refused_with_its_field(desk: Desk) -> None:
    row = scored(desk, TIED)
    wrong: tuple[tuple[str, Any], ...] = (
        ("band", "standard"), ("band", "x"), ("places", None), ("places", 0), ("reserve", -1), ("reserve", None),
    )  # fmt: skip
    for field, value in wrong:
        given = {"band": "intensive", "places": 4, "reserve": 0, field: value}
        with pytest.raises(CaseworkError) as refused:
            places.make(desk.service, desk["adviser"], row["id"], **given)
        assert [fault.where for fault in refused.value.faults] == [field]


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

"""Who may open and decide a row of a plan for places, what is asked of them, and what is recorded?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import triage
from tests.casework import Desk, make_desk
from tests.databases import both
from tests.lists_desk import scored, uploaded
from tests.places_case import EDGE, TIED, all_decided, choose, decided, made, planned, released, rows, rows_of
from triage.casework import deciding, places, places_rows
from triage.casework.places_rows import Choice
from triage.decisions.reasons import PLACES
from triage.errors import AccessError, CaseworkError, ConflictError, DecisionError
from triage.records.database import Database
from triage.records.plain import parsed
from triage.records.tables import audit_events, decisions, place_decisions, place_openings


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
    decided(desk, plan, "Cat", band=plan["band"], **EDGE)
    *_, last = sorted(rows(desk, audit_events), key=lambda row: row["seq"])
    assert parsed(last["detail"])["changed"] is False, "between equals nothing was proposed that could be changed"


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


def test_off_a_reserve_that_was_proposed_is_a_change_with_a_reason(desk: Desk) -> None:
    _, plan = planned(desk, reserve=4)
    assert {rows_of(desk, plan)[name]["part"] for name in ("Guy", "Hal")} == {"reserve"}
    with pytest.raises(CaseworkError, match="not what was proposed"):
        decided(desk, plan, "Guy")
    assert decided(desk, plan, "Guy", on_reserve=True)["reason"] == ""
    assert decided(desk, plan, "Hal", reason="recent_change", note="Starts a job.")["reason"] == "recent_change"


def test_off_the_reserve_needs_a_reason_where_the_support_is_decided_already(desk: Desk) -> None:
    _, plan = planned(desk, reserve=4)
    guy = rows_of(desk, plan)["Guy"]
    deciding.confirm(desk.service, desk["adviser"], guy["assessment"], score_id=guy["score"])
    with pytest.raises(CaseworkError, match="not what was proposed"):
        decided(desk, plan, "Guy")
    with pytest.raises(DecisionError, match="needs a note"):
        decided(desk, plan, "Guy", reason="other")
    assert decided(desk, plan, "Guy", reason="recent_change", note="Starts a job.")["reason"] == "recent_change"
    assert decided(desk, plan, "Guy", on_reserve=True)["reason"] == ""


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
    assert rows(desk, place_decisions) == []
    kept = decided(desk, plan, "Guy", band=plan["band"], on_reserve=True, reason="other", note="Yes.")
    assert kept["on_reserve"] is False, "with a place nobody is on the reserve"


def test_a_decision_in_the_record_stands_and_one_in_between_is_seen(desk: Desk) -> None:
    _, plan = planned(desk)
    ada = rows_of(desk, plan)["Ada"]
    standing = deciding.standing(desk.service, desk["adviser"], ada["assessment"])
    assert standing.score is not None
    lower = "standard"
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


def test_another_organisation_s_band_in_the_middle_and_its_own_reasons(
    database: Database, small_engine: triage.Engine
) -> None:
    desk = make_desk(database, small_engine)
    people = [
        ("none", 0, "A2"),
        ("none", 0, "A2"),
        ("none", 200_000, "A2"),
        ("part", 900_000, "A1"),
        ("full", 2_000_000, "A1"),
    ]
    lines = [f"P{number},{licence},{earned},{place}" for number, (licence, earned, place) in enumerate(people)]
    row = scored(desk, "\n".join(["Forename,Licence,Earned,Place", *lines, ""]))
    plan = made(desk, row, 4, 0, band="enhanced")
    found = rows_of(desk, plan)
    assert [found[f"P{number}"]["part"] for number in range(5)] == ["place"] * 4 + ["below"]
    score = deciding.standing(desk.service, desk["adviser"], found["P3"]["assessment"]).score
    assert score is not None
    assert score["band"] == "standard", "the places reach further than the score alone"
    own = tuple(code for code in desk.service.reasons.reasons if code.id != PLACES)
    without = replace(desk, service=replace(desk.service, reasons=replace(desk.service.reasons, reasons=own)))
    with pytest.raises(CaseworkError, match="not what the score alone proposes"):
        decided(without, plan, "P3")
    assert decided(desk, plan, "P3")["reason"] == PLACES
    assert decided(without, plan, "P4")["reason"] == "", "what the score alone proposes needs none"


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

"""What is said of a plan for places that is released or withdrawn, when records and cut-offs have gone on since?"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import triage
from tests.casework import ANSWERS, LEFT, Desk
from tests.lists_desk import scored
from tests.places_case import EDGE, all_decided, decided, made, planned, released, rows_of
from triage.casework import deciding, places, places_file, places_view
from triage.casework.places_facts import placed
from triage.casework.places_view import Seen
from triage.casework.rebuilding import data_of
from triage.errors import CaseworkError
from triage.lists.desk import ERASED
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.erase import erase_assessment
from triage.records.erasures import NAME as ERASURES
from triage.web.pages import places_words


def seen(desk: Desk, plan: Row) -> Seen:
    return places_view.seen(desk.service, desk["adviser"], plan["list"], plan["id"])


def lines(desk: Desk, plan: Row) -> dict[str, dict[str, Any]]:
    """The lines of its page by the name on the list."""
    found = seen(desk, plan)
    return {line["name"].split()[0]: line for line in (places_words.line(desk.service, found, r) for r in found.rows)}


def downloaded(desk: Desk, plan: Row, folder: Path) -> dict[str, dict[str, str]]:
    """The rows of the file by forename."""
    path = places_file.write(desk.service, desk["adviser"], plan["list"], plan["id"], folder, ending="csv")
    return {row["forename"]: row for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())}


def taken(desk: Desk, row: Row, band: str = "") -> None:
    """A decision in the person's record: as proposed, or another band."""
    about = {"score_id": row["score"]}
    if band:
        about |= {"band": band, "reason": "other", "note": "A job starts."}
        deciding.override(desk.service, desk["manager"], row["assessment"], **about)
    else:
        deciding.confirm(desk.service, desk["manager"], row["assessment"], **about)


def test_a_decision_in_the_record_is_told_and_nobody_waits_in_a_plan_that_is_released(
    desk: Desk, tmp_path: Path
) -> None:
    _, plan = planned(desk)
    found = rows_of(desk, plan)
    taken(desk, found["Ada"])
    assert lines(desk, plan)["Ada"]["recorded"].startswith("Decided in the record. Confirmed: ")
    all_decided(desk, plan)
    plan = released(desk, plan)
    taken(desk, found["Bea"], "standard")
    assert (seen(desk, plan).stand.waiting, lines(desk, plan)["Bea"]["waits"]) == ([], False)
    file = downloaded(desk, plan, tmp_path)
    assert file["Ada"]["decided_by"] == "Decided in the record, by Test manager"
    assert file["Bea"]["decided_by"] == "Decided otherwise in the record, by Test manager"
    standard = desk.service.engines.now.cutoffs.band("standard").name
    assert lines(desk, plan)["Bea"]["recorded"].endswith(f": {standard}, by Test manager")


def test_nobody_waits_in_a_plan_that_is_withdrawn(desk: Desk) -> None:
    row, plan = planned(desk)
    told = places_words.summary(seen(desk, plan))
    assert told.endswith("2 have one as things stand, 0 decided, 6 wait for a person to open and decide them.")
    decided(desk, plan, "Guy")
    plan = places.withdraw(desk.service, desk["adviser"], row["id"], plan["id"])
    assert seen(desk, plan).counts["waiting"] == 0
    assert places_words.summary(seen(desk, plan)).endswith("in the order. 1 decided before it was withdrawn.")


def test_after_an_erasure_and_with_other_cut_offs_a_plan_is_told_as_it_was_released(
    desk: Desk, other_cutoffs: triage.Engine, tmp_path: Path
) -> None:
    _, plan = planned(desk)
    all_decided(desk, plan)
    plan = released(desk, plan)
    told = places_words.summary(seen(desk, plan))
    assert told.endswith(" 4 have one.")
    ada = rows_of(desk, plan)["Ada"]["assessment"]
    erase_assessment(desk.service.database, Event(SYSTEM, "records_erased"), ada, tmp_path / ERASURES)
    assert places_words.summary(seen(desk, plan)) == f"{told} {ERASED}"
    before = desk.service.engines.now.versions.cutoffs
    desk.service.engines.replace(other_cutoffs)
    path = places_file.write(desk.service, desk["adviser"], plan["list"], plan["id"], tmp_path)
    said = dict(load_workbook(path)["About this list"].iter_rows(values_only=True, max_col=2))
    assert ERASED in said
    assert said["Cut-offs"] == before


def test_places_that_nobody_has_are_told_before_the_release(desk: Desk) -> None:
    _, plan = planned(desk)
    all_decided(desk, plan)
    assert places_words.unused(seen(desk, plan)) == ""
    decided(desk, plan, "Dan", **EDGE)
    assert places_words.unused(seen(desk, plan)).startswith(
        "1 place is given to nobody, and 5 people in the order have"
    )


def test_more_support_than_a_place_is_not_called_no_place() -> None:
    plan, row = {"band": "enhanced"}, {"rank": 1, "part": "above", "band": "intensive"}
    assert places_file.outcome_of(plan, row, None) == "above"
    assert places_file.outcome_of(plan, row, {"band": "standard", "on_reserve": False}) == "none"


def test_near_the_line_with_a_place_is_opened_and_decided_before_a_release(desk: Desk) -> None:
    alike = ("Forename,DOB,Council area,Highest qualification,Driving licence,Own vehicle,Lives with",
             "Ada,12/03/1966,Glasgow City,No qualifications,None,No,Lives alone",
             "Bea,12/03/1966,Glasgow City,No qualifications,None,No,Partner")  # fmt: skip
    plan = made(desk, scored(desk, "\n".join((*alike, ""))), 1, 0)
    found = rows_of(desk, plan)
    assert [(found[name]["part"], found[name]["needed"]) for name in ("Ada", "Bea")] == [
        ("place", True), ("below", True),
    ]  # fmt: skip
    decided(desk, plan, "Bea")
    with pytest.raises(CaseworkError, match="1 person has to be opened"):
        released(desk, plan)
    decided(desk, plan, "Ada")
    assert released(desk, plan)["state"] == "released"


def test_a_kept_score_is_placed_as_the_engine_decides_on_bands(desk: Desk) -> None:
    engine, given = desk.service.engines.now, {**ANSWERS, "physical_ability": "good", "disability": "no"}
    _, kept = desk.scored(given=given)
    columns = engine.score_many({name: [value] for name, value in {**given, **LEFT}.items()}, on=desk.service.today)
    raised = columns.band_logit[0] - columns.logit[0]
    assert raised > 0, "answers that lower the figure do not lower the band"
    assert placed(engine, data_of(kept)) == (columns.band_logit[0], columns.lower_logit[0] + raised)

"""Does turning scoring off reach everybody who serves the same records, while the records go on working?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.casework import Desk
from tests.databases import both
from triage import suspension as machine
from triage.casework import deciding, interview, scoring, suspension
from triage.errors import CaseworkError, SuspendedError
from triage.records.actor import operator
from triage.records.database import Database
from triage.records.tables import audit_events

pytestmark = both
REASON = "The yearly review is not done."


def test_no_score_is_made_while_everything_else_goes_on(desk: Desk) -> None:
    service, adviser = desk.service, desk["adviser"]
    waiting, score = desk.scored()
    new = desk.answered()
    suspension.suspend(service, desk["administrator"], REASON)
    with pytest.raises(SuspendedError, match=REASON):
        scoring.score(service, adviser, new["id"])
    interview.save_answer(service, adviser, new["id"], "age", 58)
    assert interview.draft(service, adviser, new["id"]).next_question
    decision = deciding.confirm(service, adviser, waiting["id"], score_id=score["id"])
    assert decision["state"] == "confirmed"
    assert suspension.resume(service, desk["administrator"])
    assert scoring.score(service, adviser, new["id"])["status"] == "proposed"


def test_another_machine_stops_too(desk: Desk, database_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = replace(desk.service, database=Database.open(database_address, desk.service.database.keys))
    try:
        suspension.check(elsewhere)
        suspension.suspend(desk.service, desk["administrator"], REASON)
        monkeypatch.setattr(suspension, "_FRESH", 0.0)
        with pytest.raises(SuspendedError, match=REASON):
            suspension.check(elsewhere)
        assert suspension.words(elsewhere) == REASON
        suspension.resume(elsewhere, desk["administrator"])
        assert suspension.words(elsewhere) == ""
    finally:
        elsewhere.database.close()


def test_this_machine_is_told_first_and_last(desk: Desk, tmp_path: Path) -> None:
    found = suspension.suspend(desk.service, desk["administrator"], f"  {REASON} ", tmp_path)
    assert machine.suspended(tmp_path) == found == machine.Suspension(REASON, found.by, found.at)
    assert suspension.resume(desk.service, desk["administrator"], tmp_path)
    assert machine.suspended(tmp_path) is None
    assert not suspension.resume(desk.service, desk["administrator"], tmp_path)


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 301])
def test_a_reason_must_be_a_sentence(desk: Desk, reason: str) -> None:
    with pytest.raises(CaseworkError) as refused:
        suspension.suspend(desk.service, desk["administrator"], reason)
    assert [fault.where for fault in refused.value.faults] == ["reason"]
    suspension.check(desk.service)


def test_the_trail_says_who_did_it_and_never_why(desk: Desk) -> None:
    """A reason is free text: it may name somebody."""
    found = machine.Suspension(REASON, "m.example", "2026-11-02T09:00:00+00:00")
    assert suspension.keep(desk.service.database, operator("m.example"), found)
    assert not suspension.keep(desk.service.database, operator("m.example"), found)
    assert suspension.keep(desk.service.database, operator("m.example"), None)
    assert not suspension.keep(desk.service.database, operator("m.example"), None)
    with desk.service.database.read() as view:
        rows = view.all(sa.select(audit_events).where(audit_events.c.action.like("scoring%")))
    assert [(row["action"], row["actor"], row["via"]) for row in rows] == [
        ("scoring_suspended", "command:m.example", "command"),
        ("scoring_resumed", "command:m.example", "command"),
    ]
    assert not any(REASON in str(row) for row in rows)

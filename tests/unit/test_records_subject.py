"""Does a client get everything that is held about them, and nothing about anybody else?"""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.records_case import ADVISER, make_case
from triage.errors import AccessError
from triage.records.actor import Actor, operator
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.erase import rows_about
from triage.records.plain import canonical, new_id
from triage.records.subject import TITLES, subject_access
from triage.records.tables import audit_events, list_identities, list_rows

pytestmark = both


def given(database: Database, assessment_id: str) -> dict[str, Any]:
    return subject_access(database, Event(operator("olive"), "subject_access", assessment_id, note=True), assessment_id)


def test_every_record_about_the_client_is_given_out(database: Database) -> None:
    make_case(database, "ANOTHER")
    case = make_case(database, "MARKER", reference="K7QM-2XRD")
    with database.read() as view:
        about = rows_about(view, database.keys, case.id)
    data = given(database, case.id)
    assert data["reference"] == "K7QM-2XRD"
    assert {part["table"]: len(part["rows"]) for part in data["records"]} == {
        name: len(ids) - (name == "list_identities") for name, ids in about.items()
    }
    assert set(about) == set(TITLES)
    by_table = {part["table"]: part["rows"] for part in data["records"]}
    assert by_table["list_identities"][0]["data"] == "name MARKER"
    assert {row["value"] for row in by_table["answers"]} == {"MARKER age", "MARKER health"}
    assert by_table["equality"][0]["data"] == {"x": "MARKER"}
    text = json.dumps(data)
    assert "ANOTHER" not in text
    assert "somebody else" not in text
    assert "whole file" not in text


def test_staff_are_named_by_their_role_alone(database: Database) -> None:
    case = make_case(database)
    data = given(database, case.id)
    text = json.dumps(data)
    assert "Ada" not in text
    assert "olive" not in text
    assert ADVISER.account not in text
    by_table = {part["table"]: part["rows"][0] for part in data["records"]}
    assert by_table["showings"]["by"] == by_table["assessments"]["adviser"] == "an adviser"
    assert by_table["decisions"]["record"]["by"] == "a member of staff"
    assert by_table["assessments"]["office"].startswith("Office ")


def test_everybody_who_looked_is_told(database: Database) -> None:
    case = make_case(database)
    other = make_case(database)
    manager = Actor("account-of-max", "Max Manager", "manager", case.office)
    for action, subject in (
        ("assessment_viewed", case.id),
        ("list_viewed", case.list),
        ("assessment_viewed", other.id),
    ):
        with database.write(Event(manager, action, subject, note=True)):
            pass
    with database.write(Event(manager, "match_answered")) as work:
        work.update(list_rows, case.ids["list_rows"], {"status": "changed"})
    events = [(event["what"], event["who"]) for event in given(database, case.id)["events"]]
    assert events == [
        ("Assessment started", "an adviser"),
        ("Assessment viewed", "a manager"),
        ("List viewed", "a manager"),
        ("Match answered", "a manager"),
    ]
    assert given(database, case.id)["events"][-1]["what"] == "Subject access"
    with database.read() as view:
        event = view.one(sa.select(audit_events).order_by(sa.desc(audit_events.c.seq)).limit(1))
    assert event is not None
    assert (event["action"], event["actor"], event["subject"]) == ("subject_access", "command:olive", case.id)


def test_what_is_no_text_is_given_out_all_the_same(database: Database) -> None:
    case = make_case(database)
    with database.write(Event(ADVISER, "list_changed")) as work:
        work.update(list_identities, case.ids["list_identities"], {"data": b"\xff\xfe"})
    for value, shown in ((b"\xff\xfe", "//4="), (canonical({"name": "Zoë"}).encode(), {"name": "Zoë"})):
        with database.write(Event(ADVISER, "list_changed")) as work:
            work.update(list_identities, case.ids["list_identities"], {"data": value})
        [part] = [part for part in given(database, case.id)["records"] if part["table"] == "list_identities"]
        assert part["rows"][0]["data"] == shown


def test_a_client_who_is_not_there_leaves_no_event(database: Database) -> None:
    with pytest.raises(AccessError):
        given(database, new_id())
    with database.read() as view:
        assert not view.all(sa.select(audit_events))

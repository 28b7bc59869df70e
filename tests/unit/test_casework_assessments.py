"""How does an assessment begin, who sees it, and what is noted about it?"""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from tests.casework import LEFT, Desk
from tests.databases import both
from triage.casework import assessments, interview, scoring
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.plain import REFERENCE_SIGNS, new_id, now
from triage.records.tables import assessments as table
from triage.records.tables import audit_events, events, list_rows, lists

pytestmark = both


def trail(desk: Desk) -> list[Row]:
    with desk.service.database.read() as view:
        return view.all(sa.select(audit_events).order_by(audit_events.c.seq))


def count_of(desk: Desk, of: sa.Table) -> int:
    with desk.service.database.read() as view:
        return int(view.scalar(sa.select(sa.func.count()).select_from(of)))


def test_an_assessment_has_a_reference_that_can_be_read_out(desk: Desk) -> None:
    row = desk.opened(client_reference="C-20417", interpreter=True, language="Gàidhlig")
    assert re.fullmatch(f"[{REFERENCE_SIGNS}]{{4}}-[{REFERENCE_SIGNS}]{{4}}", row["reference"])
    assert (row["state"], row["round"], row["practice"]) == ("open", 1, False)
    assert assessments.context_of(row) == LEFT
    event = trail(desk)[-1]
    assert (event["action"], event["subject"], event["office"]) == (
        "assessment_started", row["id"], desk["adviser"].office,
    )  # fmt: skip
    assert "C-20417" not in "".join(str(value) for value in event.values())


def test_a_second_click_begins_no_second_assessment(desk: Desk) -> None:
    form = desk.form()
    assert desk.opened(submission=form) == desk.opened(submission=form)
    assert count_of(desk, table) == 1
    # Another person's form with the same id is another form.
    assert desk.opened("second_adviser", submission=form)["adviser"] == desk["second_adviser"].account


def test_two_clicks_at_once_begin_one_assessment(desk: Desk) -> None:
    form, found = desk.form(), []
    threads = [threading.Thread(target=lambda: found.append(desk.opened(submission=form)["id"])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == count_of(desk, table) == 1


@pytest.mark.parametrize("who", ["other_adviser", "other_manager", "analyst", "administrator", "partner"])
def test_nobody_else_sees_it_or_can_tell_that_it_is_there(desk: Desk, who: str) -> None:
    row = desk.opened()
    for use in (
        lambda: assessments.find(desk.service, desk[who], row["id"]),
        lambda: assessments.set_details(desk.service, desk[who], row["id"], language="French"),
        lambda: assessments.close(desk.service, desk[who], row["id"], "other"),
        lambda: assessments.object_to_scoring(desk.service, desk[who], row["id"]),
        lambda: interview.answers_of(desk.service, desk[who], row["id"]),
        lambda: interview.save_answer(desk.service, desk[who], row["id"], "age", 40),
        lambda: scoring.score(desk.service, desk[who], row["id"]),
        lambda: scoring.latest(desk.service, desk[who], row["id"]),
        lambda: assessments.find(desk.service, desk[who], new_id()),
    ):
        with pytest.raises(AccessError, match="not there, or it belongs to another office"):
            use()
    assert [event["action"] for event in trail(desk)][-1] == "assessment_started"


@pytest.mark.parametrize("name", ["", "x" * 65, "a\x00b", "' OR 1=1 --", "../x", "\ud800", "ａ"])
def test_what_cannot_be_an_id_is_not_there(desk: Desk, name: str) -> None:
    with pytest.raises(AccessError):
        assessments.find(desk.service, desk["adviser"], name)


def test_a_partner_sees_what_its_own_key_began(desk: Desk) -> None:
    row = desk.opened("partner", held="app")
    assert row["api_key"] == desk["partner"].account
    assert assessments.find(desk.service, desk["partner"], row["id"]) == row
    assert assessments.find(desk.service, desk["manager"], row["id"]) == row
    assert assessments.mine(desk.service, desk["partner"], whole_office=True).total == 1


def test_somebody_without_an_office_begins_nothing(desk: Desk) -> None:
    with pytest.raises(AccessError, match="no office"):
        assessments.start(desk.service, Actor("a", "Somebody", "adviser"), held="phone")
    with pytest.raises(AccessError):
        assessments.start(desk.service, desk["administrator"], held="phone")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"held": "telepathy"}, "held"),
        ({"client_reference": "Jane Smith"}, "client_reference"),
        ({"language": "x" * 41}, "language"),
        ({"context": {"redundancy_status": "sacked"}}, "redundancy_status"),
        ({"context": {"job_ends": "soon"}}, "job_ends"),
        ({"context": {"job_ends": "2206-03-01"}}, "job_ends"),
        ({"context": {"redundancy_status": "left", "job_ends": "2026-03-03"}}, "job_ends"),
        ({"context": {"shoe_size": "9"}}, "shoe_size"),
        ({"context": {"job_ends": ["2026-03-01"]}}, "job_ends"),
        ({"context": {"objects_to_scoring": "perhaps"}}, "objects_to_scoring"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(desk: Desk, fields: dict[str, Any], where: str) -> None:
    with pytest.raises(CaseworkError) as refused:
        desk.opened(**fields)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert count_of(desk, table) == 0


def test_details_change_one_at_a_time_and_only_where_nobody_else_changed_them(desk: Desk) -> None:
    row = desk.opened(context={"redundancy_status": "under_notice", "complex_needs": "yes"})
    new = assessments.set_details(
        desk.service, desk["second_adviser"], row["id"], expect_version=row["version"], held="phone",
        context={"job_ends": "2026-04-01", "complex_needs": ""},
    )  # fmt: skip
    assert new["held"] == "phone"
    assert assessments.context_of(new) == {"redundancy_status": "under_notice", "job_ends": "2026-04-01"}
    with pytest.raises(ConflictError, match="Somebody else changed this"):
        assessments.set_details(
            desk.service, desk["adviser"], row["id"], expect_version=row["version"], language="Urdu"
        )
    assert desk.row(row) == new


def test_a_closed_assessment_is_opened_again_where_it_stood(desk: Desk) -> None:
    for row, state in ((desk.opened(), "open"), (desk.scored()[0], "scored"), (desk.decided()[0], "decided")):
        closed = assessments.close(desk.service, desk["adviser"], row["id"], "no_contact", row["version"])
        assert (closed["state"], closed["closed_why"]) == ("closed", "no_contact")
        assert assessments.close(desk.service, desk["adviser"], row["id"], "no_contact") == closed
        with pytest.raises(CaseworkError, match="closed"):
            interview.save_answer(desk.service, desk["adviser"], row["id"], "vehicle", "yes")
        with pytest.raises(CaseworkError, match="closed"):
            scoring.score(desk.service, desk["adviser"], row["id"])
        again = assessments.reopen(desk.service, desk["adviser"], row["id"])
        assert (again["state"], again["closed_at"]) == (state, None)


def test_the_work_list_has_what_waits_and_no_invented_client(desk: Desk) -> None:
    waiting = {desk.opened()["id"], desk.scored()[0]["id"]}
    desk.decided()
    desk.opened("other_adviser")
    desk.opened(practice=True)
    hers = desk.opened("second_adviser")["id"]
    assert {row["id"] for row in assessments.mine(desk.service, desk["adviser"]).rows} == waiting
    office = assessments.mine(desk.service, desk["manager"], whole_office=True)
    assert {row["id"] for row in office.rows} == waiting | {hers}
    assert (office.total, office.pages) == (3, 1)
    assert assessments.mine(desk.service, desk["adviser"], practice=True).total == 1
    with pytest.raises(AccessError):
        assessments.mine(desk.service, desk["analyst"])


def test_a_client_is_found_by_either_reference(desk: Desk) -> None:
    row = desk.opened(client_reference="Fk-0031")
    desk.opened("other_adviser", client_reference="FK-0031")
    for text in (row["reference"], row["reference"].lower().replace("-", " "), "fk-0031", " FK-0031 "):
        assert [found["id"] for found in assessments.find_by_reference(desk.service, desk["adviser"], text)] == [
            row["id"]
        ]
    for text in ("", "FK-003", "%", "' OR 1=1 --", "x\x00", "x" * 500):
        assert not assessments.find_by_reference(desk.service, desk["adviser"], text)


def test_looking_at_a_client_and_telling_them_about_privacy_is_noted(desk: Desk) -> None:
    row = desk.opened()
    assessments.seen(desk.service, desk["adviser"], row["id"])
    assert trail(desk)[-1]["action"] == "assessment_viewed"
    told = assessments.note_privacy(desk.service, desk["adviser"], row["id"])
    desk.clock.move(hours=1)
    assert told["privacy_at"] == assessments.note_privacy(desk.service, desk["adviser"], row["id"])["privacy_at"]


def listed(desk: Desk, who: str) -> str:
    """A row of an attendance list of somebody's office."""
    office, at, by = desk[who].office, now(), desk[who].account
    event = {
        "id": new_id(), "office": office, "employer": "Invented Ltd", "site": "", "held_on": "2026-02-20",
        "session": "", "partnership": "", "hr1_reference": "", "made_by": by, "made_at": at, "version": 1,
    }  # fmt: skip
    kept = {
        "id": new_id(), "event": event["id"], "office": office, "state": "scored", "ending": ".csv", "mapping": "{}",
        "scored_on": "2026-02-20", "versions": "{}", "summary": "{}", "message": "", "rows": 1, "done": 1,
        "practice": False,
        "uploaded_by": by, "uploaded_at": at, "erase_on": "2026-03-22", "version": 1,
    }  # fmt: skip
    row = {
        "id": new_id(), "list": kept["id"], "place": 0, "row": 2, "sheet": "", "status": "scored", "data": "{}",
        "version": 1,
    }  # fmt: skip
    with desk.service.database.write(Event(SYSTEM, "list_uploaded")) as work:
        work.insert(events, event)
        work.insert(lists, {name: value for name, value in kept.items() if name in lists.c})
        work.insert(list_rows, row)
    return str(row["id"])


def test_a_person_of_a_list_is_opened_as_one_interview(desk: Desk) -> None:
    on_list = listed(desk, "adviser")
    row = desk.opened(list_row=on_list)
    assert (row["list"], row["event"]) != (None, None)
    assert desk.opened("second_adviser", list_row=on_list) == row
    for who in ("other_adviser", "partner"):
        with pytest.raises(AccessError):
            desk.opened(who, list_row=on_list)
    with pytest.raises(AccessError):
        desk.opened("other_adviser", event=row["event"])

"""Does what was kept long enough go, and nothing else?"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.records_case import Case, filled, make_case
from triage.records import retention
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.heads import export_head
from triage.records.periods import KINDS, Periods, load_periods
from triage.records.plain import moment
from triage.records.retention import Done
from triage.records.tables import (
    accounts,
    actions,
    api_keys,
    assessments,
    audit_events,
    equality,
    held_forms,
    idempotent,
    list_identities,
    list_rows,
    list_workers,
    lists,
    offices,
    pending_sign_ins,
    reviews,
    sessions,
    sign_in_failures,
    sign_in_links,
)
from triage.records.verify import verify
from triage.schema import validate

pytestmark = both
NOW = datetime.now(UTC)
PERIODS = load_periods()


def years(number: float) -> timedelta:
    return timedelta(days=366 * number)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "erasures.jsonl"


def ran(database: Database, ledger: Path, after: timedelta, dry: bool = False, periods: Periods = PERIODS) -> Done:
    """Retention so long from now."""
    return retention.run(database, periods, NOW + after, ledger, dry=dry)


def count(database: Database, table: sa.Table) -> int:
    with database.read() as view:
        return int(view.scalar(sa.select(sa.func.count()).select_from(table)))


def write(database: Database, table: sa.Table, row_id: str, **values: Any) -> None:
    with database.write(Event(SYSTEM, "assessment_changed")) as work:
        work.update(table, row_id, values)


def uploaded(database: Database, case: Case, at: datetime, erase_on: str = "2999-12-31") -> None:
    write(database, lists, case.list, uploaded_at=moment(at), erase_on=erase_on)


def test_nothing_goes_too_early(database: Database, ledger: Path) -> None:
    make_case(database, closed_at=moment(NOW), state="closed")
    assert ran(database, ledger, timedelta(days=29)) == Done()
    # It runs each hour: where nothing is due, nothing is noted.
    assert (count(database, assessments), count(database, audit_events)) == (1, 2)
    assert not ledger.exists()


def test_names_go_after_their_days_with_the_uploaded_file(database: Database, ledger: Path) -> None:
    make_case(database)
    done = ran(database, ledger, timedelta(days=31))
    assert done.erased == {"list_identities": 1}
    assert count(database, list_identities) == 0
    assert count(database, list_rows) == 2
    with database.read() as view:
        assert view.scalar(sa.select(lists.c.erased_at))
    assert ran(database, ledger, timedelta(days=31)) == Done()


def test_names_go_on_the_day_that_was_promised(database: Database, ledger: Path) -> None:
    kept, gone = make_case(database), make_case(database)
    uploaded(database, kept, NOW, (NOW + timedelta(days=6)).astimezone().date().isoformat())
    uploaded(database, gone, NOW, (NOW + timedelta(days=5)).astimezone().date().isoformat())
    assert ran(database, ledger, timedelta(days=5)).erased == {"list_identities": 1}
    with database.read() as view:
        assert {row["list"] for row in view.all(sa.select(list_identities))} == {kept.list}


def test_the_uploaded_file_can_go_before_the_names(database: Database, ledger: Path) -> None:
    make_case(database)
    data = [
        {"kind": kind, "holds": "x", "counts_from": "x", "why": "x", "keep": {"days": 2 if kind == "uploads" else 30}}
        for kind in KINDS
    ]
    periods = validate(Periods, {"version": "1", "periods": data})
    assert ran(database, ledger, timedelta(days=3), periods=periods).erased["uploads"] == 1
    with database.read() as view:
        assert sorted(row["row"] for row in view.all(sa.select(list_identities))) == [7, 8]


def test_the_rows_of_a_list_go_and_the_list_stays_with_its_assessments(database: Database, ledger: Path) -> None:
    case = make_case(database)
    assert ran(database, ledger, years(1.1)).erased["lists"] == 1
    assert (count(database, list_rows), count(database, list_workers), count(database, lists)) == (0, 0, 1)
    with database.read() as view:
        assert view.get(assessments, case.id)["list"] == case.list


def test_an_assessment_goes_its_years_after_it_was_closed(database: Database, ledger: Path) -> None:
    gone = make_case(database, state="closed", started_at=moment(NOW - years(5)), closed_at=moment(NOW - years(3.1)))
    kept = make_case(database, state="closed", started_at=moment(NOW - years(5)), closed_at=moment(NOW - years(2.9)))
    done = ran(database, ledger, timedelta())
    assert done.erased == {"assessments": 1}
    with database.read() as view:
        assert [row["id"] for row in view.all(sa.select(assessments))] == [kept.id]
        assert [row["id"] for row in view.all(sa.select(equality))] == [kept.ids["equality"]]
        [event] = view.all(sa.select(audit_events).where(audit_events.c.subject == gone.id).order_by("seq"))[1:]
    assert (event["action"], event["actor"], json.loads(event["detail"])["kind"]) == (
        "retention_ran",
        "system",
        "assessments",
    )
    assert len(ledger.read_text("utf-8").splitlines()) == 1


def test_an_assessment_that_nobody_closed_goes_its_years_after_it_last_changed(
    database: Database, ledger: Path
) -> None:
    case = make_case(database, state="decided", started_at=moment(NOW - years(9)))
    # Looked at today, and changed when it was made: the audit trail says so, whatever the row says.
    with database.write(Event(SYSTEM, "assessment_viewed", case.id, note=True)):
        pass
    assert "assessments" not in ran(database, ledger, years(2.9)).erased
    assert ran(database, ledger, years(3.1)).erased["assessments"] == 1
    assert count(database, assessments) == 0


@pytest.mark.parametrize(
    ("table", "state", "ended"), [(actions, "referred", "not_taken_up"), (reviews, "open", "closed")]
)
def test_an_assessment_for_which_somebody_waits_is_held(
    database: Database, ledger: Path, table: sa.Table, state: str, ended: str
) -> None:
    case = make_case(database, state="closed", started_at=moment(NOW - years(9)), closed_at=moment(NOW - years(9)))
    write(database, table, case.ids[table.name], state=state)
    done = ran(database, ledger, timedelta())
    assert (done.erased, done.held) == ({}, {"assessments": 1})
    assert (count(database, assessments), count(database, equality)) == (1, 1)
    write(database, table, case.ids[table.name], state=ended)
    assert ran(database, ledger, timedelta()).erased == {"assessments": 1}


def test_an_assessment_that_is_taken_up_again_meanwhile_stays(database: Database, ledger: Path) -> None:
    cases = [
        make_case(database, state="closed", started_at=moment(NOW - years(9)), closed_at=moment(NOW - years(9)))
        for _ in range(2)
    ]
    first, second = sorted(cases, key=lambda case: case.id)

    def ask(done: int, total: int, kind: str) -> None:
        if done == 1:
            write(database, reviews, second.ids["reviews"], state="open")

    retention.run(database, PERIODS, NOW, ledger, progress=ask)
    with database.read() as view:
        assert [row["id"] for row in view.all(sa.select(assessments))] == [second.id]
        assert view.find(equality, first.ids["equality"]) is None


def test_practice_goes_after_a_week_whatever_its_state(database: Database, ledger: Path) -> None:
    make_case(database)
    made = make_case(database, practice=True)
    write(database, actions, made.ids["actions"], state="agreed")
    assert ran(database, ledger, timedelta(days=6)) == Done()
    assert ran(database, ledger, timedelta(days=8)).erased == {"practice": 1}
    with database.read() as view:
        assert not view.all(sa.select(assessments).where(assessments.c.practice))


def test_a_list_of_invented_people_goes_after_a_week_with_its_names(database: Database, ledger: Path) -> None:
    case = make_case(database)
    write(database, lists, case.list, practice=True)
    assert ran(database, ledger, timedelta(days=8)).erased == {"practice_lists": 1}
    assert (count(database, list_rows), count(database, list_identities), count(database, lists)) == (0, 0, 1)


def test_an_answered_review_goes_before_its_assessment_if_it_was_answered_before(
    database: Database, ledger: Path
) -> None:
    case = make_case(database)
    write(database, reviews, case.ids["reviews"], closed_at=moment(NOW - years(3.1)))
    assert ran(database, ledger, timedelta()).erased == {"reviews": 1}
    assert count(database, reviews) == 0


def test_sign_ins_and_what_waits_go_soon(database: Database, ledger: Path) -> None:
    with database.write(Event(SYSTEM, "office_made")) as work:
        office = work.insert(offices, filled(offices))["id"]
        account = work.insert(accounts, filled(accounts, role="manager"))["id"]
        key = work.insert(api_keys, filled(api_keys, office=office))["id"]
        work.insert(sign_in_links, filled(sign_in_links, account=account, ends_at=moment(NOW)))
    with database.scratch() as connection:
        for table, given in (
            (sessions, {"account": account}),
            (held_forms, {"account": account}),
            (idempotent, {"api_key": key}),
            (sign_in_failures, {}),
            (pending_sign_ins, {}),
        ):
            connection.execute(sa.insert(table).values(filled(table, **given)))
    assert ran(database, ledger, timedelta(hours=2)).erased == {"held_forms": 1}
    assert ran(database, ledger, timedelta(days=1, hours=1)).erased == {
        "sessions": 1,
        "sign_in_links": 1,
        "sign_in_failures": 1,
        "pending_sign_ins": 1,
        "idempotent": 1,
    }


def test_a_dry_run_counts_the_same_and_erases_nothing(database: Database, ledger: Path) -> None:
    for _ in range(2):
        make_case(database)
    events = count(database, audit_events)
    told = ran(database, ledger, years(3.1), dry=True)
    assert (count(database, assessments), count(database, audit_events)) == (2, events)
    assert not ledger.exists()
    done = ran(database, ledger, years(3.1))
    assert (
        (done.erased, done.held)
        == (told.erased, told.held)
        == ({"assessments": 2, "list_identities": 2, "lists": 2}, {})
    )


def test_the_records_verify_after_retention_and_the_trail_is_held(database: Database, ledger: Path) -> None:
    for _ in range(3):
        make_case(database)
    done = ran(database, ledger, years(8))
    assert done.held == {"audit": 6}
    export_head(database, ledger.with_name("heads.jsonl"))
    assert verify(database, ledger.with_name("heads.jsonl")).sound
    with database.read() as view:
        last = view.one(sa.select(audit_events).order_by(sa.desc(audit_events.c.seq)).limit(1))
    assert last is not None
    assert json.loads(last["detail"]) == {"erased": done.erased, "held": done.held}


def test_old_safety_copies_go_with_the_names_that_they_hold(database: Database, ledger: Path, tmp_path: Path) -> None:
    if database.engine.dialect.name != "sqlite":
        assert ran(database, ledger, timedelta(days=31)) == Done()
        return
    copies = [tmp_path / f"records.sqlite.before-000{number}" for number in range(2)]
    for copy, days in zip(copies, (0, 10), strict=True):
        copy.write_bytes(b"")
        os.utime(copy, times=2 * ((NOW + timedelta(days=days)).timestamp(),))
    assert ran(database, ledger, timedelta(days=31)).erased == {"copies": 1}
    assert [copy.exists() for copy in copies] == [False, True]

"""May an office close while somebody would be left alone in it?"""

from __future__ import annotations

from datetime import date

import pytest

import triage
from tests.databases import both
from triage.casework import assessments, offices, people
from triage.casework.service import Service, make_service
from triage.errors import AccessError, CaseworkError
from triage.records.actor import SYSTEM, Actor
from triage.records.database import Database, Row

pytestmark = both
ADMINISTRATOR = Actor("account-1", "An Administrator", "administrator")


@pytest.fixture
def service(database: Database, shipped_engine: triage.Engine) -> Service:
    return make_service(database, shipped_engine)


@pytest.fixture
def office(service: Service) -> Row:
    return people.make_office(service, SYSTEM, "Falkirk office", "Forth Valley")


def start(service: Service, office: Row, *, practice: bool) -> None:
    adviser = Actor("account-2", "An Adviser", "adviser", office["id"])
    context = {"redundancy_status": "notice", "job_ends": date(2026, 12, 31)}
    assessments.start(service, adviser, held="in_person", context=context, practice=practice)


def test_an_office_can_be_named_anew_but_not_as_another_one(service: Service, office: Row) -> None:
    people.make_office(service, SYSTEM, "Fife office")
    changed = offices.change(service, ADMINISTRATOR, office["id"], " Falkirk  and Grangemouth ", "Forth Valley")
    assert changed["name"] == "Falkirk and Grangemouth"
    for name in ("Fife office", "x", "x" * 81):
        with pytest.raises(CaseworkError) as refused:
            offices.change(service, ADMINISTRATOR, office["id"], name, "")
        assert [fault.where for fault in refused.value.faults] == ["name"]


def test_an_office_closes_once_nobody_works_there(service: Service, office: Row) -> None:
    account = people.make_account(service, SYSTEM, "m.adviser", "An Adviser", "adviser", office["id"])
    assert offices.office_of(service, ADMINISTRATOR, office["id"])["people"] == 1
    with pytest.raises(CaseworkError, match="1 person works"):
        offices.close(service, ADMINISTRATOR, office["id"])
    people.change_account(service, SYSTEM, account["id"], {"active": False}, account["version"])
    offices.close(service, ADMINISTRATOR, office["id"])
    assert people.all_offices(service) == []
    assert [row["name"] for row in offices.every_office(service, ADMINISTRATOR)] == ["Falkirk office"]
    offices.reopen(service, ADMINISTRATOR, office["id"])
    assert [row["id"] for row in people.all_offices(service)] == [office["id"]]


def test_an_office_does_not_close_while_a_client_waits(service: Service, office: Row) -> None:
    start(service, office, practice=True)
    start(service, office, practice=False)
    with pytest.raises(CaseworkError, match="1 client waits"):
        offices.close(service, ADMINISTRATOR, office["id"])


def test_a_practice_client_keeps_no_office_open(service: Service, office: Row) -> None:
    start(service, office, practice=True)
    assert offices.close(service, ADMINISTRATOR, office["id"])["closed_at"]


def test_nobody_can_be_put_into_a_closed_office(service: Service, office: Row) -> None:
    offices.close(service, ADMINISTRATOR, office["id"])
    with pytest.raises(CaseworkError, match="cannot be kept"):
        people.make_account(service, SYSTEM, "m.adviser", "An Adviser", "adviser", office["id"])


@pytest.mark.parametrize("role", ["adviser", "manager", "analyst"])
def test_nobody_but_an_administrator_changes_an_office(service: Service, office: Row, role: str) -> None:
    other = Actor("account-2", "Somebody Else", role, office["id"])  # type: ignore[arg-type]
    for forbidden in (
        lambda: offices.every_office(service, other), lambda: offices.office_of(service, other, office["id"]),
        lambda: offices.change(service, other, office["id"], "Mine", ""),
        lambda: offices.close(service, other, office["id"]), lambda: offices.reopen(service, other, office["id"]),
    ):  # fmt: skip
        with pytest.raises(AccessError):
            forbidden()

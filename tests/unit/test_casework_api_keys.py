"""Does a key let in whom it was made for, and nobody else?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

import triage
from tests.databases import both
from triage.casework import api_keys, people
from triage.casework.api_keys import Wanted
from triage.casework.service import Service, make_service
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Database, Row
from triage.records.plain import canonical
from triage.records.tables import audit_events, offices

pytestmark = both
ADMINISTRATOR = Actor("account-1", "An Administrator", "administrator")
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """The time as a test wants it."""

    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, shipped_engine: triage.Engine, clock: Clock) -> Service:
    return make_service(database, shipped_engine, clock=clock)


@pytest.fixture
def office(service: Service) -> Row:
    return people.make_office(service, SYSTEM, "Falkirk office")


@pytest.fixture
def wanted(office: Row) -> Wanted:
    return Wanted(
        name="Job club app", body="partner", controller="Forth Valley College", purpose="Agree support with learners",
        agreement="DSA-2026-14", scopes=("score", "read"), office=office["id"], ends_on=date(2027, 11, 1),
    )  # fmt: skip


def test_a_key_is_found_by_its_secret_with_what_it_may_do(service: Service, wanted: Wanted, office: Row) -> None:
    row, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    assert secret.startswith(row["prefix"] + "_")
    key = api_keys.find(service, secret)
    assert key is not None
    assert key.scopes == {"score", "read"}
    assert (key.conditionality, key.ends_on) == (False, date(2027, 11, 1))
    assert key.actor == Actor(row["id"], "Job club app", "partner", office["id"], "api")


def test_the_secret_is_kept_nowhere(service: Service, wanted: Wanted) -> None:
    row, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    hidden = secret.removeprefix(row["prefix"])
    assert len(hidden) > 40
    assert hidden not in canonical(row)
    assert "digest" not in api_keys.key_of(service, ADMINISTRATOR, row["id"])
    with service.database.read() as view:
        [event] = view.all(sa.select(audit_events).where(audit_events.c.action == "api_key_made"))
    assert hidden not in canonical(event)
    assert event["subject"] == row["id"]


def test_another_secret_finds_nothing(service: Service, wanted: Wanted) -> None:
    _, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    for wrong in ("", "ltu_", secret[:-1], secret + "x", secret.upper(), "'; DROP TABLE api_keys; --"):
        assert api_keys.find(service, wrong) is None


def test_a_revoked_key_works_no_more_at_once(service: Service, wanted: Wanted) -> None:
    row, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    assert api_keys.find(service, secret) is not None
    revoked = api_keys.revoke(service, ADMINISTRATOR, row["id"])
    assert api_keys.find(service, secret) is None
    assert api_keys.revoke(service, ADMINISTRATOR, row["id"]) == revoked
    assert api_keys.key_of(service, ADMINISTRATOR, row["id"])["state"] == "revoked"


def test_a_key_works_to_the_end_of_its_last_day(service: Service, wanted: Wanted, clock: Clock) -> None:
    row, secret = api_keys.make(service, ADMINISTRATOR, replace(wanted, ends_on=date(2026, 11, 3)))
    clock.now = START + timedelta(days=1)
    assert api_keys.find(service, secret) is not None
    clock.now = START + timedelta(days=2)
    # Known a moment ago, and yet not used: the end is asked each time.
    assert api_keys.find(service, secret) is None
    assert api_keys.key_of(service, ADMINISTRATOR, row["id"])["state"] == "ended"


def test_the_key_of_a_closed_office_works_no_more(service: Service, wanted: Wanted, office: Row) -> None:
    _, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    with service.database.write(Event(ADMINISTRATOR, "office_changed", office["id"])) as work:
        work.update(offices, office["id"], {"closed_at": service.now})
    assert api_keys.find(service, secret) is None


def test_a_key_that_another_process_revokes_is_known_for_a_moment_only(
    service: Service, wanted: Wanted, database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, secret = api_keys.make(service, ADMINISTRATOR, wanted)
    assert api_keys.find(service, secret) is not None
    elsewhere = replace(service, database=Database.open(database_address, service.database.keys))
    api_keys.revoke(elsewhere, ADMINISTRATOR, row["id"])
    elsewhere.database.close()
    monkeypatch.setattr(api_keys, "FRESH", 0.0)
    assert api_keys.find(service, secret) is None


def test_an_employer_gets_no_key_and_is_told_why(service: Service, wanted: Wanted) -> None:
    with pytest.raises(CaseworkError, match="ever goes to an employer") as refused:
        api_keys.make(service, ADMINISTRATOR, replace(wanted, body="employer"))
    assert [fault.where for fault in refused.value.faults] == ["body"]
    assert api_keys.all_keys(service, ADMINISTRATOR) == []


def test_every_fault_of_the_form_is_named_at_once(service: Service) -> None:
    empty = Wanted("", "", "", "", "", (), "", None)
    with pytest.raises(CaseworkError) as refused:
        api_keys.make(service, ADMINISTRATOR, empty)
    assert {fault.where for fault in refused.value.faults} == {
        "name", "body", "controller", "purpose", "agreement", "scopes", "office", "ends_on",
    }  # fmt: skip


@pytest.mark.parametrize("ends_on", [date(2026, 11, 2), date(2026, 1, 1), date(2028, 11, 3)])
def test_a_key_ends_after_today_and_within_two_years(service: Service, wanted: Wanted, ends_on: date) -> None:
    with pytest.raises(CaseworkError) as refused:
        api_keys.make(service, ADMINISTRATOR, replace(wanted, ends_on=ends_on))
    assert [fault.where for fault in refused.value.faults] == ["ends_on"]


def test_a_scope_that_does_not_exist_is_refused(service: Service, wanted: Wanted) -> None:
    with pytest.raises(CaseworkError) as refused:
        api_keys.make(service, ADMINISTRATOR, replace(wanted, scopes=("score", "everything")))
    assert [fault.where for fault in refused.value.faults] == ["scopes"]


def test_a_second_click_makes_no_second_key(service: Service, wanted: Wanted) -> None:
    api_keys.make(service, ADMINISTRATOR, wanted, submission="one")
    with pytest.raises(ConflictError, match="shown once"):
        api_keys.make(service, ADMINISTRATOR, wanted, submission="one")
    assert len(api_keys.all_keys(service, ADMINISTRATOR)) == 1


@pytest.mark.parametrize("role", ["adviser", "manager", "analyst", "partner"])
def test_nobody_but_an_administrator_has_to_do_with_keys(service: Service, wanted: Wanted, role: str) -> None:
    other = Actor("account-2", "Somebody Else", role, wanted.office)  # type: ignore[arg-type]
    row, _ = api_keys.make(service, ADMINISTRATOR, wanted)
    for forbidden in (
        lambda: api_keys.make(service, other, wanted), lambda: api_keys.all_keys(service, other),
        lambda: api_keys.key_of(service, other, row["id"]), lambda: api_keys.revoke(service, other, row["id"]),
    ):  # fmt: skip
        with pytest.raises(AccessError):
            forbidden()

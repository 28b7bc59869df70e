"""Does every write leave its trace, and is there no other way to write?"""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from tests.databases import both
from triage.errors import AccessError, ConflictError, Defect, RecordsError
from triage.records.actor import SYSTEM
from triage.records.audit import START, Event, event_hash, row_digest
from triage.records.database import Database
from triage.records.keys import Keys
from triage.records.plain import new_id, now
from triage.records.tables import AUDITED, METADATA, audit_changes, audit_events, offices, sessions, sign_in_failures

pytestmark = both


def office(name: str) -> dict[str, Any]:
    return {"id": new_id(), "name": name, "partnership": "Forth Valley", "made_at": now()}


def made(action: str = "office_made") -> Event:
    return Event(SYSTEM, action)


def test_a_write_is_kept_with_an_event_that_commits_to_the_row(database: Database) -> None:
    with database.write(made()) as work:
        row = work.insert(offices, office("Falkirk"))
        work.about(row["id"], offices=1)
    with database.read() as view:
        assert view.get(offices, row["id"]) == row
        [event] = view.all(sa.select(audit_events))
        [change] = view.all(sa.select(audit_changes))
    assert (event["seq"], event["subject"], event["detail"], event["previous"]) == (
        1,
        row["id"],
        '{"offices":1}',
        START,
    )
    assert event["hash"] == event_hash(event)
    assert event["mac"] == database.keys.mac(event["hash"])
    assert change["digest"] == row_digest(change["salt"], row)


def test_the_chain_runs_through_every_event(database: Database) -> None:
    for name in ("Falkirk", "Fife", "Stirling"):
        with database.write(made()) as work:
            work.insert(offices, office(name))
    with database.read() as view:
        events = view.all(sa.select(audit_events).order_by(audit_events.c.seq))
    assert [event["previous"] for event in events] == [START, events[0]["hash"], events[1]["hash"]]


def test_a_refused_write_leaves_nothing(database: Database) -> None:
    def write() -> None:
        with database.write(made()) as work:
            row = work.insert(offices, office("Falkirk"))
            work.update(offices, row["id"], {"name": "Fife"}, expect={"name": "Stirling"})

    with pytest.raises(ConflictError, match="Somebody else changed this"):
        write()
    with database.read() as view:
        assert not view.all(sa.select(offices))
        assert not view.all(sa.select(audit_events))


def test_a_write_that_changes_nothing_leaves_no_event_unless_it_is_a_note(database: Database) -> None:
    with database.write(made()):
        pass
    with database.write(Event(SYSTEM, "list_viewed", "a", note=True)):
        pass
    with database.read() as view:
        assert [event["action"] for event in view.all(sa.select(audit_events))] == ["list_viewed"]


def test_erasing_a_row_erases_the_salts_of_its_digests(database: Database) -> None:
    with database.write(made()) as work:
        row = work.insert(offices, office("Falkirk"))
        work.update(offices, row["id"], {"name": "Fife"})
    with database.write(Event(SYSTEM, "records_erased")) as work:
        work.erase(offices, [row["id"]])
    with database.read() as view:
        assert view.find(offices, row["id"]) is None
        changes = view.all(sa.select(audit_changes).order_by(audit_changes.c.seq, audit_changes.c.place))
    assert [(change["kind"], change["salt"]) for change in changes] == [
        ("insert", None),
        ("update", None),
        ("erase", None),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET action = 'scored'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_changes",
        "UPDATE audit_changes SET digest = ''",
        "UPDATE audit_changes SET salt = 'other'",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(database: Database, statement: str) -> None:
    with database.write(made()) as work:
        work.insert(offices, office("Falkirk"))
    with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_writers_at_once_make_one_chain(database: Database) -> None:
    def write(number: int) -> None:
        for step in range(5):
            with database.write(made()) as work:
                work.insert(offices, office(f"Office {number} {step}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as view:
        events = view.all(sa.select(audit_events).order_by(audit_events.c.seq))
    assert [event["seq"] for event in events] == list(range(1, 21))
    assert all(after["previous"] == before["hash"] for before, after in pairwise(events))


def test_what_is_no_record_is_written_apart_and_records_are_not(database: Database) -> None:
    failure = {"id": new_id(), "what": "digest", "at": now()}
    with database.scratch() as connection:
        connection.execute(sa.insert(sign_in_failures).values(failure))
    with pytest.raises(Defect, match="offices is a record"), database.scratch() as connection:
        connection.execute(sa.insert(offices).values(office("Falkirk")))
    with pytest.raises(Defect, match="is not audited"), database.write(made()) as work:
        work.insert(sign_in_failures, failure)


def test_a_row_that_is_not_there_is_not_told_apart_from_one_of_another_office(database: Database) -> None:
    with database.read() as view, pytest.raises(AccessError, match="or it belongs to another office"):
        view.get(offices, new_id())


def test_an_action_that_the_trail_does_not_know_is_a_defect(database: Database) -> None:
    with pytest.raises(Defect, match="no action 'guessed'"):
        Event(SYSTEM, "guessed")


def test_every_table_is_audited_or_a_known_exception(database: Database) -> None:
    """A new table has to be thought about."""
    apart = set(METADATA.tables) - set(AUDITED)
    assert apart == {
        "sessions", "held_forms", "sign_in_failures", "pending_sign_ins", "idempotent", "audit_events",
        "audit_changes",
    }  # fmt: skip
    assert sessions.name in apart


def test_an_address_that_is_none_is_refused_in_words(database: Database, keys: Keys) -> None:
    for address in ("records.sqlite", "mysql://x/y"):
        with pytest.raises(RecordsError):
            Database.open(address, keys)

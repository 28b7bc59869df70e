"""Is everything about one client gone, and nothing about anybody else?"""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.records_case import ADVISER, Case, filled, make_case
from triage.errors import AccessError, RecordsError
from triage.records import erasures
from triage.records.actor import SYSTEM, operator
from triage.records.audit import Event
from triage.records.database import SCRATCH, Database
from triage.records.erase import erase_assessment, erase_list_identities, replay, rows_about, scrub
from triage.records.heads import export_head
from triage.records.plain import new_id
from triage.records.tables import (
    METADATA,
    accounts,
    api_keys,
    assessments,
    audit_changes,
    audit_events,
    held_forms,
    idempotent,
    list_identities,
    list_rows,
    lists,
    offices,
)
from triage.records.verify import verify

WHO = operator("olive")
GONE = "GONE-d41d8cd98f"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "erasures.jsonl"


def erased(action: str = "records_erased") -> Event:
    return Event(WHO, action)


def everything(database: Database) -> dict[str, str]:
    """Every row of every table as one text a table."""
    with database.read() as view:
        return {name: str(view.all(sa.select(table))) for name, table in METADATA.tables.items()}


def referring() -> set[str]:
    """Every table that refers to an assessment, directly or through another one."""
    found = {assessments.name}
    for _ in METADATA.tables:
        found |= {
            table.name
            for table in METADATA.tables.values()
            for key in table.foreign_keys
            if key.column.table.name in found
        }
    return found


def test_every_table_that_refers_to_an_assessment_is_in_the_case_that_these_tests_erase(database: Database) -> None:
    """A new table has to be thought about: give it a row in `make_case`."""
    case = make_case(database)
    with database.read() as view:
        about = set(rows_about(view, database.keys, case.id))
    assert about == referring() | {"equality", "list_identities"}
    # Of these nobody says whom they are about; erasing looks into those that can tell of a client.
    assert {"sessions", "held_forms", "sign_in_failures", "idempotent", "pending_sign_ins"} == SCRATCH


@both
def test_everything_about_one_client_goes_and_nothing_else(database: Database, ledger: Path) -> None:
    kept, gone = make_case(database, "KEPT"), make_case(database, GONE)
    before = everything(database)
    with database.read() as view:
        about = rows_about(view, database.keys, gone.id)
        others = rows_about(view, database.keys, kept.id)
    done = erase_assessment(database, erased(), gone.id, ledger)
    assert done.rows == {name: len(ids) for name, ids in about.items()}
    assert (done.rows["answers"], done.rows["list_identities"], done.files) == (2, 2, 1)
    after = everything(database)
    for name, text in after.items():
        assert GONE not in text
        if not name.startswith("audit_"):
            assert not [row_id for row_id in about.get(name, []) if row_id in text]
            assert text.count("KEPT") == before[name].count("KEPT")
    with database.read() as view:
        assert rows_about(view, database.keys, kept.id) == others
        assert view.get(lists, gone.list)["state"] == "scored"
        # The other person of that list keeps their row and their name.
        assert [row["row"] for row in view.all(sa.select(list_rows).where(list_rows.c.list == gone.list))] == [8]
        names = view.all(sa.select(list_identities).where(list_identities.c.list == gone.list))
    assert [row["data"] for row in names] == [b"name of another"]


@both
def test_erased_records_verify_as_erased(database: Database, ledger: Path) -> None:
    make_case(database)
    gone = make_case(database)
    done = erase_assessment(database, erased(), gone.id, ledger)
    export_head(database, ledger.with_name("heads.jsonl"))
    report = verify(database, ledger.with_name("heads.jsonl"))
    assert report.sound
    assert report.erased == sum(done.rows.values())
    with database.read() as view:
        event = view.one(sa.select(audit_events).order_by(sa.desc(audit_events.c.seq)).limit(1))
        salted = sa.select(audit_changes).where(audit_changes.c.row == gone.ids["scores"])
        assert [change["salt"] for change in view.all(salted)] == [None, None]
    assert event is not None
    assert (event["action"], event["actor"], event["subject"]) == ("records_erased", "command:olive", gone.id)
    assert json.loads(event["detail"]) == {"rows": report.erased}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_no_byte_of_the_client_stays_in_the_file_or_its_log(database: Database, ledger: Path) -> None:
    cases = [make_case(database, f"{GONE}-{number:03}-" + "x" * (number * 37 % 400)) for number in range(30)]
    for number, case in enumerate(cases):
        with database.write(Event(ADVISER, "assessment_changed", case.id)) as work:
            work.update(assessments, case.id, {"client_reference": f"{GONE}-{number:03}-changed" + "y" * 300})
    with database.read() as view:
        salts = {c["salt"] for case in cases[::3] for c in view.all(_salts(case))}
    for case in cases[::3]:
        assert erase_assessment(database, erased(), case.id, ledger).scrubbed
    bytes_left = stored(database)
    left = [number for number in range(30) if f"{GONE}-{number:03}-".encode() in bytes_left]
    assert left == [number for number in range(30) if number % 3]
    assert not [salt for salt in salts if salt.encode() in bytes_left]
    assert all(case.id.encode() not in ledger.read_bytes() for case in cases)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_no_copy_stays_that_sqlite_left_behind_when_it_split_a_page(database: Database) -> None:
    """It overwrites what is deleted, and not what it moved before: of 6,000 rows that changed, some stay readable."""
    chance = random.Random(1)
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(6_000)]
    for first in range(0, len(ids), 50):
        with database.write(Event(SYSTEM, "office_made")) as work:
            for place, row_id in enumerate(ids[first : first + 50], start=first):
                name = f"OFFICE{place:06}" + "x" * chance.randrange(400)
                work.insert(offices, filled(offices, id=row_id, name=name))
            other = chance.randrange(first + 50)
            name = f"OFFICE{other:06}" + "y" * chance.randrange(3_000)
            work.update(offices, ids[other], {"name": name})
    gone = chance.sample(range(len(ids)), 600)
    with database.write(Event(SYSTEM, "records_erased")) as work:
        work.erase(offices, [ids[place] for place in gone])
    assert scrub(database)
    bytes_left = stored(database)
    assert not [place for place in gone if f"OFFICE{place:06}".encode() in bytes_left]
    assert b"OFFICE" in bytes_left


def stored(database: Database) -> bytes:
    """Every byte of the database and its log."""
    path = Path(database.engine.url.database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def _salts(case: Case) -> sa.Select[tuple[str]]:
    return sa.select(audit_changes.c.salt).where(audit_changes.c.row.in_(case.ids.values()))


@both
def test_what_waits_for_somebody_and_tells_of_the_client_goes_too(database: Database, ledger: Path) -> None:
    gone = make_case(database, reference="K7QM-2XRD")
    with database.read() as view:
        account = view.scalar(sa.select(accounts.c.id))
    key = filled(api_keys, office=gone.office)
    with database.write(Event(SYSTEM, "api_key_made")) as work:
        work.insert(api_keys, key)
    told = (f"/assessments/{gone.id}", '{"reference":"K7QM-2XRD"}', "/assessments/of-another")
    with database.scratch() as connection:
        for text in told:
            connection.execute(sa.insert(held_forms).values(filled(held_forms, account=account, fields=text)))
            connection.execute(sa.insert(idempotent).values(filled(idempotent, api_key=key["id"], body=text)))
    erase_assessment(database, erased(), gone.id, ledger)
    with database.read() as view:
        assert [row["fields"] for row in view.all(sa.select(held_forms))] == [told[2]]
        assert [row["body"] for row in view.all(sa.select(idempotent))] == [told[2]]


@both
def test_what_is_erased_is_written_down_first_and_without_its_id(database: Database, ledger: Path) -> None:
    gone = make_case(database)
    erase_assessment(database, erased(), gone.id, ledger)
    [line] = [json.loads(text) for text in ledger.read_text("utf-8").splitlines()]
    assert set(line) == {"kind", "digest", "seq", "at", "previous", "mac"}
    assert line["digest"] == erasures.digest(database.keys, "assessment", gone.id)
    with database.read() as view:
        [event] = view.all(sa.select(audit_events).where(audit_events.c.action == "records_erased"))
    assert (line["seq"], line["at"] < event["at"]) == (event["seq"], True)
    assert gone.id not in ledger.read_text("utf-8")
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


@both
def test_nothing_is_erased_where_it_cannot_be_written_down(database: Database, tmp_path: Path) -> None:
    case = make_case(database)
    (tmp_path / "file").write_text("")
    before = everything(database)
    with pytest.raises(RecordsError, match="cannot be written"):
        erase_assessment(database, erased(), case.id, tmp_path / "file" / "erasures.jsonl")
    assert everything(database) == before


@both
def test_an_erasure_that_was_written_down_and_not_finished_is_found_and_then_done(
    database: Database, ledger: Path
) -> None:
    """The power went between the two."""
    kept, gone = make_case(database), make_case(database)
    heads = ledger.with_name("heads.jsonl")
    export_head(database, heads)
    erasures.note(ledger, database.keys, "assessment", gone.id, 5)
    report = verify(database, heads)
    assert [(finding.kind, finding.row) for finding in report.findings] == [("erased_back", gone.id)]
    assert replay(database, ledger) == 1
    assert replay(database, ledger) == 0
    assert verify(database, heads).sound
    with database.read() as view:
        assert [row["id"] for row in view.all(sa.select(assessments))] == [kept.id]


@both
def test_names_of_a_list_go_and_its_rows_stay(database: Database, ledger: Path) -> None:
    case = make_case(database)
    done = erase_list_identities(database, erased("list_erased"), case.list, ledger)
    assert (done.rows, done.files) == ({"list_identities": 3}, 1)
    with database.read() as view:
        assert view.get(lists, case.list)["erased_at"]
        assert len(view.all(sa.select(list_rows))) == 2
        assert not view.all(sa.select(list_identities))
    with database.write(Event(SYSTEM, "list_changed")) as work:
        work.insert(list_identities, filled(list_identities, list=case.list, office=case.office, row=7, data=b"name"))
    report = verify(database, ledger.with_name("heads.jsonl"))
    assert [finding.kind for finding in report.findings if finding.kind != "no_heads"] == ["erased_back"]
    assert replay(database, ledger) == 1


@both
def test_a_client_who_is_not_there_is_said_so(database: Database, ledger: Path) -> None:
    with pytest.raises(AccessError):
        erase_assessment(database, erased(), new_id(), ledger)
    assert not ledger.exists()

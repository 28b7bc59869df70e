"""Can somebody who can write to the database, and has no key, have the software vouch for what they did?"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.records_case import ADVISER, Case, make_case
from tests.tampering import do, past_the_locks
from triage.errors import RecordsError
from triage.records.audit import Event, row_digest
from triage.records.database import Database
from triage.records.plain import new_id
from triage.records.tables import accounts, actions, audit_changes, offices, sign_in_links


@pytest.fixture
def case(database: Database) -> Case:
    return make_case(database)


def change(database: Database, table: sa.Table, row: str, **values: object) -> None:
    with database.write(Event(ADVISER, "action_changed")) as work:
        work.update(table, row, values)


@both
def test_no_event_vouches_for_a_row_that_was_changed_past_the_trail(database: Database, case: Case) -> None:
    row = case.ids["actions"]
    do(database, "UPDATE actions SET who = 'somebody else' WHERE id = :row", row=row)
    with pytest.raises(RecordsError, match="audit verify"):
        change(database, actions, row, state="referred")
    with database.read() as view:
        assert view.get(actions, row)["state"] == "finished"


@both
def test_nor_for_one_whose_digest_was_made_to_fit(database: Database, case: Case) -> None:
    row, here = case.ids["actions"], audit_changes.c.row == case.ids["actions"]
    with past_the_locks(database) as connection:
        connection.execute(sa.update(actions).where(actions.c.id == row).values(who="somebody else"))
        new = dict(connection.execute(sa.select(actions).where(actions.c.id == row)).mappings().one())
        salt = connection.execute(sa.select(audit_changes.c.salt).where(here)).scalar_one()
        connection.execute(sa.update(audit_changes).where(here).values(digest=row_digest(salt, new)))
    with pytest.raises(RecordsError, match="audit verify"):
        change(database, actions, row, state="referred")


@both
def test_nor_for_one_that_was_planted(database: Database, case: Case) -> None:
    planted = new_id()
    do(
        database,
        "INSERT INTO sign_in_links (id, digest, account, made_at, ends_at)"
        " SELECT :row, 'chosen', max(id), '2026-01-01', '2027-01-01' FROM accounts",
        row=planted,
    )
    with pytest.raises(RecordsError, match="audit verify"):
        change(database, sign_in_links, planted, used_at="2026-01-02")


@both
def test_nor_for_one_that_was_erased_and_put_back(database: Database) -> None:
    row = {"id": new_id(), "name": "An office", "partnership": "", "made_at": "2026-01-01"}
    with database.write(Event(ADVISER, "office_made")) as work:
        work.insert(offices, row)
    with database.write(Event(ADVISER, "office_changed")) as work:
        work.erase(offices, [row["id"]])
    do(database, "INSERT INTO offices (id, name, partnership, made_at) VALUES (:id, :name, '', '2026-01-01')",
       id=row["id"], name=row["name"])  # fmt: skip
    with pytest.raises(RecordsError, match="audit verify"):
        change(database, offices, row["id"], name="Another name")


@both
def test_a_row_may_change_often_in_one_piece_of_work_and_later(database: Database) -> None:
    row = {"id": new_id(), "name": "An office", "partnership": "", "made_at": "2026-01-01"}
    with database.write(Event(ADVISER, "office_made")) as work:
        work.insert(offices, row)
        work.update(offices, row["id"], {"name": "Another name"})
        work.update(offices, row["id"], {"partnership": "Forth Valley"})
    change(database, offices, row["id"], name="A third name")
    with database.read() as view:
        assert view.get(offices, row["id"])["partnership"] == "Forth Valley"


@both
def test_a_role_that_somebody_gave_themselves_is_not_taken_over(database: Database, case: Case) -> None:
    with database.read() as view:
        account = view.all(sa.select(accounts))[0]["id"]
    do(database, "UPDATE accounts SET role = 'administrator' WHERE id = :row", row=account)
    with pytest.raises(RecordsError, match="audit verify"):
        change(database, accounts, account, password="of their own")


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("audit_events", "seq,at,'x',role,via,action,subject,office,detail,changes,previous,hash,mac"),
        ("audit_changes", 'seq,place,kind,"of","row",salt,\'x\''),
    ],
)
def test_no_row_of_the_trail_is_replaced_in_sqlite(database: Database, table: str, columns: str) -> None:
    make_case(database)
    statement = sa.text(f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table} WHERE seq = 1")
    with (
        pytest.raises(sa.exc.IntegrityError, match="append-only"),
        database.engine.connect().execution_options(ltu_write=True) as connection,
        connection.begin(),
    ):
        connection.execute(statement)

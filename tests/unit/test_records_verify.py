"""Is everything found that somebody with the whole database, and without the key, can do to the records?"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import tampering
from tests.databases import both
from tests.records_case import ADVISER, Case, filled, make_case
from tests.tampering import do
from triage.errors import RecordsError
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.findings import KEPT, Report
from triage.records.heads import export_head
from triage.records.keys import Keys
from triage.records.tables import action_steps, actions, answers, audit_events, offices
from triage.records.verify import verify

pytestmark = both


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return tmp_path / "heads.jsonl"


@pytest.fixture
def case(database: Database, heads: Path) -> Case:
    """Two clients' records, with the head exported: the second client's are tampered with."""
    make_case(database)
    made = make_case(database)
    export_head(database, heads)
    assert verify(database, heads).sound
    return made


def found(report: Report) -> set[tuple[str, int | None, str]]:
    """The findings without their words, which must say the table and the event."""
    for finding in report.findings:
        assert finding.words.endswith(".")
        assert finding.table in finding.words
    return {(finding.kind, finding.seq, finding.table) for finding in report.findings}


def test_records_as_they_were_left_are_sound(database: Database, heads: Path, case: Case) -> None:
    with database.write(Event(ADVISER, "action_changed", case.id)) as work:
        work.update(actions, case.ids["actions"], {"state": "agreed"})
    report = verify(database, heads)
    assert report.sound
    assert (report.events, report.last_seq, report.heads, report.head_seq) == (5, 5, 1, 4)
    assert report.notes == ("1 events came after the last exported head (event 4).",)
    assert report.rows > 40
    assert report.lines()[-1] == "Everything is as it was left."


def test_an_empty_database_is_sound(database: Database, heads: Path) -> None:
    assert verify(database, heads).sound


@pytest.mark.parametrize(
    ("table", "column"),
    [("answers", "value"), ("decisions", "record"), ("scores", "band"), ("accounts", "password"), ("equality", "data")],
)
def test_a_changed_row_is_found(database: Database, heads: Path, case: Case, table: str, column: str) -> None:
    row = case.ids.get(table)
    where = f"WHERE id = '{row}'" if row else "WHERE id = (SELECT max(id) FROM accounts)"
    do(database, f'UPDATE {table} SET "{column}" = :new {where}', new="another")
    report = verify(database, heads)
    assert {(kind, of) for kind, _, of in found(report)} == {("row_changed", table)}


def test_a_changed_file_is_found(database: Database, heads: Path, case: Case) -> None:
    row = case.ids["list_identities"]
    do(database, "UPDATE list_identities SET data = :new WHERE id = :row", new=b"other names", row=row)
    assert found(verify(database, heads)) == {("row_changed", 4, "list_identities")}


def test_a_removed_row_is_found(database: Database, heads: Path, case: Case) -> None:
    do(database, "DELETE FROM decisions WHERE id = :row", row=case.ids["decisions"])
    assert found(verify(database, heads)) == {("row_missing", 4, "decisions")}


def test_a_row_without_an_event_is_found(database: Database, heads: Path, case: Case) -> None:
    for row_id in ("0", "f" * 32):
        with database.engine.connect().execution_options(ltu_write=True) as connection, connection.begin():
            row = filled(answers, id=row_id, assessment=case.id, question=row_id)
            connection.execute(sa.insert(answers).values(row))
        report = verify(database, heads)
        assert ("row_added", None, "answers") in found(report)
    assert report.counts == {"row_added": 2}


def test_a_row_given_to_another_client_is_found(database: Database, heads: Path, case: Case) -> None:
    other = "(SELECT min(id) FROM assessments WHERE id <> :case)"
    do(database, f"UPDATE outcomes SET assessment = {other} WHERE assessment = :case", case=case.id)
    assert found(verify(database, heads)) == {("row_changed", 4, "outcomes")}


@pytest.mark.parametrize("column", ["at", "actor", "role", "via", "action", "subject", "office", "detail"])
def test_a_changed_event_is_found(database: Database, heads: Path, case: Case, column: str) -> None:
    do(database, f"UPDATE audit_events SET {column} = 'another' WHERE seq = 2")
    assert found(verify(database, heads)) == {("event_changed", 2, "")}


def test_a_changed_event_with_its_hash_made_anew_is_found(database: Database, heads: Path, case: Case) -> None:
    with database.read() as view:
        [event] = view.all(sa.select(audit_events).where(audit_events.c.seq == 2))
    new = tampering.event_hash(event | {"actor": "another"})
    do(database, "UPDATE audit_events SET actor = 'another', hash = :new WHERE seq = 2", new=new)
    assert found(verify(database, heads)) == {("event_forged", 2, ""), ("chain_broken", 3, "")}


def test_an_event_taken_out_is_found(database: Database, heads: Path, case: Case) -> None:
    do(database, "DELETE FROM audit_events WHERE seq IN (2, 3)")
    do(database, "DELETE FROM audit_changes WHERE seq IN (2, 3)")
    report = verify(database, heads)
    assert ("event_missing", 2, "") in found(report)
    assert "Events 2 to 3 are missing" in report.findings[0].words
    assert {kind for kind, _, _ in found(report)} == {"event_missing", "row_added"}


def test_a_changed_list_of_changes_is_found(database: Database, heads: Path, case: Case) -> None:
    do(database, "DELETE FROM audit_changes WHERE seq = 2 AND place = 0")
    do(database, "UPDATE audit_changes SET seq = 9 WHERE seq = 1")
    kinds = {(kind, seq) for kind, seq, _ in found(verify(database, heads))}
    assert {("changes_altered", 1), ("changes_altered", 2), ("changes_alone", None)} <= kinds


def test_a_salt_taken_away_to_hide_a_change_is_found(database: Database, heads: Path, case: Case) -> None:
    row = case.ids["answers"]
    do(database, "UPDATE answers SET value = 'another' WHERE id = :row", row=row)
    with database.engine.connect().execution_options(ltu_write=True) as connection, connection.begin():
        # The lock of the trail lets this through: it is how records are erased.
        connection.execute(sa.text('UPDATE audit_changes SET salt = NULL WHERE "row" = :row'), {"row": row})
    assert found(verify(database, heads)) == {("salt_missing", 4, "answers")}


def test_a_cut_tail_is_found_with_every_row_that_goes_with_it(database: Database, heads: Path, case: Case) -> None:
    with database.write(Event(ADVISER, "action_changed", case.id)) as work:
        step = work.insert(action_steps, filled(action_steps, action=case.ids["actions"], state="agreed"))
    export_head(database, heads)
    do(database, "DELETE FROM audit_events WHERE seq = 5")
    do(database, "DELETE FROM audit_changes WHERE seq = 5")
    do(database, "DELETE FROM action_steps WHERE id = :row", row=step["id"])
    report = verify(database, heads)
    assert found(report) == {("tail_cut", 5, "")}
    assert "event 5 is gone" in report.findings[0].words


def test_a_whole_trail_taken_away_is_found(database: Database, heads: Path, case: Case) -> None:
    with tampering.past_the_locks(database) as connection:
        for table in tampering.TABLES:
            connection.execute(sa.text(f"DELETE FROM {table}"))
    kinds = {kind for kind, _, _ in found(verify(database, heads))}
    assert kinds == {"tail_cut", "row_added"}


def test_a_full_rewrite_without_the_key_is_found(database: Database, heads: Path, case: Case) -> None:
    tampering.rewrite(database, f"UPDATE answers SET value = 'another' WHERE id = '{case.ids['answers']}'")
    report = verify(database, heads)
    assert found(report) == {("event_forged", 4, ""), ("head_differs", 4, "")}
    heads.unlink()
    assert {kind for kind, _, _ in found(verify(database, heads))} == {"event_forged", "no_heads"}


def test_marks_of_another_key_are_found(database: Database, heads: Path, case: Case, tmp_path: Path) -> None:
    other = Database(database.engine, Keys.load(tmp_path / "others", make=True))
    report = verify(other, heads)
    assert {kind for kind, _, _ in found(report)} == {"event_forged", "ledger_damaged", "no_heads"}
    assert report.counts["event_forged"] == 4


def test_thousands_of_findings_are_counted_and_the_first_are_named(database: Database, heads: Path) -> None:
    rows = [filled(offices, name=f"Office {number:04}") for number in range(200)]
    with database.write(Event(SYSTEM, "office_made")) as work:
        work.insert_many(offices, rows)
    export_head(database, heads)
    do(database, "UPDATE offices SET partnership = 'another'")
    report = verify(database, heads)
    assert report.counts == {"row_changed": 200}
    assert len(report.findings) == KEPT
    assert f"  and {200 - KEPT:,} more of this kind" in report.lines()


def test_progress_reaches_its_end(database: Database, heads: Path, case: Case) -> None:
    steps: list[tuple[int, int]] = []
    verify(database, heads, progress=lambda done, total, _: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 40
    assert steps == sorted(steps)


def test_tables_of_another_version_are_refused(database: Database, heads: Path) -> None:
    do(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordsError, match="A newer version of LTU Triage made these tables"):
        verify(database, heads)


def test_no_finding_repeats_what_a_row_holds(database: Database, heads: Path, case: Case) -> None:
    do(database, "UPDATE answers SET value = 'SECRET', question = 'SECRET' || id WHERE assessment = :id", id=case.id)
    do(database, "UPDATE audit_events SET detail = 'SECRET', subject = 'SECRET' WHERE seq = 3")
    assert "SECRET" not in str(verify(database, heads).to_dict())

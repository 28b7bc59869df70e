"""Does a backup bring everything back, and nothing that was erased, and is it said what was lost?"""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.installations import New, dump, note, opened
from tests.records_case import ADVISER, make_case
from triage.errors import RecordsError
from triage.records.actor import operator
from triage.records.audit import Event
from triage.records.backup import backup
from triage.records.database import Database
from triage.records.erase import erase_assessment
from triage.records.heads import export_head
from triage.records.installation import Installation, mark_restoring
from triage.records.periods import load_periods
from triage.records.restore import restore, restore_in_place
from triage.records.tables import assessments, audit_events, lists
from triage.records.verify import verify

pytestmark = both
WHO = operator("olive")
PERIODS = load_periods()


def test_everything_comes_back(database: Database, here: Installation, empty: New, tmp_path: Path) -> None:
    make_case(database)
    export_head(database, here.heads)
    before = dump(database)
    manifest = backup(here, database, tmp_path / "saved.zip")
    assert stat.S_IMODE((tmp_path / "saved.zip").stat().st_mode) == 0o600
    assert (manifest.seq, manifest.kind) == (2, database.engine.dialect.name)
    note(database)
    export_head(database, here.heads)

    there = Installation(tmp_path, empty())
    done = restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    assert (done.facts.kept, done.facts.known, done.facts.lost) == (2, 3, 1)
    restored = opened(there)
    after = dump(restored)
    for name in set(before) - {"audit_events", "audit_changes"}:
        assert after[name] == before[name]
    report = verify(restored, there.heads)
    assert report.sound
    assert report.notes[0].endswith("events 3 to 3 were lost.")
    with restored.read() as view:
        event = view.one(sa.select(audit_events).where(audit_events.c.seq == 3))
    restored.close()
    assert event is not None
    assert (event["action"], event["actor"]) == ("restored", "command:olive")
    last = json.loads(there.heads.read_text("utf-8").splitlines()[-1])
    assert last["restored"] == {"kept": 2, "known": 3, "backup_at": manifest.at}


def test_what_was_erased_after_the_backup_does_not_come_back(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    kept, gone = make_case(database), make_case(database, "GONE-4711")
    backup(here, database, tmp_path / "saved.zip")
    erase_assessment(database, Event(WHO, "records_erased"), gone.id, here.erasures)
    there = Installation(tmp_path, empty())
    done = restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    assert done.erased_again == 1
    restored = opened(there)
    assert "GONE-4711" not in str(dump(restored))
    with restored.read() as view:
        assert [row["id"] for row in view.all(sa.select(assessments))] == [kept.id]
    assert verify(restored, there.heads).sound
    restored.close()
    if there.file is not None:
        assert b"GONE-4711" not in there.file.read_bytes()


def test_what_has_been_kept_long_enough_does_not_come_back(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    case = make_case(database)
    with database.write(Event(ADVISER, "list_changed")) as work:
        work.update(lists, case.list, {"erase_on": "2020-01-01"})
    backup(here, database, tmp_path / "saved.zip")
    there = Installation(tmp_path, empty())
    assert restore(there, tmp_path / "saved.zip", WHO, PERIODS).retained == 1
    restored = opened(there)
    assert dump(restored)["list_identities"] == []
    restored.close()


def test_a_new_machine_takes_the_files_beside_the_database_from_the_backup(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    gone = make_case(database)
    make_case(database)
    export_head(database, here.heads)
    erase_assessment(database, Event(WHO, "records_erased"), gone.id, here.erasures)
    backup(here, database, tmp_path / "saved.zip")
    there = Installation(tmp_path / "new", empty())
    shutil.copytree(tmp_path / "keys", there.folder / "keys")
    restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    restored = opened(there)
    report = verify(restored, there.heads)
    assert report.sound
    assert report.heads == 2
    restored.close()
    assert there.erasures.read_bytes() == here.erasures.read_bytes()


def test_a_database_put_back_by_other_means_is_not_served_until_it_is_said(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    """Somebody copies an old file back, or goes back to a point in time."""
    gone = make_case(database)
    make_case(database)
    backup(here, database, tmp_path / "saved.zip")
    there = Installation(tmp_path / "there", empty())
    shutil.copytree(tmp_path / "keys", there.folder / "keys")
    restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    old = Installation(tmp_path, there.url)
    erase_assessment(database, Event(WHO, "records_erased"), gone.id, here.erasures)
    for _ in range(5):
        note(database)
    export_head(database, here.heads)

    found = Database.open(old.url, database.keys)
    with pytest.raises(RecordsError, match="run 'ltu-triage records restore --in-place'"):
        old.make_ready(found)
    assert {finding.kind for finding in verify(found, old.heads).findings} == {"tail_cut", "erased_back"}
    done = restore_in_place(old, WHO, PERIODS)
    assert (done.facts.kept, done.facts.known, done.erased_again) == (5, 10, 1)
    report = verify(found, old.heads)
    assert report.sound
    assert report.notes[-1].endswith("events 6 to 10 were lost.")
    found.close()
    opened(old).close()


def test_two_restores_one_after_the_other_each_say_what_they_lost(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    note(database)
    backup(here, database, tmp_path / "saved.zip")
    for _ in range(9):
        note(database)
    export_head(database, here.heads)
    facts = []
    for number in range(2):
        there = Installation(tmp_path, empty())
        done = restore(there, tmp_path / "saved.zip", WHO, PERIODS)
        facts.append((done.facts.kept, done.facts.known))
        restored = opened(there)
        note(restored)
        export_head(restored, there.heads)
        report = verify(restored, there.heads)
        assert report.sound
        restored.close()
        if number == 0 and there.file is not None:
            there.file.unlink()
    assert facts == [(1, 10), (1, 3)]
    assert len(report.notes) == 1


def test_nothing_is_served_while_a_restore_is_not_finished(
    database: Database, here: Installation, tmp_path: Path
) -> None:
    make_case(database)
    here.begin_restore()
    with pytest.raises(RecordsError, match="A restore was begun and not finished"):
        here.make_ready(database)
    here.end_restore()
    here.make_ready(database)
    mark_restoring(database)
    other = Installation(tmp_path / "another-machine", here.url)
    for machine in (here, other):
        with pytest.raises(RecordsError, match="A restore was begun and not finished"):
            machine.make_ready(database)
    restore_in_place(here, WHO, PERIODS)
    opened(here).close()

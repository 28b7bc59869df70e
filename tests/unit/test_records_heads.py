"""Is the head of the trail kept outside, once for each change, and is damage of that file found?"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import stat
import threading
from pathlib import Path

import pytest

from tests.databases import both
from tests.records_case import make_case
from tests.tampering import do
from triage.errors import RecordsError
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.heads import HeadKeeper, export_head
from triage.records.keys import Keys
from triage.records.verify import verify


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return tmp_path / "heads.jsonl"


def note(database: Database) -> None:
    """One more event."""
    with database.write(Event(SYSTEM, "signed_in", note=True)):
        pass


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


def kinds(database: Database, heads: Path) -> set[str]:
    return set(verify(database, heads).counts)


def exported(database: Database, heads: Path, times: int) -> None:
    for _ in range(times):
        note(database)
        export_head(database, heads)
    assert verify(database, heads).sound


@both
def test_the_head_is_written_once_for_each_change(database: Database, heads: Path) -> None:
    assert export_head(database, heads) is None
    assert not heads.exists()
    note(database)
    first, again = export_head(database, heads), export_head(database, heads)
    assert first is not None
    assert again is not None
    assert (again.seq, again.hash) == (first.seq, first.hash) == (1, first.hash)
    [line] = lines(heads)
    assert set(json.loads(line)) == {"seq", "hash", "at", "previous", "mac"}
    assert stat.S_IMODE(heads.stat().st_mode) == 0o600
    note(database)
    export_head(database, heads)
    assert [json.loads(line)["seq"] for line in lines(heads)] == [1, 2]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_line_is_found(database: Database, heads: Path, place: int) -> None:
    exported(database, heads, 3)
    kept = lines(heads)
    kept[place] = kept[place].replace('"seq":', '"seq":7')
    heads.write_text("".join(kept), "utf-8")
    assert kinds(database, heads) == {"ledger_damaged"}


@pytest.mark.parametrize("order", [[1, 2], [0, 2], [0, 2, 1], [0, 1, 1, 2]])
def test_lines_taken_out_moved_or_doubled_are_found(database: Database, heads: Path, order: list[int]) -> None:
    exported(database, heads, 3)
    kept = lines(heads)
    heads.write_text("".join(kept[place] for place in order), "utf-8")
    assert kinds(database, heads) == {"ledger_damaged"}


@pytest.mark.parametrize("line", ["{}", "[1]", "nonsense", '{"mac":NaN,"previous":""}', "[" * 9000, ""])
def test_a_line_that_is_none_is_found_and_no_reason_to_stop(database: Database, heads: Path, line: str) -> None:
    exported(database, heads, 2)
    with heads.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    assert kinds(database, heads) == {"ledger_damaged"}
    note(database)
    export_head(database, heads)
    assert verify(database, heads).counts == {"ledger_damaged": 1}


def test_a_head_of_another_installation_is_none(database: Database, heads: Path, tmp_path: Path) -> None:
    """Somebody without the key writes a head that fits a rewritten trail."""
    exported(database, heads, 1)
    heads.unlink()
    export_head(Database(database.engine, Keys.load(tmp_path / "others", make=True)), heads)
    assert kinds(database, heads) == {"ledger_damaged", "no_heads"}


def test_half_a_line_left_by_a_power_cut_is_found_and_then_taken_away(database: Database, heads: Path) -> None:
    exported(database, heads, 2)
    whole = heads.read_bytes()
    heads.write_bytes(whole[:-20])
    assert kinds(database, heads) == {"ledger_damaged"}
    export_head(database, heads)
    assert verify(database, heads).sound
    assert len(lines(heads)) == 2


@both
def test_a_trail_that_contradicts_the_last_head_is_not_exported(database: Database, heads: Path) -> None:
    """Once somebody has cut the trail, a new head would hide it."""
    exported(database, heads, 2)
    do(database, "DELETE FROM audit_events WHERE seq = 2")
    for _ in range(2):
        with pytest.raises(RecordsError, match="does not hold event 2 of the audit trail"):
            export_head(database, heads)
        note(database)
    assert kinds(database, heads) == {"head_differs"}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_an_old_copy_of_the_file_put_back_is_found(database: Database, heads: Path, tmp_path: Path) -> None:
    exported(database, heads, 2)
    path = Path(database.engine.url.database or "")
    database.close()
    shutil.copy(path, tmp_path / "old")
    make_case(database)
    export_head(database, heads)
    database.close()
    shutil.copy(tmp_path / "old", path)
    assert kinds(database, heads) == {"tail_cut"}
    for _ in range(5):
        note(database)
    report = verify(database, heads)
    assert set(report.counts) == {"head_differs"}
    assert report.findings[0].seq == 4


def _export_often(url: str, keys: Keys, heads: Path) -> None:
    database = Database.open(url, keys)
    for _ in range(10):
        note(database)
        export_head(database, heads)


@both
def test_several_processes_write_one_file(database: Database, database_address: str, heads: Path, keys: Keys) -> None:
    fresh = multiprocessing.get_context("spawn")
    started = [fresh.Process(target=_export_often, args=(database_address, keys, heads)) for _ in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    report = verify(database, heads)
    assert report.sound
    assert (report.events, report.head_seq) == (30, 30)


def test_the_keeper_exports_at_start_each_day_and_at_the_end(database: Database, heads: Path) -> None:
    note(database)
    done = threading.Event()

    def work() -> None:
        if not done.is_set():
            note(database)
            done.set()

    keeper = HeadKeeper(database, heads, every=0.01, also=work)
    keeper.start()
    assert json.loads(lines(heads)[0])["seq"] == 1
    assert done.wait(30)
    keeper.stop()
    assert [json.loads(line)["seq"] for line in lines(heads)] == [1, 2]
    assert not keeper.trouble


def test_the_keeper_refuses_to_start_on_a_cut_trail_and_tells_of_one_later(database: Database, heads: Path) -> None:
    exported(database, heads, 2)
    keeper = HeadKeeper(database, heads)
    keeper.start()
    do(database, "DELETE FROM audit_events WHERE seq = 2")
    keeper.stop()
    assert "does not hold event 2" in keeper.trouble
    with pytest.raises(RecordsError, match="does not hold event 2"):
        HeadKeeper(database, heads).start()


def test_a_folder_that_cannot_be_written_to_is_refused_in_words(database: Database, tmp_path: Path) -> None:
    note(database)
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match="cannot be written"):
        export_head(database, tmp_path / "file" / "heads.jsonl")

"""Does turning scoring off stop the library, the command line and lists, and nothing else?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import triage
from triage import suspension
from triage.cli.main import main
from triage.errors import SuspendedError
from triage.records.database import Database
from triage.records.keys import Keys
from triage.records.tables import audit_events
from triage.suspension import Suspension

OFF = Suspension("The yearly review is not done.", "an administrator", "2026-11-02T09:00:00+00:00")
REASON = ("--reason", "The yearly review is not done.")
LIST = "docs/examples/attendance.xlsx"
MAPPING = "docs/examples/attendance-mapping.yaml"
Said = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a machine of its own."""
    found = tmp_path / "data"
    monkeypatch.setenv("LTU_DATA", str(found))
    return found


@pytest.fixture
def off(folder: Path) -> Path:
    """The data folder of a machine whose scoring is turned off."""
    suspension.suspend(OFF, folder)
    return folder


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command, and gives what it says."""

    def run(*words: str, code: int = 0) -> str:
        assert main(list(words)) == code
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return found.out + found.err

    return run


def test_the_library_stops_and_goes_on(folder: Path, shipped_engine: triage.Engine) -> None:
    assert shipped_engine.score({"age": 57}).probability
    suspension.suspend(OFF, folder)
    with pytest.raises(SuspendedError, match="The yearly review is not done"):
        shipped_engine.score({"age": 57})
    with pytest.raises(SuspendedError, match="support goes on without a score"):
        shipped_engine.score_many({"age": [57]})
    assert suspension.resume(folder)
    assert shipped_engine.score({"age": 57}).probability


def test_a_program_that_starts_later_is_stopped_too(off: Path) -> None:
    """The engine must not depend on what a process knew when it began."""
    program = "import triage; triage.load().score({'age': 57})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "SuspendedError: Scoring is turned off for now" in done.stderr


def test_the_command_line_and_lists_stop(off: Path, said: Said, tmp_path: Path) -> None:
    out = tmp_path / "scored.xlsx"
    for words in (["explain", "age=57"], ["score", LIST, "-o", str(out), "--mapping", MAPPING, "--on", "2026-10-31"]):
        assert "The yearly review is not done." in said(*words, code=3)
    assert not out.exists()


def test_the_checklist_goes_on(off: Path, said: Said, tmp_path: Path) -> None:
    page = tmp_path / "checklist.html"
    said("checklist", "--form", "full", "-o", str(page))
    assert "<html" in page.read_text(encoding="utf-8")
    assert said("services")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"reason": 1', '{"strange": "yes"}', "\0"])
def test_a_damaged_note_still_means_off(off: Path, shipped_engine: triage.Engine, damage: str) -> None:
    """A full disk, or half a file, must never turn scoring on by itself."""
    [note] = off.iterdir()
    note.write_text(damage, encoding="utf-8")
    with pytest.raises(SuspendedError, match="cannot be read"):
        shipped_engine.score({"age": 57})


def test_the_commands_turn_scoring_off_and_on(folder: Path, said: Said, shipped_engine: triage.Engine) -> None:
    told = said("suspend", *REASON)
    assert str(folder) in told
    assert "no records there yet" in told
    assert json.loads((folder / "suspended.json").read_text("utf-8"))["reason"] == OFF.reason
    with pytest.raises(SuspendedError):
        shipped_engine.score({"age": 57})
    assert "turned on again" in said("resume")
    assert "was on already" in said("resume")
    assert shipped_engine.score({"age": 57}).probability


@pytest.mark.parametrize("reason", ["", "   ", "no", "x" * 301])
def test_a_reason_must_be_a_sentence(folder: Path, said: Said, reason: str) -> None:
    assert "one sentence" in said("suspend", "--reason", reason, code=2)
    assert suspension.suspended(folder) is None


def test_the_commands_tell_the_records_and_their_trail(folder: Path, said: Said) -> None:
    keys = Keys.load(folder / "keys", make=True)
    records = Database.open(f"sqlite:///{folder / 'records.sqlite'}", keys)
    records.create()
    records.close()
    assert "every machine that serves these records" in said("suspend", *REASON)
    assert "turned on again" in said("resume")
    trail = triage_trail(folder, keys)
    assert trail == ["scoring_suspended", "scoring_resumed"]


def test_a_machine_stops_although_its_records_cannot_be_told(folder: Path, said: Said) -> None:
    """The records are broken, which may be the reason."""
    folder.mkdir()
    (folder / "records.sqlite").write_bytes(b"this is no database at all")
    told = said("suspend", *REASON, code=2)
    assert "Scoring is turned off" in told
    assert "other machines may go on scoring" in told
    assert suspension.suspended(folder) is not None


def test_an_empty_database_is_no_records(folder: Path, said: Said) -> None:
    keys = Keys.load(folder / "keys", make=True)
    Database.open(f"sqlite:///{folder / 'records.sqlite'}", keys).close()
    (folder / "records.sqlite").touch()
    assert "no records there yet" in said("suspend", *REASON)


def test_a_note_of_another_folder_stops_nobody_here(folder: Path, tmp_path: Path, said: Said) -> None:
    said("suspend", *REASON, "--data", str(tmp_path / "elsewhere"))
    assert suspension.suspended() is None


def triage_trail(folder: Path, keys: Keys) -> list[str]:
    """What the audit trail says was done."""
    records = Database.open(f"sqlite:///{folder / 'records.sqlite'}", keys)
    with records.read() as view:
        found = [row["action"] for row in view.all(sa.select(audit_events).order_by(audit_events.c.seq))]
    records.close()
    return found

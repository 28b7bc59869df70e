"""Can somebody look after the records from a terminal, and does a mistake end in words?"""

from __future__ import annotations

import getpass
import json
import re
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.installations import New, note
from tests.records_case import make_case
from tests.tampering import do
from triage.cli.main import main
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.plain import canonical
from triage.records.tables import answers, assessments, audit_events

pytestmark = pytest.mark.slow

REFERENCE = "K7QM-2XRD"


class Command:
    """Runs `ltu-triage` on the records of the fixture `database`."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._options = ["--data", str(folder), "--database", url]
        self._capsys = capsys
        self.err = ""

    def __call__(self, *words: object, code: int = 0) -> str:
        """What it prints; the exit code has to be `code`."""
        self._capsys.readouterr()
        assert main([*map(str, words), *self._options]) == code, self._capsys.readouterr().err
        found = self._capsys.readouterr()
        assert "Traceback" not in found.err
        self.err = found.err
        return found.out


@pytest.fixture
def run(database: Database, database_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, database_address, capsys)


def actors(database: Database, action: str) -> list[str]:
    with database.read() as view:
        return [row["actor"] for row in view.all(sa.select(audit_events).where(audit_events.c.action == action))]


@both
def test_records_are_checked_and_a_finding_is_an_exit_code(run: Command, database: Database) -> None:
    case = make_case(database)
    assert run("audit", "export") == f"Event 2 stands in {run._options[1]}/heads.jsonl.\n"
    assert run("audit", "verify").endswith("Everything is as it was left.\n")
    do(database, "UPDATE answers SET value = 'another' WHERE id = :row", row=case.ids["answers"])
    assert "Found: A row of answers was changed without an event." in run("audit", "verify", code=3)
    told = json.loads(run("audit", "verify", "--json", code=3))
    assert (told["sound"], told["counts"], told["findings"][0]["seq"]) == (False, {"row_changed": 1}, 2)


def test_the_head_can_be_kept_on_another_disk(run: Command, database: Database, tmp_path: Path) -> None:
    assert run("audit", "export") == "The audit trail is empty: there is no head yet.\n"
    note(database)
    other = tmp_path / "other" / "heads.jsonl"
    run("audit", "export", "--to", other)
    note(database)
    run("audit", "export")
    do(database, "DELETE FROM audit_events")
    (tmp_path / "heads.jsonl").unlink()
    assert "The trail ends at event 0, but event 1 was known" in run("audit", "verify", "--heads", other, code=3)


@both
def test_one_client_is_erased_only_when_that_is_confirmed(run: Command, database: Database) -> None:
    make_case(database, reference=REFERENCE)
    told = run("records", "erase", REFERENCE.lower(), code=2)
    assert "       2  answers\n" in told
    assert told.endswith("To erase all of this for good, add --yes.\n")
    told = run("records", "erase", REFERENCE, "--yes")
    assert f"rows about {REFERENCE}." in told
    assert "1 uploaded file of a list" in told
    kept = "VACUUM FULL" if database.engine.dialect.name == "postgresql" else "Nothing of it is left in the file"
    assert kept in told
    assert actors(database, "records_erased") == [f"command:{getpass.getuser()}"]
    assert run("audit", "verify").endswith("Everything is as it was left.\n")
    assert run("records", "erase", REFERENCE, code=2) == ""
    assert f"There is no assessment '{REFERENCE}'" in run.err


@both
def test_what_was_kept_long_enough_is_told_and_then_erased(run: Command, database: Database) -> None:
    make_case(database, practice=True, started_at="2020-01-01T00:00:00.000000+00:00")
    assert run("records", "retain", "--dry-run") == "       1  practice\nNothing was erased: this was a dry run.\n"
    assert run("records", "retain").startswith("       1  practice\n")
    assert run("records", "retain") == "Nothing has been kept for too long.\n"
    assert set(actors(database, "retention_ran")) == {f"command:{getpass.getuser()}"}


def test_an_organisations_own_periods_count(run: Command, database: Database, tmp_path: Path) -> None:
    make_case(database)
    text = Path("checklist/retention.yaml").read_text("utf-8")
    own = re.sub(r"(?s)(kind: held_forms.*?)hours: 1", r"\1days: 1", text)
    (tmp_path / "retention.yaml").write_text(own.replace("days: 30", "hours: 1"), "utf-8")
    assert "Nothing has been kept" in run("records", "retain", "--dry-run", "--checklist", tmp_path)
    (tmp_path / "retention.yaml").write_text("periods: []\n", "utf-8")
    run("records", "retain", "--dry-run", "--checklist", tmp_path, code=2)
    assert "retention.yaml" in run.err


@both
def test_a_client_gets_a_page_in_the_words_of_the_checklist(run: Command, database: Database, tmp_path: Path) -> None:
    case = make_case(database, reference=REFERENCE)
    with database.write(Event(SYSTEM, "answer_saved", case.id)) as work:
        work.update(answers, case.ids["answers"], {"question": "vehicle", "value": canonical("yes")})
        work.update(assessments, case.id, {"client_reference": "<script>alert(1)</script>"})
    told = run("records", "subject-access", REFERENCE, "-o", tmp_path / "client")
    assert "They hold personal data" in told
    page, data = tmp_path / "client.html", tmp_path / "client.json"
    assert stat.S_IMODE(page.stat().st_mode) == stat.S_IMODE(data.stat().st_mode) == 0o600
    assert json.loads(data.read_text("utf-8"))["reference"] == REFERENCE
    text = page.read_text("utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<td>a car, van or motorbike</td>" in text
    assert '<th scope="row">question</th><td>Motor vehicle' in text
    assert case.id not in text
    assert "Ada" not in text
    run("records", "subject-access", REFERENCE, "-o", tmp_path / "client", code=2)
    assert "is there already" in run.err
    assert actors(database, "subject_access") == [f"command:{getpass.getuser()}"]


@both
def test_records_are_saved_and_brought_back(run: Command, database: Database, empty: New, tmp_path: Path) -> None:
    make_case(database, reference=REFERENCE)
    told = run("records", "backup", tmp_path / "saved.zip")
    assert "Saved everything up to event 2" in told
    assert "policies" not in told
    (tmp_path / "policies").mkdir()
    assert f"copy of {tmp_path / 'policies'}" in run("records", "backup", tmp_path / "with-policies.zip")
    run("records", "erase", REFERENCE, "--yes")
    run("records", "restore", tmp_path / "saved.zip", code=2)
    assert "already" in run.err
    run._options = ["--data", str(tmp_path), "--database", empty()]
    told = run("records", "restore", tmp_path / "saved.zip")
    assert "Lost: events 3 to 3." in told
    assert "Erased again: 1." in told
    assert "Restored on" in run("audit", "verify")
    assert "The records are as they were after event" in run("records", "restore", "--in-place")
    for words in ((), ("--in-place", tmp_path / "saved.zip")):
        run("records", "restore", *words, code=2)
        assert "Give a backup, or --in-place" in run.err


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_and_keys_are_made_and_never_new_keys_for_old_records(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/records.sqlite" if kind == "sqlite" else request.getfixturevalue("postgres").new()
    run = Command(tmp_path, url, capsys)
    if kind == "postgresql":
        run("records", "backup", tmp_path / "saved.zip", code=2)
        assert "is missing" in run.err
    assert run("records", "migrate") == "The tables were made as revision 0001.\n"
    assert run("records", "migrate") == "The tables are up to date (revision 0001).\n"
    (tmp_path / "keys" / "audit.key").unlink()
    for words in (("records", "migrate"), ("audit", "verify")):
        run(*words, code=2)
        assert "audit.key is missing" in run.err


COMMANDS = [
    ("audit", "verify"), ("audit", "export"), ("records", "backup", "new.zip"), ("records", "erase", REFERENCE),
    ("records", "retain"), ("records", "subject-access", REFERENCE, "-o", "new"), ("records", "restore", "--in-place"),
]  # fmt: skip
ADDRESSES = {
    "sqlite:///{folder}/nothing.sqlite": "There ",
    "sqlite:///{folder}/text.sqlite": "file is not a database",
    "sqlite://nowhere/nothing": "Records need a file",
    "sqlite://": "Records need a file",
    "mysql://somewhere/records": "SQLite or PostgreSQL",
    "postgresql://nobody:secret@127.0.0.1:1/records": "The database cannot be used",
    "nonsense": "address",
}
#: `records migrate` makes what is not there.
MIGRATED = [(("records", "migrate"), url) for url in ADDRESSES if "nothing.sqlite" not in url]


@pytest.mark.parametrize(("words", "url"), [*((words, url) for words in COMMANDS for url in ADDRESSES), *MIGRATED])
def test_a_database_that_cannot_be_used_is_refused_in_words(
    words: tuple[str, ...], url: str, tmp_path: Path, keys: object, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.sqlite").write_text("This is no database. " * 100)
    run = Command(tmp_path, url.format(folder=tmp_path), capsys)
    run(*words, code=2)
    assert ADDRESSES[url] in run.err
    assert "secret" not in run.err

"""Is a backup of one moment, whole and sealed, and is any other file refused?"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.databases import both
from tests.installations import New, dump, note, opened
from tests.records_case import ADVISER, filled, make_case
from tests.tampering import do
from triage.errors import RecordsError
from triage.records.actor import operator
from triage.records.audit import Event
from triage.records.backup import MANIFEST, backup
from triage.records.database import Database
from triage.records.heads import export_head
from triage.records.installation import Installation
from triage.records.keys import Keys
from triage.records.periods import load_periods
from triage.records.restore import restore
from triage.records.tables import offices
from triage.records.verify import verify

pytestmark = both
WHO = operator("olive")
PERIODS = load_periods()


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    database: Database, here: Installation, empty: New, tmp_path: Path, place: float
) -> None:
    make_case(database)
    path = tmp_path / "saved.zip"
    backup(here, database, path)
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 255
    path.write_bytes(data)
    there = Installation(tmp_path / "new", empty())
    shutil.copytree(tmp_path / "keys", there.folder / "keys")
    with pytest.raises(RecordsError, match=r"is damaged|was not made with"):
        restore(there, path, WHO, PERIODS)
    assert sorted(path.name for path in there.folder.iterdir()) == ["keys"]


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", None])
def test_a_file_that_is_no_backup_is_refused(
    database: Database, here: Installation, empty: New, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "saved.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(MANIFEST, "[]")
    else:
        path.write_bytes(content)
    with pytest.raises(RecordsError, match="is damaged, or is no backup"):
        restore(Installation(tmp_path, empty()), path, WHO, PERIODS)
    with pytest.raises(RecordsError, match="is not there"):
        restore(Installation(tmp_path, empty()), tmp_path / "other.zip", WHO, PERIODS)


def test_a_backup_of_another_installation_or_with_another_manifest_is_refused(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    make_case(database)
    path = tmp_path / "saved.zip"
    backup(here, database, path)
    stranger = Installation(tmp_path / "stranger", empty())
    Keys.load(stranger.folder / "keys", make=True)
    with pytest.raises(RecordsError, match="not made with the keys of this installation"):
        restore(stranger, path, WHO, PERIODS)
    with zipfile.ZipFile(path) as packed:
        inside = {name: packed.read(name) for name in packed.namelist()}
    inside[MANIFEST] = inside[MANIFEST].replace(b'"seq":2', b'"seq":1')
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in inside.items():
            packed.writestr(name, data)
    with pytest.raises(RecordsError, match="its manifest was changed"):
        restore(Installation(tmp_path, empty()), path, WHO, PERIODS)


def test_no_key_is_in_a_backup(database: Database, here: Installation, tmp_path: Path) -> None:
    make_case(database)
    backup(here, database, tmp_path / "saved.zip")
    secrets = [path.read_bytes().strip() for path in (tmp_path / "keys").iterdir()]
    with zipfile.ZipFile(tmp_path / "saved.zip") as packed:
        for name in packed.namelist():
            data = packed.read(name)
            assert not [secret for secret in secrets if secret in data or bytes.fromhex(secret.decode()) in data]


def test_records_are_never_restored_over_others_and_a_backup_over_none(
    database: Database, here: Installation, tmp_path: Path
) -> None:
    make_case(database)
    path = tmp_path / "saved.zip"
    backup(here, database, path)
    before = dump(database)
    with pytest.raises(RecordsError, match="is there already"):
        backup(here, database, path)
    with pytest.raises(RecordsError, match=r"There are records in .* already"):
        restore(here, path, WHO, PERIODS)
    assert dump(database) == before
    opened(here).close()


def test_a_backup_goes_into_no_other_kind_of_database(
    database: Database, here: Installation, tmp_path: Path, postgres: object
) -> None:
    path = tmp_path / "saved.zip"
    backup(here, database, path)
    other = f"sqlite:///{tmp_path}/other.sqlite"
    if database.engine.dialect.name == "sqlite":
        other = postgres.new()  # type: ignore[attr-defined]
    with pytest.raises(RecordsError, match="It cannot go into"):
        restore(Installation(tmp_path, other), path, WHO, PERIODS)


def test_a_backup_is_of_one_moment(database: Database, here: Installation, empty: New, tmp_path: Path) -> None:
    """What is written while it is made is in it as a whole, or not at all."""
    with database.write(Event(ADVISER, "office_made")) as work:
        work.insert_many(offices, [filled(offices, partnership="x" * 1000) for _ in range(3000)])
    manifest = backup(here, database, tmp_path / "saved.zip", lambda done, total: note(database))
    assert manifest.seq == 1
    there = Installation(tmp_path, empty())
    restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    restored = opened(there)
    assert verify(restored, there.heads).sound
    restored.close()


def test_a_tampered_database_is_not_made_good_by_a_backup(
    database: Database, here: Installation, empty: New, tmp_path: Path
) -> None:
    case = make_case(database)
    export_head(database, here.heads)
    do(database, "UPDATE answers SET value = 'another' WHERE id = :row", row=case.ids["answers"])
    backup(here, database, tmp_path / "saved.zip")
    there = Installation(tmp_path, empty())
    restore(there, tmp_path / "saved.zip", WHO, PERIODS)
    restored = opened(there)
    assert [finding.kind for finding in verify(restored, there.heads).findings] == ["row_changed"]
    restored.close()

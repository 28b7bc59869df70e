"""How are the records saved into one file that can be trusted later?

A backup is a ZIP file: the database as it was at one moment, the files beside it, and a manifest that is sealed with
the audit key. The keys are not in it: whoever finds a backup cannot make one, and a stranger's cannot be brought in.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from triage._version import __version__
from triage.errors import RecordsError
from triage.records import postgres
from triage.records.database import Database, View
from triage.records.heads import last_event
from triage.records.installation import Installation
from triage.records.keys import Keys
from triage.records.ledger import sync_folder
from triage.records.migrate import copy_sqlite
from triage.records.plain import canonical, now
from triage.records.revision import REVISION

MANIFEST = "manifest.json"
_CONTENT = {"sqlite": "records.sqlite", "postgresql": "records.dump"}
_CHUNK = 2**20
_DAMAGED = "{path} is damaged, or is no backup. Nothing was restored from it."
#: What reading a damaged ZIP file, or a file that is none, can end in.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, TypeError, AttributeError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes:
        at: when it was made.
        kind: sqlite or postgresql.
        seq, hash, mac: the last event of its audit trail; 0 and empty for an empty one.
        revision: of its tables.
        software: the version that made it.
        files: the SHA-256 of each file in it.
    """

    at: str
    kind: str
    seq: int
    hash: str
    mac: str
    revision: str
    software: str
    files: dict[str, str]

    @property
    def content(self) -> str:
        """The name of the database in the file."""
        return _CONTENT[self.kind]


def backup(installation: Installation, database: Database, path: Path, progress: Progress | None = None) -> Manifest:
    """Save the records, as they are at this moment, into a new file. Others may go on working.

    Args:
        installation: where the records are.
        database: the records.
        path: the file.
        progress: is told how much of an SQLite file was copied.

    Raises:
        RecordsError: the file is there already or cannot be written, or PostgreSQL's programs are missing.
    """
    if path.exists():
        raise RecordsError(f"{path} is there already. Choose a new name: nothing is replaced.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
            work = Path(folder)
            kind = database.engine.dialect.name
            event = _save(database, work / _CONTENT[kind], progress)
            names = [_CONTENT[kind]]
            for ledger in (installation.heads, installation.erasures):
                if ledger.is_file():
                    (work / ledger.name).write_bytes(ledger.read_bytes())
                    names.append(ledger.name)
            manifest = Manifest(
                now(), kind, event.get("seq", 0), event.get("hash", ""), event.get("mac", ""), REVISION, __version__,
                {name: _digest(work / name) for name in names},
            )  # fmt: skip
            _pack(work, manifest, database.keys)
            (work / "packed").replace(path)
        sync_folder(path.parent)
    except OSError as problem:
        raise RecordsError(f"{path} cannot be written: {problem.strerror or problem}.") from None
    return manifest


def _save(database: Database, path: Path, progress: Progress | None) -> dict[str, Any]:
    """Copy the database as it is at one moment; returns the last event of that moment."""
    if database.engine.dialect.name == "sqlite":
        copy_sqlite(database, path, progress)
        copied = Database.open(f"sqlite:///{path}", database.keys)
        try:
            with copied.read() as view:
                return last_event(view) or {}
        finally:
            copied.close()
            path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
    one_state = {"isolation_level": "REPEATABLE READ"}
    with database.engine.connect().execution_options(**one_state) as connection, connection.begin():
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        event = last_event(View(connection)) or {}
        postgres.dump(database.engine.url, snapshot, path)
    return event


def _pack(work: Path, manifest: Manifest, keys: Keys) -> None:
    """One file of all, readable by its owner alone."""
    handle = os.open(work / "packed", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name in manifest.files:
                packed.write(work / name, name)
            plain = asdict(manifest)
            packed.writestr(MANIFEST, canonical({**plain, "seal": _seal(keys, plain)}))
        file.flush()
        os.fsync(file.fileno())


def _seal(keys: Keys, plain: dict[str, Any]) -> str:
    return keys.mac(f"backup\0{canonical(plain)}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(path: Path, keys: Keys, folder: Path) -> Manifest:
    """Check a backup and unpack it into `folder`, which nobody else may read.

    Raises:
        RecordsError: it is damaged, was changed, or was made with other keys.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            plain = json.loads(packed.read(MANIFEST))
            seal = str(plain.pop("seal", ""))
            if not compare_digest(seal.encode(), _seal(keys, plain).encode()):
                raise RecordsError(
                    f"{path} was not made with the keys of this installation, or its manifest was changed. Put the keys"
                    " of the installation that made it into the data folder first."
                )
            manifest = Manifest(**plain)
            for name, digest in manifest.files.items():
                if _extract(packed, name, folder / name) != digest:
                    raise RecordsError(_DAMAGED.format(path=path))
    except FileNotFoundError:
        raise RecordsError(f"{path} is not there.") from None
    except _BROKEN:
        raise RecordsError(_DAMAGED.format(path=path)) from None
    return manifest


def _extract(packed: zipfile.ZipFile, name: str, target: Path) -> str:
    """Unpack one file and return its digest."""
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with packed.open(name) as source, os.fdopen(handle, "wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()

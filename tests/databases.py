"""Records on both databases: SQLite in a file, and a real PostgreSQL that the tests start.

PostgreSQL is started once for each test process. Each test gets a database of its own, copied from a template.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

from triage.records.database import Database
from triage.records.keys import Keys

KINDS = ("sqlite", "postgresql")
_NUMBERS = count(1)


@lru_cache(maxsize=1)
def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL."""

    address: str

    def new(self, template: str = "template1") -> str:
        """The address of a new database."""
        name = f"records_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return f"{self.address}/{name}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A real PostgreSQL on a free port of this machine, gone at the end."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: run scripts/system-packages.sh")
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="ltu-postgres-"))
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    quick = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"

    def run(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    run(str(programs / "initdb"), "-D", str(data), "-U", "ltu", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {quick}"
    run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield Postgres(f"postgresql://ltu@127.0.0.1:{port}")
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the tables of the present version."""
    address = postgres.new()
    made = Database.open(address, Keys.load(tmp_path_factory.mktemp("keys"), make=True))
    made.create()
    made.close()
    return address.rpartition("/")[2]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables of the present version."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "records.sqlite"
    made = Database.open(f"sqlite:///{path}", Keys.load(folder, make=True))
    made.create()
    made.close()
    return path


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """New keys."""
    return Keys.load(tmp_path / "keys", make=True)


@pytest.fixture
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database with tables; on both kinds through `database`, else on SQLite."""
    if getattr(request, "param", "sqlite") == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.new(request.getfixturevalue("postgres_template"))
    path = tmp_path / "records.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_address: str, keys: Keys) -> Iterator[Database]:
    """Empty records, on SQLite unless the test is marked with `both`."""
    opened = Database.open(database_address, keys)
    yield opened
    opened.close()


#: Mark a test, a class or a module (`pytestmark = both`) to run on SQLite and on PostgreSQL.
both = pytest.mark.parametrize("database_address", KINDS, indirect=True)

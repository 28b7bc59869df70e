"""A real MLflow server that the tests start, on SQLite or on PostgreSQL.

One of each kind is started for each test process. Tests that need a world of their own name their experiments and
models so.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.databases import KINDS, Postgres

#: No telemetry, and no processes for jobs that nobody starts.
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
_LOOKS, _SECONDS = 1800, 0.1


class Server:
    """A tracking server: its database and artifacts outlive it, so that it can be killed and started again."""

    def __init__(self, folder: Path, backend: str = "") -> None:
        self.folder = folder
        self._backend = backend or f"sqlite:///{folder / 'mlflow.db'}"
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def artifacts(self) -> Path:
        """The folder of its artifacts."""
        return self.folder / "artifacts"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log = (self.folder / "server.log").open("ab")
        words = ["server", "--backend-store-uri", self._backend, "--artifacts-destination", str(self.artifacts)]
        words += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", *words], cwd=self.folder, stdout=self._log, stderr=subprocess.STDOUT,
            env={**os.environ, **QUIET}, start_new_session=True,
        )  # fmt: skip
        for _ in range(_LOOKS):
            if self._answers():
                return
            try:
                ended = self._process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the server ended with {ended}: {(self.folder / 'server.log').read_text()[-2000:]}")
        raise AssertionError("the server did not answer within three minutes")

    def kill(self) -> None:
        """Kill it and its children without a warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait(30)
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None


@contextmanager
def running_server(folder: Path, backend: str = "") -> Iterator[Server]:
    """A server that is gone at the end."""
    server = Server(folder, backend)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server on SQLite, shared by the tests of this process."""
    with running_server(tmp_path_factory.mktemp("mlflow")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server on PostgreSQL, shared by the tests of this process."""
    backend = postgres.new().replace("postgresql://", "postgresql+psycopg://")
    with running_server(tmp_path_factory.mktemp("mlflow"), backend) as server:
        yield server


@pytest.fixture
def sqlite_tracking(sqlite_server: Server) -> str:
    """The address of a real server on SQLite."""
    return sqlite_server.address


@pytest.fixture
def tracking_address(request: pytest.FixtureRequest) -> str:
    """The address of a real server: on SQLite, or on both databases where the test is marked with `both_servers`."""
    kind = getattr(request, "param", "sqlite")
    server: Server = request.getfixturevalue(f"{'postgres' if kind == 'postgresql' else 'sqlite'}_server")
    return server.address


#: Mark a test, a class or a module to run with a server on SQLite and with one on PostgreSQL.
both_servers = pytest.mark.parametrize("tracking_address", KINDS, indirect=True)

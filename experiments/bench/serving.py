"""The service in processes of its own, on records made for the purpose, with an endpoint that says a constant.

Run: python -m experiments.bench.serving PORT WORKERS
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

from triage.casework import api_keys, people
from triage.casework.service import Service, make_service
from triage.engine import load
from triage.records.actor import SYSTEM
from triage.records.database import Database
from triage.records.keys import Keys
from triage.web.api import score
from triage.web.api.bodies import body_of
from triage.web.api.models.scores import ScoreRequest
from triage.web.app import create_app
from triage.web.processes import answer
from triage.web.security.permissions import RULES, Rule
from triage.web.settings import WebSettings

_FOLDER, _DATABASE = "LTU_BENCH_FOLDER", "LTU_BENCH_DATABASE"
#: What a score has beside the score: the key, the body that is read and checked, and an answer of the same length.
CONSTANT = "/api/v1/constant"
SCORE = "/api/v1/score"


@dataclass(frozen=True)
class Place:
    """Where a service keeps what: a folder, the address of its database, the port at which it answers, its process."""

    folder: Path
    database: str
    port: int
    process: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def processor(self) -> float:
        """Seconds of processor time so far, of the process and those that it started."""
        every = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
        ticks = sum(int(s[13]) + int(s[14]) for s in every if s and self.process in (int(s[0]), int(s[3])))
        return ticks / os.sysconf("SC_CLK_TCK")

    def service(self) -> Service:
        """The service on these records."""
        return make_service(Database.open(self.database, Keys.load(self.folder / "keys")), load())


def prepare(folder: Path, database: str, keys: int) -> list[str]:
    """Empty records with some keys; returns the keys' secrets."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = Database.open(database, Keys.load(folder / "keys", make=True))
    opened.create()
    service = make_service(opened, load())
    office = people.make_office(service, SYSTEM, "Invented office")["id"]
    made = people.make_account(service, SYSTEM, "bench", "Invented administrator", "administrator", office)
    actor, ends = people.actor_for(made), service.today + timedelta(days=30)
    wanted = api_keys.Wanted("Bench", "partner", "Nobody", "Measuring", "None", api_keys.SCOPES, office, ends)
    secrets = [api_keys.make(service, actor, wanted)[1] for _ in range(keys)]
    opened.close()
    return secrets


def application() -> FastAPI:
    """The application, with a constant beside it."""
    folder = Path(os.environ[_FOLDER])
    service = make_service(Database.open(os.environ[_DATABASE], Keys.load(folder / "keys")), load())
    RULES["api_constant"] = Rule(scope="score")
    said = (folder / "constant.json").read_bytes()

    async def constant(request: Request) -> Response:
        body_of(request, ScoreRequest)
        return Response(said, media_type="application/json")

    # Beside the score, so that it is found as soon: routes are looked through in their order.
    score.router.add_api_route("/constant", constant, methods=["POST"], name="api_constant")
    return create_app(service, WebSettings(secure=False, folder=folder, requests_a_second=1e9))


@contextmanager
def running(folder: Path, database: str, workers: int) -> Iterator[Place]:
    """The service with so many processes that answer."""
    port = free_port()
    words = [sys.executable, "-m", "experiments.bench.serving", str(port), str(workers)]
    # As the command `serve` has it, so that nobody looks for another data folder.
    environment = {**os.environ, "LTU_DATA": str(folder), _FOLDER: str(folder), _DATABASE: database}
    if not (folder / "constant.json").exists():
        (folder / "constant.json").write_text("{}")
    with subprocess.Popen(words, env=environment) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield Place(folder, database, port, process.pid)
        finally:
            process.terminate()


def take_constant(place: Place, key: str, body: str) -> int:
    """Keep the answer to a request as what the constant says; returns its length."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = urllib.request.Request(place.address + SCORE, body.encode(), headers)
    with urllib.request.urlopen(request) as answer:
        said: bytes = answer.read()
    (place.folder / "constant.json").write_bytes(said)
    return len(said)


def _stat(path: Path) -> list[str]:
    """What the kernel says of a process; nothing of one that has just ended."""
    try:
        name, _, rest = path.read_text().rpartition(")")
    except OSError:
        return []
    return [name.partition(" ")[0], "", *rest.split()]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"{address} does not answer")


def write_bodies(path: Path, bodies: list[dict[str, object]]) -> None:
    """What is sent, for the process that asks."""
    path.write_text(json.dumps([json.dumps(body) for body in bodies]))


def main(port: int, workers: int) -> None:
    """Answers as the command `serve` does."""
    settings: dict[str, Any] = {"port": port, "log_level": "error", "access_log": False, "server_header": False}
    if workers == 1:
        uvicorn.run(application(), **settings)
    else:
        answer("experiments.bench.serving:application", workers, **settings)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

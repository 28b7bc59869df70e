"""Does the loop close: simulate, learn, tune, promote, score, decide, record outcomes, monitor, and learn again?

Everything is real: a tracking server, the command, the service over HTTP, its records. Only the people are simulated.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

import triage
from tests.mlflow_server import Server, running_server
from tests.web import service as web
from triage.casework import api_keys, people
from triage.casework.api_keys import SCOPES, Wanted
from triage.casework.service import Service
from triage.cli.main import main
from triage.records.actor import SYSTEM
from triage.web.opening import Choices, application_of, open_service

CHAMPION = "models:/ltu-triage@champion"
#: More of them have the outcome than anywhere in Scotland, so that few people are enough for figures.
WORLD = ("--strength", "2.2", "--base-rate", "0.25", "--event-only", "0", "--follow-up", "0.9")
BY = ("--by", "A test", "--why", "To see that the loop closes")
CLIENTS = 40


class Commands:
    """The command `ltu-triage` in a folder of the test's own."""

    def __init__(self, folder: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._tracking = ("--tracking", address)
        self._capsys = capsys

    def __call__(self, *words: object, code: int = 0) -> str:
        self._capsys.readouterr()
        ended = main([str(word) for word in words])
        told = self._capsys.readouterr()
        assert ended == code, told.err + told.out
        return told.out

    def tracked(self, *words: object, code: int = 0) -> str:
        """The same, with the tracking server."""
        return self(*words, *self._tracking, code=code)

    def people(self, name: str, count: int) -> Path:
        """A file of simulated people."""
        path = self.folder / f"{name}.csv"
        self("simulate", count, "-o", path, "--seed", f"loop-{name}", *WORLD)
        return path

    def auc(self, bundle: Path, test: Path) -> float:
        """The AUC of a model, by people that it has not seen."""
        target = self.folder / f"{bundle.name}.json"
        self.tracked("evaluate", bundle, test, "-o", target, "--resamples", 100)
        return float(json.loads(target.read_text())["main"]["auc"]["value"])


@contextmanager
def running(choices: Choices) -> Iterator[tuple[httpx.Client, Service]]:
    """The service as `serve` runs it, and a partner's program with a key."""
    service = open_service(choices)
    server = web.Server(application_of(choices, service))
    address = server.begin()
    try:
        office = people.make_office(service, SYSTEM, "Loop office")
        account = people.make_account(
            service, SYSTEM, "administrator", "An administrator", "administrator", office["id"]
        )
        wanted = Wanted(
            name="Loop", body="partner", controller="A college", purpose="Agree support", agreement="DSA-1",
            scopes=SCOPES, office=office["id"], ends_on=service.today + timedelta(days=30),
        )  # fmt: skip
        _, secret = api_keys.make(service, people.actor_for(account), wanted)
        headers = {"authorization": f"Bearer {secret}"}
        with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=60) as client:
            yield client, service
    finally:
        server.finish()
        service.database.close()


def interviews(path: Path, engine: triage.Engine) -> Iterator[dict[str, Any]]:
    """People of a file whose outcome is known, as an adviser would meet them."""
    questions = engine.checklist.by_id
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            told = {name: row[name] for name in questions if row.get(name) not in (None, "", "not_applicable")}
            answers = {name: int(cell) if questions[name].kind == "number" else cell for name, cell in told.items()}
            if len(answers) > 8 and row["outcome"] in ("paid_work", "still_looking") and float(row["weeks"]) >= 1:
                yield row | {"answers": answers}


def casework(client: httpx.Client, person: dict[str, Any]) -> str:
    """Interview, score, decide, and what became of the client; returns the band that was proposed."""
    context = {"redundancy_status": "left", "job_ends": person["date"]}
    begun = client.post("/assessments", json={"context": context}).json()
    address = f"/assessments/{begun['id']}"
    kept = client.patch(f"{address}/answers", json={"answers": person["answers"]})
    assert kept.status_code == 200, kept.text
    score = client.post(f"{address}/score", json={}).json()
    decision = {"action": "confirm", "score": score["id"], "by": "An adviser"}
    assert client.post(f"{address}/decisions", json=decision).status_code == 201
    weeks, known_on = int(float(person["weeks"])), date.today().isoformat()
    told = {"kind": person["outcome"], "weeks": weeks, "known_on": known_on, "source": "client"}
    answer = client.post(f"{address}/outcomes", json=told)
    assert answer.status_code == 201, answer.text
    return str(score["band"]["id"])


def wait_for(service: Service, version: str) -> None:
    """Look until these cut-offs are in force."""
    pause = threading.Event()
    for _ in range(1200):
        if service.engines.now.versions.cutoffs == version:
            return
        pause.wait(0.05)
    raise AssertionError(f"{version} was not taken up")


def joined(target: Path, files: Sequence[Path]) -> Path:
    """Several files of outcomes as one; nobody in them exists."""
    frames = [pl.read_csv(path, infer_schema=False) for path in files]
    pl.concat(frames, how="diagonal").with_columns(simulated=pl.lit("yes")).write_csv(target)
    return target


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A tracking server on which nobody else is the champion."""
    with running_server(tmp_path / "mlflow") as server:
        yield server


@pytest.mark.slow
def test_the_loop_closes(
    own_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(tmp_path, own_server.address, capsys)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", own_server.address)
    monkeypatch.setenv("LTU_CACHE", str(tmp_path / "cache"))
    data = tmp_path / "data"
    first, later, test = run.people("first", 1500), run.people("later", 1500), run.people("test", 1500)

    # Learn, register, and let the gates judge by people whom the model has not seen.
    gates = ("model", "promote", "challenger", "--practice", "--resamples", 200, *BY, "--outcomes")
    run.tracked("learn", first, "-o", tmp_path / "m1", "--register")
    assert "is the champion" in run.tracked(*gates, later)

    # The people it learned from are refused; the others show what each cut-off would mean.
    sweep = ("--model", CHAMPION, "--at", "enhanced=20", "--at", "intensive=40", "--resamples", 200)
    run.tracked("tune", first, "-o", tmp_path / "seen", *sweep, code=2)
    run.tracked("tune", later, "-o", tmp_path / "tuned", *sweep)
    tuned = json.loads((tmp_path / "tuned" / "tuning.json").read_text())
    [candidate] = [policy for policy in tuned["policies"] if policy["kind"] == "given"]
    assert tuned["simulated"]
    assert tuned["scores"]["how"] == "unseen"

    choices = Choices(str(data), f"sqlite:///{data / 'records.sqlite'}", demo=True, engine={"bundle": CHAMPION})
    with running(choices) as (client, service):
        engine = service.engines.now
        assert engine.versions.model == "simulated-m1"
        before = engine.versions.cutoffs
        clients = interviews(test, engine)
        casework(client, next(clients))

        # What is promoted is what the running service applies.
        promoted = ("--demo", "--unsigned", "--data", data, "--model", CHAMPION, *BY)
        run.tracked("policy", "promote", candidate["run"], *promoted, code=2)
        run.tracked("policy", "promote", candidate["run"], *promoted, "--trade-off", "More people are found in all")
        version = json.loads((data / "policies" / "in-force.json").read_text())["version"]
        assert version != before
        wait_for(service, version)
        assert client.get("/cutoffs").json()["version"] == version
        bands = [casework(client, next(clients)) for _ in range(CLIENTS)]
        assert len(set(bands)) == 3

    # Outcomes come back as a file, and the service is looked at.
    records = ("--data", data)
    run("records", "outcomes", tmp_path / "told.csv", *records)
    told = pl.read_csv(tmp_path / "told.csv", infer_schema=False)
    assert told.height == CLIENTS + 1
    watched = ("monitor", "-o", tmp_path / "watched", "--model", CHAMPION, "--simulated", *records)
    assert main([str(word) for word in watched]) in (0, 4)
    seen = json.loads((tmp_path / "watched" / "monitoring.json").read_text())
    assert seen["simulated"]
    run("audit", "verify", *records)

    # Learning again starts from all that is known, and says how it compares, flattering or not.
    run.tracked(
        "learn",
        joined(tmp_path / "all.csv", [first, later, tmp_path / "told.csv"]),
        "-o",
        tmp_path / "m2",
        "--register",
    )
    holdout = run.people("holdout", 1500)
    figures = {name: run.auc(tmp_path / name, holdout) for name in ("m1", "m2")}
    assert all(0.65 < figure < 0.85 for figure in figures.values()), figures
    run.tracked(*gates, holdout)
    assert triage.load(CHAMPION).versions.model == "simulated-m2"
    run.tracked("model", "rollback", *BY)
    assert triage.load(CHAMPION).versions.model == "simulated-m1"

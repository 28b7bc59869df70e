"""How many scores a second does the service give over HTTP, beside the same endpoint that says a constant?

Run: python -m experiments.bench.over_http SECONDS TURNS CONNECTIONS ADVISERS ROUNDS
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from experiments.bench import advisers, simulate
from experiments.bench.figures import Figure
from experiments.bench.processes import ROOT
from experiments.bench.serving import CONSTANT, SCORE, Place, free_port, prepare, running, take_constant, write_bodies
from tests.databases import postgres_programs, running_postgres
from triage.engine import load

AIM = 0.8
_LOAD = [sys.executable, "-m", "experiments.bench.load"]
_PEOPLE = 500


@dataclass(frozen=True)
class Sizes:
    """How long and how often is asked, by how many connections; how many advisers hold how many interviews each."""

    seconds: float
    turns: int
    connections: int
    advisers: int
    rounds: int


def figures(sizes: Sizes) -> list[Figure]:
    """The figures of part (h)."""
    with tempfile.TemporaryDirectory() as name, _databases(Path(name)) as databases:
        folder = Path(name)
        people: list[dict[str, object]] = [{"answers": person} for person in simulate.clients(load(), _PEOPLE)]
        write_bodies(folder / "bodies.json", people)
        found: list[Figure] = []
        for kind, address in databases.items():
            home = folder / kind
            secrets = prepare(home, address, max(1, sizes.advisers))
            (home / "key").write_text(secrets[0])
            with running(home, address, 1) as place:
                length = take_constant(place, secrets[0], json.dumps(people[0]))
            if not found:
                found.append(_asking_alone(folder, home, length, sizes))
            for workers in (1, 2):
                with running(home, address, workers) as place:
                    found += _compared(place, folder, kind, workers, sizes)
            found += advisers.figures(home, address, kind, secrets, sizes.rounds)
    return found


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    """Both databases; SQLite alone where PostgreSQL is not installed."""
    sqlite = {"SQLite": f"sqlite:///{folder / 'records.sqlite'}"}
    if postgres_programs() is None:
        yield sqlite
        return
    with running_postgres() as server:
        yield {**sqlite, "PostgreSQL": server.new()}


def _ask(port: int, path: str, key: Path, bodies: Path, sizes: Sizes) -> dict[str, float]:
    words = [*_LOAD, str(port), path, str(sizes.seconds), str(sizes.connections), str(key), str(bodies)]
    said = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said)
    return found


def _asking_alone(folder: Path, home: Path, length: int, sizes: Sizes) -> Figure:
    """How quick the asking itself is: against a server that does nothing."""
    port = free_port()
    with subprocess.Popen([*_LOAD, "serve", str(port), str(length)], cwd=ROOT) as process:
        try:
            _wait_for(port)
            rate = _ask(port, SCORE, home / "key", folder / "bodies.json", sizes)["rate"]
        finally:
            process.terminate()
    return Figure("h", "what asks, against a server that does nothing", f"{rate:,.0f} requests a second")


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server that does nothing does not answer")


def _compared(place: Place, folder: Path, kind: str, workers: int, sizes: Sizes) -> list[Figure]:
    runs: dict[str, list[dict[str, float]]] = {SCORE: [], CONSTANT: []}
    for turn in range(sizes.turns + 1):
        for path in runs:
            before = place.processor()
            run = _ask(place.port, path, place.folder / "key", folder / "bodies.json", sizes)
            run["busy"] = (place.processor() - before) / (run["rate"] * sizes.seconds) * 1e6
            if turn:
                runs[path].append(run)
    ratios = [a["rate"] / b["rate"] for a, b in zip(runs[SCORE], runs[CONSTANT], strict=True)]

    def said(path: str) -> str:
        rate, p50, p99 = (median(run[name] for run in runs[path]) for name in ("rate", "p50", "p99"))
        return f"{rate:,.0f} a second, p50 {p50:.1f} ms, p99 {p99:.1f} ms"

    busy = {path: median(run["busy"] for run in found) for path, found in runs.items()}
    share = f"{median(ratios):.0%} of the constant ({min(ratios):.0%} to {max(ratios):.0%})"
    processes = "1 process" if workers == 1 else f"{workers} processes, and one that asks"
    return [
        Figure(
            "h", f"scores over HTTP, {kind}, {processes}", f"{said(SCORE)}; {share}",
            f"the same endpoint with a constant: {said(CONSTANT)}", f"{AIM:.0%}", median(ratios) >= AIM,
        ),
        Figure(
            "h", f"the same: processor time of the service for one request, {kind}, {processes}",
            f"{busy[SCORE]:,.0f} µs", f"the constant: {busy[CONSTANT]:,.0f} µs, {busy[CONSTANT] / busy[SCORE]:.0%}",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    given = Sizes(float(sys.argv[1]), *map(int, sys.argv[2:6]))
    print(json.dumps([asdict(figure) for figure in figures(given)]))

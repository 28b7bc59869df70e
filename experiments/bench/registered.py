"""How long until a registered model that is kept on this machine is ready, its registry up, and its registry down?

A real MLflow server, in fresh processes; beside the same bundle from its folder.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from experiments.bench.figures import Compared, Figure, times
from experiments.bench.processes import ROOT, run

AIM_SECONDS = 1.0
_TIMED = (
    "import time; start = time.perf_counter(); import logging, triage;"
    # That the registry is down is meant here.
    " logging.getLogger('triage.registry').setLevel('ERROR'); triage.load({}); print(time.perf_counter() - start)"
)
_KEPT = "'models:/ltu-triage@challenger'"
_PATIENCE = 180.0


def figures(repetitions: int) -> list[Figure]:
    """The figures of part (k), inside fresh processes."""
    with tempfile.TemporaryDirectory() as name, _environment(Path(name)) as address:
        with _server(Path(name), address):
            run(["-m", "triage.cli.main", "model", "register", str(ROOT / "models" / "evidence-2026.1")])
            up = _turns(repetitions)
        return [_figure("up", up), _figure("down", _turns(repetitions))]


def _turns(repetitions: int) -> Compared:
    seconds: dict[str, list[float]] = {"kept": [], "folder": []}
    for repetition in range(repetitions + 1):
        for name, what in (("kept", _KEPT), ("folder", "")):
            took = float(run(["-c", _TIMED.format(what)]).said)
            if repetition:
                seconds[name].append(took)
    return Compared(seconds)


def _figure(state: str, found: Compared) -> Figure:
    took = found.median("kept")
    return Figure(
        "k", f"import triage and load() of a registered model that is kept here, its server {state}",
        f"{1e3 * took:.0f} ms, {times(found, 'kept', 'folder')} the baseline",
        f"the same bundle from its folder: {1e3 * found.median('folder'):.0f} ms", "under 1 s", took < AIM_SECONDS,
    )  # fmt: skip


@contextmanager
def _environment(folder: Path) -> Iterator[str]:
    """The address of a server that is still to be started, for every process that is started here."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    wanted = {"MLFLOW_TRACKING_URI": address, "LTU_CACHE": str(folder / "cache"), "MLFLOW_DISABLE_TELEMETRY": "true"}
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield address
    finally:
        _restore(before)


def _restore(before: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(before)


@contextmanager
def _server(folder: Path, address: str) -> Iterator[None]:
    """A running MLflow server."""
    words = ["-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    words += ["--artifacts-destination", str(folder / "artifacts"), "--port", address.rpartition(":")[2]]
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    more = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with subprocess.Popen([sys.executable, *words, "--workers", "1"], cwd=folder, env=more, **quiet) as process:
        try:
            while not _answers(address):
                if process.poll() is not None or time.perf_counter() - start > _PATIENCE:
                    raise RuntimeError("the server did not answer")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait()
    while _answers(address):
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False

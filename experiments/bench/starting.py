"""How long from the command `serve` to the first page, on new records and old ones, beside importing what it needs?"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from experiments.bench.figures import Compared, Figure, times
from experiments.bench.processes import ROOT, run

AIM_SECONDS = 3.0
_LIBRARIES = "import fastapi, jinja2, sqlalchemy, alembic, argon2, authlib, polars, onnxruntime, uvicorn"
_PATIENCE = 60.0


def figures(repetitions: int) -> list[Figure]:
    """The figures of part (i): from the command to the first page."""
    seconds: dict[str, list[float]] = {"new records": [], "old records": [], "libraries": []}
    for repetition in range(repetitions + 1):
        with tempfile.TemporaryDirectory() as folder:
            took = {name: _first_page(Path(folder)) for name in ("new records", "old records")}
        took["libraries"] = run(["-c", _LIBRARIES]).seconds
        for name, value in took.items():
            if repetition:
                seconds[name].append(value)
    found = Compared(seconds)
    beside = f"importing the libraries: {found.median('libraries'):.2f} s"
    return [_figure(found, name, beside) for name in ("new records", "old records")]


def _figure(found: Compared, name: str, beside: str) -> Figure:
    took = found.median(name)
    said = f"{took:.2f} s, {times(found, name, 'libraries')} the baseline"
    return Figure("i", f"serve, from the command to the first page, {name}", said, beside, "3 s", took < AIM_SECONDS)


def _first_page(folder: Path) -> float:
    """Seconds until the sign-in page is answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "triage.cli.main", "serve", "--demo", "--data", str(folder), "--port", str(port)]
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                        return time.perf_counter() - start
                except (urllib.error.URLError, ConnectionError):
                    if process.poll() is not None or time.perf_counter() - start > _PATIENCE:
                        raise RuntimeError("the service did not answer") from None
                    time.sleep(0.02)
        finally:
            process.terminate()
            process.wait()

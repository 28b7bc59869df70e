"""Does `make mlflow` start a server that answers, with the settings that stand in the repository?"""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from triage.tracking.client import open_tracking

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_it_starts_where_it_says_and_keeps_runs(tmp_path: Path) -> None:
    told = subprocess.run(["make", "-n", "-C", ROOT, "mlflow"], capture_output=True, encoding="utf-8", check=True)
    [line] = [line for line in told.stdout.splitlines() if line.startswith("scripts/mlflow-server.sh")]
    script, _ = line.split()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path / "data"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "MLFLOW_"))}
    env |= {"MLFLOW_PORT": str(port), "LTU_MLFLOW_DATA": str(data), "MLFLOW_WORKERS": "1"}
    with subprocess.Popen(
        [ROOT / script, Path(sys.executable).parent.parent], cwd=ROOT, env=env, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == f"MLflow starts at http://127.0.0.1:{port}"
            assert process.stdout.readline().startswith(f"To look: http://127.0.0.1:{port}/#/")
            assert process.stdout.readline().startswith(f"Its data are in {data}.")
            # The server says when it is ready to answer.
            for line in process.stdout:
                if "Application startup complete" in line:
                    break
            assert httpx.get(f"http://127.0.0.1:{port}/health", timeout=60).text == "OK"
            tracking = open_tracking(f"http://127.0.0.1:{port}")
            with tracking.run("a first", "a run") as run:
                run.text("a.txt", "kept")
            assert (data / "mlflow.db").is_file()
            assert [path.read_text() for path in (data / "artifacts").rglob("a.txt")] == ["kept"]
            assert stat.S_IMODE(data.stat().st_mode) == 0o700
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

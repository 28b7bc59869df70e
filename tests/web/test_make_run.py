"""Does `make run` start what the README says, and can somebody sign in by the link that it prints?"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.web.service import hidden

ROOT = Path(__file__).resolve().parents[2]


def command(data: Path, port: int) -> list[str]:
    """What `make run` runs, with a data folder and a port of the test's own."""
    told = subprocess.run(["make", "-n", "-C", ROOT, "run"], capture_output=True, encoding="utf-8", check=True).stdout
    [line] = [line for line in told.splitlines() if line.startswith(".venv/bin/ltu-triage")]
    words = line.replace("out/service", str(data)).split()[1:]
    return [sys.executable, "-m", "triage.cli.main", *words, "--port", str(port)]


def test_it_starts_and_its_first_link_lets_an_adviser_in(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```text\n(The service starts at .*?)```", readme, re.DOTALL)
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    with subprocess.Popen(
        command(tmp_path / "data", port), cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            printed = [process.stdout.readline().strip() for _ in range(2)]
            for line, said in zip(shown.strip().splitlines(), printed, strict=True):
                pattern = re.escape(line.replace("8000", str(port))).replace(r"\.\.\.", ".+")
                assert re.fullmatch(pattern, said), (line, said)
            link = re.search(r"http\S+$", printed[1])
            assert link is not None
            transport = httpx.HTTPTransport(retries=30)
            with httpx.Client(follow_redirects=True, timeout=60, transport=transport) as client:
                page = client.get(link[0])
                home = client.post(link[0], data=hidden(page.text))
                assert home.status_code == 200
                assert "Demonstration adviser" in home.text
        finally:
            process.terminate()
            process.wait(30)

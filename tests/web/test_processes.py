"""Do several processes answer at one address, and each at once?"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.packaging.building import ROOT
from triage.web.processes import _Config


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_shared_socket_sends_at_once() -> None:
    """Else every answer on a connection that stays open waits 40 milliseconds for its second part."""
    bound = _Config("triage.web.opening:application", port=free_port()).bind_socket()
    try:
        bound.listen()
        with socket.create_connection(bound.getsockname()) as asking, bound.accept()[0] as answering:
            assert asking.fileno() >= 0
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        bound.close()


@pytest.mark.slow
def test_the_command_serves_with_two_processes(tmp_path: Path) -> None:
    port = free_port()
    words = ["serve", "--demo", "--data", str(tmp_path / "data"), "--port", str(port), "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "triage.cli.main", *words], cwd=ROOT, stdout=subprocess.DEVNULL, text=True
    ) as serving:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                assert answered(client, serving) == "ready"
                assert {client.get("/readyz").status_code for _ in range(20)} == {200}
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(30)


def answered(client: httpx.Client, serving: subprocess.Popen[str]) -> str:
    """What the service says as soon as it says anything; it must not end meanwhile."""
    while True:
        try:
            return client.get("/readyz").text
        except httpx.TransportError:
            with pytest.raises(subprocess.TimeoutExpired):
                serving.wait(0.05)

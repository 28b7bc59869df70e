"""Does `serve` refuse what nobody could be served with, in words, before it makes anything?"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from triage.cli.main import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "0"], "There is no port 0. Give --port from 1 to 65535."),
        (["--port", "70000"], "There is no port 70000."),
        (["--workers", "0"], "--workers must be at least 1."),
        (["--sample", "nowhere.xlsx"], "There is no file nowhere.xlsx. Check --sample."),
        (["--host", "192.0.2.1"], "The service cannot answer at 192.0.2.1, port 8000"),
    ],
)
def test_what_cannot_be_served(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--data", str(tmp_path / "data"), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--data", str(tmp_path / "data"), "--port", str(port)]) == 2
    assert f"The service cannot answer at 127.0.0.1, port {port}: Address already in use." in capsys.readouterr().err


def test_a_data_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert main(["serve", "--data", str(blocked), "--port", str(port)]) == 2
    assert f"The data folder {blocked} cannot be used" in capsys.readouterr().err

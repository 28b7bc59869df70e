"""What does every run say of itself, and of the file that it used?"""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from tests.evaluation_people import censored
from triage._version import __version__
from triage.errors import OutcomesError, TrackingError
from triage.tracking.about import metric_name, run_name, tags_of, versions
from triage.tracking.client import open_tracking, shown
from triage.tracking.data import DataFile


def test_simulated_people_are_called_so_in_the_name_the_tag_and_the_description() -> None:
    assert run_name("learn m1", True) == "learn m1 (simulated people)"
    tags = tags_of("learn", True, "Few people.")
    assert tags["simulated"] == "true"
    assert tags["mlflow.note.content"] == "**Simulated people: nobody in these data exists.**\n\nFew people."
    assert run_name("learn m1", False) == "learn m1"
    real = tags_of("learn", False)
    assert real["simulated"] == "false"
    assert "mlflow.note.content" not in real


def test_a_metric_has_a_name_that_every_server_takes() -> None:
    assert metric_name("gap_local area (2024)!.enhanced.recall") == "gap_local_area_2024_.enhanced.recall"
    assert metric_name("less_Ärztin") == "less__rztin"
    assert metric_name("curves/auc.low") == "curves/auc.low"


def test_no_password_stands_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TrackingError) as refused:
        open_tracking(f"http://analyst:secret@{place}")
    start = f"No MLflow server answers at http://{place}: it cannot be reached. Start one with 'make mlflow'"
    assert str(refused.value).startswith(start)
    assert shown("postgresql+psycopg://me:p@ss@db/runs") == "postgresql+psycopg://db/runs"
    assert shown("sqlite:////data/runs.db") == "sqlite:////data/runs.db"


def test_the_software_is_named_with_its_versions() -> None:
    found = versions()
    assert found["ltu-triage"] == __version__
    assert {"python", "machine", "numpy", "lightgbm"} <= set(found)


def test_a_file_is_told_by_its_name_and_digest_and_size(tmp_path: Path) -> None:
    _, people = censored(1, 40, clients=12)
    path = tmp_path / "people.csv"
    path.write_bytes(b"whatever stands in it")
    file = DataFile.of(path, people)
    assert (file.name, file.sha256) == ("people.csv", hashlib.sha256(b"whatever stands in it").hexdigest())
    assert (file.rows, file.clients, file.first, file.last) == (40, len(set(people.client)), "", "")
    path.unlink()
    with pytest.raises(OutcomesError, match="cannot be read"):
        DataFile.of(path, people)

"""Does a run reach a real MLflow server, whatever its database, and does a wrong address end in words?"""

from __future__ import annotations

import math
import socket
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.mlflow_server import both_servers
from triage.errors import TrackingError, UsageError
from triage.registry.address import ModelAddress, Servers
from triage.registry.database import trouble_with
from triage.registry.download import look_up_in_database
from triage.registry.lookup import NoAnswer
from triage.tracking.client import address_of, open_tracking, told


@both_servers
@pytest.mark.slow
def test_a_run_with_everything_in_it(tracking_address: str, tmp_path: Path) -> None:
    tracking = open_tracking(tracking_address)
    (tmp_path / "page.html").write_text("<p>A page</p>")
    with tracking.run("client", "a parent", tags={"ltu.kind": "tune"}) as parent:
        parent.params({"seed": "a", "long": "x" * 7000})
        parent.metrics({"auc": 0.7, "absent": None, "odd": math.nan})
        parent.figure("ppv", {"value": 0.3, "low": 0.2, "high": None})
        parent.curve("recall", range(1, 100), [None, *(step / 100 for step in range(2, 100))])
        parent.file(tmp_path / "page.html", "report")
        parent.json("tuning.json", {"a": 1})
        parent.data("outcomes.csv", "ab" * 32, "tuning")
        with tracking.run("client", "a child", parent=parent.id) as child:
            child.tags({"ltu.policy": "wider"})
    found = tracking.client.get_run(parent.id)
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {"auc": 0.7, "ppv": 0.3, "ppv.low": 0.2, "recall": 0.99}
    assert found.data.params["long"] == "x" * 6000
    assert found.inputs.dataset_inputs[0].dataset.digest == ("ab" * 32)[:36]
    steps = [metric.step for metric in tracking.client.get_metric_history(parent.id, "recall")]
    assert sorted(steps) == list(range(2, 100))
    assert {item.path for item in tracking.client.list_artifacts(parent.id)} == {"report", "tuning.json"}
    assert tracking.client.get_run(child.id).data.tags["mlflow.parentRunId"] == parent.id
    assert parent.address.startswith(f"{tracking_address}/#/experiments/")


@pytest.mark.slow
def test_an_error_in_the_middle_leaves_a_failed_run(sqlite_tracking: str) -> None:
    tracking = open_tracking(sqlite_tracking)
    with pytest.raises(ValueError, match="stop"), tracking.run("failing", "one") as run:
        raise ValueError("stop")
    assert tracking.client.get_run(run.id).info.status == "FAILED"


@pytest.mark.slow
def test_a_deleted_experiment_is_named(sqlite_tracking: str) -> None:
    tracking = open_tracking(sqlite_tracking)
    tracking.client.delete_experiment(tracking.experiment("gone"))
    with pytest.raises(TrackingError, match="was deleted"), tracking.run("gone", "one"):
        pass


@pytest.mark.slow
def test_a_server_that_does_not_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TrackingError, match=f"No MLflow server answers at {address}"):
        open_tracking(address)


@pytest.mark.slow
def test_a_database_that_answers_is_not_refused(postgres: Postgres) -> None:
    assert trouble_with(postgres.new().replace("postgresql://", "postgresql+psycopg://")) == ""


def test_a_database_that_does_not_answer_is_tried_once_and_told_in_plain_words() -> None:
    """MLflow itself tries for a minute and a half, and ends in a traceback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"postgresql+psycopg://name:word@127.0.0.1:{free.getsockname()[1]}/runs"
        with pytest.raises(TrackingError, match=r"No MLflow server answers at postgresql.*refused") as found:
            open_tracking(address)
        kept = look_up_in_database(ModelAddress("ltu-triage", alias="champion"), Servers(address, address))
    assert isinstance(kept, NoAnswer)
    assert "the database cannot be used" in kept.why
    assert "word" not in f"{found.value}{kept.why}"
    with pytest.raises(TrackingError, match=r"No MLflow server.*nothere"):
        open_tracking("postgresql+nothere://127.0.0.1/runs")


def test_the_address_is_the_one_given_or_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_of(None) is None
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert address_of(None) == "http://127.0.0.1:5000"
    assert address_of("sqlite:///a.db") == "sqlite:///a.db"


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_address_is_not_that_of_the_environment(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    with pytest.raises(UsageError, match="The address after --tracking is empty"):
        address_of(empty)


@pytest.mark.parametrize("address", ["garbage", "./mlruns", "ftp://server", "http://", "sqlite://runs.db", "http://[x"])
def test_what_is_no_address_is_told_in_plain_words(address: str) -> None:
    with pytest.raises(UsageError, match=r"is no address of an MLflow server\. Write it as http"):
        open_tracking(address)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TrackingError, match=r"There is no database .*runs\.db .* 'mlflow db upgrade sqlite:///"):
        open_tracking(f"sqlite:///{tmp_path / 'no' / 'runs.db'}")
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")
    (tmp_path / "notes.txt").write_text("These are notes, and no database.", encoding="utf-8")
    with pytest.raises(TrackingError, match="is no SQLite database"):
        open_tracking(f"sqlite:///{tmp_path / 'notes.txt'}")


@pytest.mark.slow
def test_an_experiment_that_was_deleted_is_told_before_the_work(sqlite_tracking: str) -> None:
    tracking = open_tracking(sqlite_tracking, "never made")
    assert tracking.client.get_experiment_by_name("never made") is None
    tracking.client.delete_experiment(tracking.experiment("gone before"))
    with pytest.raises(TrackingError, match=r"'gone before' at .* was deleted"):
        open_tracking(sqlite_tracking, "there", "gone before")


@pytest.mark.slow
def test_a_run_that_is_not_there_is_told_in_plain_words(sqlite_tracking: str) -> None:
    with pytest.raises(TrackingError, match=f"it has no run {'0' * 32}") as refused, told(sqlite_tracking):
        open_tracking(sqlite_tracking).client.get_run("0" * 32)
    assert "RESOURCE" not in str(refused.value)

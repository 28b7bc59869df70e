"""Does a run reach a real MLflow server, whatever its database, and does a wrong address end in words?"""

from __future__ import annotations

import math
import socket
from pathlib import Path

import pytest

from tests.mlflow_server import both_servers
from triage.errors import TrackingError
from triage.tracking.client import address_of, open_tracking


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


def test_a_server_that_does_not_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TrackingError, match=f"No MLflow server answers at {address}"):
        open_tracking(address)


def test_the_address_is_the_one_given_or_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_of(None) is None
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert address_of(None) == "http://127.0.0.1:5000"
    assert address_of("sqlite:///a.db") == "sqlite:///a.db"

"""Does a study keep its result on a tracking server, simulated where it is, and lose nothing where that is lost?"""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from experiments.studies import displaced, rules, simulated
from experiments.studies.table import PAGES, result_of
from experiments.studies.tracked import EXPERIMENT, numbers
from tests.lost_server import way_that_breaks
from triage.tracking.client import open_tracking


def written(folder: Path, name: str) -> Path:
    """A folder with the published result of a study, as if it had just been run."""
    (folder / "results").mkdir()
    shutil.copy(PAGES / "results" / f"{name}.json", folder / "results")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("study", "with_simulated"), [(displaced, False), (simulated, True), (rules, True)])
def test_a_result_is_kept_with_its_figures_and_says_who_does_not_exist(
    study: ModuleType, with_simulated: bool, tmp_path: Path, sqlite_tracking: str
) -> None:
    name = study.__name__.rpartition(".")[2]
    study.main(["--out", str(written(tmp_path, name)), "--tracking", sqlite_tracking, "--log-only"])
    client = open_tracking(sqlite_tracking).client
    experiment = client.get_experiment_by_name(EXPERIMENT)
    [run] = client.search_runs([experiment.experiment_id], f"params.study = '{name}'")
    assert run.data.tags["ltu.kind"] == "study"
    assert (run.data.tags["simulated"] == "true") is with_simulated
    assert ("simulated" in run.info.run_name) is with_simulated
    assert run.data.metrics == pytest.approx(dict(numbers(result_of(name, tmp_path))))
    assert len(run.inputs.dataset_inputs) == 1
    assert {item.path for item in client.list_artifacts(run.info.run_id)} == {
        "software.json", "tables.md", f"{name}.json",
    }  # fmt: skip


@pytest.mark.slow
def test_a_server_that_is_lost_loses_no_result(
    tmp_path: Path, sqlite_tracking: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    written(tmp_path, "displaced")
    with way_that_breaks(sqlite_tracking, after=4) as address, pytest.raises(SystemExit) as ended:
        displaced.main(["--out", str(tmp_path), "--tracking", address, "--log-only"])
    assert ended.value.code == 3
    assert "give the same options and --log-only" in capsys.readouterr().err
    with way_that_breaks(sqlite_tracking, after=0) as address, pytest.raises(SystemExit) as ended:
        displaced.main(["--out", str(tmp_path), "--tracking", address])
    assert ended.value.code == 2
    assert "No MLflow server answers at" in capsys.readouterr().err


def test_every_number_of_a_result_has_a_name_and_three_are_a_value_with_its_ends() -> None:
    result = {"study": "a", "people": 5, "ok": True, "results": {"19": {"our way": {"auc": [0.7, 0.6, 0.8]}}}}
    assert dict(numbers(result)) == {
        "people": 5.0, "19.our_way.auc": 0.7, "19.our_way.auc.low": 0.6, "19.our_way.auc.high": 0.8,
    }  # fmt: skip

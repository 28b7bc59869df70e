"""Do the entry points of `mlflow/` start the commands, and does the server stay on this machine?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.learning_people import texts, write_content, write_rows
from triage.cli.main import VERBS, parser
from triage.tracking.client import open_tracking

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "mlflow-server.sh"


def entry_points() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "mlflow" / "MLproject").read_text(encoding="utf-8"))["entry_points"]
    return found


def test_there_are_the_three_steps_of_an_analyst() -> None:
    assert list(entry_points()) == ["learn", "evaluate", "tune"]


@pytest.mark.parametrize("name", entry_points())
def test_an_entry_point_is_a_command_with_its_options(name: str) -> None:
    """MLflow would start a command that does not exist, and only then say so."""
    assert name in VERBS
    entry = entry_points()[name]
    given = {
        key: value.get("default", "given") if isinstance(value, dict) else "given"
        for key, value in entry["parameters"].items()
    }
    start, verb, *words = entry["command"].removeprefix("cd .. && ").format(**given).split()
    assert (start, verb) == ("ltu-triage", name)
    assert parser(verb).parse_args([verb, *words]).verb == name
    page = (ROOT / "mlflow" / "README.md").read_text(encoding="utf-8")
    [row] = re.findall(rf"^\| `{name}` \|.*$", page, flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", row.split("|")[2]) == list(entry["parameters"])


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::", ""])
def test_the_server_listens_elsewhere_only_where_it_is_told_so_twice(host: str, tmp_path: Path) -> None:
    env = {**os.environ, "MLFLOW_HOST": host, "LTU_MLFLOW_DATA": str(tmp_path / "data")}
    env.pop("LTU_MLFLOW_OTHER_HOSTS", None)
    # `true` in place of the server: it would be started with these settings.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mlflow").symlink_to("/bin/true")
    started = subprocess.run([SCRIPT, str(tmp_path)], env=env, capture_output=True, encoding="utf-8")
    if host == "":
        assert (started.returncode, "http://127.0.0.1:5000" in started.stdout) == (0, True)
        return
    assert started.returncode == 2
    assert f"MLflow would be open to others at {host}" in started.stderr
    assert not (tmp_path / "data").exists()
    told = subprocess.run([SCRIPT, str(tmp_path)], env={**env, "LTU_MLFLOW_OTHER_HOSTS": "yes"}, capture_output=True)
    assert told.returncode == 0


@pytest.mark.slow
def test_mlflow_starts_an_evaluation_and_has_its_result(sqlite_tracking: str, tmp_path: Path) -> None:
    content = write_content(tmp_path / "content")
    people = write_rows(tmp_path / "people.csv", texts(np.random.default_rng(0), 60))
    model = tmp_path / "model"
    build = [sys.executable, "-m", "triage.cli.main", "model", "build", str(content / "evidence.yaml")]
    subprocess.run([*build, "-o", str(model), "--checklist", str(content)], check=True, capture_output=True)
    given = {"model": model, "outcomes": people, "resamples": 100, "checklist": content, "seed": "it's one"}
    words = ["run", "mlflow", "-e", "evaluate", "--env-manager", "local", "--experiment-name", "ltu-triage evaluate"]
    words += [word for name, value in given.items() for word in ("-P", f"{name}={value}")]
    bin_folder = Path(sys.executable).parent
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    env |= {"MLFLOW_TRACKING_URI": sqlite_tracking, "PATH": f"{bin_folder}:{os.environ['PATH']}"}
    done = subprocess.run([bin_folder / "mlflow", *words], cwd=ROOT, env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    client = open_tracking(sqlite_tracking).client
    experiment = client.get_experiment_by_name("ltu-triage evaluate")
    [run] = client.search_runs([experiment.experiment_id], 'params.seed = "it\'s one" and tags.`ltu.kind` = "evaluate"')
    assert 0 < run.data.metrics["auc"] < 1
    parent = client.get_run(run.data.tags["mlflow.parentRunId"])
    assert parent.data.tags["mlflow.project.entryPoint"] == "evaluate"
    assert parent.info.status == "FINISHED"
    assert not list((ROOT / "mlflow").rglob("*.py"))

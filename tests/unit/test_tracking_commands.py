"""Do `learn` and `evaluate` keep what they found on a tracking server, and lose nothing where it is lost?"""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.learning_people import texts, write_content, write_rows
from tests.lost_server import way_that_breaks
from tests.mlflow_server import both_servers
from triage.bundle import Bundle
from triage.cli.main import main
from triage.outcomes.seen import Seen, training_folder
from triage.tracking.client import open_tracking

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Desk:
    """An analyst's folder with a checklist, a file of outcomes and a model that was learned from it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def people(self) -> Path:
        return self.folder / "people.csv"

    @property
    def model(self) -> Path:
        return self.folder / "model"

    def run(self, *words: object) -> tuple[int, str, str]:
        """The exit code of a command with the organisation's checklist, and what it said."""
        code = main([*map(str, words), "--checklist", str(self.folder / "content")])
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    def learn(self, *words: object) -> tuple[int, str, str]:
        return self.run("learn", self.people, "-o", self.model, *words)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    write_content(tmp_path / "content")
    write_rows(tmp_path / "people.csv", texts(np.random.default_rng(0), 60))
    return Desk(tmp_path, capsys)


def runs(address: str, model: str, kind: str) -> list[Any]:
    client = open_tracking(address).client
    experiment = client.get_experiment_by_name(f"ltu-triage {kind}")
    wanted = f"tags.`ltu.model` = '{model}' and tags.`ltu.kind` = '{kind}'"
    return list(client.search_runs([experiment.experiment_id], wanted)) if experiment else []


def artifacts(address: str, run: str, folder: str = "") -> set[str]:
    return {item.path for item in open_tracking(address).client.list_artifacts(run, folder or None)}


@both_servers
def test_a_learning_and_an_evaluation_are_kept_with_all_that_belongs_to_them(
    tracking_address: str, desk: Desk, tmp_path: Path
) -> None:
    code, out, _ = desk.learn("--name", "kept", "--tracking", tracking_address, "--register")
    assert code == 0
    [run] = runs(tracking_address, "simulated-kept", "learn")
    assert f"Kept on the tracking server: {tracking_address}/#/experiments/" in out
    assert "of ltu-triage, with the alias 'challenger'" in out
    check_said_of_the_people(run, desk.people)
    figures = json.loads((desk.model / "figures.json").read_text(encoding="utf-8"))
    for key in ("auc", "slope", "observed"):
        told = [run.data.metrics.get(f"{key}{end}") for end in ("", ".low", ".high")]
        assert told == [figures["model"][key][part] for part in ("value", "low", "high")]
    assert run.data.metrics["people.rows"] == 60
    assert run.data.params["seed"] == "ltu-triage-learn-1"
    found = artifacts(tracking_address, run.info.run_id)
    assert found == {"bundle", "card.md", "plots", "software.json", "training"}
    assert artifacts(tracking_address, run.info.run_id, "plots") == {"plots/beeswarm.svg", "plots/shapes.svg"}
    local = open_tracking(tracking_address).client.download_artifacts(run.info.run_id, "bundle", str(tmp_path))
    assert Bundle.load(local).version == "simulated-kept"
    local = open_tracking(tracking_address).client.download_artifacts(run.info.run_id, "training", str(tmp_path))
    assert Seen.load(Path(local)).clients == Seen.load(training_folder(desk.model)).clients

    code, out, _ = desk.run(
        "evaluate", desk.model, desk.people, "--resamples", 100, "--tracking", tracking_address, "-o", tmp_path / "page"
    )
    assert code == 0
    [run] = runs(tracking_address, "simulated-kept", "evaluate")
    check_said_of_the_people(run, desk.people)
    data = json.loads((tmp_path / "page" / "evaluation.json").read_text(encoding="utf-8"))
    told = [run.data.metrics[f"auc{end}"] for end in ("", ".low", ".high")]
    assert told == [data["main"]["auc"][part] for part in ("value", "low", "high")]
    history = open_tracking(tracking_address).client.get_metric_history(run.info.run_id, "curves/net_benefit")
    curve = {round(100 * row["threshold"]): row["net"]["value"] for row in data["decision_curve"]}
    assert {point.step: point.value for point in history} == {step: y for step, y in curve.items() if y is not None}
    assert artifacts(tracking_address, run.info.run_id) == {
        "bundle", "card.md", "evaluation.html", "evaluation.json", "plots", "software.json",
    }  # fmt: skip
    page = open_tracking(tracking_address).client.download_artifacts(run.info.run_id, "evaluation.html", str(tmp_path))
    assert Path(page).read_bytes() == (tmp_path / "page" / "evaluation.html").read_bytes()


def check_said_of_the_people(run: Any, people: Path) -> None:
    """The run says that nobody exists, names the file by its digest, and nobody in it."""
    digest = hashlib.sha256(people.read_bytes()).hexdigest()
    assert run.info.run_name.endswith("(simulated people)")
    assert run.data.tags["simulated"] == "true"
    assert run.data.tags["ltu.data.sha256"] == digest
    assert "nobody in these data exists" in run.data.tags["mlflow.note.content"]
    [used] = run.inputs.dataset_inputs
    assert (used.dataset.name, used.dataset.digest) == ("people.csv", digest[:36])
    everything = json.dumps([run.data.tags, run.data.params, list(run.data.metrics), used.dataset.profile])
    assert "c0000" not in everything
    assert str(people.parent) not in everything


@pytest.mark.parametrize(("requests", "lost"), [(4, "kept"), (12, "kept"), (45, "registered")])
def test_a_server_that_is_lost_loses_no_learning_and_can_have_it_later(
    sqlite_tracking: str, desk: Desk, requests: int, lost: str
) -> None:
    """By the very command that the message names, and in one run."""
    name = f"lost-{requests}"
    with way_that_breaks(sqlite_tracking, after=requests) as address:
        code, out, err = desk.learn("--name", name, "--tracking", address, "--register")
    assert code == 3
    assert f"Written: {desk.model}" in out
    assert f"Not {lost} on the tracking server: The MLflow server at" in err
    again = err.strip().split(": ltu-triage ")[-1].replace(address, sqlite_tracking)
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    assert main(shlex.split(again)) == 0
    assert "Registered on the tracking server: version" in desk.capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    ended = [run.info.status for run in runs(sqlite_tracking, f"simulated-{name}", "learn")]
    assert ended.count("FINISHED") == 1


def test_a_server_that_is_lost_loses_no_evaluation(sqlite_tracking: str, desk: Desk) -> None:
    desk.learn()
    words = ("evaluate", desk.model, desk.people, "--resamples", 100, "-o", desk.folder / "page.html")
    with way_that_breaks(sqlite_tracking, after=5) as address:
        code, out, err = desk.run(*words, "--tracking", address)
    assert code == 3
    assert "AUC" in out
    assert (desk.folder / "page.html").is_file()
    assert "give the same command again once the server answers" in err


def test_what_cannot_be_kept_is_said_before_the_work(sqlite_tracking: str, desk: Desk) -> None:
    with way_that_breaks(sqlite_tracking, after=0) as address:
        code, _, err = desk.learn("--tracking", address)
    assert code == 2
    assert f"No MLflow server answers at {address}" in err
    for option in ("--register", "--log-only"):
        code, _, err = desk.learn(option)
        assert code == 2
        assert f"{option} needs a tracking server" in err
    (desk.folder / "content" / "cutoffs.yaml").unlink()
    code, _, err = desk.learn("--register", "--tracking", sqlite_tracking)
    assert code == 2
    assert "There is no cutoffs.yaml" in err
    assert not desk.model.exists()


def test_only_the_learning_that_was_is_kept_later(sqlite_tracking: str, desk: Desk) -> None:
    words = ("--log-only", "--tracking", sqlite_tracking)
    code, _, err = desk.learn(*words)
    assert (code, "is not a model bundle" in err) == (2, True)
    code, _, err = desk.learn(*words, "--seed", "another", "--unusable", desk.folder / "rows.csv")
    assert (code, "so --seed, --unusable would do nothing" in err) == (2, True)
    desk.learn()
    write_rows(desk.people, texts(np.random.default_rng(1), 60))
    code, _, err = desk.learn(*words)
    assert (code, "was not learned from" in err) == (2, True)
    code, _, err = desk.run("learn", desk.people, "-o", desk.folder / "other", "--name", "other")
    (desk.model / "manifest.json").write_bytes((desk.folder / "other" / "manifest.json").read_bytes())
    code, _, err = desk.learn(*words)
    assert code == 2

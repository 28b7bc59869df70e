"""What does an analyst get from `ltu-triage tune`, what is kept on the server, and what is refused?"""

from __future__ import annotations

import argparse
import json
import stat
from copy import deepcopy
from pathlib import Path

import pytest
from mlflow import MlflowClient

from tests.lost_server import way_that_breaks
from tests.tuning_people import engine, made, people
from triage.champion.register import register_bundle
from triage.cli.main import VERBS
from triage.cli.tune import add_parser
from triage.content import content_root
from triage.errors import TrackingError, TuningError, UsageError, UserError
from triage.outcomes.seen import Seen
from triage.outcomes.write import write_outcomes
from triage.policies.evidence import Evidence
from triage.tracking.candidates import EVIDENCE_TAG
from triage.tracking.client import open_tracking
from triage.tracking.data import DataFile
from triage.tuning.tracked import keep_tuning
from triage.tuning.training import fetch_training

pytestmark = pytest.mark.slow
QUICK = ("--resamples", "100", "--seed", "few")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["tune", *words])
    code: int = args.func(args)
    return code


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("people") / "people.csv"
    write_outcomes(path, people(), engine().features)
    return str(path)


def test_everything_is_written_and_said(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    code = run(file, "-o", str(out), *QUICK, "--at", "enhanced=12", "--at", "intensive=25")
    assert code == 0
    said = capsys.readouterr()
    assert "at-enhanced-12-intensive-25" in said.out
    assert "simulated" in said.out
    assert f"Written: {out / 'tuning.html'}" in said.err
    data = json.loads((out / "tuning.json").read_text(encoding="utf-8"))
    assert len(data["people"]["sha256"]) == 64
    assert data["settings"]["seed"] == "few"
    assert (out / "tuning.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    evidence = Evidence.load(out / "policies" / "at-enhanced-12-intensive-25")
    assert evidence.simulated
    movers = out / "movers.csv"
    assert stat.S_IMODE(movers.stat().st_mode) == 0o600
    client = movers.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0]
    assert client in people().client
    for path in (out / "tuning.json", out / "tuning.html", *out.glob("policies/*/*")):
        assert client not in path.read_text(encoding="utf-8"), path


def test_rows_that_cannot_be_used_are_told_by_the_exit_code(file: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = Path(file).read_text(encoding="utf-8").splitlines()
    weeks = rows[0].split(",").index("weeks")
    cells = rows[5].split(",")
    rows[5] = ",".join([*cells[:weeks], "many", *cells[weeks + 1 :]])
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    unusable = tmp_path / "unusable.csv"
    assert run(str(path), "-o", str(tmp_path / "out"), *QUICK, "--unusable", str(unusable)) == 3
    assert "weeks" in unusable.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "tuning.json").is_file()


def test_the_verb_is_registered() -> None:
    assert VERBS["tune"] == ("tune", "learn")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "enhanced=12", "--at", "enhanced=13"], "names a band twice"),
        (["--places", "10"], "--places and --arrivals together"),
        (["--place-cost", "1"], "--place-cost and --missed-cost together"),
        (["--most-gap", "20"], "Give --places and --arrivals as well"),
        (["--unseen-asserted-by", "A. Person"], "--because together"),
        (["--unseen-asserted-by", "1", "--because", "x"], "a name and a reason"),
        (["--band", "intens", "--place-cost", "1", "--missed-cost", "5"], "intensive"),
        (["--place-cost", "1", "--missed-cost", "20"], "do not go together|easier to reach"),
        (["--training", "no/such/folder"], "There is no folder"),
        (["--places", "5", "--arrivals", "0"], "--arrivals has to be above 0"),
        (["--tracking", "http://127.0.0.1:9"], "No MLflow server answers"),
        (["--log-clients"], "--log-clients needs a tracking server"),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_any_work(
    words: list[str], said: str, file: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=said):
        run(file, "-o", str(tmp_path / "out"), *QUICK, *words)
    assert not (tmp_path / "out" / "tuning.json").exists()


@pytest.mark.parametrize("text", ["enhanced", "enhanced=x", "=12", "enhanced=120", "enhanced=-1", "enhanced=nan"])
def test_a_cut_off_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("people.csv", "-o", "out", "--at", text)
    assert "--at" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "text"), [("--missed-cost", "1e-500"), ("--resamples", "5001")])
def test_a_number_beyond_what_can_be_worked_with_is_refused(
    option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("people.csv", "-o", "out", option, text)
    assert f"'{text}'" in capsys.readouterr().err


def test_a_folder_with_other_candidates_is_left_alone(file: str, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    with pytest.raises(UsageError, match="Choose a new folder"):
        run(file, "-o", str(tmp_path), *QUICK)


def test_places_of_partnerships_come_from_a_file(file: str, tmp_path: Path) -> None:
    local = tmp_path / "places.csv"
    local.write_text("partnership,places,arrivals\nEast,2,30\nWest,8,40\n", encoding="utf-8")
    words = ["--places", "10", "--arrivals", "100", "--local", str(local), "--local-of", "partnership", "--floor", "30"]
    assert run(file, "-o", str(tmp_path / "out"), *QUICK, *words) == 0
    data = json.loads((tmp_path / "out" / "tuning.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in data["frontier"]["local"]["groups"]] == ["East", "West"]
    local.write_text("partnership,places,arrivals\nEast,many,30\nEast,-1,3\n", encoding="utf-8")
    with pytest.raises(TuningError, match="line 2") as refused:
        run(file, "-o", str(tmp_path / "again"), *QUICK, *words)
    assert len(refused.value.faults) == 2


def test_a_server_has_the_curves_and_a_run_for_each_policy(
    sqlite_tracking: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--at", "intensive=25", "--place-cost", "1", "--missed-cost", "4", "--tracking", sqlite_tracking]
    assert run(file, "-o", str(tmp_path), *QUICK, *words) == 0
    assert "Kept on the tracking server" in capsys.readouterr().out
    data = json.loads((tmp_path / "tuning.json").read_text(encoding="utf-8"))
    client = MlflowClient(sqlite_tracking)
    child = client.get_run(data["policies"][1]["run"])
    parent = client.get_run(child.data.tags["mlflow.parentRunId"])
    assert parent.data.tags["ltu.kind"] == "tune"
    assert parent.data.tags["simulated"] == child.data.tags["simulated"] == "true"
    assert child.data.tags["ltu.policy"] == "at-intensive-25"
    assert child.data.tags["ltu.blocked"] in ("true", "false")
    steps = {item.step: item.value for item in client.get_metric_history(parent.info.run_id, "sensitivity")}
    assert steps[20] == pytest.approx(data["curves"]["sensitivity"]["value"][19])
    names = {item.path for item in client.list_artifacts(parent.info.run_id)}
    assert {"tuning.json", "tuning.html", "policies-table.json"} <= names
    assert "movers.csv" not in names
    folder = client.download_artifacts(child.info.run_id, "", str(tmp_path))
    assert Evidence.load(Path(folder)).run == child.info.run_id
    everything = json.dumps([parent.data.to_dictionary(), child.data.to_dictionary()])
    assert not any(str(person) in everything for person in people().client)


def test_clients_are_kept_on_the_server_only_where_somebody_asks_for_it(sqlite_tracking: str, tmp_path: Path) -> None:
    data, path = deepcopy(made().data), tmp_path / "people.csv"
    # Names that MLflow takes for one, or not at all.
    ways = {item["id"]: item["groups"] for item in data["groups"]}
    for group, called in zip(ways["group_partnership"], ("East (1)", "East [1]", f"/A//{'long ' * 60}"), strict=True):
        group["name"] = called
    path.write_text("simulated", encoding="utf-8")
    file, tracking = DataFile.of(path, people()), open_tracking(sqlite_tracking)
    keep_tuning(tracking, data, file, made().movers)
    client = tracking.client
    parent = client.get_run(data["policies"][0]["run"]).data.tags["mlflow.parentRunId"]
    kept = Path(client.download_artifacts(parent, "movers.csv", str(tmp_path))).read_text(encoding="utf-8")
    assert kept == made().movers.text()
    for group, name in zip(
        ways["group_partnership"], ("East_1_", "East_1_-2", f"_A__{'long_' * 20}"[:100]), strict=True
    ):
        steps = client.get_metric_history(parent, f"groups/group_partnership/{name}.recall")
        told = [value for value in group["curves"]["recall"]["value"] if value is not None]
        assert [item.value for item in sorted(steps, key=lambda item: item.step)] == told
    table = json.loads(Path(client.download_artifacts(parent, "policies-table.json", str(tmp_path))).read_text())
    assert [len(row) for row in table["data"]] == [len(table["columns"])] * 8
    assert len({item["run"] for item in data["policies"]}) == 4


def test_a_policy_names_only_a_run_that_was_kept_to_its_end(
    sqlite_tracking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the policy in the folder could not be promoted either: its run bears no mark of what it says."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    data, path = deepcopy(made().data), tmp_path / "people.csv"
    path.write_text("simulated", encoding="utf-8")
    with way_that_breaks(sqlite_tracking, after=38) as address, pytest.raises(TrackingError):
        keep_tuning(open_tracking(address), data, DataFile.of(path, people()), None)
    whole, *others = (policy["run"] for policy in data["policies"])
    client = MlflowClient(sqlite_tracking)
    run = client.get_run(whole)
    assert EVIDENCE_TAG in run.data.tags
    under = f"tags.`mlflow.parentRunId` = '{run.data.tags['mlflow.parentRunId']}'"
    begun = [found for found in client.search_runs([run.info.experiment_id], under) if found.info.run_id != whole]
    assert [EVIDENCE_TAG in found.data.tags for found in begun] == [False]
    assert others == [""] * 3


def test_the_training_record_of_a_registered_model_comes_from_the_run_of_its_learning(
    sqlite_tracking: str, tmp_path: Path
) -> None:
    """Without it, nobody could tell whom models:/...@champion has seen."""
    tracking, name = open_tracking(sqlite_tracking), "tuning-training-record"
    Seen.of(people(), engine().bundle).save(tmp_path / "record")
    with tracking.run("tuning tests", "learn") as made:
        made.folder(tmp_path / "record", "training")
    version = register_bundle(tracking, content_root() / "models" / "evidence-2026.1", name=name, run_id=made.id)
    bare = register_bundle(tracking, content_root() / "models" / "evidence-2026.1", name=f"{name}-bare")
    folders = [tmp_path / place for place in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    for where, folder in ((f"models:/{name}/{version}", folders[0]), (f"models:/{name}@challenger", folders[1])):
        found = fetch_training(where, tracking, folder)
        assert found is not None
        assert Seen.load(found).overlap(people()).clients == len(people())
    assert fetch_training(f"models:/{name}-bare/{bare}", tracking, folders[2]) is None
    with pytest.raises(
        TrackingError, match=r"Whom models:/no-such-model@champion has seen cannot be looked up\..* --training"
    ):
        fetch_training("models:/no-such-model@champion", tracking, folders[2])

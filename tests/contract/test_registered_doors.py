"""Do the rules hold through a registered model too: by `triage.load("models:/...")`, and by MLflow's own `predict`?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import triage
from experiments.displaced_evidence import build_engine
from tests.clients import clients
from tests.mlflow_server import Server, both_servers
from tests.property import checks, checks_people
from tests.registered import fresh_name
from triage._version import __version__
from triage.bundle import shipped_bundle
from triage.champion.register import register_bundle
from triage.engine import Engine
from triage.engine.columns import STATUSES
from triage.errors import AnswersError, SuspendedError
from triage.suspension import Suspension, data_folder, resume, suspend
from triage.tracking.client import Tracking, open_tracking

pytestmark = pytest.mark.slow
OWN = Path("tests/data/displaced")
DAY = {"on": checks.DAY.isoformat()}
Frame = Any


@dataclass(frozen=True)
class Door:
    """A registered model as two programs get it, beside the engine over the folder that was registered."""

    engine: Engine
    loaded: Engine
    predict: Any
    files: Path
    tracking: Tracking
    name: str


@pytest.fixture(scope="module", params=["pace", "displaced"])
def door(
    request: pytest.FixtureRequest, sqlite_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The shipped model, and one of an organisation's own checklist."""
    folder, name = tmp_path_factory.mktemp("registered"), fresh_name()
    beside: dict[str, Any] = {}
    bundle = shipped_bundle()
    if request.param == "displaced":
        bundle, beside = folder / "bundle", {"checklist": OWN, "cutoffs": OWN / "cutoffs.yaml"}
        build_engine(bundle)
    tracking = open_tracking(sqlite_server.address)
    version = register_bundle(tracking, bundle, name=name, **beside)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LTU_CACHE", str(folder / "cache"))
        patch.setenv("MLFLOW_TRACKING_URI", sqlite_server.address)
        patch.delenv("MLFLOW_REGISTRY_URI", raising=False)
        # MLflow is imported where it is used; this is what a partner's program writes.
        import mlflow.pyfunc

        found = mlflow.pyfunc.load_model(f"models:/{name}@challenger")
        where = tracking.client.get_model_version_download_uri(name, version)
        files = sqlite_server.artifacts / where.removeprefix("mlflow-artifacts:/")
        loaded = triage.load(f"models:/{name}@challenger", **beside)
        yield Door(triage.load(bundle, **beside), loaded, found, files, tracking, name)


def frame_of(people: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Frame:
    return pd.DataFrame({name: pd.Series([person.get(name) for person in people], dtype=object) for name in names})


def crowd(engine: Engine, count: int = 150, seed: int = 71) -> list[dict[str, Any]]:
    """Clients with every kind of answer and silence; every tenth has found a job or objects, where that is asked."""
    people = clients(engine, count, seed=seed) + clients(engine, count // 3 + 1, seed=seed, silent=0.85)
    for row, person in enumerate(people):
        if "redundancy_status" in engine.checklist.context_by_id and row % 10 == 0:
            person["redundancy_status"] = "has_job" if row % 20 else "left"
            person["job_ends"] = "2026-09-01"
    return people


def columns_of(engine: Engine) -> list[str]:
    asked = [question.id for question in engine.checklist.questions]
    return asked + [field.id for field in engine.checklist.context]


# ------------------------------------------------------------------------------------------------ one model, one answer


def test_a_program_that_names_the_registry_gets_the_same_engine(door: Door) -> None:
    assert door.loaded.versions == door.engine.versions
    people = crowd(door.engine, 40)
    checks_people.check_one_is_many(door.loaded, people)
    assert [door.loaded.score(person, on=checks.DAY).to_dict() for person in people] == [
        door.engine.score(person, on=checks.DAY).to_dict() for person in people
    ]


def test_predict_says_what_the_engine_says_to_the_bit(door: Door) -> None:
    """Every column, for every client, beside the engine's own columns."""
    people, names = crowd(door.engine), columns_of(door.engine)
    frame = frame_of(people, names).set_axis([f"row {row}" for row in range(len(people))], axis=0)
    found = door.predict.predict(frame, params=DAY)
    wanted = door.engine.score_many(frame, on=checks.DAY)
    assert list(found.index) == list(frame.index)
    for name in ("logit", "probability", "lower", "upper", "lower_logit", "upper_logit", "band_logit"):
        np.testing.assert_array_equal(found[name].to_numpy(), getattr(wanted, name), err_msg=name)
    for place, name in enumerate(wanted.questions):
        np.testing.assert_array_equal(found[f"contribution_{name}"].to_numpy(), wanted.contributions[:, place])
    for name in ("band", "status"):
        assert found[name].tolist() == getattr(wanted, name).tolist()
    for name, cells in (("reason", wanted.reasons), ("strength", wanted.strengths)):
        for place in range(3):
            assert found[f"{name}_{place + 1}"].tolist() == cells[:, place].tolist()
    assert set(found["status"]) <= set(STATUSES)
    assert {"proposed", "not_enough_answers"} <= set(found["status"])


def test_one_client_alone_gets_what_the_frame_says(door: Door) -> None:
    people, names = crowd(door.engine, 12, seed=72), columns_of(door.engine)
    together = door.predict.predict(frame_of(people, names), params=DAY)
    for row, person in enumerate(people):
        score = door.engine.score(person, on=checks.DAY)
        alone = door.predict.predict(frame_of([person], names), params=DAY).iloc[0]
        for line in (alone, together.iloc[row]):
            assert (line["logit"], line["band"], line["status"]) == (score.logit, score.band, score.status)
            assert line["bands_possible"] == ";".join(score.bands_possible)


# ------------------------------------------------------------------------------------------------ the rules


def test_the_parts_add_up_to_the_bit(door: Door) -> None:
    """Rule 1, with exact fractions, in whatever order."""
    found = door.predict.predict(frame_of(crowd(door.engine), columns_of(door.engine)), params=DAY)
    parts = [name for name in found.columns if name.startswith("contribution_")]
    for line in found.to_dict("records"):
        values = [line["baseline"], *(line[name] for name in parts)]
        assert sum(map(Fraction, values)) == Fraction(line["logit"])
        assert sum(values) == sum(reversed(values)) == line["logit"]
        assert line["lower"] <= line["probability"] <= line["upper"]


def test_silence_contributes_nothing_and_too_little_gives_no_band(door: Door) -> None:
    """Rules 4 and 5: an empty column, a declined answer and no column at all are the same."""
    name = door.engine.checklist.questions[0].id
    for cell in (None, float("nan"), "", "declined"):
        [line] = door.predict.predict(pd.DataFrame({name: [cell]})).to_dict("records")
        assert line["logit"] == line["baseline"] == door.engine.score({}).logit
        assert line["status"] == "not_enough_answers"
        assert line["band"] is None
        assert line["bands_possible"] == ""


def test_a_range_that_reaches_another_band_is_said(door: Door) -> None:
    """Rule 5: no band without saying so."""
    people = clients(door.engine, 200, seed=73, silent=0.05)
    found = door.predict.predict(frame_of(people, columns_of(door.engine)), params=DAY)
    proposed = found[found["status"] == "proposed"]
    assert all(band in possible.split(";") for band, possible in zip(
        proposed["band"], proposed["bands_possible"], strict=True
    ))  # fmt: skip
    assert (proposed["bands_possible"].str.count(";") > 0).any()


def test_every_row_comes_out_or_the_answer_at_fault_is_named(door: Door) -> None:
    """Rule 9. MLflow leaves out columns that it does not know; with no other column the rows would be lost too."""
    name = door.engine.checklist.questions[0].id
    with pytest.raises(AnswersError, match=rf"'{name}'|{name}"):
        door.predict.predict(pd.DataFrame({name: ["an answer that nobody gives"]}))
    with pytest.raises(AnswersError, match="None of the columns is a question"):
        door.predict.predict(pd.DataFrame({"no_such_question": [1, 2, 3]}))


def test_each_row_names_what_it_was_made_with(door: Door) -> None:
    """Rule 8."""
    name = door.engine.checklist.questions[0].id
    [line] = door.predict.predict(pd.DataFrame({name: [None]})).to_dict("records")
    versions = door.engine.versions
    assert (line["model"], line["checklist"], line["cutoffs"]) == (
        versions.model, versions.checklist, versions.cutoffs
    )  # fmt: skip


def test_who_objects_is_not_scored_and_scoring_that_is_off_is_off_here_too(door: Door) -> None:
    """Rule 7: an objection travels in a column of its own, which the signature names."""
    if "objects_to_scoring" in door.engine.checklist.context_by_id:
        name = door.engine.checklist.questions[0].id
        [line] = door.predict.predict(pd.DataFrame({name: [None], "objects_to_scoring": ["yes"]})).to_dict("records")
        assert line["status"] == "objected"
        assert line["band"] is None
        assert np.isnan(line["logit"])
        assert np.isnan(line["probability"])
    suspend(Suspension("The yearly review is not done.", "somebody", ""), data_folder())
    try:
        with pytest.raises(SuspendedError, match="yearly review"):
            door.predict.predict(frame_of([{}], columns_of(door.engine)))
        with pytest.raises(SuspendedError, match="yearly review"):
            door.loaded.score({})
    finally:
        resume(data_folder())


# ------------------------------------------------------------------------------------------------ what is stored


def test_the_signature_is_in_the_checklists_terms_and_nothing_of_it_is_asked_for(door: Door) -> None:
    signature = door.predict.metadata.signature
    assert signature.inputs.input_names() == columns_of(door.engine)
    assert not signature.inputs.required_input_names()
    found = door.predict.predict(frame_of(crowd(door.engine, 5), columns_of(door.engine)))
    assert signature.outputs.input_names() == list(found.columns)
    assert [param.name for param in signature.params] == ["on"]


def test_the_day_of_the_interviews_is_a_parameter(door: Door) -> None:
    name = door.engine.checklist.questions[0].id
    with pytest.raises(AnswersError, match="2026-10-31"):
        door.predict.predict(pd.DataFrame({name: [None]}), params={"on": "yesterday"})


def test_the_example_that_mlflow_shows_can_be_scored(door: Door) -> None:
    [line] = door.predict.predict(door.predict.input_example, params=DAY).to_dict("records")
    assert line["status"] == "proposed"


def test_nothing_is_pickled_and_nothing_of_this_machine_is_kept(door: Door) -> None:
    names = {path.relative_to(door.files).as_posix() for path in door.files.rglob("*") if path.is_file()}
    kinds = {Path(name).suffix for name in names - {"MLmodel"}}
    assert kinds <= {".py", ".yaml", ".json", ".txt", ".onnx", ".csv", ".md", ".svg"}
    for path in door.files.rglob("*"):
        if path.is_file():
            start = path.read_bytes()[:2]
            assert start[:1] != b"\x80", f"{path.name} begins as a pickle does"
            assert start != b"PK", f"{path.name} is an archive"
    told = (door.files / "MLmodel").read_text(encoding="utf-8")
    assert "python_model:" not in told, "MLflow's name for a pickled model"
    assert str(Path.cwd()) not in told
    needs = (door.files / "requirements.txt").read_text(encoding="utf-8").split()
    assert needs[0] == f"ltu-triage=={__version__}"
    assert [need.partition("==")[0] for need in needs] == ["ltu-triage", "mlflow"]


def test_the_code_that_goes_with_a_model_is_a_handful_of_lines(door: Door) -> None:
    tree = ast.parse((door.files / "from_code.py").read_text(encoding="utf-8"))
    assert len(tree.body) == 4, "the docstring, two imports and one call"


def test_only_the_files_of_the_bundle_and_the_content_go_there(door: Door, tmp_path: Path) -> None:
    """A list of clients that lies in the same folder does not."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for path in shipped_bundle().iterdir():
        (bundle / path.name).write_bytes(path.read_bytes())
    (bundle / "clients.csv").write_text("name\nSomebody\n", encoding="utf-8")
    name = fresh_name()
    version = register_bundle(door.tracking, bundle, name=name)
    listed = door.tracking.client.get_model_version(name, version)
    files = door.tracking.client.list_logged_model_artifacts(listed.source.removeprefix("models:/"), "artifacts/bundle")
    assert {Path(item.path).name for item in files} == {path.name for path in shipped_bundle().iterdir()}


@both_servers
def test_a_bundle_is_registered_and_loaded_on_either_database(
    tracking_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = fresh_name()
    monkeypatch.setenv("LTU_CACHE", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_address)
    tracking = open_tracking(tracking_address)
    assert register_bundle(tracking, shipped_bundle(), name=name) == "1"
    assert register_bundle(tracking, shipped_bundle(), name=name) == "2"
    assert tracking.client.get_registered_model(name).aliases == {"challenger": "2"}
    for where in (f"models:/{name}@challenger", f"models:/{name}/1"):
        assert triage.load(where).score({"age": 57}).logit == triage.load().score({"age": 57}).logit

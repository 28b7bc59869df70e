"""Does a program get the model that was registered, and go on when the registry is down?"""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import triage
from tests.registered import Registry, bundle_called, reachable, warned
from triage.bundle import shipped_bundle
from triage.bundle.manifest import MANIFEST, digest
from triage.champion import names
from triage.cli import serve
from triage.cli.main import main, parser
from triage.errors import TrackingError, UsageError
from triage.registry import pinned
from triage.web.opening import Choices, open_service

pytestmark = pytest.mark.slow
LIST = "docs/examples/attendance.xlsx"


@pytest.fixture
def registry(registry: Registry) -> Registry:
    """The shipped bundle is its challenger."""
    registry.register()
    return registry


# ------------------------------------------------------------------------------------------------ the server is up


def test_the_model_that_an_alias_means_is_loaded_and_kept(registry: Registry) -> None:
    engine = triage.load(registry.address)
    assert engine.score({"age": 57}).to_dict() == triage.load().score({"age": 57}).to_dict()
    [kept] = registry.kept()
    assert kept.name == digest((shipped_bundle() / MANIFEST).read_bytes())
    assert {path.name for path in kept.iterdir()} == {path.name for path in shipped_bundle().iterdir()}
    assert not list(registry.cache.rglob(".new-*"))


def test_what_is_kept_can_be_read_by_its_owner_alone(registry: Registry) -> None:
    triage.load(registry.address)
    folders = [registry.cache, *(path for path in registry.cache.rglob("*") if path.is_dir())]
    assert len(folders) == 4, "the cache, its bundles with one bundle, and what was seen"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_an_alias_that_moves_is_followed_and_a_version_stays(registry: Registry, tmp_path: Path) -> None:
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    assert pinned(registry.address) == f"models:/{registry.name}/1"
    registry.register(bundle_called("other-1", tmp_path / "other"))
    assert triage.load(registry.address).versions.model == "other-1"
    assert triage.load(f"models:/{registry.name}/1").versions.model == "evidence-2026.1"
    assert len(registry.kept()) == 2


def test_a_champion_that_was_taken_away_is_not_served_from_the_cache(registry: Registry) -> None:
    triage.load(registry.address)
    registry.versions.forget(names.CHALLENGER)
    with pytest.raises(TrackingError, match="with an alias 'challenger'"):
        triage.load(registry.address)
    with pytest.raises(TrackingError, match="no model 'nobody'"):
        triage.load("models:/nobody@champion")


def test_many_at_once_get_the_same_and_one_bundle_is_kept(registry: Registry) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: triage.load(registry.address).score({"age": 57}).logit, range(6)))
    assert len(set(found)) == 1
    assert len(registry.kept()) == 1
    assert not list(registry.cache.rglob(".new-*"))


def test_a_registry_in_a_database_is_read_without_a_server_for_it(
    registry: Registry, patch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    patch.setenv("MLFLOW_REGISTRY_URI", f"sqlite:///{registry.server.folder / 'mlflow.db'}")
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    with pytest.raises(TrackingError, match="no model 'nobody'"):
        triage.load("models:/nobody@champion")
    patch.setenv("MLFLOW_REGISTRY_URI", "sqlite:////nowhere/mlflow.db")
    with pytest.raises(TrackingError, match="there is no such database"):
        triage.load(registry.address)
    assert not Path("/nowhere").exists()


def test_every_command_takes_the_address(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        ["model", "check", registry.address],
        ["model", "card", registry.address],
        ["points", "--as", "csv", "--model", registry.address],
        ["explain", "age=57", "--model", registry.address],
        ["cutoffs", "check", "models/cutoffs/default.yaml", "--model", registry.address],
        ["compare", "default", registry.address, LIST, "--on", "2026-10-31"],
    ]
    for line in words:
        assert main(line) == 0, line
    said = capsys.readouterr().out
    assert "evidence-2026.1: hashes and parity cases are right." in said
    assert "0 rows differ" in said


def test_the_service_starts_with_it_and_several_processes_use_one_version(registry: Registry, tmp_path: Path) -> None:
    """A promotion while a process is started anew would else leave two models side by side."""
    words = ["serve", "--demo", "--data", str(tmp_path), "--model", registry.address]
    one, two = (parser("serve").parse_args([*words, "--workers", count]) for count in ("1", "2"))
    assert serve._engine_choices(one)["bundle"] == registry.address
    chosen = serve._engine_choices(two)
    assert chosen["bundle"] == f"models:/{registry.name}/1"
    service = open_service(Choices(str(tmp_path), f"sqlite:///{tmp_path / 'records.sqlite'}", demo=True, engine=chosen))
    try:
        assert service.engines.now.versions.model == "evidence-2026.1"
    finally:
        service.database.close()


def test_without_mlflow_what_is_kept_is_loaded_and_what_is_not_says_what_to_install(
    registry: Registry, patch: pytest.MonkeyPatch
) -> None:
    with patch.context() as without:
        without.setitem(sys.modules, "mlflow", None)
        with pytest.raises(UsageError, match=r"ltu-triage\[tuning\]"):
            triage.load(registry.address)
    triage.load(registry.address)
    patch.setitem(sys.modules, "mlflow", None)
    assert triage.load(registry.address).versions.model == "evidence-2026.1"


def test_a_program_that_loads_what_is_kept_imports_no_mlflow(registry: Registry) -> None:
    """Importing it takes seconds; a start may not."""
    triage.load(registry.address)
    code = f"import sys, triage; triage.load({registry.address!r}); print('mlflow' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (found.stdout, found.stderr) == ("False\n", "")


# ------------------------------------------------------------------------------------------------ the server is down


def test_the_champion_that_was_seen_last_is_served_with_one_warning(
    registry: Registry, patch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with reachable(registry, patch):
        engine = triage.load(registry.address)
    assert warned(caplog) == []
    again = triage.load(registry.address)
    assert again.score({"age": 57}).to_dict() == engine.score({"age": 57}).to_dict()
    [said] = warned(caplog)
    assert "does not give" in said
    assert "connection refused" in said
    assert "Version 1 (evidence-2026.1) is used, as it was seen there at 20" in said
    version = f"models:/{registry.name}/1"
    assert triage.load(version).versions.model == "evidence-2026.1"


def test_with_nothing_kept_it_is_said_what_to_do(
    registry: Registry, patch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with reachable(registry, patch):
        pass
    with pytest.raises(TrackingError, match=r"Nothing of it is kept on this machine\. Start the registry"):
        triage.load(registry.address)
    assert warned(caplog) == []


def test_what_another_registry_said_is_not_taken_for_this_one(registry: Registry, patch: pytest.MonkeyPatch) -> None:
    """The same name and alias may mean another model there."""
    triage.load(registry.address)
    with reachable(registry, patch):
        pass
    with pytest.raises(TrackingError, match="Nothing of it is kept"):
        triage.load(registry.address)


def test_a_way_that_breaks_at_any_request_leaves_nothing_half_done(
    registry: Registry, patch: pytest.MonkeyPatch
) -> None:
    """The lookup, the place of the files, their list, each file: at most one whole bundle is kept."""
    outcomes = []
    for requests in range(14):
        shutil.rmtree(registry.cache, ignore_errors=True)
        with reachable(registry, patch, requests):
            try:
                outcomes.append(triage.load(registry.address).versions.model)
            except TrackingError as problem:
                outcomes.append(problem.message)
        assert not list(registry.cache.rglob(".new-*"))
        assert len(list(registry.cache.rglob("model.onnx"))) == (outcomes[-1] == "evidence-2026.1")
    assert all("Nothing of it is kept on this machine" in outcomes[requests] for requests in (0, 1, 5))
    assert outcomes[-1] == "evidence-2026.1"


def test_a_new_champion_that_cannot_be_fetched_does_not_stop_the_old_one(
    registry: Registry, patch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    patch.setenv("MLFLOW_REGISTRY_URI", registry.server.address)
    triage.load(registry.address)
    registry.register(bundle_called("other-1", tmp_path / "other"))
    with reachable(registry, patch):
        pass
    patch.setenv("MLFLOW_REGISTRY_URI", registry.server.address)
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    [said] = warned(caplog)
    assert "its files cannot be had" in said
    assert "Version 1 (evidence-2026.1) is used" in said


def test_a_model_that_is_kept_is_used_where_nothing_can_be_written(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    """A container whose files come with it."""
    triage.load(registry.address)
    shutil.rmtree(registry.cache / "seen")
    (registry.cache / "seen").write_text("no folder", encoding="utf-8")
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    [said] = warned(caplog)
    assert "Name another with LTU_CACHE" in said


def test_a_cache_that_cannot_be_used_is_said_with_what_to_set(
    registry: Registry, patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    patch.setenv("LTU_CACHE", str(tmp_path / "file"))
    with pytest.raises(TrackingError, match="Name another with LTU_CACHE"):
        triage.load(registry.address)

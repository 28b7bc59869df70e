"""Is a registered model refused where somebody has changed it: in the server's files, or in the cache?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import triage
from tests.registered import Registry, bundle_called, reachable, warned
from triage.bundle import shipped_bundle
from triage.bundle.manifest import MANIFEST
from triage.bundle.signing import new_keys, sign
from triage.champion.register import register_bundle
from triage.errors import BundleError, TrackingError

pytestmark = pytest.mark.slow


@pytest.fixture
def registry(registry: Registry) -> Registry:
    """The shipped bundle is its challenger."""
    registry.register()
    return registry


@pytest.mark.parametrize("name", ["model.onnx", "points.csv", "parity.json", "card.md", "shapes.svg"])
def test_a_bundle_that_was_changed_in_the_store_is_refused(registry: Registry, name: str) -> None:
    path = registry.stored(name)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match=f"{name} of the bundle bundle was changed after its release"):
        triage.load(registry.address)
    assert registry.kept() == []


def test_a_whole_bundle_that_was_exchanged_in_the_store_is_refused(registry: Registry, tmp_path: Path) -> None:
    """Its hashes are right; it is another one than was registered."""
    place = registry.stored(MANIFEST).parent
    shutil.rmtree(place)
    bundle_called("other-1", place)
    with pytest.raises(BundleError, match="not the manifest that was registered"):
        triage.load(registry.address)
    assert registry.kept() == []


def test_a_bundle_that_is_gone_from_the_store_is_not_had(registry: Registry) -> None:
    shutil.rmtree(registry.stored(MANIFEST).parent)
    with pytest.raises(TrackingError):
        triage.load(registry.address)
    assert registry.kept() == []


@pytest.mark.parametrize("how", ["a byte", "a file is gone", "another bundle"])
def test_a_cache_that_was_changed_is_fetched_again(
    registry: Registry, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    triage.load(registry.address)
    [kept] = registry.kept()
    change(kept, how)
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    [said] = warned(caplog)
    assert "is fetched again" in said
    assert registry.kept() == [kept]
    assert triage.load(registry.address).versions.model == "evidence-2026.1"
    assert len(warned(caplog)) == 1


@pytest.mark.parametrize("how", ["a byte", "a file is gone", "another bundle"])
def test_a_cache_that_was_changed_is_refused_while_the_server_is_down(
    registry: Registry, patch: pytest.MonkeyPatch, how: str
) -> None:
    with reachable(registry, patch):
        triage.load(registry.address)
    change(registry.kept()[0], how)
    with pytest.raises(BundleError):
        triage.load(registry.address)


def change(folder: Path, how: str) -> None:
    if how == "a byte":
        data = bytearray((folder / "model.onnx").read_bytes())
        data[len(data) // 2] ^= 1
        (folder / "model.onnx").write_bytes(data)
    elif how == "a file is gone":
        (folder / "parity.json").unlink()
    else:
        shutil.rmtree(folder)
        bundle_called("other-1", folder)


def test_a_note_that_was_changed_leads_out_of_no_folder(registry: Registry, patch: pytest.MonkeyPatch) -> None:
    with reachable(registry, patch):
        triage.load(registry.address)
    for note in (registry.cache / "seen").iterdir():
        data = json.loads(note.read_text(encoding="utf-8"))
        note.write_text(json.dumps(data | {"manifest_sha256": str(shipped_bundle())}), encoding="utf-8")
    with pytest.raises((BundleError, TrackingError)):
        triage.load(registry.address)


def test_with_a_public_key_the_registered_bundle_must_be_signed(registry: Registry, tmp_path: Path) -> None:
    private, public = tmp_path / "ours.key", tmp_path / "ours.pub"
    new_keys(private, public)
    with pytest.raises(BundleError, match="no readable signature"):
        triage.load(registry.address, public_key=public)
    signed = shutil.copytree(shipped_bundle(), tmp_path / "signed")
    sign(signed, private)
    cutoffs = tmp_path / "cutoffs.yaml"
    shutil.copyfile("models/cutoffs/default.yaml", cutoffs)
    sign(cutoffs, private)
    registry.register(signed)
    assert triage.load(registry.address, public_key=public, cutoffs=cutoffs).versions.model == "evidence-2026.1"
    new_keys(tmp_path / "other.key", tmp_path / "other.pub")
    with pytest.raises(BundleError, match="signature of"):
        triage.load(registry.address, public_key=tmp_path / "other.pub", cutoffs=cutoffs)
    assert triage.load(registry.address, public_key=public, cutoffs=cutoffs).versions.model == "evidence-2026.1"


def test_mlflows_own_door_checks_the_signature_where_it_is_given_a_key(registry: Registry, tmp_path: Path) -> None:
    """Without one it checks what every bundle has: hashes, tables and parity cases."""
    import mlflow.pyfunc

    private, public, cutoffs = tmp_path / "ours.key", tmp_path / "ours.pub", tmp_path / "cutoffs.yaml"
    new_keys(private, public)
    with pytest.raises(BundleError, match="no readable signature"):
        mlflow.pyfunc.load_model(registry.address, model_config={"public_key": str(public)})
    signed = shutil.copytree(shipped_bundle(), tmp_path / "signed")
    shutil.copyfile("models/cutoffs/default.yaml", cutoffs)
    for path in (signed, cutoffs):
        sign(path, private)
    register_bundle(registry.tracking, signed, name=registry.name, cutoffs=cutoffs)
    found = mlflow.pyfunc.load_model(registry.address, model_config={"public_key": str(public)})
    assert found.predict(found.input_example)["model"].tolist() == ["evidence-2026.1"]
    path = registry.stored("points.csv", "2")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match=r"points\.csv"):
        mlflow.pyfunc.load_model(registry.address)

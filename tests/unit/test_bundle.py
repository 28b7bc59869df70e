"""Is a bundle refused, plainly, whatever was done to its files, and does the shipped one rebuild to the byte?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle import Bundle, shipped_bundle
from triage.bundle.manifest import FILES, FORMAT, digest
from triage.bundle.release import release_evidence
from triage.bundle.shapes import SHAPES
from triage.checklist import Checklist
from triage.content import content_root
from triage.errors import BundleError, UsageError
from triage.features import Features

ALL = ("manifest.json", *FILES, SHAPES)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return shutil.copytree(shipped_bundle(), tmp_path / "bundle")


def refused(folder: Path, says: str = "") -> str:
    with pytest.raises(BundleError) as caught:
        Bundle.load(folder)
    assert says in str(caught.value)
    assert str(caught.value).rstrip().endswith((".", ")"))
    return str(caught.value)


def manifest_of(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return data


def rewrite(folder: Path, **changes: Any) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest_of(folder) | changes))


def put(folder: Path, name: str, data: bytes) -> None:
    """Replace a file and recompute its hash, as somebody would who means harm."""
    (folder / name).write_bytes(data)
    rewrite(folder, files=manifest_of(folder)["files"] | {name: digest(data)})


# ------------------------------------------------------------------------- rebuilding


def test_the_shipped_bundle_rebuilds_to_the_byte() -> None:
    recipe = content_root() / "models" / "recipes" / "evidence.yaml"
    files = release_evidence(recipe, Features.load(Checklist.load())).files
    assert set(files) == set(ALL) == {path.name for path in shipped_bundle().iterdir()}
    for name in ALL:
        assert files[name] == (shipped_bundle() / name).read_bytes(), name


def test_a_released_bundle_is_never_overwritten(bundle: Path) -> None:
    recipe = content_root() / "models" / "recipes" / "evidence.yaml"
    release = release_evidence(recipe, Features.load(Checklist.load()))
    with pytest.raises(UsageError, match="never overwritten"):
        release.write(bundle)


def test_a_copy_elsewhere_is_the_same_model(bundle: Path) -> None:
    assert Bundle.load(bundle).version == Bundle.load().version == "evidence-2026.1"
    assert triage.load(bundle).score({"age": 57}).logit == triage.load().score({"age": 57}).logit


# ------------------------------------------------------------------------- damage


@pytest.mark.parametrize("name", ALL)
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    refused(bundle, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("where", [0, 0.5, -1])
def test_one_changed_byte_is_found(bundle: Path, name: str, where: float) -> None:
    data = bytearray((bundle / name).read_bytes())
    place = int(len(data) * where) if where >= 0 else -1
    data[place] ^= 1
    (bundle / name).write_bytes(data)
    refused(bundle, f"{name} of the bundle bundle was changed after its release")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_became_a_folder_or_empty_is_refused(bundle: Path, name: str) -> None:
    (bundle / name).write_bytes(b"")
    refused(bundle, name)
    (bundle / name).unlink()
    (bundle / name).mkdir()
    refused(bundle, name)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "5", "not json", '{"format": 1}', "[" * 100_000, '{"format": 1' + ", " * 3]
)
def test_a_damaged_manifest_is_refused(bundle: Path, text: str) -> None:
    (bundle / "manifest.json").write_text(text)
    refused(bundle, "damaged")


def test_a_manifest_that_is_not_text_is_refused(bundle: Path) -> None:
    (bundle / "manifest.json").write_bytes(b"\xff\xfe\x00")
    refused(bundle, "cannot be read")


FIELDS = [field for field in json.loads((shipped_bundle() / "manifest.json").read_text()) if field != "sample"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_manifest_that_lacks_a_field_names_it(bundle: Path, field: str) -> None:
    data = manifest_of(bundle)
    del data[field]
    (bundle / "manifest.json").write_text(json.dumps(data))
    refused(bundle, field)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source": "guessed"}, "source"),
        ({"source": "learned"}, "damaged"),
        ({"format": 0}, "format"),
        ({"format": "one"}, "format"),
        ({"extra": 1}, "extra"),
        ({"files": {}}, "changed after its release"),
        ({"baseline": -1.5}, "baseline"),
        ({"label": {"outcome": "x"}}, "label"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(bundle: Path, changes: dict[str, Any], says: str) -> None:
    rewrite(bundle, **changes)
    refused(bundle, says)


@pytest.mark.parametrize("extra", [{}, {"calibration": {"slope": 1}}, {"baseline": "moved", "files": 3}])
def test_a_format_from_the_future_asks_for_an_upgrade(bundle: Path, extra: dict[str, Any]) -> None:
    """Its fields may be other ones; "damaged" would send people to the wrong place."""
    rewrite(bundle, format=FORMAT + 1, **extra)
    assert "Upgrade" in refused(bundle, f"format {FORMAT + 1}")


def test_a_folder_that_is_no_bundle_says_so(tmp_path: Path) -> None:
    refused(tmp_path, "is not a model bundle")
    refused(tmp_path / "nowhere", "is not a model bundle")
    (tmp_path / "file").write_text("x")
    refused(tmp_path / "file", "cannot be read")


# ------------------------------------------------------------------------- harm with right hashes


def nudge(data: bytes, name: str) -> bytes:
    """The model with one number changed by one unit in the last place that is released."""
    model = onnx.load_from_string(data)
    inside = [a.t for node in model.graph.node for a in node.attribute if a.HasField("t")]
    for holder in [*model.graph.initializer, *inside]:
        if holder.name == name:
            values = onnx.numpy_helper.to_array(holder).copy()
            values.flat[values.size // 2] += 2.0**-36
            holder.CopyFrom(onnx.numpy_helper.from_array(values, name))
            return model.SerializeToString()
    raise AssertionError(name)


@pytest.mark.parametrize("name", ["weights", "baseline", "splits"])
def test_a_model_that_was_changed_by_one_unit_is_caught_by_replaying_its_cases(bundle: Path, name: str) -> None:
    """The hash was recomputed, so that nothing else can catch it."""
    data = (bundle / "model.onnx").read_bytes()
    if name == "splits":
        model = onnx.load_from_string(data)
        tree = next(node for node in model.graph.node if node.op_type == "TreeEnsemble")
        splits = next(a.t for a in tree.attribute if a.name == "nodes_splits")
        values = onnx.numpy_helper.to_array(splits).copy()
        values[values == 25.0] = 26.0  # the age of 25 falls back among the youngest
        splits.CopyFrom(onnx.numpy_helper.from_array(values, "splits"))
        changed = model.SerializeToString()
    else:
        changed = nudge(data, name)
    assert changed != data
    put(bundle, "model.onnx", changed)
    refused(bundle, "does not give its released answers")


def test_every_single_point_of_the_model_is_replayed(bundle: Path) -> None:
    """Each leaf of the score's trees, changed alone, is caught."""
    data = (bundle / "model.onnx").read_bytes()
    model = onnx.load_from_string(data)
    tree = next(node for node in model.graph.node if "contributions" in node.output)
    holder = next(a.t for a in tree.attribute if a.name == "leaf_weights")
    values = onnx.numpy_helper.to_array(holder)
    for place in range(values.size):
        changed = values.copy()
        changed[place] += 2.0**-36
        holder.CopyFrom(onnx.numpy_helper.from_array(changed, "weights"))
        put(bundle, "model.onnx", model.SerializeToString())
        refused(bundle, "does not give its released answers")


def _cases(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        cases = json.loads(data)
        change(cases)
        return json.dumps(cases).encode()

    return changed


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"{}",
        lambda _: b"[]",
        lambda _: b"not json",
        _cases(lambda cases: cases["logit"].__setitem__(0, cases["logit"][0] + 2.0**-36)),
        _cases(lambda cases: cases["contributions"][3].__setitem__(2, 0.5)),
        _cases(lambda cases: cases["lower_logit"].__setitem__(5, -3.0)),
        _cases(lambda cases: cases["upper_logit"].pop()),
        _cases(lambda cases: cases.pop("logit")),
        _cases(lambda cases: cases.update(answers=[[1.0]])),
        _cases(lambda cases: cases.update(answers="many")),
        _cases(lambda cases: cases.update(answers=[])),
    ],
)
def test_parity_cases_that_differ_or_are_damaged_are_refused(bundle: Path, change: Callable[[bytes], bytes]) -> None:
    put(bundle, "parity.json", change((bundle / "parity.json").read_bytes()))
    refused(bundle)


@pytest.mark.parametrize("data", [b"", b"onnx", b"\x00" * 500])
def test_a_model_that_cannot_be_run_is_refused(bundle: Path, data: bytes) -> None:
    put(bundle, "model.onnx", data)
    refused(bundle, "cannot be run by onnxruntime")


def test_another_model_in_its_place_is_refused(bundle: Path) -> None:
    """A sound ONNX file of some other program, with the right hash."""
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    kind = onnx.TensorProto.FLOAT
    ends = [[onnx.helper.make_tensor_value_info(name, kind, [1])] for name in "xy"]
    graph = onnx.helper.make_graph([node], "g", *ends)
    opset = [onnx.helper.make_opsetid("", 21)]
    put(bundle, "model.onnx", onnx.helper.make_model(graph, opset_imports=opset, ir_version=10).SerializeToString())
    refused(bundle)


@pytest.mark.parametrize("row", ["age,age", "a,a,x,1,a,0.5,1", "a,a,0,1,a,half,1", "a,a,0,1,a,,1"])
def test_damaged_points_are_refused_when_they_are_read(bundle: Path, row: str) -> None:
    put(bundle, "points.csv", f"question,input,from,to,answers,points,odds_ratio\n{row}\n".encode())
    with pytest.raises(BundleError, match=r"points\.csv of the bundle is damaged"):
        Bundle.load(bundle).tables  # noqa: B018 (it is read at first use)


# ------------------------------------------------------------------------- fitting


def test_a_model_of_another_checklist_is_refused(tmp_path: Path) -> None:
    path = Folder(tmp_path / "own").write()
    with pytest.raises(BundleError, match=r"made for the checklist pace-2021\.1 and does not fit small-1"):
        triage.load(checklist=path, cutoffs=path / "cutoffs.yaml")


def test_a_changed_encoding_of_the_same_checklist_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "own")
    path = folder.write()
    release_evidence(path / "recipe.yaml", Features.load(Checklist.load(path))).write(path / "bundle")
    triage.load(path / "bundle", checklist=path, cutoffs=path / "cutoffs.yaml")
    folder.features["inputs"][0]["codes"]["none"] = 3
    folder.write()
    with pytest.raises(BundleError, match="does not fit"):
        triage.load(path / "bundle", checklist=path, cutoffs=path / "cutoffs.yaml")

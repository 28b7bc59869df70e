"""Is a model refused whose parts say different things, though every hash is right?"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import triage
from triage.bundle import Bundle, shipped_bundle
from triage.errors import AnswersError, BundleError, ContentError


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the shipped model with one text changed and the manifest's hash put right."""
    copy = folder / "model"
    shutil.copytree(shipped_bundle(), copy)
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256((copy / name).read_bytes()).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def test_points_that_are_not_those_of_the_graph_are_refused(tmp_path: Path) -> None:
    row = next(line for line in (shipped_bundle() / "points.csv").read_text("utf-8").splitlines() if ",age,55" in line)
    points = row.split(",")[5]
    with pytest.raises(BundleError, match="not those of its graph"):
        Bundle.load(changed(tmp_path, "points.csv", points, f"-{points}"))


def test_a_single_client_at_the_national_floor_is_in_the_band_too(tmp_path: Path) -> None:
    text = Path("models/cutoffs/default.yaml").read_text(encoding="utf-8")
    text = text.replace("rule: {share: 8}", "rule: {capacity: 0, fallback: {share: 1}}")
    path = tmp_path / "cutoffs.yaml"
    path.write_text(f"{text}\nnational_floor: {{intensive: {{probability: 0.18}}}}\n", encoding="utf-8")
    answers = {"age": 57, "qualifications": "none", "driving_licence": "none", "vehicle": "no", "household": "alone"}
    score = triage.load(cutoffs=path).score(answers)
    assert score.probability >= 0.18
    assert score.band == "intensive"


@pytest.mark.parametrize("given", [None, ["age"], "age=57", 57])
def test_what_is_no_mapping_is_refused_plainly(given: object) -> None:
    engine = triage.load()
    with pytest.raises(AnswersError, match="mapping"):
        engine.score(given)  # type: ignore[arg-type]  # the mistake is the point
    with pytest.raises(AnswersError, match="mapping"):
        engine.score_many(given)


def test_a_masked_cell_is_not_given() -> None:
    ages = np.ma.masked_array([57.0, 33.0], mask=[True, False])
    assert triage.load().score_many({"age": ages}).states[:, 3].tolist() == [0, 1]


def test_the_repr_of_a_score_holds_no_answer() -> None:
    score = triage.load().score({"disability": "yes", "age": 57})
    assert "disability" not in repr(score)


def test_a_field_that_the_engine_understands_has_its_kind(tmp_path: Path) -> None:
    """An objection that is no yes or no could be read as none."""
    for name in ("checklist", "features"):
        for path in Path(name).glob("*"):
            shutil.copy(path, tmp_path / path.name)
    text = (tmp_path / "checklist.yaml").read_text(encoding="utf-8")
    head, tail = text.split("- id: objects_to_scoring")
    (tmp_path / "checklist.yaml").write_text(
        f"{head}- id: objects_to_scoring{tail.replace('kind: yes_no', 'kind: date', 1)}", encoding="utf-8"
    )
    with pytest.raises(ContentError, match="'objects_to_scoring' must be of the kind yes_no"):
        triage.load(checklist=tmp_path)

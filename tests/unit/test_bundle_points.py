"""Is `points.csv` the whole model to the bit, and do card and manifest say what the model is?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle import Bundle
from triage.bundle.points import points_rows, read_points, tables_of, write_points
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.features import Features
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

pytestmark = pytest.mark.slow


def test_points_come_back_from_their_file_to_the_bit(tmp_path: Path) -> None:
    """Also where grid values have many digits: 250,000 pounds, 1.234, 1,234,567."""
    folder = Folder(tmp_path / "own")
    folder.features["inputs"][1]["number"] = {"unit": "pounds", "from": 1_234_567, "to": 4_234_567, "step": 1000}
    folder.recipe["effects"][1]["from_values"] = [[0, 3.0], [2_500_000, 1.5], [3_777_567, 1.0]]
    path = folder.write()
    features = Features.load(Checklist.load(path))
    release_evidence(path / "recipe.yaml", features).write(path / "bundle")
    loaded = Bundle.load(path / "bundle")
    item = next(item for item in features.inputs if item.id == "earned")
    rows = np.full((len(item.grid.values), 3), np.nan)
    rows[:, item.place] = item.grid.values
    found = loaded.run(rows)["contributions"][:, item.place].tolist()
    assert found == [loaded.tables["earned"].at(value) for value in item.grid.values]
    assert "e+" not in loaded.points_csv


def test_the_points_file_covers_every_value_and_answer_once() -> None:
    engine = triage.load()
    rows = engine.bundle.points
    for item in engine.features.inputs:
        own = [row for row in rows if row.input == item.id]
        starts = [value for row in own for value in item.grid.values if row.start <= value <= row.stop]
        assert starts == list(item.grid.values), item.id
        if item.codes:
            assert sorted(";".join(row.answers for row in own).split(";")) == sorted(item.codes)
    assert write_points(rows) == engine.bundle.points_csv
    assert read_points(write_points(rows)) == rows
    assert set(tables_of(rows)) == {item.id for item in engine.features.inputs}


def test_the_points_are_those_of_the_scorecard(tmp_path: Path) -> None:
    path = Folder(tmp_path / "own").write()
    features = Features.load(Checklist.load(path))
    recipe = read_recipe(path / "recipe.yaml")
    rows = points_rows(build_evidence(recipe, features, Reference(recipe.reference, features)), features)
    release = release_evidence(path / "recipe.yaml", features)
    assert release.files["points.csv"].decode() == write_points(rows)


def test_the_card_and_the_manifest_say_what_the_model_is() -> None:
    bundle = Bundle.load()
    assert bundle.manifest.source == "evidence"
    assert bundle.manifest.sample is None
    assert bundle.manifest.base_rate.measured is False
    assert "no outcomes" in bundle.manifest.training
    assert bundle.manifest.interval.nominal_coverage == pytest.approx(27 / 33, abs=1e-5)
    assert "nothing observed" in bundle.manifest.metrics["kind"]
    words = bundle.card.casefold()
    assert "published evidence" in words
    assert "no outcomes" in words
    for figure in ("33%", "94%", "96%"):
        assert figure not in bundle.card, "the figures of another model are never shown as its own"

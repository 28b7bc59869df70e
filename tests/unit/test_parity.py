"""Do the parity cases touch everything that a model has?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle.parity import EXACT, parity_cases, replay
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.errors import BundleError
from triage.features import Features
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

pytestmark = pytest.mark.slow


def cases_of(path: Path | None) -> tuple[Features, Any, dict[str, Any]]:
    features = Features.load(Checklist.load(path))
    place = path / "recipe.yaml" if path else triage.bundle.shipped_bundle().parent / "recipes" / "evidence.yaml"
    recipe = read_recipe(place)
    scorecard = build_evidence(recipe, features, Reference(recipe.reference, features))
    return features, scorecard, json.loads(parity_cases(scorecard, features))


@pytest.mark.parametrize("own", [False, True])
def test_every_interval_is_touched_at_both_of_its_ends(own: bool, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "own")
    # Seven codes: a step of seven through them would stand still.
    options = [{"id": f"o{k}", "text": f"Option {k}"} for k in range(7)]
    folder.checklist["questions"][0]["options"] = options
    folder.features["inputs"][0]["codes"] = {f"o{k}": k for k in range(7)}
    features, scorecard, cases = cases_of(folder.write() if own else None)
    answers = np.array(cases["answers"], dtype=float)
    for item, table in zip(features.inputs, scorecard.tables, strict=True):
        met = {value for value in answers[:, item.place].tolist() if value == value}
        assert {table.interval(value) for value in met} == set(range(len(table.points))), item.id
        assert item.grid.values[0] in met
        assert met <= set(item.grid.values), "only what can be answered"
        assert set(table.edges) <= met, "the first value of each interval"
        assert np.isnan(answers[:, item.place]).any()
    assert np.isnan(answers[-1]).all(), "the last one answers nothing"


def test_the_cases_hold_what_the_tables_give(tmp_path: Path) -> None:
    _, scorecard, cases = cases_of(Folder(tmp_path / "own").write())
    rows = np.array(cases["answers"], dtype=float)
    assert cases["logit"] == [scorecard.logit(row) for row in rows.tolist()]
    lower, upper = scorecard.interval_logits(rows)
    assert cases["lower_logit"] == lower.tolist()
    assert cases["upper_logit"] == upper.tolist()


@pytest.mark.parametrize("name", EXACT)
def test_a_difference_of_one_bit_in_any_output_is_refused(name: str) -> None:
    bundle = triage.load().bundle
    text = (triage.bundle.shipped_bundle() / "parity.json").read_bytes()
    replay(text, bundle.run)

    def almost(rows: Any) -> Any:
        outputs = {key: value.copy() for key, value in bundle.run(rows).items()}
        outputs[name].flat[-1] = np.nextafter(outputs[name].flat[-1], np.inf)
        return outputs

    with pytest.raises(BundleError, match=f"'{name}' differs"):
        replay(text, almost)


def test_a_release_replays_its_own_cases(tmp_path: Path) -> None:
    path = Folder(tmp_path / "own").write()
    release_evidence(path / "recipe.yaml", Features.load(Checklist.load(path))).write(path / "bundle")
    triage.load(path / "bundle", checklist=path, cutoffs=path / "cutoffs.yaml")

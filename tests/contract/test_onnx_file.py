"""Can a program in any language score from the model file alone? Here twenty lines that know nothing of this package.

Partners may embed `model.onnx`. They rely on its input, its outputs, and on the feature contract in its metadata: a
change of any of these is a new format.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import given

import triage
from tests.clients import clients
from tests.strategies import worlds
from tests.worlds import World, examples

OUTPUTS = ("contributions", "logit", "probability", "lower_logit", "upper_logit", "lower", "upper")


class Outsider:
    """An encoder and scorer written from the description of the file, with onnxruntime alone."""

    def __init__(self, path: Path) -> None:
        self.session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        metadata = self.session.get_modelmeta().custom_metadata_map
        self.inputs = json.loads(metadata["feature_contract"])["inputs"]

    def encode(self, spec: dict[str, Any], answer: Any) -> float:
        if answer is None:
            return math.nan
        if "codes" in spec:
            return float(spec["codes"].get(answer, math.nan))
        start, step, stop = (Decimal(str(spec["grid"][name])) for name in ("from", "step", "to"))
        place = (Decimal(repr(float(answer))) - Decimal(str(spec["edges_from"]))) // step + 1
        above = place if Decimal(repr(float(answer))) >= Decimal(str(spec["edges_from"])) else 0
        return float(min(start + step * above, stop))

    def score(self, answers: dict[str, Any]) -> dict[str, Any]:
        row = [self.encode(spec, answers.get(spec["id"])) for spec in self.inputs]
        return dict(zip(OUTPUTS, self.session.run(OUTPUTS, {"answers": np.array([row])}), strict=True))


def by_input(engine: triage.Engine, score: triage.Score) -> dict[str, Any]:
    """Answers as an outsider has them, by input: an option's id, a number, or an area's figure from any table."""
    found: dict[str, Any] = {}
    for item in engine.features.inputs:
        answer = score.answers.get(item.question.id)
        if item.question.kind == "area" and answer is not None:
            figure = item.figures[str(answer)]
            answer = None if math.isnan(figure) else figure
        found[item.id] = answer
    return found


def check(engine: triage.Engine, outsider: Outsider, person: dict[str, Any]) -> None:
    score = engine.score(person)
    found = outsider.score(by_input(engine, score))
    assert float(found["logit"][0]) == score.logit
    assert float(found["lower_logit"][0]) == score.lower_logit
    assert float(found["upper_logit"][0]) == score.upper_logit
    for name in ("probability", "lower", "upper"):
        assert abs(float(found[name][0]) - getattr(score, name)) <= 1e-12
    by_question: dict[str, float] = dict.fromkeys(score.contributions, 0.0)
    for spec, value in zip(outsider.inputs, found["contributions"][0].tolist(), strict=True):
        by_question[spec["question"]] += value
    assert by_question == dict(score.contributions)


@pytest.fixture(scope="module")
def outsider() -> Outsider:
    return Outsider(triage.bundle.shipped_bundle() / "model.onnx")


def test_an_outsider_gives_the_same_scores_to_the_bit(outsider: Outsider) -> None:
    engine = triage.load()
    for person in clients(engine, 300, seed=31):
        check(engine, outsider, person)


@pytest.mark.parametrize("age", [16, 24.999, 25, 34, 35, 54.5, 55, 75, 110, 3])
def test_an_outsider_rounds_ages_as_the_engine_does(outsider: Outsider, age: float) -> None:
    item = next(item for item in triage.load().features.inputs if item.id == "age")
    spec = next(spec for spec in outsider.inputs if spec["id"] == "age")
    assert outsider.encode(spec, age) == item.grid.snap(age)


@pytest.mark.parametrize("tenths", range(0, 220, 3))
def test_an_outsider_rounds_rates_as_the_engine_does(outsider: Outsider, tenths: int) -> None:
    item = next(item for item in triage.load().features.inputs if item.id == "local_unemployment")
    spec = next(spec for spec in outsider.inputs if spec["id"] == "local_unemployment")
    for rate in (tenths / 10, tenths / 10 + 0.05, tenths / 10 + 0.0499, tenths / 10 + 0.07):
        assert outsider.encode(spec, rate) == item.grid.snap(rate)


@given(world=worlds())
@examples(12)
def test_an_outsider_can_serve_any_organisations_model(world: World) -> None:
    with world.build() as built:
        outsider = Outsider(built.folder / "bundle" / "model.onnx")
        for person in clients(built.engine, 15, seed=5):
            check(built.engine, outsider, person)


def test_the_names_and_shapes_are_those_that_were_promised(outsider: Outsider) -> None:
    (given_in,) = outsider.session.get_inputs()
    assert (given_in.name, given_in.type, given_in.shape) == ("answers", "tensor(double)", ["n", 18])
    found = [(item.name, item.type, item.shape) for item in outsider.session.get_outputs()]
    assert found == [
        ("contributions", "tensor(double)", ["n", 18]),
        *((name, "tensor(double)", ["n"]) for name in OUTPUTS[1:]),
    ]


def test_the_metadata_names_the_model_the_checklist_and_every_input(outsider: Outsider) -> None:
    metadata = outsider.session.get_modelmeta().custom_metadata_map
    assert metadata["model"] == "evidence-2026.1"
    assert metadata["checklist"] == "pace-2021.1"
    contract = json.loads(metadata["feature_contract"])
    assert set(contract) == {"checklist", "features", "missing", "inputs"}
    assert contract["missing"] == "NaN"
    for spec in contract["inputs"]:
        assert set(spec) in (
            {"id", "question", "direction", "codes"},
            {"id", "question", "direction", "grid", "edges_from"},
        )
        if "grid" in spec:
            assert set(spec["grid"]) == {"unit", "from", "to", "step"}
            assert isinstance(spec["grid"]["step"], str), "in the digits of the file, so that it is exact"


def test_the_operator_sets_are_ones_that_runtimes_have_had_for_long() -> None:
    model = onnx.load(str(triage.bundle.shipped_bundle() / "model.onnx"))
    assert {item.domain: item.version for item in model.opset_import} == {"": 21, "ai.onnx.ml": 5}
    assert model.ir_version == 10

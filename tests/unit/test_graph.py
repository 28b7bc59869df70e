"""Is the ONNX file the whole model, small, plain, and the same for every number that can be written?"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest

import triage
from triage.bundle import OUTPUTS
from triage.scorecard import InputTable, Scorecard
from triage.scorecard.graph import build_graph


def scorecard(edges: tuple[float, ...], draws: int = 8, seed: int = 0) -> Scorecard:
    rng = np.random.default_rng(seed)
    size = len(edges) + 1
    points = tuple((rng.integers(-(2**34), 2**34, size) / 2**36).tolist())
    values = rng.integers(-(2**35), 2**35, (size + 1, draws)) / 2**36
    return Scorecard(-1.5, (InputTable("a", "a", edges, points, values[:-1], values[-1]),), 2, draws - 1)


def session(card: Scorecard) -> ort.InferenceSession:
    return ort.InferenceSession(build_graph(card, {"inputs": []}, {}), providers=["CPUExecutionProvider"])


def run(card: Scorecard, values: list[float]) -> dict[str, Any]:
    found = session(card).run(OUTPUTS, {"answers": np.array(values).reshape(-1, len(card.tables))})
    return dict(zip(OUTPUTS, found, strict=True))


@pytest.mark.parametrize(
    "edges",
    [
        (),
        (0.5,),
        (-3.0, 0.0, 1.0, 1.5, 1e6),
        (2_000_000.0,),
        (-2_000_000.0, 5e9),
        (1e-300, 1.0),
        tuple(float(k) for k in range(1, 200)),
        (0.1, 0.2, 0.30000000000000004, 0.7),
    ],
)
def test_every_number_falls_into_its_interval_however_far_from_the_edges(edges: tuple[float, ...]) -> None:
    """A value far below the first edge is a number, and only NaN is missing."""
    card = scorecard(edges)
    around = [
        point for edge in edges for point in (edge, math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf))
    ]
    values = [*around, -1e300, -1e12, -1e6, -1.0, 0.0, 1.0, 1e6, 1e12, 1e300, math.nan]
    found = run(card, values)
    assert found["contributions"][:, 0].tolist() == [card.tables[0].at(value) for value in values]
    lower, upper = card.interval_logits(np.array(values).reshape(-1, 1))
    np.testing.assert_array_equal(found["lower_logit"], lower)
    np.testing.assert_array_equal(found["upper_logit"], upper)
    assert found["contributions"][-1, 0] == 0.0


@pytest.mark.parametrize(("draws", "low", "high"), [(8, 1, 8), (9, 1, 2), (16, 8, 9), (33, 3, 31), (256, 26, 231)])
def test_any_ranks_of_any_number_of_draws(draws: int, low: int, high: int) -> None:
    rng = np.random.default_rng(draws)
    values = rng.integers(-(2**35), 2**35, (3, draws)) / 2**36
    card = Scorecard(0.25, (InputTable("a", "a", (1.0,), (-1.0, 1.0), values[:-1], values[-1]),), low, high)
    found = run(card, [0.0, 1.0, math.nan])
    for row, place in enumerate((0, 1, 2)):
        sums = np.sort(0.25 + values[place])
        logit = (-0.75, 1.25, 0.25)[row]
        assert found["lower_logit"][row] == min(sums[low - 1], logit)
        assert found["upper_logit"][row] == max(sums[high - 1], logit)


def test_no_row_and_many_rows_have_the_same_shape() -> None:
    card = scorecard((1.0, 2.0))
    for size in (0, 1, 5, 3000):
        found = session(card).run(None, {"answers": np.zeros((size, 1))})
        assert [len(output) for output in found] == [size] * len(OUTPUTS)


def test_the_outputs_are_those_that_partners_rely_on_in_float64() -> None:
    outputs = {item.name: (item.type, item.shape) for item in session(scorecard((1.0,))).get_outputs()}
    assert list(outputs) == list(OUTPUTS)
    assert all(kind == "tensor(double)" for kind, _ in outputs.values())
    assert outputs["contributions"][1] == ["n", 1]
    assert all(shape == ["n"] for name, (_, shape) in outputs.items() if name != "contributions")


def test_the_file_is_written_the_same_every_time_and_names_no_machine() -> None:
    card = scorecard((1.0, 2.0))
    one, other = (build_graph(card, {"b": 1, "a": [2]}, {"model": "m"}) for _ in range(2))
    assert one == other
    props = {item.key: item.value for item in onnx.load_from_string(one).metadata_props}
    assert json.loads(props["feature_contract"]) == {"a": [2], "b": 1}
    assert props["model"] == "m"
    model = onnx.load_from_string(one)
    assert model.producer_name == "ltu-triage"
    assert not model.doc_string


def test_the_graph_uses_plain_operators_alone() -> None:
    """Nothing that a runtime in another language would lack: no custom operator, no control flow."""
    model = onnx.load_from_string(build_graph(scorecard((1.0,)), {}, {}))
    kinds = {node.op_type for node in model.graph.node}
    assert kinds == {"TreeEnsemble", "ReduceSum", "Add", "Sigmoid", "Cast", "Gather", "TopK", "Min", "Max"}
    assert {node.domain for node in model.graph.node} == {"", "ai.onnx.ml"}


def test_the_model_stays_a_few_kilobytes() -> None:
    assert len(triage.load().bundle.model) < 40_000

"""How does a scorecard become one ONNX file that scores, explains and gives its range?

Input `answers` [n, inputs] float64, NaN for a missing answer. Outputs, all float64: `contributions`
[n, inputs], `logit` [n], `probability` [n], `lower_logit`, `upper_logit`, `lower`, `upper` [n].

Each input has a small balanced tree that writes to a target of its own (ai.onnx.ml v5 TreeEnsemble). A root
split that no number passes sends NaN to a leaf worth 0. A second ensemble of the same shape gives the row
of draws of each input; Gather, ReduceSum and TopK turn them into order statistics. Written with onnx.helper
because the converters are wrong on calibrated models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from triage.scorecard.scorecard import Array, Scorecard

OPSET, ML_OPSET, IR_VERSION = 21, 5, 10
_LESS_THAN = 1
#: No number lies below it, so that a root split here parts NaN from every number.
_LOWEST = float(np.finfo(np.float64).min)


@dataclass
class _Trees:
    """The flat arrays of a TreeEnsemble while it is being written."""

    feature: list[int] = field(default_factory=list)
    split: list[float] = field(default_factory=list)
    true_id: list[int] = field(default_factory=list)
    true_leaf: list[int] = field(default_factory=list)
    false_id: list[int] = field(default_factory=list)
    false_leaf: list[int] = field(default_factory=list)
    missing_true: list[int] = field(default_factory=list)
    leaf_target: list[int] = field(default_factory=list)
    leaf_weight: list[float] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)

    def add(self, place: int, edges: Sequence[float], weights: Sequence[float], missing: float) -> None:
        """One tree for the input at `place`: `weights` by interval, `missing` where the answer is NaN."""
        root = self._node(place, _LOWEST, missing_true=1)
        self.roots.append(root)
        self._set(root, true=(self._leaf(place, missing), True))
        self._set(root, false=self._subtree(place, edges, weights))

    def _subtree(self, place: int, edges: Sequence[float], weights: Sequence[float]) -> tuple[int, bool]:
        if not edges:
            return self._leaf(place, weights[0]), True
        middle = len(edges) // 2
        node = self._node(place, edges[middle])
        self._set(node, true=self._subtree(place, edges[:middle], weights[: middle + 1]))
        self._set(node, false=self._subtree(place, edges[middle + 1 :], weights[middle + 1 :]))
        return node, False

    def _node(self, place: int, split: float, missing_true: int = 0) -> int:
        self.feature.append(place)
        self.split.append(split)
        self.missing_true.append(missing_true)
        for column in (self.true_id, self.true_leaf, self.false_id, self.false_leaf):
            column.append(0)
        return len(self.feature) - 1

    def _leaf(self, place: int, weight: float) -> int:
        self.leaf_target.append(place)
        self.leaf_weight.append(weight)
        return len(self.leaf_target) - 1

    def _set(self, node: int, true: tuple[int, bool] | None = None, false: tuple[int, bool] | None = None) -> None:
        if true is not None:
            self.true_id[node], self.true_leaf[node] = true[0], int(true[1])
        if false is not None:
            self.false_id[node], self.false_leaf[node] = false[0], int(false[1])

    def node(self, output: str, targets: int) -> onnx.NodeProto:
        """The TreeEnsemble node that reads `answers`."""
        return helper.make_node(
            "TreeEnsemble",
            ["answers"],
            [output],
            domain="ai.onnx.ml",
            n_targets=targets,
            aggregate_function=1,
            post_transform=0,
            tree_roots=self.roots,
            nodes_featureids=self.feature,
            nodes_splits=_tensor("splits", self.split),
            nodes_modes=numpy_helper.from_array(np.full(len(self.split), _LESS_THAN, dtype=np.uint8), "modes"),
            nodes_truenodeids=self.true_id,
            nodes_trueleafs=self.true_leaf,
            nodes_falsenodeids=self.false_id,
            nodes_falseleafs=self.false_leaf,
            nodes_missing_value_tracks_true=self.missing_true,
            leaf_targetids=self.leaf_target,
            leaf_weights=_tensor("weights", self.leaf_weight),
        )


def build_graph(scorecard: Scorecard, contract: Mapping[str, Any], metadata: Mapping[str, str]) -> bytes:
    """The serialised ONNX model of a scorecard.

    Args:
        scorecard: the tables.
        contract: the feature contract, put into `metadata_props` so that any language can encode answers.
        metadata: further `metadata_props`, such as versions.
    """
    points, rows = _Trees(), _Trees()
    draws: list[Array] = []
    for place, table in enumerate(scorecard.tables):
        intervals = len(table.points)
        points.add(place, table.edges, table.points, 0.0)
        offset = sum(len(block) for block in draws)
        rows.add(place, table.edges, [float(offset + k) for k in range(intervals)], float(offset + intervals))
        draws.append(np.vstack([table.draws, table.missing_draws]))
    nodes = [
        points.node("contributions", scorecard.width),
        *_score_nodes(),
        rows.node("rows", scorecard.width),
    ]
    graph = helper.make_graph(
        [*nodes, *_interval_nodes()],
        "scorecard",
        [helper.make_tensor_value_info("answers", TensorProto.DOUBLE, ["n", scorecard.width])],
        _outputs(scorecard.width),
        _constants(scorecard, np.vstack(draws)),
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="ltu-triage")
    helper.set_model_props(model, {"feature_contract": json.dumps(contract, sort_keys=True), **metadata})
    onnx.checker.check_model(model, full_check=True)
    serialised: bytes = model.SerializeToString(deterministic=True)
    return serialised


def _score_nodes() -> list[onnx.NodeProto]:
    return [
        helper.make_node("ReduceSum", ["contributions", "axis_1"], ["total"], keepdims=0),
        helper.make_node("Add", ["total", "baseline"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
    ]


def _interval_nodes() -> list[onnx.NodeProto]:
    nodes = [
        helper.make_node("Cast", ["rows"], ["row_index"], to=TensorProto.INT64),
        helper.make_node("Gather", ["draws", "row_index"], ["drawn"], axis=0),
        helper.make_node("ReduceSum", ["drawn", "axis_1"], ["drawn_total"], keepdims=0),
        helper.make_node("TopK", ["drawn_total", "top"], ["sorted", "_order"], axis=1, largest=1, sorted=1),
    ]
    for name, op in (("lower", "Min"), ("upper", "Max")):
        nodes += [
            helper.make_node("Gather", ["sorted", f"{name}_place"], [f"{name}_drawn"], axis=1),
            helper.make_node("Add", [f"{name}_drawn", "baseline"], [f"{name}_raw"]),
            helper.make_node(op, [f"{name}_raw", "logit"], [f"{name}_logit"]),
            helper.make_node("Sigmoid", [f"{name}_logit"], [f"{name}_probability"]),
            helper.make_node(op, [f"{name}_probability", "probability"], [name]),
        ]
    return nodes


def _constants(scorecard: Scorecard, draws: Array) -> list[onnx.TensorProto]:
    count = scorecard.draw_count
    whole = {
        "axis_1": [1],
        "top": [count - scorecard.lower_rank + 1],
        "lower_place": count - scorecard.lower_rank,
        "upper_place": count - scorecard.upper_rank,
    }
    constants = [numpy_helper.from_array(np.array(value, dtype=np.int64), name) for name, value in whole.items()]
    constants.append(numpy_helper.from_array(np.array(scorecard.baseline), "baseline"))
    constants.append(numpy_helper.from_array(draws, "draws"))
    return constants


def _outputs(width: int) -> list[onnx.ValueInfoProto]:
    names = ("logit", "probability", "lower_logit", "upper_logit", "lower", "upper")
    outputs = [helper.make_tensor_value_info("contributions", TensorProto.DOUBLE, ["n", width])]
    return outputs + [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n"]) for name in names]


def _tensor(name: str, values: Sequence[float]) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=np.float64), name)

"""What do small trees add to the tables that the regression could not?

LightGBM starts from the regression (`init_score`). Each tree uses one input, so that the sum of the trees is a table
for each input; along an input with a stated direction it is monotone. The trees see bins, so their steps are those of
the tables.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from triage.errors import Defect
from triage.features import Features
from triage.learning.bins import MOST_BINS, Bins

Array = NDArray[np.float64]
#: LightGBM keeps how many threads it uses for the whole process. Two trainings at once have crashed it, rarely, so that
#: only one call is let in at a time. Folds and draws still overlap in everything else.
_ONE_AT_A_TIME = threading.RLock()
#: Rounds without any gain on held-out people after which a fold stops.
PATIENCE = 40
_MONOTONE = {"rises": 1, "falls": -1, "none": 0}
_PARAMETERS: Mapping[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 3,
    "min_data_in_leaf": 50,
    "lambda_l2": 100.0,
    "max_bin": MOST_BINS + 2,
    "min_data_in_bin": 1,
    "feature_pre_filter": False,
    "boost_from_average": False,
    "metric": "binary_logloss",
    # The same people in the same order give the same trees, to the bit.
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, eq=False)
class People:
    """What the trees see of n people: bins [n, inputs], outcome, weight and where they start from [n]."""

    codes: Array
    outcome: Array
    weight: Array
    offset: Array

    def dataset(self, parameters: Mapping[str, Any], reference: lightgbm.Dataset | None = None) -> lightgbm.Dataset:
        """The people whose outcome is known, as LightGBM wants them."""
        known = self.weight > 0
        return lightgbm.Dataset(
            self.codes[known],
            self.outcome[known],
            weight=self.weight[known],
            init_score=self.offset[known],
            params=dict(parameters),
            reference=reference,
        )


def parameters_for(features: Features) -> dict[str, Any]:
    """LightGBM's parameters for these inputs."""
    return {
        **_PARAMETERS,
        "monotone_constraints": [_MONOTONE[item.direction] for item in features.inputs],
        "interaction_constraints": [[item.place] for item in features.inputs],
    }


def grow(people: People, features: Features, rounds: int) -> lightgbm.Booster:
    """`rounds` trees, fewer where nothing is left to split."""
    parameters = parameters_for(features)
    with _ONE_AT_A_TIME:
        return lightgbm.train(parameters, people.dataset(parameters), num_boost_round=rounds)


def grow_until(people: People, held_out: People, features: Features, rounds: int) -> lightgbm.Booster:
    """Up to `rounds` trees; no more once nothing has been gained on held-out people for `PATIENCE` of them."""
    parameters = parameters_for(features)
    train = people.dataset(parameters)
    with _ONE_AT_A_TIME:
        return lightgbm.train(
            parameters,
            train,
            num_boost_round=rounds,
            valid_sets=[held_out.dataset(parameters, train)],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        )


def margin_of(booster: lightgbm.Booster, codes: Array, rounds: int) -> Array:
    """[n] what the first `rounds` trees add to the log-odds of people with these bins [n, inputs]."""
    with _ONE_AT_A_TIME:
        return np.asarray(booster.predict(codes, raw_score=True, num_iteration=rounds), dtype=np.float64)


def merged(booster: lightgbm.Booster, bins: Bins, rounds: int) -> tuple[float, list[Array]]:
    """The first `rounds` trees as a constant and one table per input, [bins + 1], the last for a missing answer.

    Raises:
        Defect: a tree uses more than one input.
    """
    return next(merged_at(booster, bins, (rounds,)))


def merged_at(booster: lightgbm.Booster, bins: Bins, counts: Sequence[int]) -> Iterator[tuple[float, list[Array]]]:
    """`merged` after each of these ascending numbers of trees; after all of them where there are fewer."""
    constant = 0.0
    tables = [np.zeros(size + 1) for size in bins.counts]
    with _ONE_AT_A_TIME:
        trees = booster.dump_model(num_iteration=-1)["tree_info"]
    done = 0
    for count in counts:
        for tree in trees[done:count]:
            root = tree["tree_structure"]
            if "leaf_value" in root:
                constant += float(root["leaf_value"])
                continue
            used = root["split_feature"]
            for code in range(len(tables[used])):
                missing = code == len(tables[used]) - 1
                tables[used][code] += _leaf(root, used, None if missing else float(code))
        done = max(done, count)
        yield constant, [table.copy() for table in tables]


def _leaf(node: Mapping[str, Any], used: int, code: float | None) -> float:
    """What the tree gives for a bin; None for a missing answer."""
    while "leaf_value" not in node:
        if node["split_feature"] != used or node["decision_type"] != "<=":
            raise Defect("A tree does not split one input by its order.")
        if code is None and node["missing_type"] == "NaN":
            left = bool(node["default_left"])
        else:
            # Where no missing answer was met in training, LightGBM takes one for 0.
            left = (code or 0.0) <= node["threshold"]
        node = node["left_child"] if left else node["right_child"]
    return float(node["leaf_value"])


def on_grid(tables: Sequence[Array], bins: Bins) -> list[Array]:
    """Tables by bin [bins + 1] as tables by grid value [grid values + 1]."""
    return [table[part] for table, part in zip(tables, bins.of, strict=True)]

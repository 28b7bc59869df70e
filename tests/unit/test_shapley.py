"""Are the contributions that people read the Shapley values that shap computes, but for the recorded constants?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.learned_model import GROUP, LearnedModel, displaced, pace
from triage.learning.beeswarm import load_shap
from triage.learning.boost import grow, merged
from triage.learning.part import people_at
from triage.learning.sample import Sample

pytestmark = [GROUP, pytest.mark.slow]
Array = NDArray[np.float64]
EXACT = 1e-9


@pytest.mark.parametrize("model", [displaced, pace])
def test_contributions_are_the_values_of_a_permutation_explainer_plus_the_means(model: Any, tmp_path: Path) -> None:
    """shap works on the released file alone, through its logit; silent people stand among those it explains."""
    made: LearnedModel = model()
    bundle = made.load(tmp_path / "bundle").bundle
    everybody = made.start.reference.simulate()
    background, asked = everybody[:40], everybody[1000:1006].copy()
    asked[0] = np.nan
    masker = load_shap().maskers.Independent(background, max_samples=len(background))
    explainer = load_shap().explainers.Permutation(lambda rows: bundle.run(np.asarray(rows))["logit"], masker, seed=1)
    told = explainer(asked, silent=True)
    constants = bundle.run(background)["contributions"].mean(axis=0)
    contributions = bundle.run(asked)["contributions"]
    assert np.ptp(contributions) > 0.1, "there is something to explain"
    assert np.abs(told.values + constants - contributions).max() < EXACT


@pytest.mark.parametrize("model", [displaced, pace])
def test_the_recorded_constants_are_the_means_over_the_reference_population(model: Any, tmp_path: Path) -> None:
    made: LearnedModel = model()
    bundle = made.load(tmp_path / "bundle").bundle
    means = bundle.run(made.start.reference.simulate())["contributions"].mean(axis=0)
    recorded = bundle.manifest.metrics["mean_contributions"]
    for question, inputs in made.start.features.inputs_of.items():
        assert recorded[question] == pytest.approx(sum(means[item.place] for item in inputs), abs=EXACT)


def trees(sample: Sample, codes: Array, rounds: int) -> tuple[Any, float, list[Array]]:
    """Trees of these bins that start from the evidence, and the tables that they are merged into."""
    people = people_at(sample, np.arange(len(sample)), sample.offset)
    people = type(people)(codes, people.outcome, people.weight, people.offset)
    booster = grow(people, sample.features, rounds)
    return booster, *merged(booster, sample.bins, rounds)


@pytest.mark.parametrize("silent", [True, False], ids=["some did not answer", "everybody answered"])
def test_lightgbm_and_shap_explain_the_merged_tables_but_for_a_constant(silent: bool) -> None:
    """Missing answers among the rows in both cases: without any in training, LightGBM takes one for 0."""
    sample = displaced().learned.fitted.sample
    rng = np.random.default_rng(5)
    full = np.nan_to_num(sample.codes)
    gaps = np.where(rng.random(full.shape) < 0.2, np.nan, full)
    booster, constant, tables = trees(sample, gaps if silent else full, 60)
    rows = gaps[:400]
    places = np.where(np.isnan(rows), np.array(sample.bins.counts), rows).astype(int)
    ours = np.column_stack([table[places[:, k]] for k, table in enumerate(tables)])
    assert np.count_nonzero(np.ptp(ours, axis=0)) > 3, "several inputs have trees"
    assert np.abs(constant + ours.sum(axis=1) - booster.predict(rows, raw_score=True)).max() < EXACT
    explainer = load_shap().TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    own = booster.predict(rows, pred_contrib=True)[:, :-1]
    for told in (own, explainer(rows).values):
        assert told.shape == ours.shape
        assert np.ptp(told - ours, axis=0).max() < EXACT, "one constant for each input, the same on every row"

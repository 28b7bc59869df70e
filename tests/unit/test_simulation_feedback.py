"""Does the study of learning after triage measure what it says? On models whose loss is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.feedback import BANDS, FRESH, Study, TablePolicy, plain
from triage.checklist import Checklist
from triage.features import Features
from triage.learning.tables import Tables
from triage.simulation import Support, simulate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.of(Features.load(Checklist.load()))


def test_the_evidence_keeps_everything_and_half_of_it_keeps_half(study: Study) -> None:
    truth = study.start.tables
    half = Tables(truth.intercept, tuple(table / 2 for table in truth.values))
    assert all(kept == pytest.approx(1) for kept in study.kept(truth).values())
    assert all(kept == pytest.approx(0.5) for kept in study.kept(half).values())
    whole, less = study.judged(truth), study.judged(half)
    assert whole["kept_together"] == pytest.approx(1, abs=0.05)
    assert less["kept_together"] == pytest.approx(whole["kept_together"] / 2)
    assert less["auc"] == pytest.approx(whole["auc"])
    assert whole["auc"] <= whole["auc_best"]


def test_three_in_ten_are_offered_more_support(study: Study) -> None:
    policy = TablePolicy.of(study.start.tables, "evidence", study.start)
    places = policy.places(study.fresh.inputs, study.fresh.states)
    assert len(places) == FRESH
    assert np.mean(places > 0) == pytest.approx(0.3, abs=0.03)
    assert np.mean(places == 2) == pytest.approx(0.08, abs=0.02)
    assert policy.ids == BANDS


def test_support_that_works_hides_risk_and_leaving_out_the_supported_brings_it_back(study: Study) -> None:
    """With a strong effect the direction of the finding does not hang on luck."""
    policy = TablePolicy.of(study.start.tables, "evidence", study.start)
    people = simulate(20_000, "feedback-test", study.world, Support(policy, 0.3))
    helped = people.outcomes.notes["support"] != ""
    everybody = np.mean(list(plain(study, people.outcomes).values())[:13])
    unsupported = np.mean(list(plain(study, people.outcomes.take(~helped)).values())[:13])
    assert everybody < 0.3 < 0.5 < unsupported

"""Does every method of the studies learn from the training people alone, and do the checklists hold what they say?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.displaced_evidence import FOLDER
from experiments.studies import comparators, doubtful, tuning, variants
from experiments.studies.checklists import edited
from experiments.studies.cohort import Cohort, folds_of, strata
from experiments.studies.crossval import fold_table, out_of_fold
from experiments.studies.data import DUMMIES, NINETEEN, SIX, displaced, on_finer_grid, surveyed_in_1992
from experiments.studies.methods import METHODS
from triage.checklist import Checklist
from triage.features import Features

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return displaced("19", tmp_path_factory.mktemp("nineteen"))


@pytest.fixture(scope="module")
def few(everybody: Cohort) -> Cohort:
    return everybody.take(np.arange(0, len(everybody), 16))


def recoded(cohort: Cohort, folder: Path) -> Cohort:
    return replace(cohort, features=Features.load(Checklist.load(folder)), recipe=folder / "evidence.yaml")


def test_the_cohort_is_the_published_table(everybody: Cohort) -> None:
    assert len(everybody) == 3343
    assert everybody.raw.shape == (3343, 19) == everybody.outcomes.inputs.shape
    assert not np.isnan(everybody.outcomes.inputs).any()
    assert int(surveyed_in_1992().sum()) == 1053
    assert everybody.label.rate == pytest.approx(0.317, abs=0.001)


def test_a_spell_that_is_censored_at_the_horizon_is_known(everybody: Cohort) -> None:
    """Thirteen steps of two weeks are 26 weeks: who was then still out has the outcome, who was then back has not."""
    at = everybody.outcomes.weeks == 26
    censored = everybody.outcomes.kind == "still_looking"
    assert everybody.label.outcome[at & censored].all()
    assert not everybody.label.outcome[at & ~censored].any()
    assert everybody.label.known[at].all()


@pytest.mark.parametrize(("inputs", "columns"), [("6", SIX), ("37", (*NINETEEN, *DUMMIES))])
def test_a_set_of_inputs_is_the_same_for_the_checklist_and_for_the_others(
    inputs: str, columns: tuple[str, ...], tmp_path: Path, everybody: Cohort
) -> None:
    """One method would get more to learn from than another."""
    cohort = displaced(inputs, tmp_path)
    assert cohort.columns == columns
    assert len(cohort.features.inputs) == len(columns) == cohort.raw.shape[1]
    told = {item.id: cohort.outcomes.inputs[:, item.place] for item in cohort.features.inputs}
    raw = dict(zip(columns, cohort.raw.T, strict=True))
    assert np.array_equal(told["school_below_12"], raw["schlt12"])
    assert np.array_equal(told["has_children"], raw["child"])
    assert all(np.array_equal(told[name], raw[name]) for name in DUMMIES if name in columns)
    ours, theirs = comparators.evidence(cohort)(cohort), comparators.evidence(everybody)(everybody)
    if inputs == "37":
        assert ours == pytest.approx(theirs)


def test_folds_part_the_people_evenly(few: Cohort) -> None:
    groups = strata(few)
    folds = folds_of(groups, 5, 3)
    for group in range(3):
        sizes = np.bincount(folds[groups == group], minlength=5)
        assert sizes.max() - sizes.min() <= 1
    assert not np.array_equal(folds, folds_of(groups, 5, 4))


CHEAP = ["logistic", "lightgbm", "evidence", "age"]
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("ours", "lightgbm_tuned", "ebm_additive")]


@pytest.mark.parametrize("name", [*CHEAP, *SLOW])
def test_no_method_sees_the_outcomes_of_those_it_scores(name: str, few: Cohort) -> None:
    """A figure of the studies would be too good to be true."""
    folds = fold_table(few, 1, 2)
    test = folds[0] == 0
    before = out_of_fold(METHODS[name], few, folds)[0, test]
    changed = replace(few.outcomes, weeks=np.where(test, 60.0 - few.outcomes.weeks, few.outcomes.weeks))
    after = out_of_fold(METHODS[name], replace(few, outcomes=changed), folds)[0, test]
    assert np.array_equal(before, after)
    assert np.isfinite(before).all()


@pytest.mark.parametrize("name", ["logistic", "lightgbm", "lightgbm_tuned", "ebm", "ebm_tuned"])
def test_one_class_gives_everybody_the_same_score(name: str, few: Cohort) -> None:
    """The smallest samples of study 2 may hold nobody with the outcome."""
    well = few.take(few.label.known & ~few.label.outcome)
    scores = METHODS[name](well)(few)
    assert np.ptp(scores) == 0
    assert np.isfinite(scores).all()


def test_settings_are_chosen_by_their_loss_on_people_held_out(few: Cohort) -> None:
    """A penalty that keeps everybody at the base rate must lose against a usual one, whichever is tried first."""
    for settings in ([{"C": 1e-9}, {"C": 0.01}], [{"C": 0.01}, {"C": 1e-9}]):
        chosen = tuning.tuned(comparators.logistic, settings)(few)(few)
        assert chosen == pytest.approx(comparators.logistic({"C": 0.01})(few)(few))


def test_all_methods_may_try_as_many_settings() -> None:
    assert len(tuning.LOGISTIC) == len(tuning.LIGHTGBM) == len(tuning.EBM) == tuning.BUDGET


def test_turned_evidence_ranks_people_the_other_way_round(few: Cohort, tmp_path: Path) -> None:
    right = comparators.evidence(few)(few)
    turned = recoded(few, edited(FOLDER, tmp_path, doubtful.turned()))
    assert np.corrcoef(right, comparators.evidence(turned)(turned))[0, 1] < -0.995
    assert {item.id: item.direction for item in turned.features.inputs}["age"] == "none"


def test_a_flat_start_says_the_same_of_everybody_and_keeps_the_directions(few: Cohort, tmp_path: Path) -> None:
    flat = recoded(few, edited(FOLDER, tmp_path, doubtful.flat))
    assert np.ptp(comparators.evidence(flat)(flat)) == 0
    kept = [item.direction for item in few.features.inputs]
    assert [item.direction for item in flat.features.inputs] == kept


def test_a_redrawn_truth_is_another_each_time(few: Cohort, tmp_path: Path) -> None:
    ones = [recoded(few, edited(FOLDER, tmp_path / str(seed), doubtful.redrawn(seed))) for seed in (1, 2)]
    first, second = (comparators.evidence(one)(one) for one in ones)
    assert not np.allclose(first, second)
    assert np.corrcoef(first, comparators.evidence(few)(few))[0, 1] > 0.5


def test_a_finer_grid_is_nearer_to_the_source(few: Cohort, tmp_path: Path) -> None:
    fine = on_finer_grid(few, tmp_path)
    pay = next(item.place for item in few.features.inputs if item.id == "weekly_pay")
    source = np.exp(few.raw[:, few.columns.index("logwage")])
    gaps = [np.abs(one.outcomes.inputs[:, pay] - source).max() for one in (few, fine)]
    assert gaps[1] <= 0.51 < gaps[0]


def test_silence_takes_whole_questions_away(few: Cohort) -> None:
    """A question with two inputs must lose both, and be counted as not asked."""
    silent = variants.silenced(few, np.full(len(few), 0.3), 1)
    gone = variants.silent_questions(silent)
    assert set(gone) == {question.id for question in few.features.checklist.questions}
    for place, question in enumerate(few.features.checklist.questions):
        for item in few.features.inputs_of[question.id]:
            assert np.array_equal(np.isnan(silent.outcomes.inputs[:, item.place]), gone[question.id] == 1)
        assert np.array_equal(silent.outcomes.states[:, place] == 0, gone[question.id] == 1)

"""Are people refused whom the model has seen, and is nothing tuned where nobody can tell?"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import learned_model
from tests.registered import bundle_called
from tests.tuning_people import QUICK, engine, people
from triage.bundle import Bundle
from triage.cli.tune import _scores
from triage.engine import Engine
from triage.errors import OutcomesError, TuningError, UsageError
from triage.outcomes import Outcomes
from triage.outcomes.held_out import HeldOut
from triage.outcomes.seen import Seen
from triage.tuning import Asserted, Scores, scores_of, tune
from triage.tuning.deciding import Deciding

pytestmark = [learned_model.GROUP, pytest.mark.slow]
MODEL = "pace-simulated-1"


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return learned_model.pace().load(tmp_path_factory.mktemp("model") / "pace-simulated-1")


@pytest.fixture
def bundle(learned: Engine) -> Bundle:
    return learned.bundle


@pytest.fixture
def seen_people() -> Outcomes:
    """The first half, as if the model had learned from them."""
    return people().take(np.arange(1250))


@pytest.fixture
def others() -> Outcomes:
    return people().take(np.arange(1250, 2500))


@pytest.fixture
def record(tmp_path: Path, bundle: Bundle, seen_people: Outcomes) -> Path:
    folder = tmp_path / "record"
    Seen.of(seen_people, bundle).save(folder)
    return folder


def test_a_model_of_published_evidence_has_learned_from_nobody() -> None:
    assert scores_of(engine().bundle, people(), None).how == "never_learned"


def test_people_whom_the_model_has_not_seen_are_used(bundle: Bundle, record: Path, others: Outcomes) -> None:
    assert scores_of(bundle, others, record).how == "unseen"


def test_people_whom_it_has_seen_are_refused(bundle: Bundle, record: Path, seen_people: Outcomes) -> None:
    with pytest.raises(TuningError, match="learned from 1,250 clients"):
        scores_of(bundle, seen_people, record)


def test_one_of_them_among_others_is_enough(bundle: Bundle, record: Path) -> None:
    with pytest.raises(TuningError, match="learned from 1 client of this file"):
        scores_of(bundle, people().take(np.arange(1249, 2500)), record)


def test_edited_rows_of_the_same_client_are_refused(bundle: Bundle, record: Path, seen_people: Outcomes) -> None:
    """Other answers, other weeks, and the id written in capitals: still the same person."""
    ids = np.array([f" {str(client).upper()} " for client in seen_people.client], dtype=object)
    edited = replace(
        seen_people, client=ids, inputs=np.roll(seen_people.inputs, 1, axis=0), weeks=seen_people.weeks + 1
    )
    with pytest.raises(TuningError, match="learned from 1,250 clients"):
        scores_of(bundle, edited, record)


def test_copied_rows_under_other_ids_are_refused(bundle: Bundle, record: Path, seen_people: Outcomes) -> None:
    renamed = replace(seen_people, client=np.array([f"new-{k}" for k in range(1250)], dtype=object))
    with pytest.raises(
        TuningError, match="1,250 rows of other clients repeat the answers of a row that it learned from"
    ):
        scores_of(bundle, renamed, record)


class TestWhereNobodyCanTell:
    @pytest.mark.parametrize("record", [None, Path("nowhere")])
    def test_nothing_is_tuned(self, bundle: Bundle, others: Outcomes, record: Path | None) -> None:
        with pytest.raises(TuningError, match="Nobody can tell"):
            scores_of(bundle, others, record)

    def test_a_named_person_may_answer_for_it_and_every_policy_carries_that(
        self, learned: Engine, others: Outcomes
    ) -> None:
        word = Asserted("M. Invented", "These people came a year after the model was learned.")
        scores = scores_of(learned.bundle, others, None, asserted=word)
        data = tune(learned, others, scores, settings=replace(QUICK, resamples=5)).data
        assert data["scores"] == {"how": "asserted", "asserted_by": "M. Invented", "why": word.because}
        assert "M. Invented" in next(item["text"] for item in data["cautions"] if item["id"] == "asserted")

    @pytest.mark.parametrize(
        ("by", "because"),
        [("", "I met all of them."), ("M. Invented", "  "), ("1", "I met all of them."), ("M. Invented", "because")],
    )
    def test_an_assertion_has_a_name_and_a_reason(self, by: str, because: str) -> None:
        with pytest.raises(TuningError, match="a name and a reason"):
            Asserted(by, because)

    def test_it_never_stands_against_a_record(self, bundle: Bundle, record: Path, seen_people: Outcomes) -> None:
        with pytest.raises(TuningError, match="learned from"):
            scores_of(bundle, seen_people, record, asserted=Asserted("M. Invented", "I am sure."))

    def test_nor_is_it_dropped_where_a_record_tells(self, bundle: Bundle, record: Path, others: Outcomes) -> None:
        with pytest.raises(TuningError, match="--unseen-asserted-by and --because would do nothing"):
            scores_of(bundle, others, record, asserted=Asserted("M. Invented", "I am sure."))

    def test_nor_does_it_pass_where_the_record_of_a_registered_model_was_not_looked_up(
        self, learned: Engine, others: Outcomes
    ) -> None:
        args = Namespace(training=None, model="models:/ltu-triage@champion", out_of_fold=False)
        with pytest.raises(UsageError, match="training record of models:/ltu-triage@champion needs a tracking server"):
            _scores(args, learned, others, None, Asserted("M. Invented", "I am sure."))

    def test_the_record_of_another_model_says_nothing(self, bundle: Bundle, tmp_path: Path, others: Outcomes) -> None:
        Seen.of(others, Bundle.load()).save(tmp_path / "other")
        with pytest.raises(TuningError, match=r"that of evidence-2026\.1"):
            scores_of(bundle, others, tmp_path / "other")

    @pytest.mark.parametrize("out_of_fold", [False, True])
    def test_nor_does_that_of_another_model_with_the_same_name(
        self, bundle: Bundle, tmp_path: Path, others: Outcomes, out_of_fold: bool
    ) -> None:
        another = Bundle.load(bundle_called(MODEL, tmp_path / "bundle", learned=True))
        assert another.version == bundle.version
        Seen.of(others, another).save(tmp_path / "other")
        with pytest.raises(TuningError, match="that of another model of that name"):
            scores_of(bundle, others, tmp_path / "other", out_of_fold=out_of_fold)


class TestOutOfFold:
    @pytest.fixture
    def kept(self, tmp_path: Path, bundle: Bundle, seen_people: Outcomes) -> tuple[Path, np.ndarray]:
        folder = tmp_path / "kept"
        seen = Seen.of(seen_people, bundle)
        seen.save(folder)
        logits = np.linspace(-4, 2, 1250)
        HeldOut.of(seen, seen_people, logits).save(folder)
        return folder, logits

    def test_the_scores_of_held_out_folds_are_used(
        self, learned: Engine, kept: tuple[Path, np.ndarray], seen_people: Outcomes
    ) -> None:
        folder, logits = kept
        scores = scores_of(learned.bundle, seen_people, folder, out_of_fold=True)
        assert scores.how == "out_of_fold"
        assert np.array_equal(scores.held_out, logits)
        deciding = Deciding.of(learned, seen_people, scores.held_out)
        raised = deciding.logits() - logits
        assert np.all(raised >= 0)
        data = tune(learned, seen_people, scores, settings=replace(QUICK, resamples=5)).data
        assert "out_of_fold" in [item["id"] for item in data["cautions"]]
        flagged = data["counts"]["people"][49]
        assert flagged == np.count_nonzero((deciding.logits() >= 0) & deciding.banded)

    def test_people_without_one_are_refused(
        self, bundle: Bundle, kept: tuple[Path, np.ndarray], others: Outcomes
    ) -> None:
        with pytest.raises(OutcomesError, match="no out-of-fold score"):
            scores_of(bundle, others, kept[0], out_of_fold=True)

    def test_a_record_is_needed(self, bundle: Bundle, others: Outcomes) -> None:
        with pytest.raises(TuningError, match="--out-of-fold needs the training record"):
            scores_of(bundle, others, None, out_of_fold=True, asserted=Asserted("M. Invented", "I am sure."))


def test_real_people_scored_by_a_model_for_practice_carry_no_policy(learned: Engine, others: Outcomes) -> None:
    """The model learned from simulated people: whatever it says of real ones is for practice."""
    real = replace(others, simulated=False)
    data = tune(learned, real, Scores("unseen", "", "checked"), settings=replace(QUICK, resamples=5)).data
    assert not data["simulated"]
    assert "learned_simulated" in [item["id"] for item in data["policies"][0]["blocked"]]
    assert "learned_simulated" in [item["id"] for item in data["cautions"]]

"""Does a model that was learned from outcomes keep every rule of the design?

Two of them: one from real people with a checklist of its own, and one from simulated people with the shipped checklist.
The checks are those that the shipped model has to pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import triage
from experiments import displaced_evidence as study
from tests import learned_model
from tests.clients import answers_to, as_columns, choices, clients, grid_rows
from tests.learned_model import LearnedModel
from tests.property import checks, checks_people
from tests.strategies import worlds
from tests.worlds import Built, World, examples
from triage.bundle import OUTPUTS
from triage.decisions import By, Decision, Desk, band_in_force, check_reproduces
from triage.engine import Engine
from triage.errors import DecisionError, OutcomesError
from triage.evaluation import Settings as Judging
from triage.learning import Learned, Settings, Start, learn
from triage.learning.release import About, release_learned
from triage.outcomes import load_kinds
from triage.simulation import Settings as Simulated
from triage.simulation import World as SimulatedWorld
from triage.simulation import simulate

pytestmark = [learned_model.GROUP, pytest.mark.slow]
MODELS: dict[str, Callable[[], LearnedModel]] = {"pace": learned_model.pace, "displaced": learned_model.displaced}


@dataclass(frozen=True, eq=False)
class Door:
    """A learned model and the engine that its bundle gives."""

    model: LearnedModel
    engine: Engine


@pytest.fixture(scope="module", params=MODELS)
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Door:
    model = MODELS[request.param]()
    return Door(model, model.load(tmp_path_factory.mktemp("learned") / "bundle"))


# ------------------------------------------------------------------------------------------------ rules 1 and 2


def test_the_parts_add_up_to_the_figure_in_any_order(door: Door) -> None:
    checks.check_additive(door.engine, grid_rows(door.engine, 1500, seed=1))


def test_the_most_extreme_clients_stay_within_the_released_range(door: Door) -> None:
    tables = [door.engine.bundle.tables[item.id] for item in door.engine.features.inputs]
    values = [item.grid.values for item in door.engine.features.inputs]
    ends = [[pick(grid, key=table.at) for grid, table in zip(values, tables, strict=True)] for pick in (min, max)]
    checks.check_additive(door.engine, np.array(ends))


def test_a_client_gets_the_same_figure_alone_and_in_any_batch(door: Door) -> None:
    checks.check_batches(door.engine, grid_rows(door.engine, 300, seed=2))


def test_the_order_of_the_list_changes_nobodys_figure(door: Door) -> None:
    rows = grid_rows(door.engine, 500, seed=3)
    order = np.random.default_rng(3).permutation(len(rows))
    one, other = door.engine.bundle.run(rows), door.engine.bundle.run(rows[order])
    for name in OUTPUTS:
        np.testing.assert_allclose(one[name][order], other[name], rtol=0, atol=checks.TIGHT)
    np.testing.assert_array_equal(one["logit"][order], other["logit"])


def test_model_points_and_tables_agree_on_every_value_and_on_whole_clients(door: Door) -> None:
    checks.check_one_model(door.engine, door.model.scorecard)
    checks.check_jointly(door.engine, door.model.scorecard, grid_rows(door.engine, 1500, seed=4))
    checks.check_engine_gives_the_model(door.engine)


def test_what_was_fitted_is_what_is_released(door: Door) -> None:
    """The learner's own tables, without any file between, say the same to the bit."""
    rows = grid_rows(door.engine, 1500, seed=5)
    np.testing.assert_array_equal(door.model.learned.fitted.logits(rows), door.engine.bundle.run(rows)["logit"])


def test_a_copy_elsewhere_is_the_same_model(door: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = door.model.load(tmp_path_factory.mktemp("again") / "other")
    person = clients(again, 1, seed=6, silent=0.1)[0]
    assert again.score(person, on=checks.DAY).to_dict() == door.engine.score(person, on=checks.DAY).to_dict()


# ------------------------------------------------------------------------------------------------ rules 3 and 4


def test_more_of_a_risk_never_lowers_the_figure_or_its_range(door: Door) -> None:
    """Over the ordered options of a question with several inputs too, and over whole grids."""
    directed = [
        question for question in door.engine.checklist.questions if checks.risk_order(door.engine, question.id)[1]
    ]
    assert len(directed) == (7 if door.model.beside else 18)
    checks.check_direction(door.engine, [{}, *clients(door.engine, 6, seed=7)])


def test_silence_contributes_nothing(door: Door) -> None:
    checks.check_silence(door.engine, clients(door.engine, 200, seed=8, silent=0.5))


def test_leaving_out_any_question_widens_the_range_on_average(door: Door) -> None:
    everybody = door.model.start.reference.simulate(everything=True)[:20_000]
    checks.check_silence_widens(door.engine, door.model.scorecard, everybody)


# ------------------------------------------------------------------------------------------------ rules 5 to 10


@given(data=st.data())
@examples(40)
def test_bands_silence_and_records_of_anybody(door: Door, data: st.DataObject) -> None:
    """Rules 4, 5, 6, 8 and 10 for a client who answers or not in any of the ways there are."""
    person = data.draw(answers_to(door.engine))
    checks.check_kinds_of_silence(door.engine, person)
    checks_people.check_bands(door.engine, person)
    checks_people.check_reproduces(door.engine, person)
    check_learned_words(door.engine, person)


def test_answers_about_health_sex_or_race_never_take_support_away(door: Door) -> None:
    assert checks_people.special_questions(door.engine)
    people = clients(door.engine, 12, seed=9, silent=0.1)
    for person in people:
        checks_people.check_special_only_raises(door.engine, person)


def test_some_of_these_answers_raise_a_band_and_a_lower_figure_lowers_none(door: Door) -> None:
    """Without this, "never lower" would hold for an engine that ignores them."""
    people = clients(door.engine, 300, seed=10, silent=0.1)
    special = checks_people.special_questions(door.engine)
    found = door.engine.score_many(as_columns(door.engine, people), on=checks.DAY)
    places = [found.questions.index(name) for name in special]
    moved = found.contributions[:, places].sum(axis=1)
    banded = np.array([band is not None for band in found.band])
    np.testing.assert_array_equal(found.band_logit[banded & (moved >= 0)], found.logit[banded & (moved >= 0)])
    lowered = banded & (moved < 0)
    assert np.count_nonzero(lowered) > 20
    np.testing.assert_array_equal(found.band_logit[lowered], found.logit[lowered] - moved[lowered])


def test_a_list_says_of_each_client_what_is_said_alone(door: Door) -> None:
    people = clients(door.engine, 250, seed=11, silent=0.08)
    found = checks_people.check_one_is_many(door.engine, people)
    assert {band.id for band in door.engine.cutoffs.bands} <= set(found.band)
    assert np.count_nonzero(found.lowest_place < found.highest_place) > 25, "ranges across a cut-off"


def test_a_named_person_decides_and_the_record_gives_the_same_again(door: Door) -> None:
    """Rules 7 and 8: a decision about a learned score is kept, read back, and reproduced to the bit."""
    desk, now = Desk(door.engine.cutoffs), datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
    for person in clients(door.engine, 10, seed=12, silent=0.05):
        score = door.engine.score(person, on=checks.DAY)
        record = desk.confirm(score, By("A. Adviser", now))
        kept = Decision.from_json(record.to_json())
        assert kept == record
        assert band_in_force([kept]) == score.band
        check_reproduces(kept, door.engine)
        assert kept.score is not None
        assert kept.score["versions"]["model"] == door.engine.bundle.version


def test_the_evidence_model_does_not_vouch_for_a_learned_score(door: Door, tmp_path: Path) -> None:
    """A record names its model, so that nobody reproduces it with another and calls the difference an error."""
    evidence = triage.load() if not door.model.beside else study.build_engine(tmp_path / "evidence")
    desk, by = Desk(door.engine.cutoffs), By("A. Adviser", datetime(2026, 9, 15, 9, 0, tzinfo=UTC))
    score = door.engine.score(answering_everything(door), on=checks.DAY)
    with pytest.raises(DecisionError, match=f"made with model {door.engine.bundle.version}"):
        check_reproduces(desk.confirm(score, by), evidence)


def answering_everything(door: Door) -> dict[str, Any]:
    """A client who answers every question."""
    return {question.id: choices(door.engine, question.id)[0] for question in door.engine.checklist.questions}


# ------------------------------------------------------------------------------------------------ words


def check_learned_words(engine: Engine, person: dict[str, object]) -> None:
    """Rule 10: "were", with the sample and its dates; simulated where it is; the words of the label; no research."""
    score, manifest = engine.score(person, on=checks.DAY), engine.bundle.manifest
    said = " ".join(score.sentences)
    assert engine.words.wording.result.source_evidence not in said
    assert "published research" not in said
    assert "assumption" not in said
    assert "unemployed" not in said
    assert "{" not in said
    sample = manifest.sample
    assert sample is not None
    people = f"{sample.people:,} simulated people" if sample.simulated else f"{sample.people:,} people"
    assert any(people in sentence for sentence in engine.words.source())
    if score.status in ("proposed", "not_enough_answers"):
        figure = next(sentence for sentence in score.sentences if " were " in sentence)
        assert f"({people}, {sample.first} to {sample.last})" in figure
        for words in (manifest.label.outcome, manifest.label.complement, manifest.label.horizon):
            assert words in figure


def test_what_is_simulated_is_called_so_wherever_a_figure_is_said(door: Door) -> None:
    manifest, said = door.engine.bundle.manifest, " ".join(door.engine.score({}, on=checks.DAY).sentences)
    assert manifest.sample is not None
    simulated = manifest.sample.simulated
    assert simulated == (not door.model.beside), "the people of the shipped checklist are simulated, the others real"
    where = (said, manifest.training, manifest.base_rate.source, door.engine.bundle.card)
    assert [("simulated people" in text) for text in where[:3]] == [simulated] * 3
    assert ("learned from simulated people" in where[3]) == simulated


# ------------------------------------------------------------------------------------------------ any checklist


@given(world=worlds(), seed=st.integers(0, 10**6), strength=st.sampled_from((0.0, 1.0, 4.0)))
@examples(5)
def test_every_rule_over_models_learned_with_checklists_made_at_random(
    world: World, seed: int, strength: float
) -> None:
    """From few simulated people: areas, neutral answers, several inputs to a question, evidence of nothing at all."""
    with world.build() as built:
        learned, engine = learned_in(built, seed, strength)
        rows, people = grid_rows(engine, 150, seed), clients(engine, 10, seed)
        checks.check_additive(engine, rows)
        checks.check_one_model(engine, learned.scorecard)
        checks.check_jointly(engine, learned.scorecard, rows)
        checks.check_engine_gives_the_model(engine)
        checks.check_direction(engine, [{}, *people[:3]])
        checks.check_silence(engine, people)
        checks.check_silence_widens(engine, learned.scorecard, built.reference.simulate(everything=True))
        checks_people.check_one_is_many(engine, people)
        for person in people:
            checks_people.check_bands(engine, person)
            checks_people.check_special_only_raises(engine, person)
            checks_people.check_reproduces(engine, person)


def learned_in(built: Built, seed: int, strength: float) -> tuple[Learned, Engine]:
    """What 400 simulated clients of an invented organisation teach; with strength 0 there is nothing to learn."""
    features, recipe = built.engine.features, built.folder / "recipe.yaml"
    people = simulate(400, f"rules {seed}", SimulatedWorld.of(recipe, features, Simulated(strength=strength))).outcomes
    weeks = float(features.checklist.label.horizon_weeks)
    try:
        learned = learn(people, Start.of(recipe, features), weeks, Settings(folds=3, repeats=1, rounds=10, threads=1))
    except OutcomesError:  # Of so few people nobody may be out of work.
        reject()
    about = About("learned-1", load_kinds(features.checklist.folder))
    release_learned(learned, about, judging=Judging(resamples=5)).write(built.folder / "learned")
    cutoffs = built.folder / "cutoffs.yaml"
    return learned, triage.load(built.folder / "learned", checklist=built.folder, cutoffs=cutoffs)

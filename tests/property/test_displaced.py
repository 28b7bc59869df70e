"""Do the rules that never break hold for a second checklist, on real people and on any answers?

The people are those of tests/data/cps_dws_jobless.csv; some of their answers are taken away or changed at random.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from experiments import displaced_evidence as study
from triage.checklist import Checklist, Question
from triage.features import Features
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

CHECKLIST = Checklist.load(study.FOLDER)
FEATURES = Features.load(CHECKLIST)
DIRECTED = [question.id for question in CHECKLIST.questions if question.direction is not None]
QUESTIONS = [question.id for question in CHECKLIST.questions]
TIGHT = 1e-12


@pytest.fixture(scope="module")
def engine() -> Iterator[triage.Engine]:
    with TemporaryDirectory() as folder:
        yield study.build_engine(Path(folder) / "bundle")


@cache
def everybody() -> tuple[dict[str, Any], ...]:
    """The 3,343 people as answers of one client each."""
    columns = study.answers_of(study.read_people())
    return tuple(dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))


def along(question: Question) -> list[Any]:
    """The answers of a question from one end to the other; for a number every edge of its grid and both ends."""
    if question.number is None:
        return [option.id for option in question.ordered]
    low, high = question.number.minimum, question.number.maximum
    grid = FEATURES.inputs_of[question.id][0].grid
    values = {low, high, *(value for value in (*grid.values, *grid.edges) if low <= value <= high)}
    return sorted(value for value in values if not question.number.whole or float(value).is_integer())


def people() -> st.SearchStrategy[dict[str, Any]]:
    """A real person who keeps some answers to themselves."""
    person = st.integers(0, 3342).map(lambda row: everybody()[row])
    silent = st.sets(st.sampled_from(QUESTIONS), max_size=len(QUESTIONS))
    return st.builds(lambda answers, gone: {k: v for k, v in answers.items() if k not in gone}, person, silent)


def as_columns(many: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [person.get(name) for person in many] for name in QUESTIONS}


@pytest.mark.parametrize("name", DIRECTED)
@settings(max_examples=15)
@given(person=people())
def test_more_of_the_risk_never_lowers_the_figure_or_its_range(
    engine: triage.Engine, name: str, person: dict[str, Any]
) -> None:
    """Over the ordered answers of the question, so that both inputs of the schooling question count."""
    question = CHECKLIST.question(name)
    assert question.direction is not None
    answers = along(question) if question.direction.risk == "rises" else along(question)[::-1]
    found = engine.score_many(as_columns([{**person, name: answer} for answer in answers]))
    for values in (found.logit, found.lower_logit, found.upper_logit):
        assert np.all(np.diff(values) >= 0)
    for values in (found.probability, found.lower, found.upper):
        assert np.all(np.diff(values) >= -TIGHT)
    assert found.logit[-1] > found.logit[0]


@settings(max_examples=60)
@given(person=people(), order=st.permutations(QUESTIONS))
def test_the_sum_is_exact_in_any_order(engine: triage.Engine, person: dict[str, Any], order: list[str]) -> None:
    score = engine.score(person)
    assert score.baseline + sum(score.contributions[name] for name in order) == score.logit
    assert math.ldexp(score.logit, 36).is_integer()
    assert abs(score.probability - 0.5 * (1 + math.tanh(score.logit / 2))) < TIGHT


@settings(max_examples=40)
@given(person=people(), gone=st.sampled_from(QUESTIONS), how=st.sampled_from((None, "", "declined", "not_asked")))
def test_silence_counts_nothing_and_changes_nothing_else(
    engine: triage.Engine, person: dict[str, Any], gone: str, how: str | None
) -> None:
    spoken, silent = engine.score(person), engine.score({**person, gone: how})
    assert silent.contributions[gone] == 0.0
    assert all(silent.contributions[name] == spoken.contributions[name] for name in QUESTIONS if name != gone)


@pytest.mark.parametrize("name", QUESTIONS)
def test_leaving_a_question_out_widens_the_range_on_average(engine: triage.Engine, name: str) -> None:
    """Over the reference population: not asking would otherwise make a figure look surer than asking does."""
    rows, full = reference_rows(engine)
    without = rows.copy()
    without[:, [item.place for item in FEATURES.inputs_of[name]]] = np.nan
    assert mean_width(engine, without) > full


@cache
def reference_rows(engine: triage.Engine) -> tuple[np.ndarray, float]:
    """Everybody of the reference population with an answer to every question, and the mean width of their ranges."""
    recipe = read_recipe(study.FOLDER / "evidence.yaml")
    rows = Reference(recipe.reference, FEATURES).simulate(everything=True)
    return rows, mean_width(engine, rows)


def mean_width(engine: triage.Engine, rows: np.ndarray) -> float:
    found = engine.bundle.run(rows)
    return float(np.mean(found["upper"] - found["lower"]))


def test_graph_and_points_agree_on_every_value(engine: triage.Engine) -> None:
    """ONNX, points.csv and the engine would give different answers to the same question."""
    for item in FEATURES.inputs:
        values = np.array([*item.grid.values, np.nan])
        rows = np.full((len(values), len(FEATURES.inputs)), np.nan)
        rows[:, item.place] = values
        found = engine.bundle.run(rows)
        wanted = [engine.bundle.tables[item.id].at(value) for value in values.tolist()]
        assert found["contributions"][:, item.place].tolist() == wanted, item.id
        assert found["logit"].tolist() == [engine.bundle.manifest.baseline + points for points in wanted]


@settings(max_examples=40)
@given(person=people())
def test_sex_and_race_never_take_support_away(engine: triage.Engine, person: dict[str, Any]) -> None:
    """The band is never lower than it is without them, whatever the answer."""
    ids = [band.id for band in engine.cutoffs.bands]
    plain = engine.score({name: value for name, value in person.items() if name not in ("sex", "race")})
    for sex, race in itertools.product((None, "man", "woman"), (None, "white", "not_white")):
        score = engine.score({**person, "sex": sex, "race": race})
        assert (score.band is None) == (plain.band is None)
        if score.band is not None and plain.band is not None:
            assert ids.index(score.band) >= ids.index(plain.band)


@settings(max_examples=20)
@given(many=st.lists(people(), min_size=1, max_size=8))
def test_a_list_says_what_is_said_of_each_client(engine: triage.Engine, many: list[dict[str, Any]]) -> None:
    found = engine.score_many(as_columns(many))
    for row, person in enumerate(many):
        score = engine.score(person)
        assert (found.logit[row], found.lower_logit[row], found.upper_logit[row]) == (
            score.logit, score.lower_logit, score.upper_logit,
        )  # fmt: skip
        assert (found.band[row], found.status[row]) == (score.band, score.status)
        assert found.contributions[row].tolist() == list(score.contributions.values())


@settings(max_examples=100)
@given(
    spells=st.lists(st.tuples(st.integers(1, 28), st.booleans()), min_size=1, max_size=60), horizon=st.integers(1, 27)
)
def test_weighted_shares_are_those_of_kaplan_and_meier(spells: list[tuple[int, bool]], horizon: int) -> None:
    """The study would rank people by a share that counts the censored spells wrongly."""
    spell, censored = np.array([float(time) for time, _ in spells]), np.array([lost for _, lost in spells])
    staying = 1.0
    for step in range(1, horizon + 1):
        at_risk = np.count_nonzero(spell >= step)
        staying *= 1 - np.count_nonzero((spell == step) & ~censored) / at_risk if at_risk else 1
    weight = study.known_weights(spell, censored, horizon)
    beyond = float(np.sum(weight[spell > horizon])) / len(spell)
    if np.any(spell > horizon):
        assert beyond == pytest.approx(staying)
    assert np.all(weight >= 0)
    assert not np.any(weight[censored & (spell <= horizon)])

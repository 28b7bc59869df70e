"""Is the truth about simulated people true? Integrals against brute force, and effects against the evidence."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.small_content import Folder
from triage.checklist import Checklist
from triage.content import content_root
from triage.errors import UsageError
from triage.features import Features
from triage.simulation import Settings, World, simulate
from triage.simulation.settings import Spells
from triage.simulation.spells import cumulative, phi_of, quantile, unobserved_of
from triage.simulation.waves import wave_sum

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]
RECIPE = content_root() / "models" / "recipes" / "evidence.yaml"
LAWS: tuple[Spells, ...] = ("aft", "ph")


@pytest.fixture(scope="module")
def features() -> Features:
    return Features.load(Checklist.load())


def groups(full: int, others: list[str]) -> list[dict[str, object]]:
    return [{"options": ["full"], "share": full}, {"options": others, "share": 100 - full}]


def small(folder: Path) -> Path:
    """Three questions; the licence goes with the place, and what was earned has six groups."""
    content = Folder(folder)
    content.recipe["reference"]["margins"] = [
        {
            "question": "licence", "source": "x", "given": "place",
            "cases": [
                {"options": ["A1"], "groups": groups(70, ["part", "none"])},
                {"options": ["A2"], "groups": groups(20, ["none"])},
            ],
        },
        {
            "question": "earned", "source": "x",
            "groups": [{"from": 0, "to": 4000, "share": 60}, {"from": 2_600_000, "to": 2_600_000, "share": 40}],
        },
    ]  # fmt: skip
    return content.write()


def brute(world: World, row: Array) -> float:
    """P(outcome | the answers of one person), by going through everybody there can be."""
    features, shares = world.features, world.reference.shares
    total = weight = 0.0
    for place, licence, earned in itertools.product(("A1", "A2"), ("full", "part", "none"), shares["earned"]):
        given = dict(world.reference.margins["licence"].by[place]).get(licence, 0)
        chance = 0.5 * float(given) * float(earned[1])
        answers = {"place": place, "licence": licence, "earned": earned[0]}
        person = np.array([item.value(answers[item.question.id]) for item in features.inputs])
        if chance and all(known == value for known, value in zip(row, person, strict=True) if known == known):
            total += chance * float(world.chance(person[np.newaxis])[0])
            weight += chance
    return total / weight


@pytest.mark.parametrize("spells", LAWS)
def test_the_best_possible_is_what_trying_every_answer_gives(tmp_path: Path, spells: Spells) -> None:
    """Each pattern of silence, also where one answer says something about another that is missing."""
    folder = small(tmp_path / "own")
    features = Features.load(Checklist.load(folder))
    world = World.of(folder / "recipe.yaml", features, Settings(strength=2.0, spells=spells))
    options = ((np.nan, 0.0, 1.0, 2.0), (np.nan, 0.0, 3000.0, 2_600_000.0), (np.nan, 2.5, 7.2, 7.3))
    rows = np.array(list(itertools.product(*options)))
    rate = {item.id: item.value("A2") for item in features.inputs if item.question.id == "place"}["rate"]
    rows = rows[np.isnan(rows[:, 2]) | np.isin(rows[:, 2], [2.5, rate])]
    rows = rows[~((rows[:, 2] == rate) & (rows[:, 0] == 1))]
    np.testing.assert_allclose(world.best_possible(rows), [brute(world, row) for row in rows], atol=1e-9)
    nobody = np.full((1, 3), np.nan)
    assert world.best_possible(nobody)[0] == pytest.approx(world.base_rate, abs=1e-9)


def test_where_no_age_is_asked_nobody_retires(tmp_path: Path) -> None:
    folder = small(tmp_path / "own")
    features = Features.load(Checklist.load(folder))
    settings = Settings(base_rate=0.6, follow_up=1.0, missing=0.5)
    people = simulate(3000, "small", World.of(folder / "recipe.yaml", features, settings)).outcomes
    assert "retired" not in people.kind
    assert "died" in people.kind
    assert np.isnan(people.inputs).mean() == pytest.approx(0.5, abs=0.03), "no form of its own: only 'missing' counts"


def test_answers_that_nobody_gives_are_refused(tmp_path: Path) -> None:
    folder = small(tmp_path / "own")
    features = Features.load(Checklist.load(folder))
    world = World.of(folder / "recipe.yaml", features)
    with pytest.raises(UsageError, match="'earned' has 1 answers"):
        world.best_possible(np.array([[0.0, 9000.0, 2.5]]))
    with pytest.raises(UsageError, match="never go together"):
        world.best_possible(np.array([[1.0, 0.0, features.inputs[2].value("A2")]]))


@pytest.mark.parametrize("spells", LAWS)
def test_a_law_written_in_waves_is_the_law(spells: Spells) -> None:
    at = np.linspace(-20, 20, 401)
    waves = wave_sum(spells, 20.0)
    turned = np.exp(1j * np.outer(at, waves.frequencies))
    np.testing.assert_allclose(waves.of(turned), cumulative(spells, at), atol=1e-9)


@pytest.mark.parametrize("spells", LAWS)
def test_a_quantile_undoes_its_law(spells: Spells) -> None:
    share = np.array([0.01, 0.12, 0.5, 0.9])
    np.testing.assert_allclose(cumulative(spells, quantile(spells, share)), share)


@pytest.mark.parametrize("unobserved", [0.3, 1.0, 2.5])
def test_over_what_is_not_asked_the_odds_ratios_are_those_of_the_evidence(unobserved: float) -> None:
    """By integration over the stated density: larger within a person, over all people exactly as stated."""
    phi = phi_of("aft", unobserved)
    u = np.arange(-400, 400, 0.005)
    density = np.sin(phi * np.pi) / (2 * np.pi * (np.cosh(phi * u) + np.cos(phi * np.pi)))
    assert density.sum() * 0.005 == pytest.approx(1, abs=1e-6)
    assert np.sqrt((density * u**2).sum() * 0.005) == pytest.approx(unobserved, rel=1e-4)
    for logit in (-4.0, -2.0, 0.0, 1.0):
        mean = (density * cumulative("aft", logit / phi + u)).sum() * 0.005
        assert mean == pytest.approx(float(cumulative("aft", np.array(logit))), abs=1e-7)


@pytest.mark.parametrize("spells", LAWS)
@pytest.mark.parametrize("unobserved", [0.0, 1.0, 2.5])
def test_what_is_not_asked_is_drawn_from_its_density(spells: Spells, unobserved: float) -> None:
    people, phi = 200_000, phi_of(spells, unobserved)
    u = unobserved_of(spells, phi, "u", people)
    assert u.std() == pytest.approx(unobserved, rel=0.02, abs=1e-9)
    for at in (-3.0, -1.0, 0.5):
        within = cumulative(spells, at / phi + u)
        error = 4 * within.std() / np.sqrt(people) + 1e-9
        assert within.mean() == pytest.approx(float(cumulative(spells, np.array(at))), abs=error)


def test_an_odds_ratio_is_the_same_at_every_week(features: Features) -> None:
    world = World.of(RECIPE, features)
    best, worst = extremes(world)
    for weeks in (4.0, 26.0, 52.0, 104.0):
        chances = np.array([world.chance(row, weeks)[0] for row in (best, worst)])
        logits = quantile("aft", chances)
        evidence = world.scorecard.contributions_many(worst).sum() - world.scorecard.contributions_many(best).sum()
        assert logits[1] - logits[0] == pytest.approx(float(evidence))


def test_with_proportional_hazards_it_is_not_and_the_hazard_ratio_is(features: Features) -> None:
    world = World.of(RECIPE, features, Settings(spells="ph"))
    best, worst = extremes(world)
    odds, hazards = [], []
    for weeks in (4.0, 26.0, 52.0, 104.0):
        chances = np.array([world.chance(row, weeks)[0] for row in (best, worst)])
        odds.append(float(np.diff(quantile("aft", chances))[0]))
        hazards.append(float(np.diff(np.log(-np.log(chances)))[0]))
    assert np.ptp(hazards) < 1e-9
    assert np.ptp(odds) > 0.2
    assert world.rate_at(np.array([52.0]))[0] == pytest.approx(0.12, abs=1e-9)


def test_at_the_base_rate_hazards_give_the_odds_ratios_of_the_evidence(features: Features) -> None:
    world = World.of(RECIPE, features, Settings(spells="ph"))
    middle = (quantile("ph", np.array(0.12)) - world.law.intercept) / world.law.slope
    step = 1e-4
    odds = quantile("aft", world.law.still_out(np.array([middle, middle + step]), 52.0))
    assert float(odds[1] - odds[0]) / step == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
def test_a_big_sample_gives_the_evidence_back(features: Features) -> None:
    """A logistic fit on the true effects finds a slope of 1 at every week, whatever the spread of what is not asked."""
    from sklearn.linear_model import LogisticRegression

    for unobserved in (0.0, 2.0):
        world = World.of(RECIPE, features, Settings(unobserved=unobserved, strength=1.5))
        people = simulate(200_000, "big", world)
        effects = world.effects(people.everything)[:, np.newaxis]
        for weeks in (13, 52):
            fit = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(effects, people.spells > weeks)
            assert fit.coef_[0, 0] == pytest.approx(1, abs=0.03), (unobserved, weeks)


def extremes(world: World) -> tuple[Array, Array]:
    """The answers of the lowest and of the highest risk."""
    rows = []
    for pick in (np.argmin, np.argmax):
        values = []
        for item, table in zip(world.features.inputs, world.scorecard.tables, strict=True):
            grid = np.array(item.grid.values)
            values.append(grid[pick([table.at(value) for value in grid])])
        rows.append(np.array([values]))
    return rows[0], rows[1]

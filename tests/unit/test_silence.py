"""Is what was not asked drawn as a random person would answer, and does not knowing widen the range?"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference
from triage.scorecard.silence import spread, with_silence

pytestmark = pytest.mark.slow


def test_answers_are_spread_evenly_over_their_shares() -> None:
    shares = (("a", Decimal("0.5")), ("b", Decimal("0.25")), ("c", Decimal("0.25")), ("never", Decimal(0)))
    assert Counter(spread(shares, 32, "x")) == {"a": 16, "b": 8, "c": 8}
    assert Counter(spread(shares, 5, "x"))["a"] in (2, 3)


def test_the_order_depends_on_the_seed_alone() -> None:
    shares = (("a", Decimal("0.5")), ("b", Decimal("0.5")))
    assert spread(shares, 32, "x") == spread(shares, 32, "x")
    assert spread(shares, 32, "x") != spread(shares, 32, "y")


def test_shares_that_do_not_quite_add_up_lose_nobody() -> None:
    third = Decimal(1) / 3
    assert len(spread((("a", third), ("b", third), ("c", third)), 9, "x")) == 9


@pytest.fixture(scope="module")
def parts() -> tuple[Features, Reference, triage.Engine]:
    features = Features.load(Checklist.load())
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    return features, Reference(recipe.reference, features), triage.load()


def test_each_missing_draw_is_some_answer_of_that_draw(parts: tuple[Features, Reference, triage.Engine]) -> None:
    """Nothing is made up for a missing answer: in every draw it is worth what an answer is worth there."""
    features, reference, _ = parts
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    scorecard = build_evidence(recipe, features, reference)
    for item, table in zip(features.inputs, scorecard.tables, strict=True):
        for draw in range(scorecard.draw_count):
            assert table.missing_draws[draw] in table.draws[:, draw], item.id


def test_filling_in_twice_changes_nothing(parts: tuple[Features, Reference, triage.Engine]) -> None:
    features, reference, _ = parts
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    scorecard = build_evidence(recipe, features, reference)
    again = with_silence(scorecard, reference, f"{recipe.draws.seed}:silent")
    for one, other in zip(scorecard.tables, again.tables, strict=True):
        np.testing.assert_array_equal(one.missing_draws, other.missing_draws)
        assert one.points == other.points, "the score itself is not touched"


def test_the_less_is_known_the_wider_the_range_on_average(parts: tuple[Features, Reference, triage.Engine]) -> None:
    features, reference, engine = parts
    people = reference.simulate(everything=True)[:3000]
    order = [item.place for item in features.inputs]
    widths = []
    for known in (18, 12, 6, 0):
        rows = people.copy()
        rows[:, order[known:]] = np.nan
        outputs = engine.bundle.run(rows)
        widths.append(float(np.mean(outputs["upper"] - outputs["lower"])))
    assert widths == sorted(widths)
    assert widths[-1] > 1.5 * widths[0]


def test_who_answers_nothing_gets_the_base_rate_with_the_widest_range(
    parts: tuple[Features, Reference, triage.Engine],
) -> None:
    score = parts[2].score({})
    assert score.probability == pytest.approx(0.12, abs=1e-9)
    assert score.lower < 0.09 < 0.15 < score.upper


def test_an_area_without_a_figure_can_be_built_with(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "own")
    folder.areas += "A3,Westtown,,,\n"
    path = folder.write()
    release = release_evidence(path / "recipe.yaml", Features.load(Checklist.load(path)))
    release.write(path / "bundle")
    engine = triage.load(path / "bundle", checklist=path, cutoffs=path / "cutoffs.yaml")
    assert engine.score({"place": "Westtown"}).logit == engine.score({}).logit

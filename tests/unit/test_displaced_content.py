"""What may an organisation's own content say, and is every fault of it named at once, with its place?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import triage
from experiments import displaced_evidence as study
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.cutoffs import Cutoffs
from triage.errors import UserError
from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.check import check_recipe
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

pytestmark = pytest.mark.slow

FOLDER = study.FOLDER
PART = {
    "age": 52,
    "tenure": 12,
    "schooling": "less_than_12",
    "reason_for_loss": "slack_work",
    "state_unemployment": 7.2,
}
Change = Callable[..., Path]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> triage.Engine:
    return study.build_engine(tmp_path_factory.mktemp("displaced") / "bundle")


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """A copy of the folder in which one file has some of its text replaced."""

    def changed(name: str, *pairs: tuple[str, str]) -> Path:
        for path in FOLDER.glob("*.yaml"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        text = (tmp_path / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return changed


def features_of(folder: Path = FOLDER) -> Features:
    return Features.load(Checklist.load(folder))


def build(folder: Path) -> Scorecard:
    features, recipe = features_of(folder), read_recipe(folder / "evidence.yaml")
    check_recipe(recipe, features)
    return build_evidence(recipe, features, Reference(recipe.reference, features))


# --- every fault at once, with its place


def faults_of(call: Callable[[], object]) -> list[str]:
    with pytest.raises(UserError) as caught:
        call()
    return [str(fault) for fault in caught.value.faults]


def test_every_fault_of_a_checklist_is_named_with_its_line(change: Change) -> None:
    folder = change(
        "checklist.yaml",
        ("from: 18, to: 75", "from: 75, to: 18"),
        ("    event_form: 2\n", "    event_form: 9\n    colour: blue\n"),
        ('{risk: falls, may: true, words: "Less', '{risk: fals, may: true, words: "Less'),
        ("sensitivity: special_category", "sensitivity: special"),
    )
    lines = (folder / "checklist.yaml").read_text(encoding="utf-8").splitlines()
    found = faults_of(lambda: Checklist.load(folder))
    wrong = ("from: 75", "event_form: 9", "colour: blue", "risk: fals,", "sensitivity: special")
    for text in wrong:
        line = next(number for number, words in enumerate(lines, start=1) if text in words)
        assert any(f"checklist.yaml, line {line}:" in fault for fault in found), (text, found)
    assert len(found) == len(wrong)
    assert any("Did you mean 'falls'?" in fault for fault in found)


def test_every_fault_of_the_features_is_named(change: Change) -> None:
    folder = change(
        "features.yaml",
        (
            "question: schooling, codes: {less_than_12: 1, twelve: 0",
            "question: schooling, codes: {less_than_12: 1, twelv: 0",
        ),
        ("question: married", "question: maried"),
    )
    found = " ".join(faults_of(lambda: features_of(folder)))
    for words in (
        "'twelv' that counts. Did you mean 'twelve'?",
        "'twelve' has no code",
        "no question 'maried'",
        "'married' has no input",
    ):
        assert words in found


def test_every_fault_of_the_policy_is_named(change: Change) -> None:
    folder = change("cutoffs.yaml", ("[age, tenure,", "[age, tenur,"), ("at_least: 5", "at_least: 50"))
    found = faults_of(lambda: Cutoffs.load(folder / "cutoffs.yaml").check_fits(Checklist.load(folder)))
    assert len(found) == 2
    assert "Did you mean 'tenure'?" in found[0]


def test_every_fault_of_the_recipe_is_named(change: Change) -> None:
    folder = change(
        "evidence.yaml",
        ("input: tenure", "input: tenur"),
        ("range: [1.3, 2.3]", "range: [0.9, 2.3]"),
        ("[school_below_12, school_above_12]", "[school_below_12, married]"),
    )
    found = " ".join(faults_of(lambda: build(folder)))
    for words in (
        "no such input. Did you mean 'tenure'?",
        "'tenure' has no effect",
        "range goes below 1, but the direction of the input is stated (rises)",
        "a block with a range needs inputs with a direction, and married has none",
    ):
        assert words in found


def test_every_fault_of_the_reference_population_is_named(change: Change) -> None:
    folder = change(
        "evidence.yaml",
        ("options: [plant_closed]", "options: [plant_close]"),
        ("{from: 20, to: 24,", "{from: 10, to: 14,"),
        ("{from: 2, to: 2,", "{from: 1, to: 2,"),
    )
    found = " ".join(faults_of(lambda: build(folder)))
    for words in ("Did you mean 'plant_closed'?", "nobody may give a number from 10 to 14", "two groups overlap"):
        assert words in found


# --- what a recipe may say, and what it may not say


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("log_linear: [0, 20]", "log_linear: [20, 0]"),
        ("share: 17.2", "share: 17.3"),
        ("plausible: [0.20, 0.40]", "plausible: [0.40, 0.20]"),
        ("lower: 3, upper: 30", "lower: 30, upper: 3"),
        ("lower: 3, upper: 30", "lower: 3, upper: 33"),
        ("[50, 1.8]]", "[30, 1.8]]"),
        ("{from: 20, to: 24, share", "{from: 20, share"),
        ("{from: 20, to: 24, share", "{from: 20, to: 24, options: [young], share"),
        ("{options: [plant_closed], share", "{share"),
    ],
)
def test_a_shape_that_cannot_be_drawn_is_refused(change: Change, old: str, new: str) -> None:
    folder = change("evidence.yaml", (old, new))
    found = faults_of(lambda: read_recipe(folder / "evidence.yaml"))
    assert len(found) == 1
    assert "evidence.yaml, line " in found[0]


def test_steps_of_no_size_with_a_range_are_refused(change: Change) -> None:
    """The range would be lost without a word: steps of equal odds ratios have no shape that a draw could follow."""
    folder = change(
        "evidence.yaml",
        ("range: [0.8, 1.25]\n    even_steps: true", 'range: [0.8, 1.25]\n    answers: {"yes": 1, "no": 1}'),
    )
    assert "needs 'even_steps' or 'log_linear'" in faults_of(lambda: read_recipe(folder / "evidence.yaml"))[0]


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("evidence.yaml", ("[[18, 1.0], [35, 1.3], [50, 1.8]]", "[[18, 1.0], [35, 1.8], [50, 1.3]]")),
        ("features.yaml", ("step: 1, round: down}, direction: rises", "step: 1, round: down}, direction: falls")),
        (
            "features.yaml",
            ("step: 0.1, round: nearest}, direction: rises", "step: 0.1, round: nearest}, direction: falls"),
        ),
        (
            "features.yaml",
            ("step: 0.1, round: nearest}, direction: rises", "step: 0.1, round: nearest}, direction: none"),
        ),
        ("features.yaml", ("more_than_12: 1}, direction: falls", "more_than_12: 1}, direction: none")),
    ],
)
def test_tables_against_a_stated_direction_are_refused(change: Change, name: str, pair: tuple[str, str]) -> None:
    """More of the risk would lower the figure or an end of its range, against what the checklist says."""
    folder = change(name, pair)
    assert any(
        "follow the direction" in fault or "needs inputs with a direction" in fault
        for fault in faults_of(lambda: build(folder))
    )


def test_an_effect_of_unknown_sign_draws_both_ways_and_moves_no_score(engine: triage.Engine) -> None:
    """A range on both sides of 1 would be cut at 1, so that the range of a score claimed to know the sign."""
    scorecard = build(FOLDER)
    for item, table in zip(engine.features.inputs, scorecard.tables, strict=True):
        slopes = table.draws[-1] - table.draws[0]
        both = slopes.min() < 0 < slopes.max()
        assert both == (item.direction == "none"), item.id
        if item.id in ("married", "weekly_pay", "head_of_household", "city", "has_children"):
            assert set(table.points) == {0.0}
    assert engine.score({"married": "yes"}).contributions["married"] == 0.0


def test_the_draws_keep_the_stated_range() -> None:
    """The tenth and ninetieth percent of the drawn effects are the ends of the range: here 0.8 and 1.25."""
    scorecard = build(FOLDER)
    place = next(item.place for item in features_of().inputs if item.id == "married")
    drawn = np.exp(scorecard.tables[place].draws[1] - scorecard.tables[place].draws[0])
    assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([0.8, 1.25], rel=0.02)


def test_effects_of_no_size_and_no_range_work_with_several_inputs_for_a_question(
    change: Change, tmp_path: Path
) -> None:
    """Nothing is divided by the logarithm of 1, the tables are 0, and the bundle loads and scores."""
    folder = change(
        "evidence.yaml",
        (
            'odds_ratio: 1\n    range: [0.8, 1.25]\n    even_steps: true\n    source: "Rodriguez',
            'odds_ratio: 1\n    range: [1, 1]\n    even_steps: true\n    source: "Rodriguez',
        ),
        ("odds_ratio: 1.05\n    range: [0.85, 1.3]", "odds_ratio: 1\n    range: [1, 1]"),
        ("odds_ratio: 1\n    range: [0.75, 1.33]", "odds_ratio: 1\n    range: [1.0, 1.0]"),
    )
    out = tmp_path / "bundle"
    release_evidence(folder / "evidence.yaml", features_of(folder)).write(out)
    flat = triage.load(out, checklist=folder, cutoffs=folder / "cutoffs.yaml")
    one, other = flat.score(PART), flat.score(PART | {"children": "young", "weekly_pay": 900})
    assert one.contributions["children"] == other.contributions["children"] == 0.0
    assert (one.logit, one.lower_logit, one.upper_logit) == (other.logit, other.lower_logit, other.upper_logit)
    scorecard = build(folder)
    for item in flat.features.inputs_of["children"]:
        assert not scorecard.tables[item.place].draws.any()
        assert not scorecard.tables[item.place].missing_draws.any()


def test_a_margin_of_a_number_is_what_the_recipe_says(engine: triage.Engine) -> None:
    """The base rate would be that of another population."""
    shares = dict(engine.bundle.reference.shares["tenure"])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[0.0] == pytest.approx(0.264)
    assert sum(share for years, share in shares.items() if 10 <= float(years) <= 19) == pytest.approx(0.101)

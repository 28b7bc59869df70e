"""Is every wrong policy refused with all its faults, and does a share flag that share of the reference population?"""

from __future__ import annotations

import copy
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import triage
from triage.checklist import Checklist
from triage.content import content_root
from triage.cutoffs import Cutoffs, CutPoints, level_logit, names
from triage.cutoffs.schema import LevelRule
from triage.errors import CutoffsError
from triage.numbers import is_released
from triage.schema import validate
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

DEFAULT = content_root() / "models" / "cutoffs" / "default.yaml"
GOOD: dict[str, Any] = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))


def write(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "cutoffs.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return path


def changed(**changes: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    for key, value in changes.items():
        target: Any = data
        *path, last = key.split("__")
        for step in path:
            target = target[int(step) if step.isdigit() else step]
        if value is ...:
            del target[last]
        else:
            target[int(last) if last.isdigit() else last] = value
    return data


RULE = "bands__2__rule"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"permitted_use": ...}, "'permitted_use': this is missing"),
        ({"permitted_use": ""}, "permitted_use"),
        ({"reasoning": ""}, "reasoning"),
        ({"bands": GOOD["bands"][:1]}, "bands"),
        ({"bands__0__rule": {"share": 50}}, "is everybody's and has no rule"),
        ({"bands__1__rule": ...}, "the band 'enhanced' has no rule"),
        ({"bands__1__id": "intensive"}, "two bands have the same id"),
        ({RULE: {}}, "exactly one of"),
        ({RULE: {"share": 8, "probability": 0.3}}, "exactly one of"),
        ({RULE: {"share": 30}}, "must be harder to reach"),
        ({RULE: {"share": 55}}, "must be harder to reach"),
        ({RULE: {"share": 0}}, "share"),
        ({RULE: {"share": 100}}, "share"),
        ({RULE: {"share": 7.55}}, "tenths of a percent"),
        ({RULE: {"share": "eight"}}, "share"),
        ({RULE: {"probability": 0}}, "probability"),
        ({RULE: {"probability": 1}}, "probability"),
        ({RULE: {"probability": 30}}, "probability"),
        ({RULE: {"probability": float("nan")}}, "probability"),
        ({RULE: {"capacity": 5}}, "'capacity' and 'fallback' go together"),
        ({RULE: {"share": 8, "fallback": {"share": 8}}}, "'capacity' and 'fallback' go together"),
        ({RULE: {"capacity": -1, "fallback": {"share": 8}}}, "capacity"),
        ({RULE: {"capacity": 2.5, "fallback": {"share": 8}}}, "capacity"),
        ({RULE: {"capacity": 5, "fallback": {}}}, "give either"),
        ({RULE: {"capacity": 5, "fallback": {"share": 40}}}, "must be harder to reach"),
        ({"enough_answers__at_least": 0}, "at_least"),
        ({"enough_is_known": 0}, "enough_is_known"),
        ({"enough_is_known": 1}, "enough_is_known"),
        ({"reason_odds_ratio": 1}, "reason_odds_ratio"),
        ({"complex_needs_from": 1}, "complex_needs_from"),
        ({"national_floor": {"intensiv": {"share": 4}}}, "unknown band 'intensiv'"),
        ({"national_floor": {"standard": {"share": 4}}}, "unknown band 'standard'"),
        ({"special_category": "ignore"}, "special_category"),
        ({"special_category": "both_ways"}, "special_category"),
        ({"colour": "red"}, "'colour': this is not a known field"),
        ({"id": "My policy"}, "id"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(CutoffsError) as caught:
        Cutoffs.load(write(tmp_path, changed(**changes)))
    assert says in str(caught.value)
    assert all("cutoffs.yaml, line" in fault.where for fault in caught.value.faults)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    data = changed(permitted_use=..., enough_is_known=3, complex_needs_from=0, bands__1__rule={"share": 200})
    with pytest.raises(CutoffsError) as caught:
        Cutoffs.load(write(tmp_path, data))
    said = str(caught.value)
    assert all(word in said for word in ("permitted_use", "enough_is_known", "complex_needs_from", "share"))
    assert len(caught.value.faults) == 4


def test_help_is_only_added() -> None:
    """No policy can take health answers as a ground for less, or leave out the standard band."""
    assert Cutoffs.load().file.special_category == "raise_only"
    assert Cutoffs.load().bands[0].rule is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"checklist": "other"}, "written for the checklist 'other', not 'pace'"),
        ({"enough_answers": {"at_least": 1, "questions": ["agee"]}}, "Did you mean 'age'?"),
        ({"enough_answers": {"at_least": 19}}, "more answers than there are questions"),
        ({"enough_answers": {"at_least": 3, "questions": ["age", "area"]}}, "more answers than there are questions"),
        ({"enough_answers": {"at_least": 2, "questions": ["age", "age"]}}, "more answers than there are questions"),
    ],
)
def test_a_policy_that_does_not_fit_the_checklist_is_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(CutoffsError) as caught:
        Cutoffs.load(write(tmp_path, changed(**changes))).check_fits(Checklist.load())
    assert says in str(caught.value)
    with pytest.raises(CutoffsError):
        triage.load(cutoffs=write(tmp_path, changed(**changes)))


def test_levels_of_two_kinds_that_cross_for_a_model_are_refused(tmp_path: Path) -> None:
    """Nobody can see in the file that 15% is easier to reach than the top 8%: the model says it."""
    path = write(tmp_path, changed(bands__1__rule={"share": 8}, bands__2__rule={"probability": 0.15}))
    with pytest.raises(CutoffsError, match="easier to reach than the band below"):
        triage.load(cutoffs=path)


def test_an_unknown_band_gets_a_suggestion() -> None:
    with pytest.raises(CutoffsError, match="Did you mean 'intensive'"):
        Cutoffs.load().band("intensiv")


# ------------------------------------------------------------------------- levels


@pytest.fixture(scope="module")
def engine() -> triage.Engine:
    return triage.load()


@pytest.fixture(scope="module")
def band_logits(engine: triage.Engine) -> np.ndarray[Any, Any]:
    """What decides on bands, for the whole simulated population, worked out from the model itself."""
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    people = Reference(recipe.reference, engine.features).simulate()
    outputs = [engine.bundle.run(people[start : start + 8192]) for start in range(0, len(people), 8192)]
    logits = np.concatenate([output["logit"] for output in outputs])
    parts = np.concatenate([output["contributions"] for output in outputs])
    special = parts[:, list(engine.special_places)].sum(axis=1)
    return np.maximum(logits, logits - special)


@pytest.mark.parametrize(("band", "share"), [("enhanced", 30), ("intensive", 8)])
def test_the_shipped_share_really_is_that_share_of_the_population(
    engine: triage.Engine, band_logits: np.ndarray[Any, Any], band: str, share: int
) -> None:
    place = engine.points.ids.index(band)
    flagged = np.mean(band_logits >= engine.points.edges[place - 1])
    assert share / 100 - 0.001 < flagged <= share / 100
    assert np.mean(engine.points.places(band_logits) >= place) == flagged


@pytest.mark.parametrize("share", ["0.1", "0.5", "7.5", "12.3", "50", "99.9"])
def test_any_share_is_as_near_as_ties_allow_and_never_more(
    engine: triage.Engine, band_logits: np.ndarray[Any, Any], share: str
) -> None:
    cut = level_logit(validate(LevelRule, {"share": float(share)}), engine.bundle)
    flagged = float(np.mean(band_logits >= cut))
    below = band_logits[band_logits < cut].max()
    assert flagged <= float(share) / 100
    assert float(np.mean(band_logits >= below)) > float(share) / 100, "the next score down would not have fitted"


@pytest.mark.parametrize("chance", [0.05, 0.12, 0.2, 0.5, 0.9])
def test_a_probability_is_reached_from_exactly_there(engine: triage.Engine, chance: float) -> None:
    cut = level_logit(validate(LevelRule, {"probability": chance}), engine.bundle)
    assert is_released(cut)
    assert cut == pytest.approx(math.log(chance / (1 - chance)), abs=2**-36)


def test_a_cut_off_belongs_to_the_band_above_it() -> None:
    points = CutPoints(("a", "b", "c"), (-1.0, 0.5), (math.inf, math.inf))
    below = math.nextafter(0.5, -math.inf)
    assert [points.place(value) for value in (-9.0, -1.0, below, 0.5, 9.0)] == [0, 1, 1, 2, 2]
    assert points.places(np.array([-9.0, -1.0, below, 0.5, 9.0])).tolist() == [0, 1, 1, 2, 2]
    assert points.reached(-1.0, below) == ("b",)
    assert points.reached(-9.0, 0.5) == ("a", "b", "c")


def test_two_people_with_the_same_score_get_the_same_band(engine: triage.Engine) -> None:
    for edge in engine.points.edges:
        assert engine.points.place(edge) == engine.points.places(np.array([edge, edge]))[1]


def test_bands_are_named_by_the_support_they_offer(engine: triage.Engine) -> None:
    words = " ".join(f"{band.name} {band.offers}" for band in engine.cutoffs.bands).casefold()
    for word in ("risk", "red", "amber", "green", "failure", "barrier", "deficit", "high"):
        assert word not in words.split()
    assert names(engine.cutoffs, ["standard", "enhanced"]) == '"PACE support" or "PACE support plus a check-in"'


def test_a_file_of_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    one, same = (Cutoffs.load(write(tmp_path, GOOD)) for _ in range(2))
    other = Cutoffs.load(write(tmp_path, changed(bands__2__rule={"share": 7})))
    assert one.digest == same.digest != other.digest
    assert one.version == "pace-start-2026.1"


def test_percents_and_probabilities_are_read_by_their_digits(tmp_path: Path) -> None:
    """0.1 is not the binary number nearest to it."""
    data = changed(bands__1__rule={"probability": 0.07}, bands__2__rule={"probability": 0.1})
    rules = [band.rule for band in Cutoffs.load(write(tmp_path, data)).bands[1:]]
    assert [rule.probability for rule in rules if rule] == [Decimal("0.07"), Decimal("0.1")]

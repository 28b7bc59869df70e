"""Does the card of a learned model say what was measured, the unflattering first, and call simulated what is?"""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.learned_model import GROUP, LearnedModel, displaced, pace
from triage.bundle import Bundle
from triage.bundle.manifest import Manifest
from triage.bundle.shapes import SHAPES
from triage.evaluation.parts import numbers, shares
from triage.learning import card_parts
from triage.learning.beeswarm import BEESWARM, Swarm, beeswarm_svg
from triage.learning.card import lead, support
from triage.learning.card_parts import MOVED_LEAST

pytestmark = [GROUP, pytest.mark.slow]
SVG = "{http://www.w3.org/2000/svg}"


def card(made: LearnedModel) -> str:
    return made.release.files["card.md"].decode()


def figures(made: LearnedModel) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made.release.files["figures.json"])
    return found


@cache
def manifest(model: Any) -> Manifest:
    from triage.schema import validate

    return validate(Manifest, json.loads(model().release.files["manifest.json"]))


def title_of(picture: bytes) -> str:
    found = ET.fromstring(picture).find(f"{SVG}title")
    assert found is not None
    return found.text or ""


def heads(text: str) -> list[str]:
    """The heading of each table."""
    lines = text.splitlines()
    return [lines[k - 1] for k, line in enumerate(lines) if line.startswith("| ---")]


def test_what_was_learned_from_simulated_people_says_so_everywhere() -> None:
    text = card(pace())
    assert text.splitlines()[0] == "# Model card: pace-simulated-1, learned from simulated people"
    assert "Everybody this model learned from is simulated" in text.split("## ")[0]
    assert len(heads(text)) > 8
    assert all("simulated people" in head for head in heads(text))
    assert all(title_of(pace().release.files[name]).startswith("Simulated people") for name in (SHAPES, BEESWARM))


def test_what_was_learned_from_real_people_is_not_called_simulated() -> None:
    assert not any("simulated" in head for head in heads(card(displaced())))
    assert not title_of(displaced().release.files[SHAPES]).startswith("Simulated")


@pytest.mark.parametrize("model", [displaced, pace])
def test_the_card_has_the_measured_figures_with_their_intervals(model: Any) -> None:
    text, found = card(model()), figures(model())
    for key in ("auc", "brier", "slope", "ece"):
        assert f"| {numbers(found['model'][key])} |" in text
    for item in found["model"]["top"]:
        assert f"| {shares(item['ppv'])} | {shares(item['npv'])} | {shares(item['sensitivity'])} |" in text
    for item in found["model"]["curve"]:
        assert f"| {shares(item['predicted'])} | {shares(item['observed'])} |" in text
    assert "It does not say who gains most from which support." in " ".join(text.split())
    assert f"by {found['learning']['multiple']:g} times its stated spread" in text


@pytest.mark.parametrize("verdict", ["level", "behind"])
def test_that_it_is_not_better_than_the_evidence_comes_first(verdict: str) -> None:
    found = copy.deepcopy(figures(displaced()))
    found["evidence"]["auc"]["model_is"] = verdict
    first = next(lead(manifest(displaced), found))
    assert first.startswith("**On people held out it is not better than the evidence it started from in every respect")
    assert f"{verdict} in AUC" in first
    assert ("Use the evidence model." in first) == (verdict == "behind")


def test_a_model_that_fell_back_to_the_evidence_says_so_first() -> None:
    found = copy.deepcopy(figures(displaced()))
    found["learning"]["fell_back"] = True
    assert "The outcomes did not bear the fit out" in next(lead(manifest(displaced), found))
    assert "nothing that was fitted is used" in card_parts.learning(found)


def test_groups_that_are_too_small_are_named_without_their_figures() -> None:
    found = copy.deepcopy(figures(displaced()))
    hidden = found["groups"][0]["groups"][0]
    found["groups"][0]["groups"][0] = {"name": hidden["name"], "shown": False}
    text = card_parts.groups(found, "")
    assert f"Too small to be shown: {hidden['name']}." in text
    assert f"| {hidden['name']} |" not in text


def test_steps_that_moved_a_table_stand_in_order_and_the_rest_in_a_sentence() -> None:
    made = displaced()
    labels = {item.id: item.id for item in made.start.features.inputs}
    found = figures(made)
    text = card_parts.moved(found, labels, "")
    rows = [line.split(" | ") for line in text.splitlines() if re.match(r"\| (calibration|direction|silence)", line)]
    sizes = [max(abs(float(cell.strip(" |").replace("−", "-"))) for cell in (row[2], row[4])) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    far = [item for item in found["learning"]["moved"] if max(item["most"], abs(item["missing"])) > MOVED_LEAST]
    assert len(rows) == len(far) > 0
    assert "Every other step moved every other table by at most" in text


def test_an_outcome_that_few_people_have_is_not_counted_out() -> None:
    found = copy.deepcopy(figures(displaced()))
    found["people"]["kinds"]["died"] = None
    assert "| died | fewer than 10 |" in card_parts.people(found, "")


def test_words_from_a_file_stay_in_their_cell() -> None:
    assert card_parts.table(("a",), [("x | y\n<b>",)]).splitlines()[-1] == "| x \\| y &lt;b> |"


def test_that_people_were_supported_is_told_with_the_tables_learned_without_them() -> None:
    told = {"people": 300, **{key: figures(pace())["model"][key] for key in ("auc", "observed", "predicted")}}
    found = {
        "support": {
            "rows": 120,
            "reason": "",
            "effects": {"age": {"with": 1.2, "without": 1.7}},
            "figures": {"supported_people": 120, "without": told, "only": {"people": 120, "reason": "Nobody known."}},
        }
    }
    text = support(found, {"age": "Age"}, "")
    assert "120 rows are of people who received support" in text
    assert "| Age | 1.20 | 1.70 |" in text
    assert "| people with support | 120 | Nobody known. |  |  |" in text


def test_the_bundle_is_refused_where_a_picture_was_changed(tmp_path: Path) -> None:
    from triage.errors import BundleError

    folder = tmp_path / "bundle"
    displaced().release.write(folder)
    assert Bundle.load(folder).card == card(displaced())
    (folder / BEESWARM).write_text("<svg/>")
    with pytest.raises(BundleError, match=BEESWARM):
        Bundle.load(folder)


def test_the_beeswarm_is_the_same_again_and_leaves_the_global_generator_alone() -> None:
    made = displaced()
    swarm = Swarm.of(made.scorecard, made.start.reference, figures(made)["mean_contributions"])
    np.random.seed(3)
    wanted = np.random.random()
    np.random.seed(3)
    again = beeswarm_svg(title_of(made.release.files[BEESWARM]), swarm)
    assert np.random.random() == wanted
    assert again.encode() == made.release.files[BEESWARM]
    said = ET.fromstring(again).find(f"{SVG}desc")
    assert said is not None
    assert "1,000 simulated people of the reference population" in (said.text or "")


def test_a_beeswarm_leaves_out_a_question_that_nobody_of_the_reference_population_answers() -> None:
    made = pace()
    swarm = Swarm.of(made.scorecard, made.start.reference, figures(made)["mean_contributions"])
    assert "Father's qualifications" not in swarm.labels
    assert "Age" in swarm.labels

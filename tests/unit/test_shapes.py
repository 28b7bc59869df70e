"""Do the small plots show the released tables and their range, for everyone, and does nothing fall off the page?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from triage.bundle import shipped_bundle
from triage.bundle.shapes import SHAPES, Shapes, shapes_svg
from triage.bundle.shapes_drawing import Drawing, Panel, Step, drawing
from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features
from triage.numbers import UNIT
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

SVG = "{http://www.w3.org/2000/svg}"


@cache
def evidence() -> tuple[Scorecard, Reference]:
    features = Features.load(Checklist.load())
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    reference = Reference(recipe.reference, features)
    return build_evidence(recipe, features, reference), reference


def shipped() -> ET.Element:
    return ET.fromstring((shipped_bundle() / SHAPES).read_bytes())


def words(root: ET.Element) -> list[str]:
    return [item.text or "" for item in root.iter(f"{SVG}text")]


def test_each_question_has_a_plot_and_words_for_those_who_do_not_see_it() -> None:
    root = shipped()
    said = root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == "title desc"
    assert said is not None
    for question in Checklist.load().questions:
        assert question.label in words(root)
        assert f"{question.label}: odds ratio from " in (said.text or "")


def test_nothing_falls_off_the_page() -> None:
    root = shipped()
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for item in root.iter():
        for key, most in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height), ("y2", height)):
            assert 0 <= float(item.get(key, "0")) <= most
        for command, numbers in re.findall(r"([MLHV])([\d. -]+)", item.get("d", "")):
            ends = [float(number) for number in numbers.split()]
            assert all(0 <= end <= max(width, height) for end in ends), command


def test_the_plots_show_the_released_tables_within_their_range() -> None:
    scorecard, reference = evidence()
    panels = {panel.title: panel for panel in Shapes(scorecard, reference).panels()}
    for question in reference.features.checklist.questions:
        panel, (item,) = panels[question.label], reference.features.inputs_of[question.id]
        assert all(step.lower <= step.point <= step.upper for step in panel.steps)
        if question.kind == "choice":
            points = [scorecard.tables[item.place].at(item.value(option.id)) for option in question.ordered]
            assert [step.point for step in panel.steps] == points


def test_an_age_changes_at_the_birthday_on_which_the_table_changes() -> None:
    age = next(panel for panel in Shapes(*evidence()).panels() if panel.title == "Age")
    assert [step.start for step in age.steps][1:] == [25, 35, 45, 55]


def test_what_moves_everybody_alike_is_not_shown_as_the_range_of_an_answer() -> None:
    """A learned model keeps each draw's own intercept in the draws of its first input."""
    scorecard, reference = evidence()
    first = scorecard.tables[0]
    shifts = np.rint(np.linspace(-0.5, 0.5, scorecard.draw_count) / UNIT) * UNIT
    moved = replace(scorecard, tables=(replace(first, draws=first.draws + shifts), *scorecard.tables[1:]))
    one, other = (Shapes(card, reference).panels()[0] for card in (scorecard, moved))
    for before, after in zip(one.steps, other.steps, strict=True):
        assert (after.lower, after.upper) == pytest.approx((before.lower, before.upper), abs=1e-9)


def test_the_evidence_behind_a_learned_table_is_dashed_and_named() -> None:
    scorecard, reference = evidence()
    root = ET.fromstring(shapes_svg("Heading", "Source.", scorecard, reference, scorecard))
    dashed = [item for item in root.iter(f"{SVG}path") if item.get("stroke-dasharray")]
    assert len(dashed) == len(reference.features.checklist.questions)
    assert "the evidence it started from" in words(root)
    assert not [item for item in shipped().iter() if item.get("stroke-dasharray")]


def test_long_words_of_an_organisation_are_shortened_and_kept_whole_in_the_description() -> None:
    long = "What you did on most days of the weeks before the job ended, counted by you or by somebody else"
    steps = (Step(0, 1, -0.1, 0, 0.1), Step(1, 2, 0.1, 0.2, 0.4))
    root = ET.fromstring(drawing(Drawing("H", "S.", [Panel(long, steps, (f"{long} <1>", "No"))], 0.8, False)))
    assert all(len(text) <= 130 for text in words(root)), "a line of the page's width"
    assert any(text.endswith("…") for text in words(root))
    said = root.find(f"{SVG}desc")
    assert said is not None
    assert f"{long}: odds ratio from 1.00 ({long} <1>) to 1.22 (No)." in (said.text or "")

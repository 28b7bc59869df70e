"""The waterfall must add up to the score, and fit the terminal."""

from __future__ import annotations

import pytest

from tests.unit.lists.tools import engine
from triage.cli.waterfall import can_show_blocks, waterfall
from triage.engine import Score

ANSWERS = {"age": 57, "qualifications": "scqf_5", "area": "Glasgow", "driving_licence": "none", "disability": "yes"}


def labels() -> dict[str, str]:
    return {question.id: question.label for question in engine().checklist.questions}


def figures(text: str) -> list[float]:
    return [float(line[30:40]) for line in text.splitlines()[1:] if line[30:40].strip().replace("+", "")]


@pytest.mark.parametrize("answers", [ANSWERS, {}, {"age": 20}])
def test_the_steps_add_up_to_the_score(answers: dict[str, object]) -> None:
    score: Score = engine().score(answers)
    steps = figures(waterfall(score, labels()))
    assert sum(steps[:-1]) == pytest.approx(steps[-1], abs=0.01)
    assert steps[-1] == pytest.approx(score.logit, abs=0.001)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    text = waterfall(engine().score(ANSWERS), labels(), width=width)
    assert max(map(len, text.splitlines())) <= width


def test_it_can_be_shown_without_block_characters() -> None:
    text = waterfall(engine().score(ANSWERS), labels(), blocks=False)
    assert text.isascii()
    assert "#" in text
    assert not can_show_blocks("ascii")
    assert can_show_blocks("utf-8")


def test_answers_that_are_kept_apart_are_one_step() -> None:
    text = waterfall(engine().score(ANSWERS), labels(), apart=("disability", "age"))
    assert "Answers that are kept apart" in text
    assert labels()["disability"] not in text
    steps = figures(text)
    assert sum(steps[:-1]) == pytest.approx(steps[-1], abs=0.01)

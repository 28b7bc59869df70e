"""Is the next question the one that matters most, and is the chance of another band what simulating it gives?"""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

import triage
from tests.clients import clients
from triage.cutoffs import CutPoints

ENGINE = triage.load()
LATER = {"special_category", "attitude", "family_background"}


def worth(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds and shares of a question's answers, from the model and the bundle's own reference."""
    pairs = ENGINE.bundle.reference.shares[name]
    points = [ENGINE.score({name: answer}).contributions[name] for answer, _ in pairs]
    return np.array(points), np.array([share for _, share in pairs])


@pytest.mark.parametrize("seed", range(4))
def test_the_next_question_is_one_that_was_not_asked(seed: int) -> None:
    for person in clients(ENGINE, 50, seed=seed, silent=0.5):
        score = ENGINE.score(person)
        assert (score.next_question is None) == (score.unanswered == ())
        assert score.next_question is None or score.next_question in score.unanswered
        assert score.next_question not in score.declined
        assert score.next_question not in score.not_applicable


@pytest.mark.parametrize("seed", range(4))
def test_sensitive_questions_come_after_the_others(seed: int) -> None:
    for person in clients(ENGINE, 50, seed=seed, silent=0.4):
        score = ENGINE.score(person)
        left = [ENGINE.checklist.question(name).sensitivity for name in score.unanswered]
        if score.next_question is not None and any(kind not in LATER for kind in left):
            assert ENGINE.checklist.question(score.next_question).sensitivity not in LATER


@pytest.mark.parametrize("seed", range(3))
def test_among_the_questions_that_come_first_it_changes_the_band_most_often(seed: int) -> None:
    """By brute force over each answer of each question."""
    for person in clients(ENGINE, 25, seed=seed, silent=0.5):
        score = ENGINE.score(person)
        open_questions = [n for n in score.unanswered if ENGINE.checklist.question(n).sensitivity not in LATER]
        if not open_questions:
            continue
        here = ENGINE.points.place(score.band_logit)
        chances = {}
        for name in open_questions:
            points, shares = worth(name)
            chances[name] = sum(
                s for p, s in zip(points, shares, strict=True) if ENGINE.points.place(score.band_logit + p) != here
            )
        assert score.next_question in open_questions
        assert chances[score.next_question] == pytest.approx(max(chances.values()), abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_chance_of_another_band_is_near_what_simulating_gives(seed: int) -> None:
    rng = random.Random(seed)
    person = clients(ENGINE, 1, seed=seed, silent=0.3)[0]
    score = ENGINE.score(person)
    here, changed, turns = ENGINE.points.place(score.band_logit), 0, 3000
    tables = {name: worth(name) for name in score.unanswered}
    so_far = sum(score.contributions[name] for name in ("physical_ability", "disability", "mental_ability"))
    for _ in range(turns):
        special = so_far
        total = score.logit - so_far
        for name, (points, shares) in tables.items():
            drawn = rng.choices(points.tolist(), shares.tolist())[0]
            if ENGINE.checklist.question(name).sensitivity == "special_category":
                special += drawn
            else:
                total += drawn
        changed += ENGINE.points.place(total + max(special, 0.0)) != here
    assert score.chance_of_another_band == pytest.approx(changed / turns, abs=0.06)


def test_nothing_left_to_ask_changes_nothing() -> None:
    full = {question.id: "declined" for question in ENGINE.checklist.questions}
    score = ENGINE.score(full)
    assert score.unanswered == ()
    assert score.chance_of_another_band == 0.0
    assert score.next_question is None


def test_enough_is_known_only_where_there_is_a_band_and_little_could_change_it() -> None:
    seen = set()
    for person in clients(ENGINE, 200, seed=9, silent=0.1):
        score = ENGINE.score(person)
        wanted = score.band is not None and score.chance_of_another_band <= ENGINE.cutoffs.file.enough_is_known
        assert score.enough_is_known is wanted
        seen.add(wanted)
    assert seen == {True, False}


def test_a_health_answer_is_counted_only_where_it_raises() -> None:
    """Asked far below a cut-off, it can lift a client over it; just above, it cannot take anybody below."""
    edge = ENGINE.points.edges[0]
    points = CutPoints(("a", "b"), (edge,), (float("inf"),))
    asked = ["physical_ability"]
    assert ENGINE.unknowns.chance_of_another_band(asked, edge, 0.0, points) == 0.0
    assert ENGINE.unknowns.chance_of_another_band(asked, edge - 0.01, 0.0, points) > 0
    assert ENGINE.unknowns.chance_of_another_band(["confidence"], edge, 0.0, points) > 0


def test_the_answer_does_not_depend_on_the_order_of_questions() -> None:
    names = ["age", "vehicle", "disability"]
    found = {
        (
            ENGINE.unknowns.next_question(order, -2.0, 0.0, ENGINE.points),
            ENGINE.unknowns.chance_of_another_band(order, -2.0, 0.0, ENGINE.points),
        )
        for order in itertools.permutations(names)
    }
    assert len(found) == 1


def test_a_good_answer_about_health_can_undo_what_another_raised() -> None:
    """Together they never take support away, but with one that raised, the next may lower the band again."""
    edge = ENGINE.points.edges[0]
    points = CutPoints(("a", "b"), (edge,), (float("inf"),))
    raised = 0.05
    assert ENGINE.unknowns.chance_of_another_band(["mental_ability"], edge - 0.01, raised, points) > 0.5
    assert ENGINE.unknowns.next_question(["mental_ability"], edge - 0.01, raised, points) == "mental_ability"

"""What the result page never does, each said once as a check of one person's score with any engine.

A check raises AssertionError where a rule is broken. The other side is worked out here again, not by the code that is
tested.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from html import unescape
from typing import Any

from tests.clients import choices
from tests.property.checks import DAY, sigmoid
from tests.web.result_pages import part, result_page
from triage.checklist.services import Services
from triage.engine import Engine, Score
from triage.engine.words import in_100
from triage.web.result import ResultView, sheet_of, view_of, view_of_stored, what_changed

#: Statuses that show no figure at all.
SILENT = ("has_job", "redeployed")


def text_of(html: str) -> str:
    """What can be read in a page or a part of one."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def check_adds_up(view: ResultView, score: Score) -> None:
    """Rule 1: the rows of the waterfall add up to the score to the bit, as floats and as fractions, in their order."""
    if view.waterfall is None:
        assert score.status in SILENT
        return
    start, *rows, total = view.waterfall.steps
    assert (start.kind, total.kind) == ("start", "total")
    at = start.value
    for row in rows:
        at += row.value
    assert at == total.value == score.logit
    assert Fraction(start.value) + sum(Fraction(row.value) for row in rows) == Fraction(score.logit)
    answers = [row for row in rows if row.kind == "answer"]
    sizes = [abs(row.value) for row in answers]
    assert sizes == sorted(sizes, reverse=True)
    for row in rows:
        assert row.direction == ("up" if row.value > 0 else "down" if row.value < 0 else "none")
        assert abs(float(row.log_odds.replace("−", "-")) - row.value) <= 0.005 + 1e-9
        assert row.value < 0 or "−" not in row.log_odds
        assert row.value > 0 or "+" not in row.log_odds


def check_picture(view: ResultView, score: Score) -> None:
    """A hundred marks, of which as many are filled as the sentence says."""
    if view.figure is None:
        assert score.status in SILENT
        return
    filled = sum(mark.filled for mark in view.figure.marks)
    assert len(view.figure.marks) == len({(mark.x, mark.y) for mark in view.figure.marks}) == 100
    assert filled == view.figure.in_100 == in_100(score.probability)
    numbers = [int(number) for number in re.findall(r"\d+", view.figure.sentence)]
    assert filled in numbers
    assert 100 - filled in numbers


def check_silence_is_neutral(view: ResultView, score: Score, engine: Engine) -> None:
    """Rule 4: a question without an answer has no row, and what it could do is what an answer would do."""
    if view.waterfall is None or view.unasked is None:
        return
    assert sum(row.kind == "answer" for row in view.waterfall.steps) == len(score.answers)
    assert {item.id for item in view.unasked.items} == set(score.unanswered)
    for item in view.unasked.items:
        worth = engine.unknowns.worth[item.id][0].tolist() or [0.0]
        assert (item.low, item.high) == (min(worth), max(worth))
        low, high = (in_100(sigmoid(score.logit + end)) for end in (item.low, item.high))
        assert str(low) in item.moves
        assert str(high) in item.moves


def check_band(view: ResultView, score: Score, engine: Engine) -> None:
    """Rules 5 and 6: no band without its warning where the range crosses, in no part; support is only ever added."""
    assert (view.band is None) == (score.status != "proposed")
    crossed = len(score.bands_possible) > 1
    assert bool(view.warning) == crossed
    page = text_of(part("headline", view=view))
    sheet = text_of(part("sheet", sheet=sheet_of(score.to_dict(), engine, Services(), DAY, with_figure=True)))
    same = text_of(part("changes", changes=what_changed(score.to_dict(), score, engine)))
    for name in (engine.cutoffs.band(band).name for band in score.bands_possible if crossed):
        assert all(f'"{name}"' in text for text in (page, sheet, same)), name
    assert engine.words.wording.band.everyone in view.notes
    raised = view.raised != ""
    assert raised == (score.raised_by_special and view.band is not None)


def check_words(view: ResultView, score: Score, engine: Engine) -> None:
    """Rule 10: an evidence model says that it estimates; only a learned one says "were", with its sample."""
    if view.figure is None:
        return
    learned = engine.bundle.manifest.source == "learned"
    text = text_of(result_page(view))
    assert view.figure.sentence == engine.words.result(score.probability)
    assert ("We estimate from published research" in text) != learned
    assert (" were " in view.figure.sentence) == learned
    if learned:
        assert f"{engine.bundle.manifest.sample.people:,}" in view.figure.sentence  # type: ignore[union-attr]


def check_kept_apart(view: ResultView, score: Score, engine: Engine) -> None:
    """On paper no health, attitude or family answer is named, and the sum is still exact."""
    check_adds_up(view, score)
    hidden = [question for question in engine.checklist.questions if question.kept_apart]
    answered = [question for question in hidden if question.id in score.answers]
    rows = [] if view.waterfall is None else [row for row in view.waterfall.steps if row.kind == "apart"]
    assert len(rows) == (1 if answered and view.waterfall else 0)
    # Services and what was not asked have names of their own, which say nothing of an answer.
    said = " ".join(
        text_of(part(name, view=view)) for name in ("headline", "figure", "strengths", "waterfall", "trust")
    )
    reasons = [reason.text for reason in (view.support.reasons if view.support else ())]
    settled = view.unasked.settled if view.unasked else ()
    for question in [*answered, *(item for item in hidden if item.id in score.declined)]:
        assert not any(text.startswith(f"{question.label}:") for text in (said, *reasons))
        assert f" {question.label}: " not in said
        assert not any(question.label in text for text in settled if score.declined)
    for reason in (*score.reasons, *score.strengths):
        assert (reason.text in (*reasons, *(view.strengths.items if view.strengths else ()))) == (
            engine.checklist.question(reason.question) not in hidden
        ) or score.status in SILENT


def check_stored(score: Score, engine: Engine) -> None:
    """Rule 8: what was kept as JSON shows the same page, and no other versions work anything out again."""
    kept = json.loads(json.dumps(score.to_dict()))
    for apart in (False, True):
        now = view_of(score, engine, Services(), DAY, apart=apart)
        assert view_of_stored(kept, engine, Services(), DAY, apart=apart) == now
    kept["versions"]["cutoffs"] = "earlier-1"
    then = view_of_stored(kept, engine, Services(), DAY)
    assert then.earlier
    assert (then.strengths, then.support, then.unasked) == (None, None, None)
    check_adds_up(then, score)
    check_picture(then, score)
    check_words(then, score, engine)


def check_person(engine: Engine, person: dict[str, Any], before: dict[str, Any]) -> None:
    """All of these, for one person; `before` are earlier answers of the same person."""
    score = engine.score(person, on=DAY)
    view = view_of(score, engine, Services(), DAY)
    check_adds_up(view, score)
    check_picture(view, score)
    check_silence_is_neutral(view, score, engine)
    check_band(view, score, engine)
    check_words(view, score, engine)
    check_kept_apart(view_of(score, engine, Services(), DAY, apart=True), score, engine)
    check_stored(score, engine)
    check_changes(engine.score(before, on=DAY), score, engine)
    assert "style=" not in result_page(view)


def check_changes(before: Score, after: Score, engine: Engine) -> None:
    """The rows of what changed add up to the difference to the bit, and an answer that is the same has none."""
    for apart in (False, True):
        changes = what_changed(json.loads(json.dumps(before.to_dict())), after, engine, apart=apart)
        assert before.logit + sum(change.value for change in changes.answers) == after.logit
        assert changes.total.value == after.logit - before.logit
        assert changes.other is None
        assert all(change.before != change.after or apart for change in changes.answers)
    assert what_changed(after.to_dict(), after, engine).answers == ()


def extremes(engine: Engine, question: str) -> tuple[float, float]:
    """The least and the most that any answer of a question contributes."""
    values = [engine.score({question: answer}, on=DAY).contributions[question] for answer in choices(engine, question)]
    return min(values), max(values)

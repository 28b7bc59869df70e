"""What is not known, how much could it move the figure, and what should be asked next?"""

from __future__ import annotations

from collections.abc import Collection

from triage.checklist.wording import fill
from triage.engine import Engine, Score
from triage.web.result.said import joined, people, share, signed, too_early
from triage.web.result.shapes import OpenQuestion, Unasked


def unasked(score: Score, engine: Engine, apart: Collection[str] = ()) -> Unasked:
    """The questions that were not asked; a question that was declined is only named, and not where it is kept apart."""
    words = engine.words.wording
    items = [_open(name, score, engine) for name in score.unanswered]
    items.sort(key=lambda item: item.low - item.high)
    page = words.result_page
    enough = words.notes.enough_known if items and score.enough_is_known else ""
    chance = fill(page.chance, chance=share(score.chance_of_another_band, words)) if items and score.band else ""
    settled = (*_declined(score, engine, apart), *too_early(score.not_applicable, engine.checklist, words))
    lead = page.unasked_lead if items else ""
    return Unasked(page.unasked, lead, tuple(items), _next(score, engine), enough, chance, settled)


def ask_first(score: Score, engine: Engine) -> str:
    """Which questions to ask first where there are not enough answers; empty where none is left.

    As many as are still needed, the most telling first, as if each went unanswered.
    """
    known = sum(1 for name in score.answers if name in engine.counted and _says_something(score, engine, name))
    left = [name for name in score.unanswered if name in engine.counted]
    special = sum(score.contributions[item.id] for item in engine.checklist.questions if item.special_category)
    chosen: list[str] = []
    while left and len(chosen) < engine.at_least - known:
        best = engine.unknowns.next_question(left, score.logit - special, special, engine.points)
        chosen.append(best or left[0])
        left.remove(chosen[-1])
    labels = joined(engine.checklist.question(name).label for name in chosen)
    return fill(engine.words.wording.band.not_enough_next, questions=labels) if chosen else ""


def _says_something(score: Score, engine: Engine, name: str) -> bool:
    """A neutral answer does not count towards enough answers."""
    return any(score.inputs[place] == score.inputs[place] for place in engine.places[name])


def _open(name: str, score: Score, engine: Engine) -> OpenQuestion:
    """What the answers that people give could do to the figure."""
    question, words = engine.checklist.question(name), engine.words.wording.result_page
    worth = engine.unknowns.worth[name][0]
    low, high = (float(worth.min()), float(worth.max())) if len(worth) else (0.0, 0.0)
    ends = people(score.logit + low), people(score.logit + high)
    moves = fill(words.could_not_move if ends[0] == ends[1] else words.could_move, low=ends[0], high=ends[1])
    log_odds = fill(words.log_odds_between, low=signed(low), high=signed(high))
    return OpenQuestion(name, question.label, question.ask, low, high, moves, log_odds, name == score.next_question)


def _next(score: Score, engine: Engine) -> str:
    words = engine.words.wording
    if score.next_question is None:
        return "" if score.unanswered else words.result_page.nothing_open
    return fill(words.notes.next_question, questions=engine.checklist.question(score.next_question).ask)


def _declined(score: Score, engine: Engine, apart: Collection[str]) -> tuple[str, ...]:
    """What the client preferred not to say: the labels, or only how many where one of them is kept apart."""
    if not score.declined:
        return ()
    notes = engine.words.wording.notes
    if any(name in apart for name in score.declined):
        asked = len(engine.checklist.questions)
        return (fill(notes.declined_count, answered=len(score.declined), asked=asked),)
    labels = joined(engine.checklist.question(name).label for name in score.declined)
    return (fill(notes.declined, questions=labels),)

"""What should be asked next, how far is the interview, and is enough known? Nothing of it is kept as a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.casework import suspension
from triage.casework.answers import Answer, given_of, too_early
from triage.casework.service import Service
from triage.checklist import DECLINED
from triage.engine import Engine, Score
from triage.errors import ObjectedError, SuspendedError
from triage.records.database import Row

_LATER = frozenset({"special_category", "attitude", "family_background"})


@dataclass(frozen=True)
class Draft:
    """An interview on its way.

    Attributes:
        answers: the answers of this round by question.
        unanswered: questions of the interview that are open, in the order in which to ask them; those that were
            passed over come last.
        next_question: the one to ask next; None where every question was answered, declined or passed over.
        optional: questions beside the interview that are open. They are never put to anyone unasked.
        too_early: questions that do not apply yet.
        not_used: questions with an answer that is kept and not used, because it is too early for it.
        passed_over: questions that the adviser passed over.
        unread: questions whose answer the checklist in force no longer has.
        asked: how many questions of the interview have been asked or passed over.
        about: how many there are in all; about so many, because what is said can make one apply.
        status: the status that a score would have now; None where none is worked out.
        chance: the chance that the open questions would change the band; None where none is worked out.
        enough_is_known: the rest is unlikely to change the band.
        can_stop: enough is known, or nothing is left to ask. An adviser may stop earlier.
        fixed_order: why the questions come in the order of the checklist; "" where the engine orders them.
    """

    answers: Mapping[str, Answer]
    unanswered: tuple[str, ...]
    next_question: str | None
    optional: tuple[str, ...]
    too_early: tuple[str, ...]
    not_used: tuple[str, ...]
    passed_over: tuple[str, ...]
    unread: tuple[str, ...]
    asked: int
    about: int
    status: str | None
    chance: float | None
    enough_is_known: bool
    can_stop: bool
    fixed_order: str


def draft_of(service: Service, assessment: Row, known: Mapping[str, Answer]) -> Draft:
    """The draft of an assessment with these answers.

    While scoring is suspended, and for a client who objects, nothing is worked out: the questions then come in the
    order of the checklist, and `fixed_order` says why.
    """
    engine = service.engines.now
    given = given_of(engine, assessment, known)
    score, why = _score(service, engine, assessment, given.answers)
    early = too_early(engine, assessment, service.today)
    settled = {name for name, answer in known.items() if answer.state != "not_asked"} - set(given.unread)
    passed = tuple(name for name, answer in known.items() if answer.state == "not_asked" and name not in early)
    questions = [question for question in engine.checklist.questions if question.id not in early]
    left = [question.id for question in questions if question.id not in settled]
    interview = [question.id for question in questions if question.interview]
    first = _first(engine, score, service, given.answers, passed)
    order = _order(engine, [name for name in left if name in interview], first, passed)
    open_now = [name for name in order if name not in passed]
    enough = score is not None and score.enough_is_known
    return Draft(
        answers=known,
        unanswered=order,
        next_question=open_now[0] if open_now else None,
        optional=tuple(name for name in left if name not in interview),
        too_early=early,
        not_used=tuple(name for name in early if name in known and known[name].state == "answered"),
        passed_over=passed,
        unread=given.unread,
        asked=len(interview) - len(open_now),
        about=len(interview),
        status=None if score is None else score.status,
        chance=None if score is None else score.chance_of_another_band,
        enough_is_known=enough,
        can_stop=enough or not open_now,
        fixed_order=why,
    )


def _score(service: Service, engine: Engine, assessment: Row, given: Mapping[str, object]) -> tuple[Score | None, str]:
    try:
        suspension.check(service)
        if assessment["state"] == "objected":
            raise ObjectedError(engine.words.wording.notes.objected)
        return engine.score(given, on=service.today), ""
    except (ObjectedError, SuspendedError) as reason:
        return None, reason.message


def _first(
    engine: Engine, score: Score | None, service: Service, given: Mapping[str, object], passed: Sequence[str]
) -> str | None:
    """The engine's next question, of those that were not passed over."""
    if score is None or not passed:
        return score.next_question if score is not None else None
    # A question that was declined moves nothing and is not asked again: so the engine looks at the others.
    beside = {**given, **dict.fromkeys(passed, DECLINED)}
    return engine.score(beside, on=service.today).next_question


def _order(engine: Engine, names: Sequence[str], first: str | None, passed: Sequence[str]) -> tuple[str, ...]:
    """The engine's question first; health, attitudes and family after the others; then what was passed over."""
    places = {question.id: place for place, question in enumerate(engine.checklist.questions)}

    def key(name: str) -> tuple[bool, bool, bool, int]:
        later = engine.checklist.question(name).sensitivity in _LATER
        return name in passed, name != first, later, places[name]

    return tuple(sorted(names, key=key))

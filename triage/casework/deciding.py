"""How does a person confirm a proposal, change it, or take a decision back? Nothing counts before that.

Each step names the score that the person saw, and may name the last decision that they saw. So nobody decides on what
somebody else has changed in the meantime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from triage.casework.cases import case_of, changing, check_open, form_of, require, sent_before
from triage.casework.objections import keep
from triage.casework.rebuilding import rebuilt, with_doubts
from triage.casework.service import Service
from triage.casework.standing import Standing, record_of, standing_of
from triage.casework.texts import check_text
from triage.decisions import By, Decision, Desk, can, check_can
from triage.decisions.states import Action
from triage.engine import Score
from triage.errors import CaseworkError, ConflictError, ObjectedError
from triage.records.actor import Actor
from triage.records.database import Row, Work
from triage.records.plain import parsed
from triage.records.tables import assessments, decisions

_MEANWHILE = "A decision was recorded in the meantime. Look at it, and then go on."
_CLAIMED = "A decision from a list waits here. Whom it names accepts it, or it is refused; then go on."
_OTHER_SCORE = "A newer score has been worked out in the meantime. Look at it, and decide on that one."
_NO_SCORE = "There is no score to decide on yet. Work it out first."
_DOUBTS = {
    "outdated": "Answers have changed since this score was worked out. Work it out again, and then decide.",
    "expired": "This score was worked out too long ago. Ask whether anything has changed, and work it out again.",
    "other_versions": "The model, the checklist or the cut-offs have changed since. Work the score out again.",
}
#: A step on a score: given the desk, the score, who takes it, and the records so far.
Step = Callable[[Desk, Score, By, Sequence[Decision]], Decision]


def confirm(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, note: str = "", last: str | None = None,
    submission: str = "",
) -> Row:  # fmt: skip
    """The proposed band is right.

    Args:
        service: the service.
        actor: who decides; their name stands in the record.
        assessment_id: about whom.
        score_id: the score that they saw.
        note: a few words, if any.
        last: the id of the last decision that they saw, "" for none; None where that is not checked.
        submission: the id of the form: a second click gives the first record again.

    Raises:
        ConflictError: another score or decision was recorded in the meantime, or the score is out of date.
        DecisionError: the rules do not allow the step, for instance because no band is proposed.
        ObjectedError: the client objects.
        CaseworkError: there is no score, or the note cannot be kept.
    """
    step = confirming(check_text("note", note))
    return _decide(service, actor, assessment_id, "confirm", step, score_id, last, submission)


def confirming(note: str) -> Step:
    """The step of `confirm`."""
    return lambda desk, score, by, before: desk.confirm(score, by, before, note)


def override(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, band: str, reason: str, note: str = "",
    last: str | None = None, submission: str = "",
) -> Row:  # fmt: skip
    """Another band than the proposed one, in either direction, with a reason (see `confirm`)."""
    step = overriding(band, reason, check_text("note", note))
    return _decide(service, actor, assessment_id, "override", step, score_id, last, submission)


def overriding(band: str, reason: str, note: str) -> Step:
    """The step of `override`."""
    return lambda desk, score, by, before: desk.override(score, band, reason, by, before, note)


def ask_for_more(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, note: str = "", last: str | None = None,
    submission: str = "",
) -> Row:  # fmt: skip
    """The client asks for more help and gets the next band up (see `confirm`)."""
    note = check_text("note", note)

    def step(desk: Desk, score: Score, by: By, before: Sequence[Decision]) -> Decision:
        return desk.ask_for_more(score, by, before, note)

    return _decide(service, actor, assessment_id, "ask", step, score_id, last, submission)


def claim(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, band: str, reason: str, named: str,
    note: str = "", submission: str = "",
) -> Row:  # fmt: skip
    """An override that came back in a spreadsheet: it waits until `named`, whom the sheet names, accepts it."""
    note = check_text("note", note)
    named = check_text("named", named, most=200, needed=True)

    def step(desk: Desk, score: Score, by: By, before: Sequence[Decision]) -> Decision:
        return desk.claim(score, band, reason, By(named, by.at), before, note)

    return _decide(service, actor, assessment_id, "claim", step, score_id, None, submission)


def accept_claim(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, last: str | None = None, submission: str = ""
) -> Row:
    """The person whom a claim names accepts it, and it counts (see `confirm`)."""

    def step(desk: Desk, score: Score, by: By, before: Sequence[Decision]) -> Decision:
        return desk.accept(score, by, before)

    return _decide(service, actor, assessment_id, "accept", step, score_id, last, submission)


def refuse_claim(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, note: str = "", last: str | None = None,
    submission: str = "",
) -> Row:  # fmt: skip
    """A claim does not count; the proposal stands again."""
    return _take_back(service, actor, assessment_id, "refuse", score_id, note, last, submission)


def withdraw(
    service: Service, actor: Actor, assessment_id: str, *, score_id: str, note: str = "", last: str | None = None,
    submission: str = "",
) -> Row:  # fmt: skip
    """The decision is taken back; the proposal stands again. Possible on a score that is out of date, too."""
    return _take_back(service, actor, assessment_id, "withdraw", score_id, note, last, submission)


def history(service: Service, actor: Actor, assessment_id: str) -> list[Decision]:
    """Every decision record of this client, from the first to the last, over all scores."""
    return [record_of(row) for row in rows(service, actor, assessment_id)]


def rows(service: Service, actor: Actor, assessment_id: str) -> list[Row]:
    """The rows of `history`, which also name the score and the account."""
    with service.database.read() as view:
        return list(standing_of(view, case_of(view, actor, assessment_id)).rows)


def standing(service: Service, actor: Actor, assessment_id: str) -> Standing:
    """The score that counts, what was decided on it, and the decision in force."""
    with service.database.read() as view:
        return standing_of(view, case_of(view, actor, assessment_id))


def _decide(
    service: Service, actor: Actor, assessment_id: str, action: Action, step: Step, score_id: str, last: str | None,
    submission: str,
) -> Row:  # fmt: skip
    require(actor, "adviser", "manager", "partner")
    form = form_of(actor, submission)
    with changing(service, actor, assessment_id, "decision_recorded", step=action) as (work, row):
        before = sent_before(work, decisions, form, assessment=row["id"])
        return before or taken(service, actor, work, row, action, step, score_id, last, form)


def taken(
    service: Service, actor: Actor, work: Work, assessment: Row, action: Action, step: Step, score_id: str,
    last: str | None = None, form: str | None = None,
) -> Row:  # fmt: skip
    """Take a step in a transaction that is open already."""
    service = service.pinned()
    found = _ready(service, work, assessment, action, score_id, last)
    doubts = with_doubts(service, work, found)
    for doubt, message in _DOUBTS.items():
        if doubts[doubt]:
            raise ConflictError(message)
    score = rebuilt(service, doubts)
    assert score is not None
    desk = Desk(service.engines.now.cutoffs, service.reasons)
    record = step(desk, score, By(actor.name, service.clock()), found.history)
    return _kept(actor, work, found, record, form)


def _take_back(
    service: Service, actor: Actor, assessment_id: str, action: Action, score_id: str, note: str, last: str | None,
    submission: str,
) -> Row:  # fmt: skip
    require(actor, "adviser", "manager", "partner")
    note, form = check_text("note", note), form_of(actor, submission)
    with changing(service, actor, assessment_id, "decision_recorded", step=action) as (work, row):
        before = sent_before(work, decisions, form, assessment=row["id"])
        return before or taken_back(service, actor, work, row, action, score_id, note, last, form)


def taken_back(
    service: Service, actor: Actor, work: Work, assessment: Row, action: Action, score_id: str, note: str,
    last: str | None = None, form: str | None = None,
) -> Row:  # fmt: skip
    """Withdraw a decision or refuse a claim in a transaction that is open already.

    The record takes its score from the row as it was kept, so that this works whatever has changed since.
    """
    found = _ready(service, work, assessment, action, score_id, last)
    assert found.score is not None
    before, data = found.history, parsed(found.score["data"])
    state = check_can(found.decision_state, action)
    record = Decision(action, state, data["band"], None, "", note, actor.name, service.clock(), data, before[-1].id)
    return _kept(actor, work, found, record, form)


def _ready(service: Service, work: Work, assessment: Row, action: Action, score_id: str, last: str | None) -> Standing:
    """Where the assessment stands, if the step is about what the person saw."""
    check_open(assessment)
    found = standing_of(work, assessment)
    if assessment["state"] == "objected":
        raise ObjectedError(service.engines.now.words.wording.notes.objected)
    if found.score is None:
        raise CaseworkError(_NO_SCORE)
    if found.score["id"] != score_id:
        raise ConflictError(_OTHER_SCORE)
    seen = found.chain[-1]["id"] if found.chain else ""
    if (last is not None and last != seen) or (found.chain and not can(found.decision_state, action)):
        raise ConflictError(_CLAIMED if found.decision_state == "claimed" else _MEANWHILE)
    return found


def _kept(actor: Actor, work: Work, found: Standing, record: Decision, form: str | None) -> Row:
    assert found.score is not None
    row = keep(work, actor, found, found.score["id"], record, form)
    state = "decided" if record.state in ("confirmed", "overridden") else "scored"
    work.update(assessments, found.assessment["id"], {"state": state})
    return row

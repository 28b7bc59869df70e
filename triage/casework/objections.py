"""What happens when a client objects to being scored? There is no score, and every service stays open."""

from __future__ import annotations

from triage.casework.cases import changing
from triage.casework.service import Service
from triage.casework.standing import Standing, record_of, standing_of
from triage.casework.texts import check_text
from triage.decisions import By, Decision, Desk
from triage.decisions.states import check_can
from triage.errors import CaseworkError
from triage.records.actor import Actor
from triage.records.database import Row, Work
from triage.records.plain import moment
from triage.records.tables import assessments, decisions

_NO_OBJECTION = "There is no objection to take back."


def object_to_scoring(service: Service, actor: Actor, assessment_id: str, note: str = "") -> Row:
    """The client objects: from now on no score of theirs is made, shown or used. Possible at any time.

    A score that is there stays in the history. What was agreed stays as it is; a band that was decided counts no
    more, and support is agreed by conversation.
    """
    note = check_text("note", note)
    with changing(service, actor, assessment_id, "objection_recorded", withdrawn=False) as (work, row):
        return row if row["state"] == "objected" else objected(service, actor, work, row, note)


def objected(service: Service, actor: Actor, work: Work, assessment: Row, note: str = "") -> Row:
    """Record the objection in a transaction that is open already."""
    standing = standing_of(work, assessment)
    desk = Desk(service.engines.now.cutoffs, service.reasons)
    record = desk.object(By(actor.name, service.clock()), standing.history, note)
    keep(work, actor, standing, standing.newest["id"] if standing.newest else None, record)
    work.about(assessment["id"], objected=True)
    return work.update(assessments, assessment["id"], {"state": "objected", "closed_at": None, "closed_why": ""})


def withdraw_objection(service: Service, actor: Actor, assessment_id: str, note: str = "") -> Row:
    """The client no longer objects. The assessment is open again, and a score has to be worked out anew.

    Raises:
        CaseworkError: there is no objection.
    """
    note = check_text("note", note)
    with changing(service, actor, assessment_id, "objection_recorded", withdrawn=True) as (work, row):
        standing = standing_of(work, row)
        last = standing.last
        if row["state"] != "objected" or last is None:
            raise CaseworkError(_NO_OBJECTION)
        before = record_of(last)
        state = check_can(before.state, "withdraw")
        # Like the objection itself, this record holds no score: none is in use.
        record = Decision("withdraw", state, None, None, "", note, actor.name, service.clock(), None, before.id)
        keep(work, actor, standing, last["score"], record)
        return work.update(assessments, row["id"], {"state": "open"})


def keep(
    work: Work, actor: Actor, standing: Standing, score_id: str | None, record: Decision, form: str | None = None
) -> Row:
    """Keep a decision record as the next one of its assessment."""
    number = len(standing.rows) + 1
    return work.insert(decisions, record_row(actor, standing.assessment["id"], number, score_id, record, form))


def record_row(
    actor: Actor, assessment_id: str, number: int, score_id: str | None, record: Decision, form: str | None = None
) -> Row:
    """A decision record as a row: the one with this `number` of its assessment."""
    return {
        "id": record.id,
        "assessment": assessment_id,
        "score": score_id,
        "number": number,
        "action": record.action,
        "state": record.state,
        "proposed_band": record.proposed_band,
        "band": record.band,
        "reason": record.reason,
        "by": actor.account,
        "at": moment(record.at),
        "record": record.to_json(),
        "submission": form,
    }

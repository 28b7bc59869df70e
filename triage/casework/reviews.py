"""How is a client's request to have a decision looked at again answered? By somebody else, within a stated time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import sqlalchemy as sa

from triage.casework import deciding
from triage.casework.cases import Page, case_of, changing, form_of, paged, require, row_of, sent_before
from triage.casework.service import Service
from triage.casework.standing import Standing, record_of, standing_of
from triage.casework.texts import check_text, field_error
from triage.errors import CaseworkError, ConflictError, DecisionError
from triage.features import fold
from triage.records.actor import Actor
from triage.records.database import Row, View, Work
from triage.records.plain import new_id
from triage.records.tables import assessments, decisions, reviews

Result = Literal["upheld", "changed"]
RESULTS: tuple[Result, ...] = ("upheld", "changed")
_OWN = "You took this decision, so somebody else has to look at it again."
_CLOSED = "Somebody answered this request in the meantime. Look at the answer."


def working_days_after(day: date, days: int) -> date:
    """The day that lies so many working days after `day`: Monday to Friday. Public holidays count as working days."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def ask(service: Service, actor: Actor, assessment_id: str, why: str = "", submission: str = "") -> Row:
    """The client asks to have the decision looked at again; without a decision, what was proposed or agreed.

    It is to be answered within `ServiceSettings.review_days` working days.

    Raises:
        ConflictError: there is a request already that is not answered.
        CaseworkError: `why`, in the client's words, cannot be kept.
    """
    why, form = check_text("why", why), form_of(actor, submission)
    with changing(service, actor, assessment_id, "review_asked") as (work, row):
        before = sent_before(work, reviews, form, assessment=row["id"])
        if before is not None:
            return before
        waiting = sa.select(reviews).where(reviews.c.assessment == row["id"], reviews.c.state == "open")
        if work.one(waiting) is not None:
            raise ConflictError("This client has asked already, and the request is not answered yet.")
        decision = standing_of(work, row).in_force
        new = {
            "id": new_id(), "assessment": row["id"], "decision": decision["id"] if decision else None,
            "office": row["office"], "why": why, "asked_by": actor.account, "asked_at": service.now,
            "due": working_days_after(service.today, service.settings.review_days).isoformat(), "state": "open",
            "submission": form, "version": 1,
        }  # fmt: skip
        work.about(row["id"], review=new["id"])
        return work.insert(reviews, new)


def close(
    service: Service, actor: Actor, review_id: str, *, result: Result, note: str, band: str = "", reason: str = "",
    last: str | None = None,
) -> Row:  # fmt: skip
    """Answer a request. Whoever took the decision cannot.

    Args:
        service: the service.
        actor: an adviser or a manager of the same office, who did not take the decision.
        review_id: the request.
        result: "upheld", or "changed".
        note: what the client is told; needed.
        band: where it is changed: the band that the client gets. The decision before is withdrawn and the new one
            recorded, all at once. "" where another decision was recorded already, or where the client objects to
            being scored and support was agreed by conversation.
        reason: why the band is another one than was proposed.
        last: the id of the last decision that the reviewer saw, "" for none; None where that is not checked.

    Raises:
        AccessError: there is no such request, it belongs to another office, or the role does not review.
        CaseworkError: the reviewer took the decision, or a field cannot be used.
        ConflictError: the request was answered, or something was decided, in the meantime; or the score is out of
            date, and has to be worked out again before a band is changed.
        DecisionError: the rules do not allow the new band or its reason.
    """
    require(actor, "adviser", "manager")
    if result not in RESULTS:
        raise field_error("result", "This is not an answer.", f"Use one of {', '.join(RESULTS)}.")
    note = check_text("note", note, needed=True)
    with service.database.read() as view:
        assessment_id = row_of(view, reviews, review_id)["assessment"]
    with changing(service, actor, assessment_id, "review_closed", review=review_id, result=result) as (work, row):
        review = work.get(reviews, review_id)
        answer = {"reviewer": actor.account, "result": result, "note": note}
        if review["state"] != "open":
            # A second click on the same answer.
            if all(review[name] == value for name, value in answer.items()):
                return review
            raise ConflictError(_CLOSED)
        if is_own(actor, *_about(work, review)):
            raise CaseworkError(_OWN)
        _answer(service, actor, work, standing_of(work, row), review, result, note, band, reason, last)
        return work.update(reviews, review_id, {**answer, "state": "closed", "closed_at": service.now})


def _answer(
    service: Service, actor: Actor, work: Work, standing: Standing, review: Row, result: Result, note: str, band: str,
    reason: str, last: str | None,
) -> None:  # fmt: skip
    """Check that the answer is true of the decision in force, or make it so."""
    if last is not None and last != (standing.last["id"] if standing.last else ""):
        raise ConflictError("A decision was recorded in the meantime. Look at it, and then go on.")
    if result == "upheld":
        _check_upheld(actor, standing, band)
    elif band:
        _change(service, actor, work, standing, band, reason, note)
    else:
        _check_changed(standing, review)


def is_own(actor: Actor, assessment: Row, decision: Row | None) -> bool:
    """True where the actor took the decision; where there was none, if they are the client's adviser.

    A decision that came in through a partner's program has the account of the program, and the name of the person.
    """
    if decision is None:
        return bool(assessment["adviser"] == actor.account)
    return decision["by"] == actor.account or fold(record_of(decision).by) == fold(actor.name)


def _check_upheld(actor: Actor, standing: Standing, band: str) -> None:
    if band:
        raise field_error("band", "A decision that is upheld keeps its band.", "Leave the band out.")
    if standing.in_force is not None and is_own(actor, standing.assessment, standing.in_force):
        raise CaseworkError(_OWN)


def _check_changed(standing: Standing, review: Row) -> None:
    now = standing.in_force
    if standing.state != "objected" and (now is None or now["id"] == review["decision"]):
        raise field_error("band", "Nothing was changed yet.", "Say which support the client gets now.")


def _change(service: Service, actor: Actor, work: Work, standing: Standing, band: str, reason: str, note: str) -> None:
    """Take the decision back, and record another one."""
    if standing.band == band:
        raise DecisionError("The client has this support already. Uphold the decision, or choose another band.")
    row, score = standing.assessment, standing.score
    score_id = score["id"] if score else ""
    if standing.score is not None and standing.decision_state in ("confirmed", "overridden"):
        deciding.taken_back(service, actor, work, row, "withdraw", score_id, note)
    elif standing.score is not None and standing.decision_state == "claimed":
        deciding.taken_back(service, actor, work, row, "refuse", score_id, note)
    row = work.get(assessments, row["id"])
    if score is not None and band == score["band"]:
        deciding.taken(service, actor, work, row, "confirm", deciding.confirming(note), score_id)
    else:
        deciding.taken(service, actor, work, row, "override", deciding.overriding(band, reason, note), score_id)


def of(service: Service, actor: Actor, assessment_id: str) -> list[Row]:
    """Every request of one client, from the first to the last."""
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
        query = sa.select(reviews).where(reviews.c.assessment == row["id"])
        return view.all(query.order_by(reviews.c.asked_at, reviews.c.id))


def find(service: Service, actor: Actor, review_id: str) -> Row:
    """The request with this id.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        row = row_of(view, reviews, review_id)
        case_of(view, actor, row["assessment"])
        return row


def open_reviews(service: Service, actor: Actor, *, page: int = 1) -> Page:
    """The office's requests that wait for an answer, the first due first. Invented clients are left out.

    Rows are those of the request with the assessment's "reference" and "client_reference", "overdue", and "own": True
    where the actor took the decision, and so cannot answer.
    """
    require(actor, "adviser", "manager")
    query = (
        sa.select(reviews, assessments.c.reference, assessments.c.client_reference)
        .join(assessments, reviews.c.assessment == assessments.c.id)
        .where(reviews.c.office == actor.office, reviews.c.state == "open", assessments.c.practice == sa.false())
        .order_by(reviews.c.due, reviews.c.asked_at, reviews.c.id)
    )
    today = service.today.isoformat()
    with service.database.read() as view:
        found = paged(view, query, page, service.settings.page_size)
        rows = [{**row, "overdue": row["due"] < today, "own": is_own(actor, *_about(view, row))} for row in found.rows]
    return Page(rows, found.total, found.number, found.size)


def _about(view: View, review: Row) -> tuple[Row, Row | None]:
    """The assessment and the decision that a request is about."""
    decision = view.find(decisions, review["decision"]) if review["decision"] else None
    return view.get(assessments, review["assessment"]), decision

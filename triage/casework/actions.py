"""What was agreed with a client: which service, from whom, who does it, by when, and how far is it?"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from triage.casework.cases import Page, case_of, changing, check_open, form_of, paged, require, row_of, sent_before
from triage.casework.service import Service
from triage.casework.standing import standing_of
from triage.casework.texts import MOST_LINE, check_text, field_error
from triage.errors import CaseworkError, ConflictError
from triage.records.actor import Actor
from triage.records.database import Row, Work
from triage.records.plain import new_id
from triage.records.tables import action_steps, actions, assessments

#: In this order; a step may be left out, and none goes back.
STATES = ("agreed", "referred", "accepted", "started", "finished")
#: The client chose not to. That is never held against them, and they may change their mind.
NOT_TAKEN_UP = "not_taken_up"
#: What still waits for somebody.
WAITING = STATES[:-1]
#: A service or partner that the services file does not name.
OTHER = "other"
_LONGEST_DAYS = 730


def agree(
    service: Service, actor: Actor, assessment_id: str, *, service_id: str, due: date, partner_id: str = "",
    who: str = "", note: str = "", decision_id: str | None = None, submission: str = "",
) -> Row:  # fmt: skip
    """Agree what happens next.

    Args:
        service: the service.
        actor: who writes it down.
        assessment_id: with whom it was agreed. It needs no score and no decision: every service is open to everyone.
        service_id: a service of the services file, or `OTHER`, with a note that says what it is.
        due: by when; today or later.
        partner_id: a partner of the services file, `OTHER`, or "".
        who: who does it; needed where no partner of the file does.
        note: a few words.
        decision_id: the decision that it follows from, if any; it must be the one in force.
        submission: the id of the form.

    Raises:
        CaseworkError: a field cannot be used (`faults` name it), or the assessment is closed.
        ConflictError: the decision is no longer in force.
    """
    form = form_of(actor, submission)
    values = {
        **_help(service, service_id, partner_id, check_text("who", who, most=MOST_LINE)),
        "note": check_text("note", note, needed=service_id == OTHER),
        "due": check_due(service, due).isoformat(),
        "decision": decision_id or None,
    }
    with changing(service, actor, assessment_id, "action_agreed") as (work, row):
        before = sent_before(work, actions, form, assessment=row["id"])
        if before is not None:
            return before
        check_open(row)
        _check_in_force(work, row, decision_id)
        now = service.now
        new = work.insert(
            actions,
            {
                **values, "id": new_id(), "assessment": row["id"], "office": row["office"], "state": STATES[0],
                "made_by": actor.account, "made_at": now, "changed_at": now, "submission": form, "version": 1,
            },
        )  # fmt: skip
        work.about(row["id"], made=new["id"], service=new["service"], partner=new["partner"])
        _note_step(work, actor, new, now)
        return new


def _check_in_force(work: Work, assessment: Row, decision_id: str | None) -> None:
    in_force = standing_of(work, assessment).in_force if decision_id else None
    if decision_id and (in_force is None or in_force["id"] != decision_id):
        raise ConflictError("The decision was changed in the meantime. Look at it, and then agree what follows.")


def _help(service: Service, service_id: str, partner_id: str, who: str) -> dict[str, str]:
    """The service, the partner and who does it, if they go together."""
    known = service.services
    if service_id != OTHER and service_id not in known.by_id:
        raise field_error("service", "This is not one of the services.", "Choose one of them, or another service.")
    if partner_id not in ("", OTHER) and partner_id not in known.partner_by_id:
        raise field_error("partner", "This is not one of the partners.", "Choose one of them, or leave this empty.")
    if partner_id in ("", OTHER) and not who:
        raise field_error("who", "Nobody is named who does this.", "Choose a partner, or say who does it.")
    return {"service": service_id, "partner": partner_id, "who": who}


def check_due(service: Service, due: date) -> date:
    """`due` if it is today or later, and not years away.

    Raises:
        CaseworkError: it is not.
    """
    if due < service.today:
        raise field_error("due", "This day is in the past.", "Give today or a later day.")
    if due > service.today + timedelta(days=_LONGEST_DAYS):
        raise field_error("due", "This day is more than two years away.", "Check the year.")
    return due


def step(service: Service, actor: Actor, action_id: str, state: str, expect_version: int | None = None) -> Row:
    """Say how far an action is.

    Steps go forward only and may be left out. `NOT_TAKEN_UP` is possible until it is finished, and after it every
    step is possible again. A step that was taken already changes nothing.

    Raises:
        AccessError: there is no such action, or it belongs to another office.
        CaseworkError: the step does not go forward.
        ConflictError: the action is no longer of `expect_version`.
    """
    with service.database.read() as view:
        assessment_id = row_of(view, actions, action_id)["assessment"]
    with changing(service, actor, assessment_id, "action_changed", changed=action_id, state=state) as (work, _):
        row = work.get(actions, action_id)
        if row["state"] == state:
            return row
        _check_step(row["state"], state)
        now = service.now
        expect = {} if expect_version is None else {"version": expect_version}
        new = work.update(actions, action_id, {"state": state, "changed_at": now}, expect)
        _note_step(work, actor, new, now)
        return new


def next_states(state: str) -> tuple[str, ...]:
    """The steps that may follow `state`."""
    if state == NOT_TAKEN_UP:
        return STATES
    return (*STATES[STATES.index(state) + 1 :], NOT_TAKEN_UP) if state in WAITING else ()


def _check_step(before: str, after: str) -> None:
    if (after == NOT_TAKEN_UP and before in WAITING) or (before == NOT_TAKEN_UP and after in STATES):
        return
    if after not in (*STATES, NOT_TAKEN_UP):
        raise field_error("state", "This is not a step.", f"Use one of {', '.join((*STATES, NOT_TAKEN_UP))}.")
    if after == NOT_TAKEN_UP or before == NOT_TAKEN_UP or STATES.index(after) < STATES.index(before):
        raise CaseworkError(f"This is {before.replace('_', ' ')} already, and steps go forward only.")


def _note_step(work: Work, actor: Actor, action: Row, at: str) -> None:
    values = {"id": new_id(), "action": action["id"], "state": action["state"], "by": actor.account, "at": at}
    work.insert(action_steps, values)


def move(service: Service, actor: Actor, action_id: str, due: date, expect_version: int | None = None) -> Row:
    """Give an action that is not finished another day.

    Raises:
        CaseworkError: the day is in the past, or the action waits for nobody any more.
        ConflictError: the action is no longer of `expect_version`.
    """
    day = check_due(service, due).isoformat()
    with service.database.read() as view:
        assessment_id = row_of(view, actions, action_id)["assessment"]
    with changing(service, actor, assessment_id, "action_changed", changed=action_id) as (work, _):
        row = work.get(actions, action_id)
        if row["state"] not in WAITING:
            raise CaseworkError("This waits for nobody any more, so it has no other day.")
        expect = {} if expect_version is None else {"version": expect_version}
        return work.update(actions, action_id, {"due": day, "changed_at": service.now}, expect)


def of(service: Service, actor: Actor, assessment_id: str) -> list[Row]:
    """What was agreed with one client, the first due first; each with "steps", its rows from the first to the last."""
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
        mine = actions.c.assessment == row["id"]
        found = view.all(sa.select(actions).where(mine).order_by(actions.c.due, actions.c.made_at, actions.c.id))
        steps = view.all(sa.select(action_steps).join(actions, action_steps.c.action == actions.c.id).where(mine))
    steps.sort(key=lambda item: (item["at"], (*STATES, NOT_TAKEN_UP).index(item["state"])))
    return [{**item, "steps": [one for one in steps if one["action"] == item["id"]]} for item in found]


def find(service: Service, actor: Actor, action_id: str) -> Row:
    """The action with this id.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        row = row_of(view, actions, action_id)
        case_of(view, actor, row["assessment"])
        return row


def due(service: Service, actor: Actor, until: date | None = None, *, mine: bool = False, page: int = 1) -> Page:
    """The work queue: what waits for somebody by `until` (everything where None), the first due first.

    Rows are those of the action with the assessment's "reference", "client_reference" and "adviser", and "overdue".
    Invented clients are left out.

    Args:
        service: the service.
        actor: whose office.
        until: the last day.
        mine: the actor's own clients only.
        page: which page.
    """
    require(actor, "adviser", "manager")
    query = (
        sa.select(actions, assessments.c.reference, assessments.c.client_reference, assessments.c.adviser)
        .join(assessments, actions.c.assessment == assessments.c.id)
        .where(
            actions.c.office == actor.office,
            actions.c.state.in_(WAITING),
            assessments.c.practice == sa.false(),
        )
        .order_by(actions.c.due, actions.c.made_at, actions.c.id)
    )
    query = query if until is None else query.where(actions.c.due <= until.isoformat())
    query = query.where(assessments.c.adviser == actor.account) if mine else query
    with service.database.read() as view:
        found = paged(view, query, page, service.settings.page_size)
    today = service.today.isoformat()
    return Page([{**row, "overdue": row["due"] < today} for row in found.rows], found.total, found.number, found.size)

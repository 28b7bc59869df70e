"""How does an assessment begin, and what is noted about it? It never holds a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from triage.casework.cases import (
    case_of,
    changing,
    check_open,
    context_of,
    form_of,
    require,
    row_of,
    sent_before,
)
from triage.casework.context import read_context, split_objection
from triage.casework.finding import find, find_by_reference, holders, mine, seen
from triage.casework.objections import object_to_scoring, objected, withdraw_objection
from triage.casework.service import Service
from triage.casework.standing import standing_of
from triage.casework.texts import MOST_REFERENCE, check_client_reference, check_text, field_error
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, Work
from triage.records.plain import canonical, new_id, new_reference
from triage.records.tables import assessments, events, list_rows, lists

__all__ = [
    "CLOSED_WHY",
    "HELD",
    "check_client_reference",
    "close",
    "context_of",
    "find",
    "find_by_reference",
    "holders",
    "mine",
    "note_privacy",
    "object_to_scoring",
    "reopen",
    "seen",
    "set_details",
    "start",
    "take_over",
    "withdraw_objection",
]

#: How an interview is held. "app": a partner's own program asked.
HELD = ("in_person", "phone", "video", "paper", "list", "app")
#: Why an assessment is closed.
CLOSED_WHY = ("support_ended", "back_in_work", "client_asked", "moved_away", "no_contact", "duplicate", "other")


def start(
    service: Service, actor: Actor, *, held: str, client_reference: str = "", interpreter: bool = False,
    language: str = "", context: Mapping[str, object] | None = None, practice: bool = False,
    event: str | None = None, list_row: str | None = None, api_key: str | None = None, submission: str = "",
) -> Row:  # fmt: skip
    """Begin an assessment; its state is "open", or "objected" where the context says that the client objects.

    Args:
        service: the service.
        actor: who begins it; it belongs to their office.
        held: one of `HELD`.
        client_reference: the organisation's own reference, never a name.
        interpreter: whether an interpreter helps.
        language: the language of the interview where it is not English.
        context: by context field of the checklist: what is asked beside the questions.
        practice: for an invented client, who counts nowhere.
        event: the id of the event at which they were met.
        list_row: the id of the row of an attendance list that is opened as an interview. A row that was opened
            before gives its assessment again.
        api_key: the key of the partner's program; that of the actor where a partner acts.
        submission: the id of the form, so that a second click does not begin a second assessment.

    Raises:
        AccessError: the actor has no office with cases, or the event or the list belongs to another one.
        CaseworkError: a field cannot be used; `faults` name the fields.
    """
    require(actor, "adviser", "manager", "partner")
    if not actor.office:
        raise AccessError("You belong to no office, so you cannot begin an assessment. Ask an administrator.")
    details = _details(service, held, client_reference, interpreter, language, context or {})
    objects, form = details.pop("objects"), form_of(actor, submission)
    with service.database.write(Event(actor, "assessment_started", "", actor.office, {"practice": practice})) as work:
        before = sent_before(work, assessments, form, office=actor.office) or _opened(work, actor, list_row)
        if before is not None:
            return before
        own = {"practice": practice, "api_key": api_key or _key(actor), "submission": form}
        row = work.insert(
            assessments, {**_begun(service, actor), **details, **_source(work, actor, event, list_row), **own,
                          "reference": _reference(work)},
        )  # fmt: skip
        if list_row:
            work.update(list_rows, list_row, {"assessment": row["id"]}, expect={"assessment": None})
        work.about(row["id"])
        return objected(service, actor, work, row) if objects else row


def _begun(service: Service, actor: Actor) -> dict[str, Any]:
    """What every assessment begins with."""
    return {
        "id": new_id(), "office": actor.office, "adviser": actor.account, "state": "open", "round": 1,
        "stopped": False, "monitoring": "", "started_at": service.now, "closed_why": "", "version": 1,
    }  # fmt: skip


def _key(actor: Actor) -> str | None:
    return actor.account if actor.role == "partner" else None


def _details(
    service: Service, held: str, reference: str, interpreter: bool, language: str, context: Mapping[str, object]
) -> dict[str, Any]:
    if held not in HELD:
        raise field_error("held", "This is not a way to hold an interview.", f"Use one of {', '.join(HELD)}.")
    known, objects = split_objection(service, context)
    return {
        "client_reference": check_client_reference(reference),
        "held": held,
        "interpreter": bool(interpreter),
        "language": check_text("language", language, most=MOST_REFERENCE),
        "context": canonical(read_context(service, known)),
        "objects": objects,
    }


def _reference(work: Work) -> str:
    """A reference that no other assessment has."""
    while True:
        made = new_reference()
        if not work.scalar(sa.select(sa.func.count()).where(assessments.c.reference == made)):
            return made


def _own(actor: Actor, row: Row) -> Row:
    if row["office"] != actor.office:
        raise AccessError("This is not there, or it belongs to another office.")
    return row


def _opened(work: Work, actor: Actor, list_row: str | None) -> Row | None:
    """The assessment of a row that was opened before."""
    if not list_row:
        return None
    require(actor, "adviser", "manager")
    known = row_of(work, list_rows, list_row)["assessment"]
    return case_of(work, actor, known) if known else None


def _source(work: Work, actor: Actor, event: str | None, list_row: str | None) -> dict[str, str | None]:
    """The event and the list that a client comes from."""
    found = None
    if list_row:
        found = _own(actor, work.get(lists, row_of(work, list_rows, list_row)["list"]))
        event = event or found["event"]
    if event:
        _own(actor, row_of(work, events, event))
    return {"event": event, "list": found["id"] if found else None}


def set_details(
    service: Service,
    actor: Actor,
    assessment_id: str,
    *,
    expect_version: int | None = None,
    held: str | None = None,
    client_reference: str | None = None,
    interpreter: bool | None = None,
    language: str | None = None,
    context: Mapping[str, object] | None = None,
) -> Row:
    """Change what is noted about an assessment; what is None stays as it is.

    `context` replaces the fields that it names; one that is empty is taken out. An objection among them is recorded
    as one; it is taken back by `withdraw_objection` alone.

    Raises:
        ConflictError: the row is no longer of `expect_version`.
        CaseworkError: a field cannot be used, or the assessment is closed.
    """
    with changing(service, actor, assessment_id, "assessment_changed") as (work, row):
        check_open(row)
        if expect_version is not None and row["version"] != expect_version:
            raise ConflictError("Somebody else changed this in the meantime. Look at it again, and then go on.")
        given = dict(context or {})
        fields = service.engines.now.checklist.context_by_id
        merged = {name: value for name, value in context_of(row).items() if name in fields} | given
        details = _details(
            service,
            row["held"] if held is None else held,
            row["client_reference"] if client_reference is None else client_reference,
            row["interpreter"] if interpreter is None else interpreter,
            row["language"] if language is None else language,
            merged if given else {},
        )
        objects = details.pop("objects")
        if not given:
            del details["context"]
        changed = {name: value for name, value in details.items() if row[name] != value}
        row = work.update(assessments, row["id"], changed) if changed else row
        return objected(service, actor, work, row) if objects and row["state"] != "objected" else row


def note_privacy(service: Service, actor: Actor, assessment_id: str) -> Row:
    """The client was told what happens with the answers. The first time counts."""
    with changing(service, actor, assessment_id, "assessment_changed") as (work, row):
        return row if row["privacy_at"] else work.update(assessments, row["id"], {"privacy_at": service.now})


def take_over(service: Service, actor: Actor, assessment_id: str) -> Row:
    """From now on the client is the actor's: a colleague is away, or the client prefers somebody else."""
    require(actor, "adviser", "manager")
    with changing(service, actor, assessment_id, "assessment_changed", taken_over=True) as (work, row):
        mine = row["adviser"] == actor.account
        return row if mine else work.update(assessments, row["id"], {"adviser": actor.account})


def close(service: Service, actor: Actor, assessment_id: str, why: str, expect_version: int | None = None) -> Row:
    """Close an assessment; nothing of it is lost, and outcomes can still be recorded.

    Raises:
        CaseworkError: `why` is not one of `CLOSED_WHY`, or the client objects (their support goes on by conversation).
        ConflictError: the row is no longer of `expect_version`.
    """
    if why not in CLOSED_WHY:
        raise field_error("why", "This is not a reason to close.", f"Use one of {', '.join(CLOSED_WHY)}.")
    with changing(service, actor, assessment_id, "assessment_closed", why=why) as (work, row):
        if row["state"] == "closed":
            return row
        expect = {} if expect_version is None else {"version": expect_version}
        values = {"state": "closed", "closed_at": service.now, "closed_why": why}
        return work.update(assessments, row["id"], values, expect)


def reopen(service: Service, actor: Actor, assessment_id: str) -> Row:
    """Go on with a closed assessment where it stood."""
    with changing(service, actor, assessment_id, "assessment_changed", reopened=True) as (work, row):
        if row["state"] != "closed":
            raise CaseworkError("This assessment is not closed.")
        state = standing_of(work, row).state
        return work.update(assessments, row["id"], {"state": state, "closed_at": None, "closed_why": ""})

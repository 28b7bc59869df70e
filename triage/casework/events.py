"""Which events for the staff of one employer are there? An event names no client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from triage.casework.cases import Page, form_of, may_see, paged, require, row_of, sent_before
from triage.casework.service import Service
from triage.casework.texts import MOST_LINE, check_text, field_error
from triage.errors import AccessError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import new_id
from triage.records.tables import events, lists, offices

_NOT_HERE = "This is not there, or it belongs to another office."
_LINES = ("site", "session", "partnership", "hr1_reference")
#: A day further away than this is a slip of the pen.
_YEARS = 5


@dataclass(frozen=True)
class EventDetails:
    """What is noted of an event. All texts are about the employer and the place, never about a client.

    Attributes:
        employer: whose staff it is for.
        held_on: the day.
        site: where.
        session: which of several on one day, such as "morning".
        partnership: the local partnership for redundancy support.
        hr1_reference: the reference of the employer's notice of redundancies.
    """

    employer: str
    held_on: date | None
    site: str = ""
    session: str = ""
    partnership: str = ""
    hr1_reference: str = ""


def make(service: Service, actor: Actor, details: EventDetails, submission: str = "") -> Row:
    """A new event of the actor's office; a second click gives the first one again.

    Raises:
        CaseworkError: a field cannot be used; `faults` name the fields.
    """
    require(actor, "adviser", "manager")
    if not actor.office:
        raise AccessError("You belong to no office, so you cannot make an event. Ask an administrator.")
    values, form = _checked(service, details), form_of(actor, submission)
    with service.database.write(Event(actor, "event_made", "", actor.office)) as work:
        before = sent_before(work, events, form, office=actor.office)
        if before is not None:
            return before
        at = {"made_by": actor.account, "made_at": service.now}
        row = {"id": new_id(), "office": actor.office, **values, **at, "submission": form, "version": 1}
        work.about(row["id"])
        return work.insert(events, row)


def change(service: Service, actor: Actor, event_id: str, details: EventDetails, version: int | None = None) -> Row:
    """Change what is noted of an event.

    Raises:
        ConflictError: somebody else changed it since `version`.
    """
    require(actor, "adviser", "manager")
    values = _checked(service, details)
    with service.database.write(Event(actor, "event_changed", event_id, actor.office)) as work:
        event_of(work, actor, event_id)
        return work.update(events, event_id, values, {} if version is None else {"version": version})


def find(service: Service, actor: Actor, event_id: str) -> Row:
    """One event.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        return event_of(view, actor, event_id)


def event_of(view: View, actor: Actor, event_id: str) -> Row:
    """As `find`, in a transaction that is open already."""
    row = row_of(view, events, event_id)
    if actor.role == "partner" or not may_see(actor, row):
        raise AccessError(_NOT_HERE)
    return row


def every(service: Service, actor: Actor, page: int = 1) -> Page:
    """The events of the actor's office, the newest first, each with how many `lists` it has."""
    require(actor, "adviser", "manager")
    count = sa.select(sa.func.count()).where(lists.c.event == events.c.id).scalar_subquery().label("lists")
    query = sa.select(events, count).where(events.c.office == actor.office)
    with service.database.read() as view:
        return paged(view, query.order_by(events.c.held_on.desc(), events.c.id), page, service.settings.page_size)


def partnership_of(service: Service, actor: Actor) -> str:
    """The local partnership of the actor's office, as the first suggestion for a new event."""
    with service.database.read() as view:
        row = view.find(offices, actor.office)
    return str(row["partnership"]) if row else ""


def _checked(service: Service, details: EventDetails) -> Mapping[str, Any]:
    if details.held_on is None:
        raise field_error("held_on", "Say on which day the event is.", "Type the day, the month and the year.")
    if abs(details.held_on.year - service.today.year) > _YEARS:
        raise field_error("held_on", "This day is too far away.", "Check the year.")
    if not details.employer.strip():
        raise field_error("employer", "Say whose staff the event is for.", "Type the employer's name.")
    texts = {name: getattr(details, name) for name in _LINES} | {"employer": details.employer}
    kept = {name: " ".join(check_text(name, text, most=MOST_LINE).split()) for name, text in texts.items()}
    return {**kept, "held_on": details.held_on.isoformat()}

"""Whose client is this, and how is one changed? What every step of casework begins with."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table

from triage.casework.service import Service
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.records.actor import Actor, Role
from triage.records.audit import Event
from triage.records.database import Row, View, Work
from triage.records.plain import parsed
from triage.records.tables import assessments

#: Roles that work with cases at all.
CASE_ROLES: tuple[Role, ...] = ("adviser", "manager", "partner", "system")
_NOT_HERE = "This is not there, or it belongs to another office."
_CLOSED = "This assessment is closed. Open it again first."
_ANOTHER_FORM = "This form was sent before for something else. Open the page again, and then go on."
_LONGEST_SUBMISSION, _LONGEST_ID, _MOST_PAGES = 200, 64, 1_000_000


@dataclass(frozen=True)
class Page:
    """Part of a list.

    Attributes:
        rows: the rows of this page.
        total: how many rows there are on all pages.
        number: the page, from 1.
        size: how many rows a page has at most.
    """

    rows: Sequence[Row]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def require(actor: Actor, *roles: Role) -> None:
    """Refuse an actor of another role.

    Raises:
        AccessError: they have none of `roles`.
    """
    if actor.role not in roles:
        raise AccessError(_NOT_HERE)


def may_see(actor: Actor, row: Row) -> bool:
    """True where `row`, which has an office, is one of the actor's own.

    A partner's program sees what was started with its own key; the software itself sees all.
    """
    if actor.role not in CASE_ROLES:
        return False
    if actor.role == "system":
        return True
    own_key = actor.role != "partner" or row.get("api_key") == actor.account
    return bool(actor.office) and row["office"] == actor.office and own_key


def case_of(view: View, actor: Actor, assessment_id: str) -> Row:
    """The assessment with this id.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    row = row_of(view, assessments, assessment_id)
    if not may_see(actor, row):
        raise AccessError(_NOT_HERE)
    return row


@contextmanager
def changing(
    service: Service, actor: Actor, assessment_id: str, action: str, **detail: Any
) -> Generator[tuple[Work, Row]]:
    """One transaction that changes what belongs to an assessment, with its event; gives the row as it is now.

    Raises:
        AccessError: there is no such assessment, or it belongs to another office.
    """
    with service.database.read() as view:
        office = case_of(view, actor, assessment_id)["office"]
    with service.database.write(Event(actor, action, assessment_id, office, detail)) as work:
        yield work, case_of(work, actor, assessment_id)


def check_open(row: Row) -> None:
    """Refuse a closed assessment.

    Raises:
        CaseworkError: it is closed.
    """
    if row["state"] == "closed":
        raise CaseworkError(_CLOSED)


def row_of(view: View, table: Table, row_id: str) -> Row:
    """The row with an id that came from outside.

    Raises:
        AccessError: there is none.
    """
    if not (row_id.isascii() and row_id.isalnum() and len(row_id) <= _LONGEST_ID):
        raise AccessError(_NOT_HERE)
    return view.get(table, row_id)


def form_of(actor: Actor, submission: str) -> str | None:
    """The id of a form as it is kept: of one person's, so that nobody gets what another's form made.

    Raises:
        ConflictError: this is no id of a form.
    """
    if not submission:
        return None
    if len(submission) > _LONGEST_SUBMISSION or not (submission.isascii() and submission.isprintable()):
        raise ConflictError(_ANOTHER_FORM)
    return f"{actor.account}:{submission}"


def sent_before(view: View, table: Table, form: str | None, **same: Any) -> Row | None:
    """The row that an earlier click on the same form made; None for one that is new.

    Raises:
        ConflictError: the form was sent for something else.
    """
    row = view.one(sa.select(table).where(table.c.submission == form)) if form else None
    if row and any(row[name] != value for name, value in same.items()):
        raise ConflictError(_ANOTHER_FORM)
    return row


def context_of(assessment: Row) -> dict[str, Any]:
    """What was asked beside the questions, by context field, as plain data."""
    found: dict[str, Any] = parsed(assessment["context"]) or {}
    return found


def paged(view: View, query: sa.Select[Any], number: int, size: int) -> Page:
    """One page of a query that has an order."""
    number, size = min(max(1, number), _MOST_PAGES), max(1, size)
    total = view.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    return Page(view.all(query.limit(size).offset((number - 1) * size)), int(total), number, size)

"""Which assessments are an office's own, and which wait for a step?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from triage.casework.cases import Page, case_of, paged, require
from triage.casework.service import Service
from triage.casework.texts import MOST_REFERENCE
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.tables import accounts, api_keys, assessments


def find(service: Service, actor: Actor, assessment_id: str) -> Row:
    """The assessment with this id.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        return case_of(view, actor, assessment_id)


def find_by_reference(service: Service, actor: Actor, reference: str, *, practice: bool = False) -> list[Row]:
    """The office's assessments with this reference, ours or the organisation's own; the newest first."""
    require(actor, "adviser", "manager", "partner")
    text = " ".join(reference.split())
    if not text or len(text) > MOST_REFERENCE or not text.isprintable():
        return []
    query = _own_cases(actor, practice).where(
        sa.or_(
            sa.func.replace(assessments.c.reference, "-", "") == text.upper().replace("-", "").replace(" ", ""),
            sa.func.lower(assessments.c.client_reference) == text.lower(),
        )
    )
    with service.database.read() as view:
        return view.all(query)


def mine(
    service: Service,
    actor: Actor,
    *,
    states: tuple[str, ...] = ("open", "scored"),
    whole_office: bool = False,
    practice: bool = False,
    page: int = 1,
) -> Page:
    """The work list: assessments that wait for a step, the newest first; the actor's own, or the whole office's.

    People of an attendance list stand on that list until somebody has begun to speak with them.
    """
    require(actor, "adviser", "manager", "partner")
    spoken_to = sa.or_(assessments.c.list.is_(None), assessments.c.privacy_at.is_not(None))
    query = _own_cases(actor, practice).where(assessments.c.state.in_(states), spoken_to)
    if not whole_office:
        query = query.where(assessments.c.adviser == actor.account)
    with service.database.read() as view:
        return paged(view, query, page, service.settings.page_size)


def holders(service: Service, rows: Iterable[Row]) -> dict[str, str]:
    """Who holds these assessments: the name of each account, or of the program whose key began them."""
    ids = {row["adviser"] for row in rows}
    with service.database.read() as view:
        found = [
            row for table in (accounts, api_keys)
            for row in view.all(sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids)))
        ]  # fmt: skip
    return {row["id"]: row["name"] for row in found}


def _own_cases(actor: Actor, practice: bool) -> sa.Select[Any]:
    query = sa.select(assessments).where(assessments.c.office == actor.office, assessments.c.practice == practice)
    if actor.role == "partner":
        query = query.where(assessments.c.api_key == actor.account)
    return query.order_by(assessments.c.started_at.desc(), assessments.c.id)


def seen(service: Service, actor: Actor, assessment_id: str) -> None:
    """Note in the audit trail that somebody looked at an assessment."""
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
    with service.database.write(Event(actor, "assessment_viewed", row["id"], row["office"], note=True)):
        pass

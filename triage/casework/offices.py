"""Which offices are there, who works in each, and when may one close?"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from triage.casework.cases import require
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.errors import CaseworkError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.tables import accounts, assessments, offices, reviews

_NAME = range(2, 81)


def every_office(service: Service, actor: Actor) -> list[Row]:
    """Every office, closed ones last, each with how many `people` can sign in for it."""
    require(actor, "administrator")
    with service.database.read() as view:
        rows = view.all(sa.select(offices).order_by(offices.c.name))
        return sorted(
            ({**row, "people": _people(view, row["id"])} for row in rows), key=lambda row: bool(row["closed_at"])
        )


def office_names(service: Service) -> dict[str, str]:
    """The name of every office, closed ones among them, by its id."""
    with service.database.read() as view:
        return {row["id"]: row["name"] for row in view.all(sa.select(offices).order_by(offices.c.name))}


def office_of(service: Service, actor: Actor, office: str) -> Row:
    """One office, as in `every_office`.

    Raises:
        AccessError: there is none.
    """
    require(actor, "administrator")
    with service.database.read() as view:
        return {**view.get(offices, office), "people": _people(view, office)}


def change(service: Service, actor: Actor, office: str, name: str, partnership: str) -> Row:
    """Give an office another name, or its local partnership another.

    Raises:
        CaseworkError: it has no name, or another office has it.
    """
    require(actor, "administrator")
    name, partnership = " ".join(name.split()), " ".join(partnership.split())
    if len(name) not in _NAME:
        raise field_error("name", "An office needs a name of 2 to 80 letters.")
    with service.database.write(Event(actor, "office_changed", office, office)) as work:
        work.get(offices, office)
        if work.one(sa.select(offices).where(offices.c.name == name, offices.c.id != office)):
            raise field_error("name", "There is another office of this name.")
        return work.update(offices, office, {"name": name, "partnership": partnership})


def close(service: Service, actor: Actor, office: str) -> Row:
    """Close an office: nobody can be put there any more, and API keys for its clients stop working.

    Raises:
        CaseworkError: people work there, or clients wait who would then have nobody.
    """
    require(actor, "administrator")
    with service.database.write(Event(actor, "office_changed", office, office, {"closed": True})) as work:
        work.get(offices, office)
        if count := _people(work, office):
            raise CaseworkError(
                f"{count} {'person works' if count == 1 else 'people work'} in this office. Move them to another one"
                " first, or switch their accounts off."
            )
        if count := _waiting(work, office):
            raise CaseworkError(
                f"{count} {'client waits' if count == 1 else 'clients wait'} in this office for a decision or a review,"
                " and would have nobody. Finish that first."
            )
        return work.update(offices, office, {"closed_at": service.now})


def reopen(service: Service, actor: Actor, office: str) -> Row:
    """Open an office again."""
    require(actor, "administrator")
    with service.database.write(Event(actor, "office_changed", office, office, {"closed": False})) as work:
        return work.update(offices, office, {"closed_at": None})


def _people(view: View, office: str) -> int:
    return _count(view, accounts.c.office == office, accounts.c.active.is_(True))


def _waiting(view: View, office: str) -> int:
    """Clients, not practice, who are not decided, or whose decision is to be looked at again."""
    asked = sa.select(reviews.c.assessment).where(reviews.c.state == "open")
    undecided = assessments.c.state.in_(("open", "scored"))
    return _count(
        view, assessments.c.office == office, assessments.c.practice.is_(False),
        undecided | assessments.c.id.in_(asked),
    )  # fmt: skip


def _count(view: View, *conditions: Any) -> int:
    return int(view.scalar(sa.select(sa.func.count()).where(*conditions)))

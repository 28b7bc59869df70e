"""What is downloaded of a released plan: whom to invite, who stands ready, and whom to talk to first."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from triage.casework.list_view import Entry, every, private_of
from triage.casework.list_workbook import ENDINGS
from triage.casework.lists import check_works_on
from triage.casework.places import plan_of
from triage.casework.places_facts import facts_of
from triage.casework.places_release import Stand, stand_of
from triage.casework.service import Service
from triage.casework.standing import record_of
from triage.errors import CaseworkError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import parsed
from triage.records.tables import accounts, list_identities

_NOT_RELEASED = "This plan is not released, so there is nothing to download. Open and decide its rows, and release it."


def write(
    service: Service, actor: Actor, list_id: str, plan_id: str, folder: Path, *, ending: str = "xlsx"
) -> Path:  # fmt: skip
    """Write a released plan into `folder`, and note that it was given out.

    Raises:
        AccessError: the actor does not work on the list, and so may not see whom it names.
        CaseworkError: the plan is not released.
    """
    if ending not in ENDINGS:
        raise CaseworkError(f"A list can be downloaded as {' or '.join(ENDINGS)}.")
    with service.database.read() as view:
        row = check_works_on(view, actor, list_id)
        plan = plan_of(view, actor, list_id, plan_id)
        if plan["state"] != "released":
            raise CaseworkError(_NOT_RELEASED)
        stand = stand_of(view, plan, facts_of(service, view, list_id))
        people = _people(view, list_id, plan, stand)
        by = _name(view, plan["ended_by"])
    about = desk.PlacesAbout(
        plan["band"], plan["places"], plan["reserve"], by, plan["ended_at"][:10], row["practice"],
        parsed(plan["versions"]), stand.erased,
    )  # fmt: skip
    out = desk.places_file(
        service.engines.now, people, about, folder / f"places-released-{plan['ended_at'][:10]}.{ending}"
    )
    detail = {"what": "places", "plan": plan_id, "rows": len(people)}
    with service.database.write(Event(actor, "exported", list_id, row["office"], detail, note=True)):
        pass
    return out


def _people(view: View, list_id: str, plan: Row, stand: Stand) -> list[desk.Placed]:
    entries = {entry.id: entry for entry in every(view, list_id)}
    c = list_identities.c
    named = view.all(sa.select(c.sheet, c.row, c.data).where(c.list == list_id, c.row > 0))
    names = {(item["sheet"], item["row"]): private_of(item["data"]).identity for item in named}
    found = []
    for row in stand.rows:
        entry, decision = entries[row["row"]], stand.decided.get(row["id"])
        band = decision["band"] if decision else row["band"]
        assert entry.assessment is not None
        of = (
            names.get((entry.row.sheet, entry.row.row), {}),
            entry.assessment["reference"],
            entry.row.row,
            entry.row.sheet,
        )
        if entry.assessment["state"] == "objected":
            # Perhaps since the release: from then on nothing that rests on the score is shown.
            found.append(desk.Placed(*of, None, "objected", None, ""))
            continue
        by = _name(view, decision["by"]) if decision else _recorded(entry, row)
        found.append(desk.Placed(*of, row["rank"], outcome_of(plan, row, decision), band, by))
    return found


def _recorded(entry: Entry, row: Row) -> str:
    """What the record says of somebody about whom nothing was decided in the plan; "" where it says nothing."""
    standing = entry.standing
    if row["rank"] is None or standing is None or standing.in_force is None:
        return ""
    how = "in" if standing.band == row["band"] else "otherwise in"
    return f"Decided {how} the record, by {record_of(standing.in_force).by}"


def outcome_of(plan: Row, row: Row, decision: Row | None) -> desk.PlacesOutcome:
    """What came of a row in a plan: a place, the reserve, or neither; or why there is no order for it."""
    if row["rank"] is None:
        outcome: desk.PlacesOutcome = row["part"]
        return outcome
    band = decision["band"] if decision else row["band"]
    if band == plan["band"]:
        return "place"
    if row["part"] == "above" and band == row["band"]:
        return "above"
    return "reserve" if decision is not None and decision["on_reserve"] else "none"


def _name(view: View, account: str | None) -> str:
    row = view.find(accounts, account or "")
    return str(row["name"]) if row else ""

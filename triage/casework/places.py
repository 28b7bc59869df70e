"""Who is offered one of the places of an event? A plan proposes an order; people open and decide; one of them releases.

Nothing is released by the tool. Whom a person has to open stands in the plan from the beginning: everybody near the
line and everybody below it (`triage.cutoffs.places`, docs/decisions/0030).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import sqlalchemy as sa

from triage.casework import suspension
from triage.casework.cases import form_of, require, row_of, sent_before
from triage.casework.list_workbook import check_versions
from triage.casework.lists import list_of
from triage.casework.places_facts import Fact, basis_of, facts_of, versions_of
from triage.casework.service import Service
from triage.casework.texts import MOST_LINE, check_text, field_error
from triage.cutoffs import Order, order, with_places
from triage.engine import Engine
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View, Work
from triage.records.plain import canonical, new_id
from triage.records.tables import place_plans, place_rows

_NOT_HERE = "This is not there, or it belongs to another office."
_NOT_SCORED = "This list is not scored yet. Score it, and then share out the places."
_OTHER_VERSIONS = (
    "The model, the checklist or the cut-offs have changed since this list was scored. Upload it again to score it with"
    " what is in force now, and then share out the places."
)
_OPEN_ALREADY = "There is a plan for this list already. Go on with it, or withdraw it first."
_NOBODY = "Nobody on this list has a score that can be decided on, so there is no order. Talk to people first."
_STALE = {
    "versions": "The model, the checklist or the cut-offs have changed since this plan was made.",
    "basis": "Scores or people on the list have changed since this plan was made.",
}
_THEN = "Nothing of it can be released. Withdraw it and make a new one: what was decided here stays to be read."
_ENDED = {
    "released": "This plan is released, so it stays as it is.",
    "withdrawn": "This plan is withdrawn, so it stays as it is. Make a new one.",
}


def make(
    service: Service, actor: Actor, list_id: str, *, band: str, places: int | None, reserve: int | None = 0,
    submission: str = "",
) -> Row:  # fmt: skip
    """Propose an order for so many places of one band. A second click gives the first plan again.

    Args:
        service: the service.
        actor: an adviser or manager of the list's office.
        list_id: a scored list.
        band: whose places they are: one above the standard one.
        places: how many there are; None for what is no number.
        reserve: how many people are to stand ready for a place that is given back.
        submission: the id of the form.

    Raises:
        CaseworkError: a field cannot be used (`faults` name it), the list is not scored, or nobody is in an order.
        ConflictError: there is an open plan, or the list was scored with other versions than those in force.
        SuspendedError: scoring is turned off.
    """
    require(actor, "adviser", "manager")
    suspension.check(service)
    service, form = service.pinned(), form_of(actor, submission)
    engine = service.engines.now
    count, ready = _checked(engine, band, places, reserve)
    with service.database.write(Event(actor, "places_proposed", list_id, actor.office)) as work:
        row = list_of(work, actor, list_id)
        before = sent_before(work, place_plans, form, list=list_id)
        if before is not None:
            return before
        if row["state"] != "scored":
            raise CaseworkError(_NOT_SCORED)
        check_versions(service, row, _OTHER_VERSIONS)
        if any(plan["state"] == "open" for plan in _plans(work, list_id)):
            raise ConflictError(_OPEN_ALREADY)
        return _kept(service, actor, work, row, facts_of(service, work, list_id), band, count, ready, form)


def _checked(engine: Engine, band: str, places: int | None, reserve: int | None) -> tuple[int, int]:
    if band not in engine.points.ids[1:]:
        raise field_error("band", "Say whose places they are.", "Choose one of the kinds of support.")
    if places is None or not 1 <= places <= desk.MOST_ROWS:
        raise field_error("places", "Say how many places there are.", f"Give a number from 1 to {desk.MOST_ROWS:,}.")
    if reserve is None or not 0 <= reserve <= desk.MOST_ROWS:
        raise field_error(
            "reserve", "This is not a number of people.", f"Give one from 0 to {desk.MOST_ROWS:,}, or leave it empty."
        )
    return places, reserve


def _kept(
    service: Service, actor: Actor, work: Work, of: Row, facts: Sequence[Fact], band: str, places: int, reserve: int,
    form: str | None,
) -> Row:  # fmt: skip
    engine, placed = service.engines.now, [fact for fact in facts if not fact.apart]
    if not placed:
        raise CaseworkError(_NOBODY)
    found = _order(engine, placed, band, places, reserve)
    plan_id, at = new_id(), {fact.entry.id: number for number, fact in enumerate(placed)}
    rows = [_row(plan_id, fact, found, at.get(fact.entry.id)) for fact in facts]
    made = work.insert(
        place_plans,
        {
            "id": plan_id, "list": of["id"], "office": of["office"], "state": "open", "band": band, "places": places,
            "reserve": reserve, "versions": versions_of(engine), "basis": basis_of(facts),
            "data": canonical(_summary(found, rows)), "made_by": actor.account, "made_at": service.now, "why": "",
            "submission": form, "version": 1,
        },
    )  # fmt: skip
    work.insert_many(place_rows, rows)
    work.about(plan_id, list=of["id"], band=band, places=places, reserve=reserve, people=len(rows))
    return made


def _order(engine: Engine, placed: Sequence[Fact], band: str, places: int, reserve: int) -> Order:
    logits, lowers = (np.array([getattr(fact, name) for fact in placed]) for name in ("band_logit", "lower"))
    return order(with_places(engine.cutoffs, band, places), engine.points, band, logits, lowers, reserve)


def _row(plan_id: str, fact: Fact, found: Order, at: int | None) -> Row:
    score = fact.score or None
    common = {"id": new_id(), "plan": plan_id, "row": fact.entry.id, "assessment": fact.case["id"], "score": score}
    if at is None:
        return {**common, "part": fact.apart, "why": fact.why, "needed": False, "version": 1}
    part, band = found.parts[at], found.bands[at]
    # Whom a person has decided otherwise already is looked at, too.
    needed = part not in ("place", "above") or found.near[at] or fact.decided not in (None, band)
    return {**common, "rank": found.ranks[at], "part": part, "why": "", "band": band, "needed": needed, "version": 1}


def _summary(found: Order, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "parts": dict(Counter(row["part"] for row in rows)), "needed": sum(row["needed"] for row in rows),
        "edge": asdict(found.edge) if found.edge else None, "left": found.left,
        "reserve_edge": asdict(found.reserve_edge) if found.reserve_edge else None,
    }  # fmt: skip


def of_list(service: Service, actor: Actor, list_id: str) -> list[Row]:
    """The plans of a list, the newest first."""
    with service.database.read() as view:
        list_of(view, actor, list_id)
        return _plans(view, list_id)


def _plans(view: View, list_id: str) -> list[Row]:
    c = place_plans.c
    return view.all(sa.select(place_plans).where(c.list == list_id).order_by(c.made_at.desc(), c.id))


def plan_of(view: View, actor: Actor, list_id: str, plan_id: str) -> Row:
    """A plan of a list.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    list_of(view, actor, list_id)
    plan = row_of(view, place_plans, plan_id)
    if plan["list"] != list_id:
        raise AccessError(_NOT_HERE)
    return plan


def row_in(view: View, plan: Row, row_id: str) -> Row:
    """A person's row in a plan.

    Raises:
        AccessError: the plan has no such row.
    """
    found = row_of(view, place_rows, row_id)
    if found["plan"] != plan["id"]:
        raise AccessError(_NOT_HERE)
    return found


def check_open(plan: Row) -> Row:
    """Refuse a plan that was released or withdrawn.

    Raises:
        ConflictError: it was.
    """
    if plan["state"] != "open":
        raise ConflictError(_ENDED[plan["state"]])
    return plan


def stale(service: Service, view: View, plan: Row, facts: Sequence[Fact] | None = None) -> str:
    """Why an open plan holds no more, and what to do; "" where it holds."""
    if plan["state"] != "open":
        return ""
    if plan["versions"] != versions_of(service.engines.now):
        return f"{_STALE['versions']} {_THEN}"
    known = facts_of(service, view, plan["list"]) if facts is None else facts
    return "" if basis_of(known) == plan["basis"] else f"{_STALE['basis']} {_THEN}"


def check_holds(service: Service, view: View, plan: Row, facts: Sequence[Fact] | None = None) -> None:
    """Refuse a plan that is not open, or that holds no more.

    Raises:
        ConflictError: it is so; the message says what to do.
    """
    if message := stale(service, view, check_open(plan), facts):
        raise ConflictError(message)


def withdraw(
    service: Service, actor: Actor, list_id: str, plan_id: str, *, why: str = "", version: int | None = None
) -> Row:
    """Take a plan back before it is released. It is kept, with what was decided in it. A second click changes nothing.

    Raises:
        ConflictError: it is released, or was changed since `version`.
    """
    require(actor, "adviser", "manager")
    why = check_text("why", why, most=MOST_LINE)
    with service.database.write(Event(actor, "places_withdrawn", plan_id, actor.office)) as work:
        plan = plan_of(work, actor, list_id, plan_id)
        if plan["state"] == "withdrawn":
            return plan
        check_open(plan)
        values = {"state": "withdrawn", "ended_by": actor.account, "ended_at": service.now, "why": why}
        return work.update(place_plans, plan_id, values, {} if version is None else {"version": version})

"""When is a plan released, and what follows? Once every row that needs a person has been opened and decided.

Releasing decides about nobody. What people decided row by row goes into the clients' records under their names, all of
it or nothing; whoever has a place and was not near the line keeps a proposal, which somebody confirms with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from triage.casework import suspension
from triage.casework.cases import require
from triage.casework.deciding import confirming, overriding, taken
from triage.casework.people import actor_for
from triage.casework.places import check_holds, plan_of
from triage.casework.places_facts import Fact, facts_of
from triage.casework.places_rows import is_changed
from triage.casework.service import Service
from triage.casework.standing import standing_of
from triage.decisions.states import Action
from triage.errors import CaseworkError, ConflictError, UserError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View, Work
from triage.records.plain import canonical, parsed
from triage.records.tables import (
    accounts,
    assessments,
    list_rows,
    place_decisions,
    place_plans,
    place_rows,
    scores,
)

_MEANWHILE = "A decision was recorded in this person's record in the meantime. Open the row again, and decide."


@dataclass(frozen=True)
class Stand:
    """How far a plan is.

    Attributes:
        rows: its rows; those of the order first, by rank, and people with one rank in the order of the list.
        decided: the decision that counts, by row.
        waiting: the rows that a person has to open and decide before a release.
        given: how many have a place as things stand; once it is released, how many had one then.
        without: how many in the order have none, and are not proposed more support.
        most: how many can have one: the places, or more where the national floor holds more people.
        ready, reserve: how many stand on the reserve, and how many can.
        erased: True where rows of the plan are erased by now.
    """

    rows: Sequence[Row]
    decided: Mapping[str, Row]
    waiting: Sequence[Row]
    given: int
    without: int
    most: int
    ready: int
    reserve: int
    erased: bool

    @property
    def why_not(self) -> str:
        """Why the plan cannot be released yet; "" where it can."""
        if self.waiting:
            rest = len(self.waiting)
            people = "1 person has" if rest == 1 else f"{rest:,} people have"
            return f"{people} to be opened and decided first. There is no way to decide them together."
        if self.given > self.most:
            return (
                f"{self.given:,} people have a place and there are {self.most:,}. Open rows again, and decide who is"
                " offered something else."
            )
        if self.ready > self.reserve:
            return (
                f"{self.ready:,} people are on the reserve and it is for {self.reserve:,}. Open rows again, and decide"
                " who is not on it."
            )
        return ""


def stand_of(view: View, plan: Row, facts: Sequence[Fact]) -> Stand:
    """How far a plan is.

    Args:
        view: the records.
        plan: the plan.
        facts: the people of its list as they stand.
    """
    c = place_rows.c
    listed = sa.select(place_rows).join(list_rows, list_rows.c.id == c.row).where(c.plan == plan["id"])
    rows = view.all(listed.order_by(c.rank, list_rows.c.place))
    rows.sort(key=lambda row: row["rank"] is None)
    about = place_decisions.join(place_rows, place_decisions.c.place_row == c.id)
    query = sa.select(place_decisions).select_from(about).where(c.plan == plan["id"]).order_by(place_decisions.c.number)
    decided = {row["place_row"]: row for row in view.all(query)}
    recorded = {fact.entry.id: fact.decided for fact in facts}
    waiting = [
        row for row in rows
        if plan["state"] == "open" and row["rank"] is not None and row["id"] not in decided
        and (row["needed"] or recorded.get(row["row"]) not in (None, row["band"]))
    ]  # fmt: skip
    proposed: Mapping[str, Any] = parsed(plan["data"])
    parts = proposed["parts"]
    bands = [decided.get(row["id"], row)["band"] for row in rows]
    given = bands.count(plan["band"])
    without = sum(
        row["rank"] is not None and row["part"] != "above" and band != plan["band"]
        for row, band in zip(rows, bands, strict=True)
    )
    ready = sum(decision["on_reserve"] for decision in decided.values())
    return Stand(
        rows, decided, waiting, proposed.get("given", given), without, max(plan["places"], parts.get("place", 0)),
        ready, plan["reserve"], len(rows) < sum(parts.values()),
    )  # fmt: skip


def release(service: Service, actor: Actor, list_id: str, plan_id: str, version: int | None = None) -> Row:
    """Release a plan. A second click changes nothing.

    Args:
        service: the service.
        actor: an adviser or manager of the office.
        list_id, plan_id: the plan.
        version: of the plan as the person saw it; it grows with each decision.

    Raises:
        CaseworkError: a row waits for a person, or more people have a place than there are.
        ConflictError: the plan holds no more, or somebody decided meanwhile.
        SuspendedError: scoring is turned off.
    """
    require(actor, "adviser", "manager")
    suspension.check(service)
    service = service.pinned()
    with service.database.write(Event(actor, "places_released", plan_id, actor.office)) as work:
        plan = plan_of(work, actor, list_id, plan_id)
        if plan["state"] == "released":
            return plan
        facts = facts_of(service, work, list_id)
        check_holds(service, work, plan, facts)
        if version is not None and plan["version"] != version:
            raise ConflictError("Somebody decided in this plan in the meantime. Look at it again, and then release it.")
        stand = stand_of(work, plan, facts)
        if stand.why_not:
            raise CaseworkError(stand.why_not)
        made = sum(_recorded(service, work, row, stand.decided[row["id"]]) for row in _decided(stand))
        changed = sum(is_changed(row, stand.decided[row["id"]]) for row in _decided(stand))
        work.about(plan_id, given=stand.given, decided=len(stand.decided), changed=changed, records=made)
        # Kept with the plan: people can be erased from it, and then nobody could count them any more.
        kept = canonical({**parsed(plan["data"]), "given": stand.given})
        values = {"state": "released", "ended_by": actor.account, "ended_at": service.now, "data": kept}
        return work.update(place_plans, plan_id, values)


def _decided(stand: Stand) -> list[Row]:
    return [row for row in stand.rows if row["id"] in stand.decided]


def _recorded(service: Service, work: Work, row: Row, decision: Row) -> bool:
    """Put a decision of the plan into the client's record, in the name of who took it; False where it stands there."""
    case = work.get(assessments, row["assessment"])
    standing = standing_of(work, case)
    if (standing.chain[-1]["id"] if standing.chain else "") != decision["seen"]:
        raise ConflictError(f"Client {case['reference']}: {_MEANWHILE}")
    if standing.state == "decided":
        return False
    score = work.get(scores, row["score"])
    confirmed = score["band"] == decision["band"]
    note, by = decision["note"], actor_for(work.get(accounts, decision["by"]))
    step = confirming(note) if confirmed else overriding(decision["band"], decision["reason"], note)
    # Who decided, and when: not who releases it.
    then = replace(service, clock=lambda: datetime.fromisoformat(decision["at"]))
    action: Action = "confirm" if confirmed else "override"
    try:
        taken(then, by, work, case, action, step, score["id"], form=f"places:{decision['id']}")
    except UserError as problem:
        raise CaseworkError(f"Client {case['reference']}: {problem.message} Nothing was released.") from None
    return True

"""What does a person see of a plan for places: how far it is, and one page of its rows?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from triage.casework.list_view import Entry, chosen
from triage.casework.places import plan_of, stale
from triage.casework.places_facts import facts_of
from triage.casework.places_release import Stand, stand_of
from triage.casework.service import Service
from triage.records.actor import Actor
from triage.records.database import Row
from triage.records.plain import parsed
from triage.records.tables import accounts

#: Which rows are shown.
Show = Literal["waiting", "edge", "place", "reserve", "below", "above", "talk", "apart", "decided", "all"]
SHOW: tuple[Show, ...] = get_args(Show)
_PARTS: Mapping[Show, tuple[str, ...]] = {
    "edge": ("edge", "reserve_edge"), "place": ("place",), "reserve": ("reserve", "reserve_edge"),
    "below": ("below",), "above": ("above",), "talk": ("talk",), "apart": ("objected", "other"),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A plan as it stands, with one page of its rows.

    Attributes:
        plan: its row.
        proposed: what was proposed, in counts.
        stand: how far it is.
        stale: why it holds no more, and what to do; "" where it holds.
        counts: how many rows each choice of `SHOW` has.
        rows: the rows of this page.
        entries: their list rows, by id.
        names: who works on the plan, by account.
        page, pages: which page it is, of how many.
    """

    plan: Row
    proposed: Mapping[str, Any]
    stand: Stand
    stale: str
    counts: Mapping[Show, int]
    rows: Sequence[Row]
    entries: Mapping[str, Entry]
    names: Mapping[str, str]
    page: int
    pages: int


def seen(
    service: Service, actor: Actor, list_id: str, plan_id: str, *, show: Show = "all", page: int = 1
) -> Seen:  # fmt: skip
    """A plan of a list.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        plan = plan_of(view, actor, list_id, plan_id)
        facts = facts_of(service, view, list_id)
        stand, old = stand_of(view, plan, facts), stale(service, view, plan, facts)
        who = {plan["made_by"], plan["ended_by"], *(row["by"] for row in stand.decided.values())} - {None}
        names = {account: str((view.find(accounts, account) or {"name": ""})["name"]) for account in who}
    found, size = _shown(stand, show), service.settings.page_size
    pages = max(1, -(-len(found) // size))
    number = min(max(1, page), pages)
    rows = found[(number - 1) * size : number * size]
    entries = chosen(service, actor, list_id, [row["row"] for row in rows])
    counts = {one: len(_shown(stand, one)) for one in SHOW}
    proposed: Mapping[str, Any] = parsed(plan["data"])
    return Seen(plan, proposed, stand, old, counts, rows, entries, names, number, pages)


def _shown(stand: Stand, show: Show) -> Sequence[Row]:
    if show == "all":
        return stand.rows
    if show == "waiting":
        return stand.waiting
    if show == "decided":
        return [row for row in stand.rows if row["id"] in stand.decided]
    return [row for row in stand.rows if row["part"] in _PARTS[show]]

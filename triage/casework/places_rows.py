"""Who opened a row of a plan, how long was it open, and what did they decide? One person at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from triage.casework.cases import case_of, form_of, require, row_of, sent_before
from triage.casework.list_view import Entry, entry
from triage.casework.places import check_holds, plan_of, row_in, stale
from triage.casework.rebuilding import data_of, rebuilt
from triage.casework.service import Service
from triage.casework.standing import Standing, record_of, standing_of
from triage.casework.texts import check_text, field_error
from triage.decisions import Desk
from triage.decisions.reasons import PLACES, ReasonCode
from triage.errors import CaseworkError, ConflictError, DecisionError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View, Work
from triage.records.plain import new_id, parsed
from triage.records.tables import accounts, place_decisions, place_openings, place_plans, place_rows

#: Where a person chooses between people with equal scores, and so always says why.
EDGES = ("edge", "reserve_edge")
_NOT_OPENED = "Open this row yourself before you decide. Open it again, and then decide."
_MEANWHILE = "Somebody else decided this row in the meantime. Look at what they decided, and then go on."
_APART = "This person is in no order, so there is no place to decide about. Talk to them first."
_CLAIMED = "A decision from a spreadsheet waits here. Accept or refuse it on the list, and then decide."
_STANDS = (
    "A decision is recorded for this person already, by {by}. It stands here, too. If it is to be another one, take it"
    " back in the person's record, and then make a new plan or open this row again."
)


@dataclass(frozen=True)
class Opened:
    """A row of a plan as somebody sees it who has opened it.

    Attributes:
        plan: the plan.
        row: the person's row in it.
        entry: their row on the list, with whom it names for those who work on the list.
        opening: the id of this opening; "" where nothing can be decided.
        decisions: what was decided, from the first to the last.
        names: who decided, by account.
        stale: why nothing can be decided any more; "" where it can.
    """

    plan: Row
    row: Row
    entry: Entry
    opening: str
    decisions: Sequence[Row]
    names: Mapping[str, str]
    stale: str

    @property
    def standing(self) -> Standing:
        """Where the person's assessment stands."""
        assert self.entry.standing is not None
        return self.entry.standing

    @property
    def proposed(self) -> Mapping[str, Any]:
        """What the plan proposed, in counts."""
        found: Mapping[str, Any] = parsed(self.plan["data"])
        return found


def open_row(service: Service, actor: Actor, list_id: str, plan_id: str, row_id: str, again: str = "") -> Opened:
    """Open a person's row of a plan. That is recorded, while the plan is open.

    Args:
        service: the service.
        actor: an adviser or manager of the office.
        list_id, plan_id, row_id: the row.
        again: an opening of the same row that goes on, because a form could not be used.
    """
    require(actor, "adviser", "manager")
    with service.database.read() as view:
        plan = plan_of(view, actor, list_id, plan_id)
        row = row_in(view, plan, row_id)
        old = stale(service, view, plan)
    seen = entry(service, actor, list_id, row["row"])
    opening = again
    if plan["state"] == "open" and row["rank"] is not None and not old and not again:
        with service.database.write(Event(actor, "places_opened", row["assessment"], plan["office"])) as work:
            values = {"place_row": row_id, "by": actor.account, "at": service.now}
            opening = work.insert(place_openings, {"id": new_id(), **values})["id"]
            work.about(row["assessment"], plan=plan_id)
    with service.database.read() as view:
        made = decisions_of(view, row_id)
        names = {item["by"]: str((view.find(accounts, item["by"]) or {"name": ""})["name"]) for item in made}
        return Opened(plan, row_in(view, plan, row_id), seen, opening, made, names, old)


def decisions_of(view: View, row_id: str) -> list[Row]:
    """What was decided about a row of a plan, from the first to the last."""
    c = place_decisions.c
    return view.all(sa.select(place_decisions).where(c.place_row == row_id).order_by(c.number))


@dataclass(frozen=True)
class Choice:
    """What a person chose on a row that they had opened.

    Attributes:
        opening: their opening of the row.
        version: of the row as they saw it.
        band: the support: that of the places, or what is offered instead.
        on_reserve: True where a place that is given back is offered to this person; nothing with a place.
        reason: a reason code; needed where the choice is not what was proposed, and at the edge.
        note: a few words; needed at the edge.
    """

    opening: str
    version: int
    band: str
    on_reserve: bool = False
    reason: str = ""
    note: str = ""


def decide(
    service: Service, actor: Actor, list_id: str, plan_id: str, row_id: str, choice: Choice, submission: str = ""
) -> Row:
    """Decide about one person. It takes effect in their record when the plan is released.

    Raises:
        CaseworkError: a field cannot be used (`faults` name it), or the person is in no order.
        ConflictError: the row was not opened by this person, was decided by somebody else meanwhile, or the plan holds
            no more.
        DecisionError: the reason does not fit.
    """
    require(actor, "adviser", "manager")
    service, form = service.pinned(), form_of(actor, submission)
    note = check_text("note", choice.note)
    with service.database.write(Event(actor, "places_decided", "", actor.office)) as work:
        plan = plan_of(work, actor, list_id, plan_id)
        row = row_in(work, plan, row_id)
        before = sent_before(work, place_decisions, form, place_row=row_id)
        if before is not None:
            return before
        check_holds(service, work, plan)
        opening = _opening(work, actor, row, choice.opening)
        if row["version"] != choice.version:
            raise ConflictError(_MEANWHILE)
        standing = standing_of(work, case_of(work, actor, row["assessment"]))
        if choice.band == plan["band"]:
            # Whoever has a place needs no reserve.
            choice = replace(choice, on_reserve=False)
        reason = _reason(service, plan, row, standing, choice, note)
        made = _decision(service, actor, opening, standing, choice, reason, note)
        number = len(decisions_of(work, row_id)) + 1
        kept = work.insert(place_decisions, {**made, "place_row": row_id, "number": number, "submission": form})
        work.update(place_rows, row_id, {})
        work.update(place_plans, plan_id, {})
        work.about(row["assessment"], plan=plan_id, seconds=made["seconds"], changed=is_changed(row, made))
        return kept


def _opening(work: Work, actor: Actor, row: Row, opening_id: str) -> Row:
    if row["rank"] is None:
        raise CaseworkError(_APART)
    if not opening_id:
        raise ConflictError(_NOT_OPENED)
    found = row_of(work, place_openings, opening_id)
    if found["place_row"] != row["id"] or found["by"] != actor.account:
        raise ConflictError(_NOT_OPENED)
    return found


def _decision(
    service: Service, actor: Actor, opening: Row, standing: Standing, choice: Choice, reason: str, note: str
) -> Row:
    open_for = service.clock() - datetime.fromisoformat(opening["at"])
    return {
        "id": new_id(), "opening": opening["id"], "band": choice.band, "on_reserve": choice.on_reserve,
        "reason": reason, "note": note, "seen": standing.chain[-1]["id"] if standing.chain else "",
        "by": actor.account, "at": service.now, "seconds": max(int(open_for.total_seconds()), 0),
    }  # fmt: skip


def _reason(service: Service, plan: Row, row: Row, standing: Standing, choice: Choice, note: str) -> str:
    """The reason to keep with a choice that the rules allow; "" where none is needed."""
    ids = service.engines.now.points.ids
    if choice.band not in ids:
        raise field_error("band", "Say which support it is to be.", "Choose one of them.")
    if choice.on_reserve and not plan["reserve"]:
        raise field_error("on_reserve", "This plan has no reserve.")
    if standing.decision_state == "claimed":
        raise CaseworkError(_CLAIMED)
    if standing.state == "decided" and standing.in_force is not None:
        if standing.band != choice.band:
            raise CaseworkError(_STANDS.format(by=record_of(standing.in_force).by))
        return _why_reserve(service, plan, row, choice, note)
    return _why(service, row, standing, choice, note)


def _why_reserve(service: Service, plan: Row, row: Row, choice: Choice, note: str) -> str:
    """The support is decided in the record already: what is left to say is why somebody is on the reserve, or off."""
    if choice.band == plan["band"] or choice.on_reserve == (row["part"] == "reserve"):
        return ""
    if not choice.reason:
        raise field_error("reason", "For the reserve this is not what was proposed.", "Choose a reason.")
    return _with_note(service.reasons.find(choice.reason), note).id


def _why(service: Service, row: Row, standing: Standing, choice: Choice, note: str) -> str:
    assert standing.score is not None
    own, at_edge = data_of(standing.score)["band"], row["part"] in EDGES
    if at_edge and not (choice.reason and note):
        field = "note" if choice.reason else "reason"
        raise field_error(field, "These people have the same score.", "Say what decided between them, in a few words.")
    if is_changed(row, vars(choice)) and not choice.reason:
        raise field_error("reason", "This is not what was proposed.", "Choose a reason.")
    if not choice.reason and choice.band == own:
        return ""
    codes = {code.id for code in service.reasons.reasons}
    reason = choice.reason or (PLACES if PLACES in codes else "")
    if not reason:
        raise field_error("reason", "This is not what the score alone proposes.", "Choose a reason.")
    way = choice.band != row["band"] and not at_edge
    return _fitting(service, row, standing, choice.band, reason, note, way=way)


def is_changed(row: Row, decision: Row) -> bool:
    """True where a decision is not what was proposed. Between equal scores at an edge nothing is."""
    if row["part"] in EDGES:
        return False
    return bool(decision["band"] != row["band"] or decision["on_reserve"] != (row["part"] == "reserve"))


def _fitting(
    service: Service, row: Row, standing: Standing, band: str, reason: str, note: str, *, way: bool
) -> str:  # fmt: skip
    """The reason code, if it fits the way that the support is changed."""
    desk, ids = Desk(service.engines.now.cutoffs, service.reasons), service.engines.now.points.ids
    assert standing.score is not None
    score = rebuilt(service, standing.score)
    assert score is not None
    if score.band != band:
        return desk.check_override(score, band, reason, note).id
    code = service.reasons.find(reason)
    direction = "up" if ids.index(band) > ids.index(row["band"]) else "down"
    if way and direction not in code.directions:
        raise DecisionError(f"The reason '{code.id}' cannot move a band {direction}. Choose another reason.")
    return _with_note(code, note).id


def _with_note(code: ReasonCode, note: str) -> ReasonCode:
    if code.note == "required" and not note:
        raise DecisionError(f"The reason '{code.id}' needs a note. {code.help}".strip())
    return code

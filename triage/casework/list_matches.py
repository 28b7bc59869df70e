"""Who on two lists of one event may be the same person? A person says so, or not. Nothing is ever merged."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from triage.casework.cases import row_of
from triage.casework.lists import check_works_on, works_on
from triage.casework.service import Service
from triage.errors import AccessError, ConflictError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.erase import WHOLE_FILE
from triage.records.plain import canonical, new_id, parsed
from triage.records.tables import assessments, list_identities, list_rows, lists, matches

_NOT_HERE = "This is not there, or it belongs to another office."


@dataclass(frozen=True)
class Offered:
    """Two entries of two lists that may be one person.

    Attributes:
        id, version: of the row that keeps it.
        state: "offered", "same" or "different".
        one, other: each a list row with its `reference`, `names` (what identifies the person; empty where the actor
            does not work on that list, or it is erased) and the list's `uploaded_at`.
        sure: how sure it is, in words.
        reasons, against: what is the same, and what speaks against it.
    """

    id: str
    version: int
    state: str
    one: Row
    other: Row
    sure: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def offer(service: Service, actor: Actor, list_id: str) -> int:
    """Look for people of a list on the other lists of its event; returns how many pairs are new.

    Lists of invented people are compared with such lists alone.
    """
    engine = service.engines.now
    with service.database.read() as view:
        row = row_of(view, lists, list_id)
        others = view.all(
            sa.select(lists).where(
                lists.c.event == row["event"], lists.c.office == row["office"], lists.c.practice == row["practice"],
                lists.c.id != list_id, lists.c.state == "scored", lists.c.erased_at.is_(None),
            )
        )  # fmt: skip
        own = _identities(view, list_id)
        pairs = [(own, _identities(view, other["id"])) for other in others]
    found = [match for one, other in pairs for match in desk.possible_matches(engine, one, other)]
    if not found:
        return 0
    with service.database.write(Event(actor, "match_offered", list_id, row["office"])) as work:
        known = {frozenset((item["first"], item["second"])) for item in _rows(work, list_id)}
        new = [match for match in found if frozenset((match.one, match.other)) not in known]
        work.insert_many(matches, [_row(service, match) for match in new])
        work.about(list_id, pairs=len(new))
    return len(new)


def of_list(service: Service, actor: Actor, list_id: str) -> list[Offered]:
    """The pairs of a list, those that nobody has answered first.

    Raises:
        AccessError: the actor does not work on the list.
    """
    with service.database.read() as view:
        check_works_on(view, actor, list_id)
        found = [_offered(view, actor, list_id, item) for item in _rows(view, list_id)]
    if found:
        detail = {"matches": len(found)}
        with service.database.write(Event(actor, "list_viewed", list_id, actor.office, detail, note=True)):
            pass
    return sorted(found, key=lambda item: (item.state != "offered", item.one["place"]))


def waiting(service: Service, list_id: str) -> int:
    """How many pairs of a list wait for an answer."""
    with service.database.read() as view:
        return sum(item["state"] == "offered" for item in _rows(view, list_id))


def answer(service: Service, actor: Actor, list_id: str, match_id: str, same: bool, version: int) -> None:
    """Say that two entries are one person, or are not. It is only noted: both keep their own record.

    Raises:
        AccessError: the actor does not work on the list, or the pair is not of it.
        ConflictError: somebody else has answered meanwhile.
    """
    with service.database.write(Event(actor, "match_answered", list_id, actor.office, {"same": same})) as work:
        check_works_on(work, actor, list_id)
        row = row_of(work, matches, match_id)
        if row["id"] not in {item["id"] for item in _rows(work, list_id)}:
            raise AccessError(_NOT_HERE)
        state = "same" if same else "different"
        if row["state"] == state:
            return
        if row["version"] != version:
            raise ConflictError("Somebody else has answered this in the meantime. Look at it again.")
        work.update(matches, match_id, {"state": state, "by": actor.account, "at": service.now})


def _row(service: Service, match: desk.Match) -> Row:
    why = {"sure": match.sure, "reasons": list(match.reasons), "against": list(match.against)}
    pair = {"first": match.one, "second": match.other, "why": canonical(why)}
    return {"id": new_id(), **pair, "state": "offered", "by": None, "at": service.now, "version": 1}


def _rows(view: View, list_id: str) -> list[Row]:
    own = sa.select(list_rows.c.id).where(list_rows.c.list == list_id)
    return view.all(sa.select(matches).where(sa.or_(matches.c.first.in_(own), matches.c.second.in_(own))))


def _identities(view: View, list_id: str) -> dict[str, dict[str, str]]:
    """What identifies the clients of a list, by the id of their row."""
    same = sa.and_(
        list_identities.c.list == list_rows.c.list, list_identities.c.row == list_rows.c.row,
        list_identities.c.sheet == list_rows.c.sheet,
    )  # fmt: skip
    query = (
        sa.select(list_rows.c.id, list_identities.c.data)
        .join(list_identities, same)
        .where(list_rows.c.list == list_id, list_rows.c.assessment.is_not(None), list_identities.c.row != WHOLE_FILE)
        .order_by(list_rows.c.place)
    )
    return {row["id"]: parsed(bytes(row["data"]).decode())["identity"] for row in view.all(query)}


def _offered(view: View, actor: Actor, list_id: str, match: Row) -> Offered:
    ends = [_end(view, actor, match[name]) for name in ("first", "second")]
    one, other = sorted(ends, key=lambda end: end["list"] != list_id)
    why = parsed(match["why"])
    return Offered(
        match["id"], match["version"], match["state"], one, other, desk.SURE_WORDS[why["sure"]],
        tuple(why["reasons"]), tuple(why["against"]),
    )  # fmt: skip


def _end(view: View, actor: Actor, row_id: str) -> Row:
    row = view.get(list_rows, row_id)
    case = view.find(assessments, row["assessment"] or "")
    names = _identity(view, row) if works_on(view, actor, row["list"]) else {}
    uploaded = view.get(lists, row["list"])["uploaded_at"]
    return {**row, "reference": case["reference"] if case else "", "names": names, "uploaded_at": uploaded}


def _identity(view: View, row: Row) -> dict[str, str]:
    c = list_identities.c
    data = view.scalar(sa.select(c.data).where(c.list == row["list"], c.row == row["row"], c.sheet == row["sheet"]))
    return parsed(bytes(data).decode())["identity"] if data is not None else {}

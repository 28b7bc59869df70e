"""What does a person see of a scored list: row by row, and whom each row names, for those who work on it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import sqlalchemy as sa

from triage.casework.cases import Page, paged, row_of
from triage.casework.lists import list_of, works_on
from triage.casework.service import Service
from triage.casework.standing import Standing
from triage.errors import AccessError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import parsed
from triage.records.tables import assessments, decisions, list_identities, list_rows, scores

_NOT_HERE = "This is not there, or it belongs to another office."
#: Which rows are shown.
Show = Literal["all", "first", "waiting", "mend", "claimed", "few", "decided", "objected", "others"]
SHOW: tuple[Show, ...] = get_args(Show)


@dataclass(frozen=True)
class Entry:
    """One row of a list as it stands now.

    Attributes:
        id, version, list_id: of the row.
        row: as the list has it; what rests on a score is left out where the person objects.
        standing: where the person's assessment stands; None for rows that are nobody's.
        private: whom it names; None where the actor may not see that, or it is erased.
        asked_again: True where a newer score than that of the list counts.
        score: the id of the list's score.
    """

    id: str
    version: int
    list_id: str
    row: desk.Row
    standing: Standing | None
    private: desk.Private | None
    asked_again: bool
    score: str

    @property
    def assessment(self) -> Row | None:
        """The person's assessment."""
        return self.standing.assessment if self.standing is not None else None

    @property
    def claimed(self) -> bool:
        """True where a decision from a spreadsheet waits for whom it names."""
        return self.standing is not None and self.standing.decision_state == "claimed"


def entries(
    service: Service, actor: Actor, list_id: str, *, show: Show = "all", band: str = "", page: int = 1
) -> tuple[Page, list[Entry]]:
    """One page of the rows of a list, and how many there are.

    Those who work on the list see whom the rows name; that is noted in the audit trail.
    """
    with service.database.read() as view:
        list_of(view, actor, list_id)
        query = _query(list_id, show)
        if band:
            query = query.where(list_rows.c.band == band, _not_objected())
        found = paged(view, query, page, service.settings.page_size)
        names = _names(view, actor, list_id, found.rows)
        made = _entries(view, found.rows, names)
    _seen(service, actor, list_id, names)
    return found, made


def chosen(service: Service, actor: Actor, list_id: str, ids: Sequence[str]) -> dict[str, Entry]:
    """Some rows of a list by their ids, as `entries` gives them. At most a page of them."""
    with service.database.read() as view:
        list_of(view, actor, list_id)
        rows = view.all(sa.select(list_rows).where(list_rows.c.list == list_id, list_rows.c.id.in_(ids)))
        names = _names(view, actor, list_id, rows)
        made = _entries(view, rows, names)
    _seen(service, actor, list_id, names)
    return {entry.id: entry for entry in made}


def entry(service: Service, actor: Actor, list_id: str, row_id: str) -> Entry:
    """One row of a list.

    Raises:
        AccessError: the list has no such row, or belongs to another office.
    """
    with service.database.read() as view:
        list_of(view, actor, list_id)
        row = of_list(view, list_id, row_id)
        names = _names(view, actor, list_id, [row])
        [made] = _entries(view, [row], names)
    _seen(service, actor, list_id, names)
    return made


def of_list(view: View, list_id: str, row_id: str) -> Row:
    """The row of a list with this id."""
    row = row_of(view, list_rows, row_id)
    if row["list"] != list_id:
        raise AccessError(_NOT_HERE)
    return row


def every(view: View, list_id: str) -> list[Entry]:
    """Every row of a list, without whom it names."""
    return _entries(view, view.all(_query(list_id, "all")), {})


def counts(service: Service, actor: Actor, list_id: str) -> dict[str, int]:
    """How many rows each choice of `SHOW` has."""
    with service.database.read() as view:
        list_of(view, actor, list_id)
        return {
            show: int(view.scalar(sa.select(sa.func.count()).select_from(_query(list_id, show).subquery())))
            for show in SHOW
        }


def band_counts(service: Service, actor: Actor, list_id: str) -> dict[str, int]:
    """How many people the list proposes for each band. Who objects is in none."""
    query = (
        sa.select(list_rows.c.band, sa.func.count().label("count"))
        .join(assessments, assessments.c.id == list_rows.c.assessment)
        .where(list_rows.c.list == list_id, list_rows.c.band.is_not(None), assessments.c.state != "objected")
        .group_by(list_rows.c.band)
    )
    with service.database.read() as view:
        list_of(view, actor, list_id)
        found = {row["band"]: row["count"] for row in view.all(query)}
    return {band: found.get(band, 0) for band in service.engines.now.points.ids}


def _query(list_id: str, show: Show) -> sa.Select[Any]:
    c, case = list_rows.c, assessments.c
    query = sa.select(list_rows).outerjoin(assessments, case.id == c.assessment).where(c.list == list_id)
    people = c.assessment.is_not(None)
    where: dict[Show, Sequence[sa.ColumnElement[bool]]] = {
        "all": (),
        "first": (c.speak.is_not(None), case.state.in_(("open", "scored")), ~_claimed()),
        "waiting": (case.state == "scored", ~_claimed()),
        "mend": (c.to_mend > 0, _not_objected()),
        "claimed": (case.state == "scored", _claimed()),
        "few": (c.status == "not_enough_answers", case.state == "open"),
        "decided": (case.state == "decided",),
        "objected": (case.state == "objected",),
        "others": (~people,),
    }
    order = (c.speak, c.place) if show == "first" else (c.place,)
    return query.where(*where[show]).order_by(*order)


def _not_objected() -> sa.ColumnElement[bool]:
    return sa.or_(assessments.c.state.is_(None), assessments.c.state != "objected")


def _claimed() -> sa.ColumnElement[bool]:
    """Whose last decision is a claim."""
    later = decisions.alias("later")
    newer = sa.exists().where(later.c.assessment == decisions.c.assessment, later.c.number > decisions.c.number)
    claims = sa.select(decisions.c.assessment).where(decisions.c.state == "claimed", ~newer)
    return assessments.c.id.in_(claims)


def _entries(view: View, rows: Sequence[Row], names: Mapping[tuple[str, int], desk.Private]) -> list[Entry]:
    known = _standings(view, [row["assessment"] for row in rows if row["assessment"]])
    return [_entry(row, known.get(row["assessment"] or ""), names.get((row["sheet"], row["row"]))) for row in rows]


def _entry(row: Row, standing: Standing | None, private: desk.Private | None) -> Entry:
    found = desk.Row.from_dict(parsed(row["data"]))
    if standing is not None and standing.assessment["state"] == "objected" and found.status != "objected":
        found = replace(
            found, status="objected", band=None, figures=None, reasons=(), strengths=(), bands_possible=(),
            edge=None, speak=None, ask=(), flags=(),
        )  # fmt: skip
    newest = standing.score if standing is not None else None
    again = newest is not None and newest["id"] != row["score"]
    return Entry(row["id"], row["version"], row["list"], found, standing, private, again, row["score"] or "")


def _standings(view: View, ids: Sequence[str]) -> dict[str, Standing]:
    """Where these assessments stand, in a few statements."""
    cases: dict[str, Row] = {}
    taken: dict[str, list[Row]] = {}
    newest: dict[str, Row] = {}
    for some in (ids[first : first + 500] for first in range(0, len(ids), 500)):
        cases |= {row["id"]: row for row in view.all(sa.select(assessments).where(assessments.c.id.in_(some)))}
        for row in view.all(sa.select(decisions).where(decisions.c.assessment.in_(some)).order_by(decisions.c.number)):
            taken.setdefault(row["assessment"], []).append(row)
        for row in view.all(sa.select(scores).where(scores.c.assessment.in_(some)).order_by(scores.c.number)):
            newest[row["assessment"]] = row
    return {case: Standing(row, newest.get(case), taken.get(case, [])) for case, row in cases.items()}


def _names(view: View, actor: Actor, list_id: str, rows: Iterable[Row]) -> dict[tuple[str, int], desk.Private]:
    """Whom these rows name, by sheet and row; nothing for who does not work on the list."""
    if not works_on(view, actor, list_id):
        return {}
    wanted = [row["row"] for row in rows]
    c = list_identities.c
    found = [
        item
        for some in (wanted[first : first + 500] for first in range(0, len(wanted), 500))
        for item in view.all(sa.select(c.sheet, c.row, c.data).where(c.list == list_id, c.row.in_(some), c.row > 0))
    ]
    return {(row["sheet"], row["row"]): private_of(row["data"]) for row in found}


def private_of(data: bytes) -> desk.Private:
    """What is kept apart of a row."""
    return desk.Private(**parsed(bytes(data).decode()))


def _seen(service: Service, actor: Actor, list_id: str, names: Mapping[tuple[str, int], desk.Private]) -> None:
    """Note in the audit trail that somebody saw whom a list names."""
    if not names:
        return
    event = Event(actor, "list_viewed", list_id, actor.office, {"rows": len(names)}, note=True)
    with service.database.write(event):
        pass

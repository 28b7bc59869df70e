"""A list with people of equal scores, and a plan for the places of its event: what tests of places share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tests.casework import Desk
from tests.lists_desk import scored
from triage.casework import list_view, places, places_release, places_rows
from triage.casework.places_rows import Choice
from triage.records.database import Row
from triage.records.tables import place_rows

_HEAD = (
    "Surname,Forename,DOB,Council area,Highest qualification,Driving licence,Own vehicle,Lives with,Objects to scoring"
)
_HIGH, _SAME, _LOW = (
    "12/03/1966,Glasgow City,No qualifications,None,No,Lives alone,",
    "27/08/1980,Falkirk,Higher,Full,Yes,Partner,",
    "01/02/1999,Aberdeenshire,Degree,Full,Yes,Partner,",
)
#: Two people high up, four with one score, two low, one with too few answers, one who objects, and a total.
TIED = "\n".join(
    [
        _HEAD,
        f"Toplister,Ada,{_HIGH}",
        f"Uppermost,Bea,{_HIGH}",
        *(f"Sameas,{name},{_SAME}" for name in ("Cat", "Dan", "Eve", "Fay")),
        f"Lowlister,Guy,{_LOW}",
        f"Underling,Hal,{_LOW}",
        "Nobodie,Ian,,,,,,,",
        "Pretender,Jon,05/06/1977,Fife,Higher,Full,Yes,Partner,yes",
        "Total,10,,,,,,,",
        "",
    ]
)

SAME = ("Cat", "Dan", "Eve", "Fay")
EDGE: Mapping[str, Any] = {"reason": "not_on_checklist", "note": "What decided between them."}


def planned(desk: Desk, places_: int = 4, reserve: int = 1, who: str = "adviser", **more: object) -> tuple[Row, Row]:
    """A scored list with a plan for so many places of the band with the most support."""
    row = scored(desk, TIED)
    return row, made(desk, row, places_, reserve, who, **more)


def made(desk: Desk, row: Row, places_: int = 4, reserve: int = 1, who: str = "adviser", **more: object) -> Row:
    """A plan for a list."""
    band = desk.service.engines.now.points.ids[-1]
    about = {"band": band, "places": places_, "reserve": reserve, **more}
    return places.make(desk.service, desk[who], row["id"], **about)  # type: ignore[arg-type]


def rows_of(desk: Desk, plan: Row) -> dict[str, Row]:
    """The rows of a plan by the forename on the list."""
    _, entries = list_view.entries(desk.service, desk["adviser"], plan["list"])
    names = {entry.id: entry.private.identity.get("forename", "") for entry in entries if entry.private}
    with desk.service.database.read() as view:
        found = view.all(place_rows.select().where(place_rows.c.plan == plan["id"]))
    return {names[row["row"]]: row for row in found}


def decided(desk: Desk, plan: Row, name: str, who: str = "adviser", *, seconds: int = 0, **more: object) -> Row:
    """A row that somebody opens and decides: as it was proposed, unless `more` says otherwise."""
    row = rows_of(desk, plan)[name]
    opened = places_rows.open_row(desk.service, desk[who], plan["list"], plan["id"], row["id"])
    if seconds:
        desk.clock.move(seconds=seconds)
    submission = str(more.pop("submission", ""))
    about = {"opening": opened.opening, "version": opened.row["version"], "band": row["band"], **more}
    choice = Choice(**about)  # type: ignore[arg-type]
    return places_rows.decide(desk.service, desk[who], plan["list"], plan["id"], row["id"], choice, submission)


def all_decided(desk: Desk, plan: Row) -> None:
    """Everybody who needs a person: two of the four with one score get the places, one is on the reserve."""
    found = rows_of(desk, plan)
    for name, row in found.items():
        if not row["needed"]:
            continue
        if name in SAME:
            has = name in ("Cat", "Dan")
            band = plan["band"] if has else row["band"]
            decided(desk, plan, name, band=band, on_reserve=name == "Eve", **EDGE)
        else:
            decided(desk, plan, name)


def released(desk: Desk, plan: Row, who: str = "adviser", version: int | None = None) -> Row:
    return places_release.release(desk.service, desk[who], plan["list"], plan["id"], version)


def rows(desk: Desk, table: sa.Table) -> list[Row]:
    with desk.service.database.read() as view:
        return view.all(sa.select(table))


def choose(desk: Desk, plan: Row, row: Row, choice: Choice, who: str = "adviser", submission: str = "") -> Row:
    return places_rows.decide(desk.service, desk[who], plan["list"], plan["id"], row["id"], choice, submission)


def people_of(desk: Desk, plan: Row) -> dict[str, Any]:
    """The entries of the list by forename."""
    _, found = list_view.entries(desk.service, desk["adviser"], plan["list"])
    return {entry.private.identity["forename"]: entry for entry in found if entry.private}

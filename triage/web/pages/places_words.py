"""In which words do the pages of a plan for places say what the records keep as a short word?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.casework.list_view import Entry
from triage.casework.places_rows import EDGES
from triage.casework.places_view import Seen, Show
from triage.casework.service import Service
from triage.lists import desk
from triage.records.database import Row
from triage.web.pages import list_words, words

STATES = {"open": "Open: nothing is released", "released": "Released", "withdrawn": "Withdrawn"}
SHOW: Mapping[Show, str] = {
    "waiting": "To open and decide",
    "edge": "Same score at an edge",
    "place": "With a place",
    "reserve": "On the reserve",
    "below": "Without a place",
    "above": "More support already",
    "talk": "Talk to them first",
    "apart": "In no order",
    "decided": "Decided",
    "all": "Everybody",
}
PARTS = {
    "place": "A place is proposed",
    "edge": "Same score at the edge of the places",
    "reserve": "The reserve is proposed",
    "reserve_edge": "Same score at the edge of the reserve",
    "below": "No place is proposed",
    "above": "More support is proposed",
    "talk": "Talk to them first",
    "objected": "Objected to being scored",
    "other": "In no need of a place",
}
WHY = {
    "few": "Too little is known. That does not mean a low risk.",
    "changed": "Answers have changed since the score. Work it out again.",
    "old": "The score is out of date. Work it out again.",
    "objected": "Support is agreed by conversation.",
    "closed": "The record is closed.",
    "has_job": "Already has a job to go to.",
    "redeployed": "Moved to another job by the employer.",
}


def tied(people: int, left: int, what: str) -> str:
    """A tied group at an edge: how many, what is left, and who does not choose."""
    places = f"1 {what} is left" if left == 1 else f"{left:,} {what}s are left"
    return f"{people:,} people have the same score; {places}. The tool does not choose between them."


def edges(seen: Seen) -> list[str]:
    """What there is to say of the edges of the places and of the reserve."""
    found = [(seen.proposed["edge"], "place"), (seen.proposed["reserve_edge"], "place on the reserve")]
    said = [tied(edge["people"], edge["left"], what) for edge, what in found if edge is not None]
    return [text.replace("place on the reserves", "places on the reserve") for text in said]


def summary(seen: Seen) -> str:
    """How far the plan is, in a sentence."""
    parts, plan = seen.proposed["parts"], seen.plan
    ordered = sum(count for part, count in parts.items() if part not in ("talk", "objected", "other"))
    said = f"{plan['places']:,} {'place' if plan['places'] == 1 else 'places'} for {ordered:,} people in the order."
    have, done = f"{seen.stand.given:,} {'has' if seen.stand.given == 1 else 'have'} one", len(seen.stand.decided)
    if plan["state"] == "released":
        said = f"{said} {have}."
    elif plan["state"] == "withdrawn":
        said = f"{said} {done:,} decided before it was withdrawn."
    else:
        waits = len(seen.stand.waiting)
        rest = "nobody waits for a person" if not waits else f"{waits:,} wait for a person to open and decide them"
        said = f"{said} {have} as things stand, {done:,} decided, {rest}."
    return f"{said} {desk.ERASED}" if seen.stand.erased else said


def unused(seen: Seen) -> str:
    """That a release would leave places unused while somebody has none; "" where it would not."""
    left, without = seen.plan["places"] - seen.stand.given, seen.stand.without
    if left <= 0 or not without:
        return ""
    places = f"{left:,} place{' is' if left == 1 else 's are'} given to nobody"
    people = "1 person in the order has" if without == 1 else f"{without:,} people in the order have"
    return f"{places}, and {people} none. Open rows again to offer them, or release the plan as it is."


def line(service: Service, seen: Seen, row: Row) -> dict[str, Any]:
    """One row of the table of a plan."""
    engine, decision, entry = service.engines.now, seen.stand.decided.get(row["id"]), seen.entries[row["row"]]
    waiting = {item["id"] for item in seen.stand.waiting}
    objected = entry.assessment is not None and entry.assessment["state"] == "objected"
    # Nothing is proposed between people with the same score at an edge.
    shown = None if objected or row["part"] in EDGES else list_words.band_of(engine, row["band"])
    return {
        "id": row["id"], "list_row": row["row"],
        "name": list_words.name_of(entry.private),
        "reference": entry.assessment["reference"] if entry.assessment else "",
        "place": list_words.place_of(entry.row),
        "rank": None if objected else row["rank"], "part": PARTS["objected" if objected else row["part"]],
        "why": WHY.get("objected" if objected else row["why"], ""),
        "band": shown, "waits": row["id"] in waiting,
        "ordered": row["rank"] is not None and not objected,
        "decision": decided(service, seen.plan, decision, seen.names) if not objected else "",
        "recorded": _recorded(service, entry) if row["rank"] is not None and not objected else "",
    }  # fmt: skip


def _recorded(service: Service, entry: Entry) -> str:
    """What a person has decided in the record, whatever the plan proposes; "" where nobody has."""
    known = entry.standing is not None and entry.standing.in_force is not None
    return f"Decided in the record. {list_words.decision(service, entry)}" if known else ""


def decided(service: Service, plan: Row, decision: Row | None, names: Mapping[str, str]) -> str:
    """What was decided, by whom, and how long the row had been open; "" where nothing is."""
    if decision is None:
        return ""
    band = list_words.band_of(service.engines.now, decision["band"])
    name = band["name"] if band else decision["band"]
    what = f"A place: {name}" if decision["band"] == plan["band"] else f"No place: {name}"
    ready = ", on the reserve" if decision["on_reserve"] else ""
    by = names.get(decision["by"], "")
    return f"{what}{ready}. {by}, {words.moment(decision['at'])}, open for {open_for(decision['seconds'])}"


def open_for(seconds: int) -> str:
    """How long a row was open: from its opening to the decision, and not how long somebody thought."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"

"""In which words do the pages of attendance lists say what the records keep as a short word?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.casework.list_view import Entry, Show
from triage.casework.service import Service
from triage.casework.standing import record_of
from triage.engine import Engine
from triage.lists import desk
from triage.web.pages import words

STATES = {
    "uploaded": "Uploaded: say what its columns hold",
    "scoring": "Being scored",
    "scored": "Scored",
    "failed": "Could not be scored",
}
SHOW: Mapping[Show, str] = {
    "first": "Speak to first",
    "waiting": "Waits for a decision",
    "mend": "Answers to mend",
    "claimed": "Decided in a spreadsheet, not yet accepted",
    "few": "Not enough answers",
    "decided": "Decided",
    "objected": "Objected to being scored",
    "others": "Not clients",
    "all": "Every row",
}
STATUSES = {
    "scored": "Scored",
    "not_enough_answers": "Not enough answers",
    "has_job": "Already has a job",
    "redeployed": "Redeployed",
    "objected": "Objected to being scored: support by conversation",
    "not_a_client": "Not a client",
    "empty": "Empty row",
    "not_read": "On a sheet without headings",
}
PEOPLE = desk.CLIENTS
#: What says who somebody is, in the order in which it is shown, and what else is kept of them.
_NAMES = ("full_name", "forename", "surname", "known_as")
_LABELS = {
    "full_name": "Name", "forename": "Forename", "surname": "Surname", "known_as": "Known as", "reference": "Reference",
    "job_title": "Job title", "department": "Department", "shift": "Shift", "session": "Session", "mobile": "Telephone",
    "email": "Email", "date_of_birth": "Date of birth", "postcode": "Postcode",
}  # fmt: skip


def name_of(private: desk.Private | None) -> str:
    """The name in a row, as the list has it; "" where there is none to see."""
    if private is None:
        return ""
    found = private.identity
    if found.get("full_name"):
        return found["full_name"]
    return " ".join(found[name] for name in _NAMES[1:3] if found.get(name))


def identity_of(private: desk.Private | None) -> list[tuple[str, str]]:
    """What a list says about who somebody is: label and text."""
    if private is None:
        return []
    found = {name: text for name, text in private.identity.items() if name != "born"}
    order = {name: place for place, name in enumerate(_LABELS)}
    names = sorted(found, key=lambda name: order.get(name, len(order)))
    return [(_LABELS.get(name, name.replace("_", " ").capitalize()), found[name]) for name in names]


def place_of(row: desk.Row) -> str:
    """Where a row stands in the file."""
    return f"Row {row.row}, {row.sheet}" if row.sheet else f"Row {row.row}"


def band_of(engine: Engine, band: str | None) -> dict[str, Any] | None:
    """A band for its tag."""
    ids = list(engine.points.ids)
    if band is None or band not in ids:
        return None
    return {"name": engine.cutoffs.band(band).name, "place": ids.index(band) + 1, "of": len(ids)}


def line(service: Service, entry: Entry) -> dict[str, Any]:
    """One row of the table."""
    engine, row, standing = service.engines.now, entry.row, entry.standing
    case = entry.assessment
    return {
        "id": entry.id,
        "name": name_of(entry.private),
        "reference": case["reference"] if case else "",
        "place": place_of(row),
        "status": STATUSES[row.status],
        "client": case is not None,
        "band": band_of(engine, row.band),
        "decision": decision(service, entry),
        "claimed": entry.claimed,
        "asked_again": entry.asked_again,
        "decided": standing is not None and standing.band is not None,
        "why": desk.WHY[row.speak] if row.speak is not None else "",
        "ask": [engine.checklist.question(name).ask for name in row.ask if name in engine.checklist.by_id],
        "ask_short": [engine.checklist.question(name).label for name in row.ask if name in engine.checklist.by_id],
        "flags": [desk.FLAG_WORDS[flag] for flag in row.flags if flag in desk.FLAG_WORDS],
        "problems": [problem.text for problem in row.problems],
        "to_mend": len(row.to_mend),
    }


def decision(service: Service, entry: Entry) -> str:
    """What was decided about a person, or what waits."""
    standing = entry.standing
    if standing is None:
        return ""
    if standing.in_force is not None:
        record = record_of(standing.in_force)
        band = band_of(service.engines.now, record.band)
        name = band["name"] if band else record.band
        return f"{words.DECISIONS[record.action]}: {name}, by {record.by}"
    if entry.claimed and standing.last is not None:
        record = record_of(standing.last)
        band = band_of(service.engines.now, record.band)
        return f"The list says {band['name'] if band else record.band}, decided by {record.by}. Not accepted yet"
    if entry.row.claimed is not None and entry.row.claimed.band and not standing.rows:
        claimed = entry.row.claimed
        band = band_of(service.engines.now, claimed.band)
        return f"The list says {band['name'] if band else claimed.band}, by {claimed.by or 'nobody'}: look at it"
    states = {"scored": "Waits for a decision", "open": "Ask first", "closed": "Closed"}
    return states.get(standing.assessment["state"], "")


def chance(engine: Engine, figures: Mapping[str, float]) -> str:
    """The risk out of a hundred and its range, in the words of the model's label."""
    return f"{engine.words.result(figures['probability'])} {engine.words.span(figures['lower'], figures['upper'])}"

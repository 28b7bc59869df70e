"""In which words do pages say what records keep as a short word?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from triage.checklist import ContextField, Question
from triage.checklist.services import Services
from triage.engine import Engine
from triage.numbers import shortest

HELD = {
    "in_person": "In person",
    "phone": "By telephone",
    "video": "By video call",
    "paper": "On paper, keyed in later",
    "list": "From an attendance list",
    "app": "In a partner's app",
}
STATES = {
    "open": "Questions being asked",
    "scored": "Waits for a decision",
    "decided": "Decided",
    "objected": "Objected to being scored",
    "closed": "Closed",
}
CLOSED_WHY = {
    "support_ended": "The support has ended",
    "back_in_work": "Back in work",
    "client_asked": "The client asked for it",
    "moved_away": "Moved away",
    "no_contact": "No contact any more",
    "duplicate": "The same person has another record",
    "other": "Another reason",
}
RESCORE_WHY = {
    "change": "Something has changed for the client",
    "correction": "An answer was wrong",
    "out_of_date": "The score is out of date",
    "new_versions": "The model, the checklist or the cut-offs are new",
    "review": "The decision is being looked at again",
}
ACTION_STATES = {
    "agreed": "Agreed",
    "referred": "Referred",
    "accepted": "Accepted",
    "started": "Started",
    "finished": "Finished",
    "not_taken_up": "Not taken up",
}
DECISIONS = {
    "confirm": "Confirmed",
    "override": "Changed",
    "ask": "The client asked for more support",
    "claim": "Decided in a spreadsheet, not yet accepted",
    "accept": "Accepted from a spreadsheet",
    "refuse": "Not accepted from a spreadsheet",
    "withdraw": "Taken back",
    "object": "The client objected to being scored",
}

SOURCES = {
    "client": "The client said so",
    "partner": "A partner said so",
    "survey": "A survey",
    "records": "Other records",
}
RESULTS = {"upheld": "The decision stays", "changed": "The decision is changed"}


def day(text: str | date | None) -> str:
    """A day as people write it: 3 November 2026. Empty for none."""
    if not text:
        return ""
    found = text if isinstance(text, date) else date.fromisoformat(text[:10])
    return f"{found.day} {found:%B %Y}"


def moment(text: str | None) -> str:
    """A time in local time: 3 November 2026 at 14:05. Empty for none."""
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone()
    return f"{day(at.date())} at {at:%H:%M}"


def answer_text(engine: Engine, question: Question, value: str | float | None) -> str:
    """An answer in the words of the checklist."""
    if value is None:
        return ""
    areas = engine.features.areas
    if question.kind == "area" and areas is not None:
        found = areas.by_code.get(str(value))
        return found.name if found is not None else str(value)
    if question.kind == "number":
        unit = f" {question.number.unit}" if question.number is not None else ""
        return f"{shortest(float(value))}{unit}"
    option = question.by_id.get(str(value))
    return option.text if option is not None else str(value)


def context_text(field: ContextField, value: object) -> str:
    """What was said beside the questions, in the words of the checklist."""
    if value is None or value == "":
        return "Not known"
    if field.kind == "date":
        return day(str(value))
    if field.kind == "yes_no":
        return "Yes" if value else "No"
    return next((option.text for option in field.options if option.id == value), str(value))


def who_does(services: Services, action: Mapping[str, Any]) -> str:
    """Who does what was agreed: the partner, and whoever else is named."""
    partner = services.partner_by_id.get(action["partner"])
    return ", ".join(filter(None, (partner.name if partner is not None else "", action["who"])))

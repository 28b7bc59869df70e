"""What is held about one client, and who has looked at it?

Staff are named by their role alone. Other people on the same list are left out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from triage.records.audit import Event
from triage.records.database import Database, Row, View
from triage.records.erase import WHOLE_FILE, rows_about
from triage.records.plain import now, parsed
from triage.records.tables import (
    METADATA,
    accounts,
    api_keys,
    assessments,
    audit_changes,
    audit_events,
    list_identities,
    list_rows,
    offices,
)

#: What each table holds, for the person whom it is about.
TITLES = {
    "assessments": "Your assessment",
    "answers": "What you were asked, and your answers",
    "scores": "Scores that were worked out",
    "showings": "When a score was shown to somebody",
    "first_views": "What an adviser had in mind before the score was shown",
    "decisions": "Decisions, each taken by a person",
    "actions": "What was agreed with you",
    "action_steps": "Steps of what was agreed",
    "reviews": "Requests to look at a decision again",
    "outcomes": "What became of you",
    "equality": "Your voluntary answers for equality monitoring, kept apart",
    "list_rows": "Your row on an attendance list, without your name",
    "list_identities": "Your name and contact details on an attendance list",
    "place_rows": "Where you stood in a plan for the places of an event",
    "place_openings": "When somebody opened your row of such a plan",
    "place_decisions": "What a person decided about your place there, and how long your row had been open",
    "matches": "Whether two rows of lists may be you",
}
#: Columns that hold who did something, and keys of records that do.
_STAFF = frozenset({"adviser", "by", "made_by", "asked_by", "reviewer", "uploaded_by", "added_by"})
#: Columns that hold data as JSON.
_DATA = frozenset({"context", "data", "record", "value"})
#: Internal, and the same for everybody.
_LEFT_OUT = frozenset({"submission", "version"})
_ROLES = {
    "adviser": "an adviser",
    "manager": "a manager",
    "analyst": "an analyst",
    "administrator": "an administrator",
    "partner": "a partner's program",
    "system": "the software itself",
}
_SOMEBODY = "a member of staff"


def subject_access(database: Database, event: Event, assessment_id: str) -> dict[str, Any]:
    """Everything that is held about one client, as plain data, with every event about them.

    Args:
        database: the records.
        event: for the audit trail; a note that the client's records were given out.
        assessment_id: the client's assessment.

    Raises:
        AccessError: there is no such assessment.
    """
    with database.write(event) as work:
        found = rows_about(work, database.keys, assessment_id)
        staff = _Staff(work)
        records = [_records(work, name, ids, staff) for name, ids in found.items()]
        return {
            "reference": work.get(assessments, assessment_id)["reference"],
            "made_at": now(),
            "records": [part for part in records if part["rows"]],
            "events": _events(work, found, staff),
        }


def _records(view: View, name: str, ids: list[str], staff: _Staff) -> dict[str, Any]:
    table = METADATA.tables[name]
    query = sa.select(table).where(table.c.id.in_(ids))
    if name == list_identities.name:
        # The whole file names everybody on the list.
        query = query.where(list_identities.c.row != WHOLE_FILE)
    rows = [_row(row, staff) for row in view.all(query)]
    return {"table": name, "title": TITLES[name], "rows": sorted(rows, key=lambda row: str(row.get("at", "")))}


def _row(row: Row, staff: _Staff) -> dict[str, Any]:
    """One row as plain data, without names of staff."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in _LEFT_OUT or value is None or value == "":
            continue
        if name == "office":
            found[name] = staff.office(str(value))
        elif name in _STAFF:
            found[name] = staff.role(str(value))
        elif name in _DATA:
            found[name] = staff.without_names(_parsed(value))
        else:
            found[name] = value
    return found


def _parsed(value: str | bytes) -> Any:
    """JSON as data; other text as it is; what is no text in base64."""
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
    try:
        return json.loads(text)
    except ValueError:
        return text


def _events(view: View, found: Mapping[str, list[str]], staff: _Staff) -> list[dict[str, Any]]:
    """Every event that was about the client, or changed a row about them: when, what, and in which role."""
    c, change = audit_events.c, audit_changes.c
    changed = [sa.and_(change.of == name, change.row.in_(ids)) for name, ids in found.items()]
    on_lists = sa.select(list_rows.c.list).where(list_rows.c.id.in_(found.get(list_rows.name, [])))
    about = sa.or_(
        c.subject.in_([row_id for ids in found.values() for row_id in ids]),
        c.subject.in_(on_lists),
        c.seq.in_(sa.select(change.seq).where(sa.or_(*changed))),
    )
    return [
        {
            "at": row["at"],
            "what": row["action"].replace("_", " ").capitalize(),
            "who": _ROLES.get(row["role"], _SOMEBODY),
            "office": staff.office(row["office"]),
            "door": row["via"],
            "event": row["seq"],
            "detail": parsed(row["detail"]),
        }
        for row in view.all(sa.select(audit_events).where(about).order_by(c.seq))
    ]


class _Staff:
    """Roles and offices in place of ids and names."""

    def __init__(self, view: View) -> None:
        people = view.all(sa.select(accounts.c.id, accounts.c.role))
        self._roles: dict[str, str] = {row["id"]: _ROLES.get(row["role"], _SOMEBODY) for row in people}
        self._roles |= {row["id"]: _ROLES["partner"] for row in view.all(sa.select(api_keys.c.id))}
        self._roles["system"] = _ROLES["system"]
        named = view.all(sa.select(offices.c.id, offices.c.name))
        self._offices: dict[str, str] = {row["id"]: row["name"] for row in named}

    def role(self, account: str) -> str:
        """What an account is, in words."""
        return self._roles.get(account, _SOMEBODY)

    def office(self, office: str) -> str:
        """The name of an office."""
        return self._offices.get(office, "")

    def without_names(self, data: Any) -> Any:
        """Data in which whoever did something is a member of staff."""
        if isinstance(data, dict):
            return {
                name: _SOMEBODY if name in _STAFF and isinstance(value, str) else self.without_names(value)
                for name, value in data.items()
            }
        return [self.without_names(item) for item in data] if isinstance(data, list) else data

"""An office with an event and its lists: what tests of attendance lists share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.casework import Desk
from triage.casework import events, list_scoring, list_view, lists
from triage.casework.events import EventDetails
from triage.casework.list_view import Entry
from triage.records.database import Row

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "docs" / "examples" / "attendance.xlsx"
ON = date(2026, 3, 2)
#: Two people with enough answers, one with a cell to mend, one with too few, one who objects, and a total.
SMALL = """Surname,Forename,DOB,Council area,Highest qualification,Driving licence,Own vehicle,Lives with,\
Objects to scoring
Imaginer,Ada,12/03/1969,Falkirk,No qualifications,None,No,Lives alone,
Testerson,Ben,27/08/1995,Falkirk,Degree,Full,Yes,Partner,
Madeup,Cat,01/02/1980,Falkirk,Higher,Full,x,Partner,
Nobodie,Dan,,,,,,,
Pretender,Eve,05/06/1977,Fife,Higher,Full,Yes,Partner,yes
Total,5,,,,,,,
"""


def an_event(desk: Desk, who: str = "adviser") -> Row:
    """A new event."""
    return events.make(desk.service, desk[who], EventDetails("Invented Biscuits Ltd", ON, session="Morning"))


def uploaded(desk: Desk, data: bytes | str = SMALL, ending: str = ".csv", event: str = "", **more: object) -> Row:
    """A list that was uploaded by the adviser."""
    event = event or an_event(desk)["id"]
    raw = data.encode() if isinstance(data, str) else data
    return lists.upload(desk.service, desk["adviser"], event, raw, ending, **more)  # type: ignore[arg-type]


def scored(desk: Desk, data: bytes | str = SMALL, ending: str = ".csv", event: str = "", **more: object) -> Row:
    """A list that was uploaded and scored."""
    row = uploaded(desk, data, ending, event, **more)
    started = list_scoring.start(desk.service, desk["adviser"], row["id"], None, ON)
    list_scoring.work_out(desk.service, desk["adviser"], started)
    row = lists.find(desk.service, desk["adviser"], row["id"])
    assert row["state"] == "scored", row["message"]
    return row


def people(desk: Desk, row: Row, who: str = "adviser") -> dict[str, Entry]:
    """The rows of a list by the surname, else by the number of the row."""
    _, found = list_view.entries(desk.service, desk[who], row["id"])
    return {
        entry.private.identity.get("surname", str(entry.row.row)) if entry.private else str(entry.row.row): entry
        for entry in found
    }

"""An event and a list in the running service."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.web.service import Live
from triage.casework import events, list_scoring, list_view, lists
from triage.casework.events import EventDetails
from triage.records.database import Row

SAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "attendance.xlsx"


def an_event(live: Live, who: str = "adviser") -> str:
    """A new event of today."""
    details = EventDetails("Invented Biscuits Ltd", live.service.today, session="Morning")
    return str(events.make(live.service, live.actor(who), details)["id"])


def uploaded(live: Live, data: bytes | None = None, ending: str = ".xlsx", event: str = "") -> Row:
    """A list that the adviser has uploaded: the sample, or another one."""
    raw = SAMPLE.read_bytes() if data is None else data
    return lists.upload(live.service, live.actor("adviser"), event or an_event(live), raw, ending)


def scored(
    live: Live, data: bytes | None = None, ending: str = ".xlsx", event: str = "", on: date | None = None
) -> Row:
    """A list that is scored."""
    row, adviser = uploaded(live, data, ending, event), live.actor("adviser")
    list_scoring.work_out(live.service, adviser, list_scoring.start(live.service, adviser, row["id"], None, on))
    return lists.find(live.service, adviser, row["id"])


def row_of(live: Live, row: Row, show: str = "mend", which: int = 0) -> str:
    """The address of one of its rows."""
    found, _ = list_view.entries(live.service, live.actor("adviser"), row["id"], show=show)  # type: ignore[arg-type]
    return f"/lists/{row['id']}/rows/{found.rows[which]['id']}"

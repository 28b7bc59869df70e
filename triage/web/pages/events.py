"""Which events are there, and which attendance lists does each have?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from triage.casework import events, lists
from triage.casework.events import EventDetails
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.forms import day_of, errors_of, submission_of, typed_day
from triage.web.pages import list_words, words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, session_of

router = APIRouter()
_FIELDS = ("employer", "site", "session", "partnership", "hr1_reference")


@router.get("/events", name="events")
def every(request: Request) -> Response:
    """The events of the office."""
    number = request.query_params.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    found = events.every(service_of(request), actor_of(request), page)
    return render(
        request, "events/list.html", rows=found.rows, page=found.number, pages=found.pages, day=words.day,
        practice_on=_practice(request),
    )  # fmt: skip


@router.get("/events/new", name="event_new")
def new(request: Request) -> Response:
    """The form for a new event."""
    service, actor = service_of(request), actor_of(request)
    today = service.today
    known = dict.fromkeys(_FIELDS, "") | {"partnership": events.partnership_of(service, actor)}
    return _form(request, known, {"day": str(today.day), "month": str(today.month), "year": str(today.year)})


@router.post("/events/new", name="event_new_post")
def new_post(request: Request) -> Response:
    """A new event."""
    try:
        row = events.make(service_of(request), actor_of(request), _details(request), submission_of(request))
    except CaseworkError as problem:
        return _again(request, problem)
    return go(f"/events/{row['id']}", "saved", request)


@router.get("/events/{event}", name="event")
def event(request: Request, event: str) -> Response:
    """One event with its lists."""
    service, actor = service_of(request), actor_of(request)
    row = events.find(service, actor, event)
    found = [_line(item) for item in lists.of_event(service, actor, event)]
    return render(
        request, "events/event.html", row=row, lists=found, day=words.day, back="/events",
        practice_on=_practice(request),
    )  # fmt: skip


@router.get("/events/{event}/details", name="event_details")
def details(request: Request, event: str) -> Response:
    """Change what is noted of an event."""
    row = events.find(service_of(request), actor_of(request), event)
    year, month, day = row["held_on"].split("-")
    return _form(request, row, {"day": str(int(day)), "month": str(int(month)), "year": year}, row=row)


@router.post("/events/{event}/details", name="event_details_post")
def details_post(request: Request, event: str) -> Response:
    """What is noted of an event is changed."""
    service, actor, version = service_of(request), actor_of(request), field(request, "version")
    try:
        known = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        events.change(service, actor, event, _details(request), known)
    except CaseworkError as problem:
        return _again(request, problem, events.find(service, actor, event))
    return go(f"/events/{event}", "saved", request)


def _details(request: Request) -> EventDetails:
    typed = {name: field(request, name) for name in _FIELDS}
    return EventDetails(**typed, held_on=day_of(request, "held_on"))


def _again(request: Request, problem: CaseworkError, row: Row | None = None) -> Response:
    typed = {name: field(request, name) for name in _FIELDS}
    return _form(request, typed, dict(typed_day(request, "held_on")), errors_of(problem, "employer"), row)


def _form(
    request: Request, typed: Row, held_on: dict[str, str], errors: dict[str, str] | None = None, row: Row | None = None
) -> Response:
    return render(
        request, "events/form.html", 422 if errors else 200, typed=typed, held_on=held_on, errors=errors or {},
        row=row, back=f"/events/{row['id']}" if row else "/events",
    )  # fmt: skip


def _line(row: Row) -> dict[str, object]:
    return {
        "id": row["id"], "rows": row["rows"], "state": list_words.STATES[row["state"]], "practice": row["practice"],
        "waits": row["state"] in ("uploaded", "failed"), "uploaded": words.moment(row["uploaded_at"]),
        "names": f"Erased on {words.day(row['erased_at'])}" if row["erased_at"] else
        f"Kept until {words.day(row['erase_on'])}",
    }  # fmt: skip


def _practice(request: Request) -> bool:
    session = session_of(request)
    return session is not None and session.practice

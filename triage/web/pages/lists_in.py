"""How does an attendance list come in: upload, what its columns hold, and scoring?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from triage.casework import events, list_scoring, lists, suspension
from triage.casework.list_files import ending_of
from triage.errors import CaseworkError, ListError
from triage.lists import desk
from triage.records.database import Row
from triage.records.plain import parsed
from triage.web.forms import day_of, errors_of, submission_of, typed_day
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, form_of, service_of, session_of, settings_of

router = APIRouter()
#: The route that takes a file.
upload_router = APIRouter()
_MEGABYTE = 2**20
_COLUMN = re.compile(r"column-(\d{1,4})")


@router.get("/events/{event}/upload", name="list_upload")
def upload_page(request: Request, event: str) -> Response:
    """The form for a list."""
    return _upload(request, event)


@upload_router.post("/events/{event}/upload", name="list_upload_post")
def upload(request: Request, event: str) -> Response:
    """A list comes in."""
    sent = form_of(request).get("file")
    if not isinstance(sent, UploadFile):
        return _upload(request, event, {"file": "Choose the file with the list."})
    with sent.file as file:
        data, name = file.read(), sent.filename or ""
    if not name:
        return _upload(request, event, {"file": "Choose the file with the list."})
    return _keep(request, event, data, ending_of(name))


@router.post("/events/{event}/sample", name="list_sample_post")
def sample(request: Request, event: str) -> Response:
    """The list of invented people that comes with a demonstration."""
    path = _sample(request)
    if path is None:
        return _upload(request, event, {"file": "There is no sample list here. Choose a file."})
    return _keep(request, event, path.read_bytes(), path.suffix)


@router.get("/lists/{list_id}/mapping", name="list_mapping")
def mapping(request: Request, list_id: str) -> Response:
    """What every column holds."""
    row = lists.find(service_of(request), actor_of(request), list_id)
    if row["state"] in ("scoring", "scored"):
        return go(f"/lists/{list_id}")
    return mapping_page(request, row)


@router.post("/lists/{list_id}/mapping", name="list_mapping_post")
def mapping_post(request: Request, list_id: str) -> Response:
    """The columns are looked at again, or the list is scored."""
    service, actor = service_of(request), actor_of(request)
    row = lists.check_not_begun(lists.find(service, actor, list_id))
    choices = _choices(request, row)
    try:
        if field(request, "then") == "look":
            lists.look_again(service, actor, list_id, choices)
            return go(f"/lists/{list_id}/mapping", "saved", request)
        return _score(request, list_id, choices, day_of(request, "on"))
    except (CaseworkError, ListError) as problem:
        errors = errors_of(problem, "columns")
        return mapping_page(request, row, {"columns": problem.message} if "on" not in errors else errors, choices)


@router.post("/lists/{list_id}/score", name="list_score_post")
def score_again(request: Request, list_id: str) -> Response:
    """Scoring begins once more, after the process that did it has ended."""
    return _score(request, list_id, None, None)


def _score(request: Request, list_id: str, choices: dict[str, str] | None, on: date | None) -> Response:
    service, actor = service_of(request), actor_of(request)
    started = list_scoring.start(service, actor, list_id, choices, on)
    list_scoring.begin(service, actor, started)
    return go(f"/lists/{list_id}")


def mapping_page(
    request: Request, row: Row, errors: dict[str, str] | None = None, choices: dict[str, str] | None = None
) -> Response:
    """Every column with what it is taken for."""
    service, actor = service_of(request), actor_of(request)
    looked, engine = lists.looked_at(row), service.engines.now
    chosen = choices if choices is not None else parsed(row["mapping"])
    groups: dict[str, list[tuple[str, str]]] = {}
    for role in desk.roles(engine):
        groups.setdefault(desk.GROUPS[role.group], []).append((role.id, role.label))
    day = date.fromisoformat(row["scored_on"]) if row["scored_on"] else service.today
    typed: Any = typed_day(request, "on") if errors else {"day": day.day, "month": day.month, "year": day.year}
    return render(
        request, "lists/mapping.html", 422 if errors else 200, row=row, looked=looked, groups=groups, chosen=chosen,
        errors=errors or {}, on=typed, practice=row["practice"], back=f"/events/{row['event']}",
        event=events.find(service, actor, row["event"]), works=row["works"], day=words.day,
        columns=[{**column, "field": f"column-{place}"} for place, column in enumerate(looked["columns"])],
        erased=row["erased_at"] is not None, suspended=suspension.words(service),
    )  # fmt: skip


def _choices(request: Request, row: Row) -> dict[str, str]:
    """What a person chose, by heading: the form names columns by their place."""
    columns, before = lists.looked_at(row)["columns"], parsed(row["mapping"])
    found = dict(before)
    for name in form_of(request):
        if (match := _COLUMN.fullmatch(name)) and int(match[1]) < len(columns):
            heading = columns[int(match[1])]["heading"]
            if heading:
                found[heading] = field(request, name)
    return found


def _keep(request: Request, event: str, data: bytes, ending: str) -> Response:
    session = session_of(request)
    try:
        row = lists.upload(
            service_of(request), actor_of(request), event, data, ending, submission=submission_of(request),
            practice=session is not None and session.practice,
        )  # fmt: skip
    except ListError as problem:
        return _upload(request, event, {"file": problem.message})
    return go(f"/lists/{row['id']}/mapping", "uploaded", request)


def _upload(request: Request, event: str, errors: dict[str, str] | None = None) -> Response:
    row = events.find(service_of(request), actor_of(request), event)
    session = session_of(request)
    return render(
        request, "lists/upload.html", 422 if errors else 200, row=row, errors=errors or {}, day=words.day,
        sample=_sample(request) is not None, back=f"/events/{event}", rows=desk.MOST_ROWS,
        megabytes=min(settings_of(request).upload, desk.UPLOAD.file_bytes) // _MEGABYTE,
        erase_on=words.day(lists.erase_on(service_of(request))),
        practice=session is not None and session.practice,
    )  # fmt: skip


def _sample(request: Request) -> Path | None:
    """The list to try; in a demonstration alone."""
    name = str(getattr(request.app.state, "sample", ""))
    path = Path(name) if name and settings_of(request).demonstration else None
    return path if path is not None and path.is_file() else None

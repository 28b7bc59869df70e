"""What does a scored list show, who works on it, and what is downloaded?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from triage.casework import events, list_matches, list_scoring, list_view, list_workbook, lists
from triage.casework.list_view import SHOW, Show
from triage.records.database import Row
from triage.records.plain import parsed
from triage.web.forms import choices
from triage.web.pages import list_words, words
from triage.web.pages.lists_in import mapping_page
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, settings_of

router = APIRouter()
#: How each kind of file is sent.
MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}


@router.get("/lists/{list_id}", name="attendance_list")
def attendance_list(request: Request, list_id: str) -> Response:
    """The list as it stands: what its columns hold, how far the scoring is, or the scored list."""
    service, actor = service_of(request), actor_of(request)
    row = lists.find(service, actor, list_id)
    if row["state"] == "scored":
        return _scored_page(request, row)
    if row["state"] == "scoring":
        row |= list_scoring.progress_of(service, actor, list_id)
        event = events.find(service, actor, row["event"])
        return render(
            request, "lists/progress.html", row=row, event=event, day=words.day, practice=row["practice"],
            back=f"/events/{row['event']}",
        )  # fmt: skip
    return mapping_page(request, row)


@router.post("/lists/{list_id}/workers", name="list_worker_post")
def add_worker(request: Request, list_id: str) -> Response:
    """A colleague works on the list, too."""
    service, actor = service_of(request), actor_of(request)
    account = field(request, "account")
    if not account:
        return _scored_page(request, lists.find(service, actor, list_id), {"account": "Choose a colleague."})
    lists.add_worker(service, actor, list_id, account)
    return go(f"/lists/{list_id}", "saved", request)


@router.post("/lists/{list_id}/workbook", name="list_workbook_post")
def workbook(request: Request, list_id: str) -> Response:
    """The output of the list as a file."""
    with_what = choices(request, "with")
    with tempfile.TemporaryDirectory(prefix="ltu-list-") as folder:
        path = list_workbook.write(
            service_of(request), actor_of(request), list_id, Path(folder), ending=field(request, "kind", "xlsx"),
            answers="answers" in with_what, sensitive="sensitive" in with_what,
        )  # fmt: skip
        data = path.read_bytes()
    headers = {"content-disposition": f'attachment; filename="{path.name}"'}
    return Response(data, media_type=MEDIA[path.suffix], headers=headers)


@router.post("/lists/{list_id}/erase", name="list_erase_post")
def erase(request: Request, list_id: str) -> Response:
    """The file and the names go now."""
    lists.erase_names(service_of(request), actor_of(request), list_id, settings_of(request).folder)
    return go(f"/lists/{list_id}", "names_erased", request)


def _scored_page(request: Request, row: Row, errors: dict[str, str] | None = None) -> Response:
    service, actor, asked = service_of(request), actor_of(request), request.query_params
    list_id, counts = row["id"], list_view.counts(service, actor, row["id"])
    first: Show = "first" if counts["first"] else "all"
    show = cast(Show, asked.get("show", first)) if asked.get("show", first) in SHOW else first
    band = asked.get("band", "") if asked.get("band", "") in service.engines.now.points.ids else ""
    page, found = list_view.entries(service, actor, list_id, show=show, band=band, page=_number(asked.get("page", "1")))
    known, others = lists.workers(service, actor, list_id)
    summary = parsed(row["summary"])
    bands = _bands(request, list_id)
    return render(
        request, "lists/list.html", 422 if errors else 200, errors=errors or {}, row=row, show=show, band=band,
        lines=[list_words.line(service, entry) for entry in found], page=page.number, pages=page.pages,
        tabs=_tabs(counts), heading=_heading(service, show, band), summary=_summary(row, summary, counts),
        event=events.find(service, actor, row["event"]), uploaded=words.moment(row["uploaded_at"]), day=words.day,
        bands=bands, facts=[*summary["used"], *summary["remarks"]], workers=known, file=_file(request, row),
        others=[(item["id"], item["name"]) for item in others], manager=actor.role == "manager", gone=lists.GONE,
        waiting_matches=list_matches.waiting(service, list_id), practice=row["practice"],
        decides=service.engines.now.words.wording.notes.judgement, back=f"/events/{row['event']}",
    )  # fmt: skip


def _file(request: Request, row: Row) -> bool:
    return lists.has_file(service_of(request), row["id"])


def _bands(request: Request, list_id: str) -> list[tuple[Any, int, str]]:
    """The bands, that with the most support first."""
    service, actor = service_of(request), actor_of(request)
    counts = list_view.band_counts(service, actor, list_id)
    found = [(list_words.band_of(service.engines.now, band), count, band) for band, count in counts.items()]
    return found[::-1]


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """The choices that have rows, and "every row"."""
    return [(show, text, counts[show]) for show, text in list_words.SHOW.items() if counts[show] or show == "all"]


def _heading(service: Any, show: Show, band: str) -> str:
    found = list_words.band_of(service.engines.now, band)
    return f"Proposed: {found['name']}" if found else list_words.SHOW[show]


def _summary(row: Row, summary: dict[str, Any], counts: dict[str, int]) -> str:
    statuses = summary["statuses"]
    people = sum(count for status, count in statuses.items() if status in list_words.PEOPLE)
    said = [f"{row['rows']:,} rows, {people:,} of them people: {statuses.get('scored', 0):,} have a proposal"]
    if few := statuses.get("not_enough_answers", 0):
        said.append(f"{few:,} have too few answers for one")
    if counts["decided"]:
        said.append(f"{counts['decided']:,} are decided")
    return ", ".join(said) + "."


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1

"""How are the places of an event planned: how many, in which order, how far is it, and when is it released?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import events, lists, places, places_file, places_release, places_view, suspension
from triage.casework.places_view import SHOW, Seen, Show
from triage.errors import CaseworkError
from triage.records.plain import parsed
from triage.web.forms import errors_of, submission_of
from triage.web.pages import list_words, places_words, words
from triage.web.pages.lists import MEDIA
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
_LONGEST = 7


@router.get("/lists/{list_id}/places", name="list_places")
def every(request: Request, list_id: str) -> Response:
    """The plans of a list, and the form for a new one."""
    return _plans(request, list_id)


@router.post("/lists/{list_id}/places", name="list_places_post")
def make(request: Request, list_id: str) -> Response:
    """An order is proposed for so many places."""
    service, actor = service_of(request), actor_of(request)
    try:
        plan = places.make(
            service, actor, list_id, band=field(request, "band"), places=number_of(field(request, "places")),
            reserve=number_of(field(request, "reserve") or "0"), submission=submission_of(request),
        )  # fmt: skip
    except CaseworkError as problem:
        return _plans(request, list_id, errors_of(problem, "places"))
    return go(f"/lists/{list_id}/places/{plan['id']}", "plan_made", request)


@router.get("/lists/{list_id}/places/{plan_id}", name="list_plan")
def plan(request: Request, list_id: str, plan_id: str) -> Response:
    """One plan."""
    return _plan(request, list_id, plan_id)


@router.post("/lists/{list_id}/places/{plan_id}/release", name="list_plan_release_post")
def release(request: Request, list_id: str, plan_id: str) -> Response:
    """A plan is released."""
    service, actor = service_of(request), actor_of(request)
    places_release.release(service, actor, list_id, plan_id, number_of(field(request, "version")))
    return go(f"/lists/{list_id}/places/{plan_id}", "plan_released", request)


@router.post("/lists/{list_id}/places/{plan_id}/withdraw", name="list_plan_withdraw_post")
def withdraw(request: Request, list_id: str, plan_id: str) -> Response:
    """A plan is taken back."""
    try:
        places.withdraw(service_of(request), actor_of(request), list_id, plan_id, why=field(request, "why"))
    except CaseworkError as problem:
        return _plan(request, list_id, plan_id, errors_of(problem, "why"))
    return go(f"/lists/{list_id}/places", "plan_withdrawn", request)


@router.post("/lists/{list_id}/places/{plan_id}/download", name="list_plan_download_post")
def download(request: Request, list_id: str, plan_id: str) -> Response:
    """A released plan as a file."""
    service, actor = service_of(request), actor_of(request)
    with tempfile.TemporaryDirectory(prefix="ltu-list-") as folder:
        path = places_file.write(
            service, actor, list_id, plan_id, Path(folder), ending=field(request, "kind", "xlsx")
        )  # fmt: skip
        data = path.read_bytes()
    return Response(
        data, media_type=MEDIA[path.suffix], headers={"content-disposition": f'attachment; filename="{path.name}"'}
    )


def number_of(text: str) -> int | None:
    """A whole number that was typed; None for anything else."""
    text = text.replace(",", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def _plans(request: Request, list_id: str, errors: dict[str, str] | None = None) -> Response:
    service, actor = service_of(request), actor_of(request)
    row, engine = lists.find(service, actor, list_id), service.engines.now
    found = places.of_list(service, actor, list_id)
    bands = {band.id: band.name for band in engine.cutoffs.bands}
    lines = [
        {
            "id": plan["id"], "made": words.moment(plan["made_at"]), "places": plan["places"],
            "band": bands.get(plan["band"], plan["band"]), "state": places_words.STATES[plan["state"]],
            "why": plan["why"], "open": plan["state"] == "open", "decided": parsed(plan["data"])["needed"],
        }
        for plan in found
    ]  # fmt: skip
    typed = {name: field(request, name) if errors else "" for name in ("band", "places", "reserve")}
    return render(
        request, "lists/places.html", 422 if errors else 200, errors=errors or {}, row=row, plans=lines, typed=typed,
        bands=list(bands.items())[:0:-1], event=events.find(service, actor, row["event"]), day=words.day,
        practice=row["practice"], back=f"/lists/{list_id}", scored=row["state"] == "scored",
        has_open=any(line["open"] for line in lines), stopped=suspension.words(service),
        everyone=engine.words.wording.band.everyone,
    )  # fmt: skip


def _plan(request: Request, list_id: str, plan_id: str, errors: dict[str, str] | None = None) -> Response:
    service, actor, asked = service_of(request), actor_of(request), request.query_params
    row = lists.find(service, actor, list_id)
    wanted = asked.get("show", "")
    show: Show | None = next((one for one in SHOW if one == wanted), None)
    page = number_of(asked.get("page", "1")) or 1
    seen = places_view.seen(service, actor, list_id, plan_id, show=show or "waiting", page=page)
    if show is None and not seen.counts["waiting"]:
        seen = places_view.seen(service, actor, list_id, plan_id, show="all", page=page)
    show = show or ("waiting" if seen.counts["waiting"] else "all")
    found = seen.plan
    return render(
        request, "lists/plan.html", 422 if errors else 200, errors=errors or {}, row=row, plan=found, show=show,
        tabs=_tabs(seen), lines=[places_words.line(service, seen, item) for item in seen.rows],
        page=seen.page, pages=seen.pages, event=events.find(service, actor, row["event"]), day=words.day,
        band=list_words.band_of(service.engines.now, found["band"]) or {"name": found["band"], "place": 1, "of": 1},
        heading=places_words.SHOW[show], edges=places_words.edges(seen), summary=places_words.summary(seen),
        unused=places_words.unused(seen),
        why_not=seen.stand.why_not, stale=seen.stale, state=places_words.STATES[found["state"]],
        made=(seen.names.get(found["made_by"], ""), words.moment(found["made_at"])),
        ended=(seen.names.get(found["ended_by"] or "", ""), words.moment(found["ended_at"])),
        talk=seen.counts["talk"], practice=row["practice"], back=f"/lists/{list_id}/places",
        stopped=suspension.words(service), everyone=service.engines.now.words.wording.band.everyone,
    )  # fmt: skip


def _tabs(seen: Seen) -> list[tuple[Any, str, int]]:
    """The choices that have rows, and "everybody"."""
    return [
        (show, text, seen.counts[show])
        for show, text in places_words.SHOW.items()
        if seen.counts[show] or show == "all"
    ]

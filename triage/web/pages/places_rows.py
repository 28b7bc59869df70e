"""What does a person see of one row of a plan for places, and what do they decide? One person at a time."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import events, lists, places_rows, scoring
from triage.casework.places_rows import Choice, Opened
from triage.casework.rebuilding import data_of, is_of, rebuilt
from triage.casework.service import Service
from triage.errors import CaseworkError, ConflictError, DecisionError
from triage.lists import desk
from triage.web.forms import errors_of, submission_of
from triage.web.pages import list_words, places_words, words
from triage.web.pages.places import number_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
_FIELDS = ("band", "reason", "note", "on_reserve")


@router.get("/lists/{list_id}/places/{plan_id}/rows/{row_id}", name="list_plan_row")
def row(request: Request, list_id: str, plan_id: str, row_id: str) -> Response:
    """One row of a plan is opened."""
    return _page(request, list_id, plan_id, row_id)


@router.post("/lists/{list_id}/places/{plan_id}/rows/{row_id}", name="list_plan_row_post")
def decide(request: Request, list_id: str, plan_id: str, row_id: str) -> Response:
    """One row of a plan is decided."""
    service, actor = service_of(request), actor_of(request)
    choice = Choice(
        field(request, "opening"), number_of(field(request, "version")) or 0, field(request, "band"),
        field(request, "on_reserve") == "yes", field(request, "reason"), field(request, "note"),
    )  # fmt: skip
    try:
        places_rows.decide(service, actor, list_id, plan_id, row_id, choice, submission_of(request))
    except ConflictError as problem:
        # What somebody else decided is to be seen first, so the row is opened anew.
        return _page(request, list_id, plan_id, row_id, {"band": problem.message}, 409, again=False)
    except (CaseworkError, DecisionError) as problem:
        where = "note" if "needs a note" in problem.message else "reason" if "reason" in problem.message else "band"
        return _page(request, list_id, plan_id, row_id, errors_of(problem, where))
    return go(f"/lists/{list_id}/places/{plan_id}", "decided", request)


def _page(
    request: Request, list_id: str, plan_id: str, row_id: str, errors: dict[str, str] | None = None, status: int = 0,
    *, again: bool = True,
) -> Response:  # fmt: skip
    service, actor = service_of(request), actor_of(request)
    found = lists.find(service, actor, list_id)
    opening = field(request, "opening") if errors and again else ""
    opened = places_rows.open_row(service, actor, list_id, plan_id, row_id, opening)
    entry, plan, place = opened.entry, opened.plan, opened.row
    can = plan["state"] == "open" and place["rank"] is not None and not opened.stale
    typed = {name: field(request, name) if errors else "" for name in _FIELDS}
    if not errors:
        typed["on_reserve"] = _ready(opened)
    return render(
        request, "lists/plan_row.html", status or (422 if errors else 200), errors=errors or {}, row=found, plan=plan,
        place=place, event=events.find(service, actor, found["event"]), day=words.day, practice=found["practice"],
        name=list_words.name_of(entry.private), reference=opened.standing.assessment["reference"],
        assessment=opened.standing.assessment["id"], where=list_words.place_of(entry.row), opening=opened.opening,
        part=places_words.PARTS[place["part"]], why=places_words.WHY.get(place["why"], ""), typed=typed, can=can,
        stale=opened.stale, names=list_words.identity_of(entry.private), back=f"/lists/{list_id}/places/{plan_id}",
        at_edge=place["part"] in places_rows.EDGES, tied=_tied(opened), choices=_choices(service, opened),
        reasons=[(code.id, code.text) for code in service.reasons.reasons], **_score(request, opened),
        headings=service.engines.now.words.wording.headings,
        know=_know(opened),
        decisions=[_decision(service, opened, item) for item in opened.decisions], **_standing(service, opened),
    )  # fmt: skip


def _ready(opened: Opened) -> str:
    """Whether the reserve is ticked when the row is opened: as it was decided last, else as it was proposed."""
    last = opened.decisions[-1]["on_reserve"] if opened.decisions else opened.row["part"] == "reserve"
    return "yes" if last else ""


def _score(request: Request, opened: Opened) -> dict[str, Any]:
    """What the score says that counts in the plan; nothing where nobody may see it, or it holds no more."""
    service, score = service_of(request), opened.standing.score
    said: dict[str, Any] = {"chance": "", "strengths": [], "reasons_said": [], "band": None}
    if score is None or score["id"] != opened.row["score"] or not is_of(service.engines.now, score):
        return said
    scoring.shown(service, actor_of(request), score["id"])
    again, data = rebuilt(service, score), data_of(score)
    assert again is not None
    return {
        "chance": list_words.chance(service.engines.now, data), "strengths": [item.text for item in again.strengths],
        "reasons_said": [item.text for item in again.reasons],
        "band": list_words.band_of(service.engines.now, opened.row["band"]),
    }  # fmt: skip


def _know(opened: Opened) -> list[str]:
    """What else there is to know of the row on the list, such as that it may be somebody's second one."""
    row = opened.entry.row
    flags = [desk.FLAG_WORDS[flag] for flag in row.flags if flag not in ("crosses", "edge")]
    said = [*flags, *(problem.text for problem in row.problems if problem.about in ("row", "check", "same_person"))]
    return [f"{text[:1].upper()}{text[1:]}" for text in said]


def _tied(opened: Opened) -> str:
    edge = {"edge": "edge", "reserve_edge": "reserve_edge"}.get(opened.row["part"])
    found = opened.proposed[edge] if edge else None
    if found is None:
        return ""
    return places_words.tied(found["people"], found["left"], "place" if edge == "edge" else "reserve place")


def _choices(service: Service, opened: Opened) -> list[tuple[str, str, str]]:
    """A place, or what is offered instead; where a decision stands already, that alone."""
    bands = {band.id: band for band in service.engines.now.cutoffs.bands}
    plan, standing = opened.plan, opened.standing
    order = [plan["band"], *(band for band in reversed(bands) if band != plan["band"])]
    if standing.state == "decided":
        order = [band for band in order if band == standing.band]
    return [
        (band, f"{'A place' if band == plan['band'] else 'No place'}: {bands[band].name}", bands[band].offers)
        for band in order if band in bands
    ]  # fmt: skip


def _standing(service: Service, opened: Opened) -> dict[str, str]:
    """A decision that stands in the person's record already, or a claim that waits there."""
    standing = opened.standing
    known = standing.state == "decided" and standing.in_force is not None
    claimed = standing.decision_state == "claimed"
    return {
        "recorded": list_words.decision(service, opened.entry) if known else "",
        "claimed": "yes" if claimed else "",
    }


def _decision(service: Service, opened: Opened, item: Any) -> dict[str, str]:
    reasons = {code.id: code.text for code in service.reasons.reasons}
    said = places_words.decided(service, opened.plan, item, opened.names)
    return {"said": said, "reason": reasons.get(item["reason"], item["reason"]), "note": item["note"]}

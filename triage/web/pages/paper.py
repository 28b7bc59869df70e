"""What is printed: the result for the adviser's notes, the sheet for the client, and what changed?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import actions, assessments, deciding, scoring
from triage.casework.service import Service
from triage.errors import AccessError
from triage.records.database import Row
from triage.web.pages import words
from triage.web.pages.decisions import DECIDED, decision_of
from triage.web.pages.result import scored
from triage.web.rendering import render
from triage.web.result import sheet_of, view_of_stored, what_changed
from triage.web.security.guard import actor_of, service_of, settings_of

router = APIRouter()


@router.get("/clients/{assessment}/print", name="print_result")
def printed(request: Request, assessment: str) -> Response:
    """The result on paper, for the adviser's notes: sensitive answers as one row, named nowhere."""
    service, row, latest = scored(request, assessment)
    if latest is None:
        return RedirectResponse(f"/clients/{assessment}", 303)
    view = view_of_stored(scoring.data_of(latest), service.engines.now, service.services, service.today, apart=True)
    standing = deciding.standing(service, actor_of(request), assessment)
    return render(
        request, "clients/print.html", row=row, view=view, printed=True, practice=row["practice"],
        decided=standing.decision_state in DECIDED, decision=decision_of(service, standing.in_force),
        back=f"/clients/{assessment}/result", scored_on=words.day(latest["scored_on"]),
    )  # fmt: skip


@router.get("/clients/{assessment}/scores/{score}", name="earlier_score")
def earlier(request: Request, assessment: str, score: str) -> Response:
    """A score of this client as it was, and what was decided on it."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    found = next((item for item in scoring.history(service, actor, assessment) if item["id"] == score), None)
    if found is None or found["set_aside"]:
        raise AccessError("This client has no such score that may be shown.")
    scoring.shown(service, actor, score)
    view = view_of_stored(scoring.data_of(found), service.engines.now, service.services, service.today)
    standing = deciding.standing(service, actor, assessment)
    return render(
        request, "clients/earlier.html", row=row, view=view, printed=False, decided=True, practice=row["practice"],
        history=[decision_of(service, item) for item in standing.rows if item["score"] == score],
        scored_on=words.day(found["scored_on"]), number=found["number"], back=f"/clients/{assessment}",
    )  # fmt: skip


@router.get("/clients/{assessment}/sheet", name="client_sheet")
def sheet(request: Request, assessment: str) -> Response:
    """The plain sheet for the client."""
    service, row, latest = scored(request, assessment)
    actor = actor_of(request)
    wanted = request.query_params.get("figure") == "yes"
    standing = deciding.standing(service, actor, assessment)
    waiting = [item for item in actions.of(service, actor, assessment) if item["state"] in actions.WAITING]
    made = sheet_of(
        scoring.data_of(latest) if latest is not None else None, service.engines.now, service.services, service.today,
        decided=standing.band, objected=row["state"] == "objected", with_figure=wanted, reference=row["reference"],
        agreed=[_agreed(service, item) for item in waiting], contacts=[settings_of(request).contact],
    )  # fmt: skip
    return render(
        request, "clients/sheet.html", row=row, sheet=made, with_figure=wanted, can_figure=made.scored,
        practice=row["practice"], back=f"/clients/{assessment}",
    )  # fmt: skip


@router.get("/clients/{assessment}/changes", name="changes")
def changes(request: Request, assessment: str) -> Response:
    """What changed since the score before."""
    service, row, latest = scored(request, assessment)
    before = [item for item in scoring.history(service, actor_of(request), assessment) if not item["set_aside"]]
    found = None
    after = scoring.rebuilt(service, latest) if latest is not None else None
    if len(before) > 1 and after is not None:
        found = what_changed(scoring.data_of(before[-2]), after, service.engines.now)
    return render(
        request, "clients/changes.html", row=row, changes=found, back=f"/clients/{assessment}/result",
        practice=row["practice"],
    )  # fmt: skip


def _agreed(service: Service, item: Row) -> str:
    """One line of what happens next; for something that the services file does not name, its note says what it is."""
    known = service.services.by_id
    name = known[item["service"]].name if item["service"] in known else item["note"]
    return f"{name}: {words.who_does(service.services, item)}, by {words.day(item['due'])}"

"""Where does one client's record stand, and what can be done with it?"""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import actions, assessments, deciding, interview, outcomes, reviews, scoring
from triage.casework.texts import field_error
from triage.errors import CaseworkError
from triage.web.pages import words
from triage.web.pages.result import decision_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.get("/clients/{assessment}", name="client")
def client(request: Request, assessment: str) -> Response:
    """The record: where it stands, and every step that can be taken."""
    return _page(request, assessment)


@router.get("/clients/{assessment}/objection", name="objection")
def objection(request: Request, assessment: str) -> Response:
    """The client does not want to be scored, or no longer objects."""
    row = assessments.find(service_of(request), actor_of(request), assessment)
    return render(
        request, "clients/objection.html", row=row, practice=row["practice"], back=f"/clients/{assessment}",
        said=service_of(request).engines.now.words.wording.notes.objected,
    )  # fmt: skip


@router.post("/clients/{assessment}/objection", name="objection_post")
def objection_post(request: Request, assessment: str) -> Response:
    """The objection is recorded, or taken back."""
    service, actor = service_of(request), actor_of(request)
    if field(request, "then") == "withdraw":
        assessments.withdraw_objection(service, actor, assessment)
        return go(f"/clients/{assessment}", "objection_withdrawn", request)
    assessments.object_to_scoring(service, actor, assessment)
    return go(f"/clients/{assessment}/actions", "objected", request)


@router.get("/clients/{assessment}/again", name="ask_again")
def again(request: Request, assessment: str) -> Response:
    """Ask again after a change."""
    row = assessments.find(service_of(request), actor_of(request), assessment)
    return _again_page(request, assessment, row["practice"])


@router.post("/clients/{assessment}/again", name="ask_again_post")
def again_post(request: Request, assessment: str) -> Response:
    """A new round of questions begins; everything so far stays."""
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    try:
        scoring.rescore_start(service, actor, assessment, field(request, "why"))
    except CaseworkError as problem:
        what = problem.message if not problem.faults else "Choose why the questions are asked again."
        return _again_page(request, assessment, row["practice"], {"why": what}, 422)
    return go(f"/clients/{assessment}/check")


@router.post("/clients/{assessment}/close", name="close_post")
def close(request: Request, assessment: str) -> Response:
    """The record is closed, or opened again."""
    service, actor = service_of(request), actor_of(request)
    if field(request, "then") == "reopen":
        assessments.reopen(service, actor, assessment)
        return go(f"/clients/{assessment}", "saved", request)
    try:
        version = field(request, "version")
        assessments.close(
            service, actor, assessment, field(request, "why"), int(version) if version.isdigit() else None
        )
    except CaseworkError as problem:
        if not problem.faults:
            raise
        return _page(request, assessment, {"why": "Choose why the record is closed."}, 422)
    return go(f"/clients/{assessment}", "closed", request)


@router.post("/clients/{assessment}/outcomes", name="outcome_post")
def outcome(request: Request, assessment: str) -> Response:
    """What became of the client."""
    try:
        outcomes.record(
            service_of(request), actor_of(request), assessment, kind=field(request, "kind"),
            weeks=whole(field(request, "weeks")), known_on=typed_day(request, "known_on"),
            source=field(request, "source"), submission=field(request, "submission"),
        )  # fmt: skip
    except CaseworkError as problem:
        return _page(request, assessment, errors_of(problem, "kind"), 422)
    return go(f"/clients/{assessment}", "outcome", request)


@router.post("/clients/{assessment}/outcomes/{outcome}", name="outcome_back_post")
def outcome_back(request: Request, assessment: str, outcome: str) -> Response:
    """An outcome was recorded by mistake."""
    outcomes.take_back(service_of(request), actor_of(request), outcome)
    return go(f"/clients/{assessment}", "saved", request)


def whole(text: str) -> int | None:
    """A whole number as typed; None for nothing; -1, which is refused, for anything else."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def typed_day(request: Request, name: str) -> date:
    """The day in three fields.

    Raises:
        CaseworkError: it is not one; the fault names the field.
    """
    parts = [field(request, f"{name}-{part}") for part in ("year", "month", "day")]
    try:
        year, month, day = (int(part) for part in parts if part.isascii() and part.isdigit())
        return date(year, month, day)
    except ValueError:
        raise field_error(name, "This is not a day.", "Type the day, the month and the year in figures.") from None


def errors_of(problem: CaseworkError, otherwise: str) -> dict[str, str]:
    """What is wrong, by field; `otherwise` is the field of what concerns the whole form."""
    if not problem.faults:
        return {otherwise: problem.message}
    return {fault.where or otherwise: f"{fault.what} {fault.hint}".strip() for fault in problem.faults}


def _again_page(
    request: Request, assessment: str, practice: bool, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    row = assessments.find(service_of(request), actor_of(request), assessment)
    return render(
        request, "clients/again.html", status, row=row, whys=list(words.RESCORE_WHY.items()), errors=errors or {},
        back=f"/clients/{assessment}", practice=practice,
    )  # fmt: skip


def _page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    assessments.seen(service, actor, assessment)
    engine = service.engines.now
    standing = deciding.standing(service, actor, assessment)
    history = [decision_of(service, item) for item in standing.rows]
    kinds = [(kind.id, kind.text) for kind in service.kinds.kinds]
    known = dict(kinds)
    latest = scoring.latest(service, actor, assessment) if row["state"] != "objected" else None
    context = assessments.context_of(row)
    details = [("Reference", row["reference"]), ("Own reference", row["client_reference"] or "None")]
    details += [("How it is held", words.HELD[row["held"]]), ("Started", words.moment(row["started_at"]))]
    details += [
        (item.label, words.context_text(item, context.get(item.id)))
        for item in engine.checklist.context
        if item.id in context
    ]
    if row["interpreter"] or row["language"]:
        details.append(("Language", row["language"] or "An interpreter helps"))
    values: dict[str, Any] = {
        "draft": interview.draft(service, actor, assessment) if row["state"] in ("open", "objected") else None,
        "actions": actions.of(service, actor, assessment),
        "reviews": reviews.of(service, actor, assessment),
        "outcomes": [
            {**item, "text": known.get(item["kind"], item["kind"]), "day": words.day(item["known_on"])}
            for item in outcomes.of(service, actor, assessment)
        ],
    }
    return render(
        request, "clients/record.html", status, row=row, details=details, latest=latest, history=history,
        decision=decision_of(service, standing.in_force), kinds=kinds, state=words.STATES[row["state"]],
        sources=[(name, text) for name, text in words.SOURCES.items()], whys=list(words.CLOSED_WHY.items()),
        errors=errors or {}, practice=row["practice"], back="/", day=words.day, moment=words.moment,
        typed={name: field(request, name) if errors else "" for name in ("kind", "weeks", "source", "why")},
        known_day={part: field(request, f"known_on-{part}") for part in ("day", "month", "year")} if errors else None,
        closed_why=words.CLOSED_WHY, **values,
    )  # fmt: skip

"""Where does one client's record stand, and what can be done with it?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import actions, assessments, deciding, interview, outcomes, reviews, scoring
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.errors import AccessError, CaseworkError
from triage.records.actor import Actor
from triage.records.database import Row
from triage.web.forms import day_of, errors_of, submission_of, typed_day
from triage.web.pages import words
from triage.web.pages.decisions import decision_of
from triage.web.pages.start import version_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.get("/clients/{assessment}", name="client")
def client(request: Request, assessment: str) -> Response:
    """The record: where it stands, and every step that can be taken."""
    return _page(request, assessment)


@router.post("/clients/{assessment}/take-over", name="take_over_post")
def take_over(request: Request, assessment: str) -> Response:
    """A colleague's client is this adviser's from now on."""
    assessments.take_over(service_of(request), actor_of(request), assessment)
    return go(f"/clients/{assessment}", "taken_over", request)


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
    return _again_page(request, assessment)


@router.post("/clients/{assessment}/again", name="ask_again_post")
def again_post(request: Request, assessment: str) -> Response:
    """A new round of questions begins; everything so far stays."""
    try:
        scoring.rescore_start(service_of(request), actor_of(request), assessment, field(request, "why"))
    except CaseworkError as problem:
        what = problem.message if not problem.faults else "Choose why the questions are asked again."
        return _again_page(request, assessment, {"why": what}, 422)
    return go(f"/clients/{assessment}/job")


@router.post("/clients/{assessment}/close", name="close_post")
def close(request: Request, assessment: str) -> Response:
    """The record is closed, or opened again."""
    service, actor = service_of(request), actor_of(request)
    if field(request, "then") == "reopen":
        assessments.reopen(service, actor, assessment)
        return go(f"/clients/{assessment}", "saved", request)
    try:
        assessments.close(service, actor, assessment, field(request, "why"), version_of(request))
    except CaseworkError as problem:
        if not problem.faults:
            raise
        return _page(request, assessment, {"why": "Choose why the record is closed."}, 422)
    return go(f"/clients/{assessment}", "closed", request)


@router.post("/clients/{assessment}/outcomes", name="outcome_post")
def outcome(request: Request, assessment: str) -> Response:
    """What became of the client."""
    errors = _outcome_faults(request)
    try:
        if not errors:
            _record_outcome(request, assessment)
    except CaseworkError as problem:
        errors = errors_of(problem, "kind")
    if errors:
        return _page(request, assessment, errors, 422)
    return go(f"/clients/{assessment}", "outcome", request)


@router.post("/clients/{assessment}/outcomes/{outcome}", name="outcome_back_post")
def outcome_back(request: Request, assessment: str, outcome: str) -> Response:
    """An outcome was recorded by mistake."""
    service, actor = service_of(request), actor_of(request)
    if outcome not in [item["id"] for item in outcomes.of(service, actor, assessment)]:
        raise AccessError("This client has no such outcome.")
    outcomes.take_back(service, actor, outcome)
    return go(f"/clients/{assessment}", "saved", request)


def _outcome_faults(request: Request) -> dict[str, str]:
    """What was left empty, by field."""
    asked = {
        "kind": "Choose what became of the client.",
        "known_on-day": "Type the day on which this was known.",
        "source": "Choose from whom it is known.",
    }
    return {name.partition("-")[0]: what for name, what in asked.items() if not field(request, name)}


def _record_outcome(request: Request, assessment: str) -> None:
    known_on, weeks = day_of(request, "known_on"), field(request, "weeks")
    if known_on is None:
        raise field_error("known_on", "Type the day on which this was known.")
    if weeks and not (weeks.isascii() and weeks.isdigit() and len(weeks) < 6):
        raise field_error("weeks", "This is not a whole number of weeks.", "Type it in figures.")
    outcomes.record(
        service_of(request), actor_of(request), assessment, kind=field(request, "kind"),
        weeks=int(weeks) if weeks else None, known_on=known_on, source=field(request, "source"),
        submission=submission_of(request),
    )  # fmt: skip


def _again_page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service = service_of(request)
    row = assessments.find(service, actor_of(request), assessment)
    questions = service.engines.now.checklist.questions
    return render(
        request, "clients/again.html", status, row=row, whys=list(words.RESCORE_WHY.items()), errors=errors or {},
        asked_anew=[question.label for question in questions if question.sensitivity == "attitude"],
        back=f"/clients/{assessment}", practice=row["practice"],
    )  # fmt: skip


def _page(request: Request, assessment: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    service, actor = service_of(request), actor_of(request)
    row = assessments.find(service, actor, assessment)
    assessments.seen(service, actor, assessment)
    standing = deciding.standing(service, actor, assessment)
    kinds = [(kind.id, kind.text) for kind in service.kinds.kinds]
    asking = row["state"] in ("open", "objected")
    return render(
        request, "clients/record.html", status, row=row, practice=row["practice"], back="/", errors=errors or {},
        held=_held(row), job=_job(service, row), state=words.STATES[row["state"]],
        holder=_holder(service, actor, row), draft=interview.draft(service, actor, assessment) if asking else None,
        decision=decision_of(service, standing.in_force), history=[decision_of(service, one) for one in standing.rows],
        scores=_scores(service, actor, assessment),
        agreed=len(actions.of(service, actor, assessment)), reviews=_reviews(service, actor, assessment),
        outcomes=_outcomes(service, actor, assessment, dict(kinds)), kinds=kinds, sources=list(words.SOURCES.items()),
        whys=list(words.CLOSED_WHY.items()), closed_why=words.CLOSED_WHY.get(row["closed_why"], ""),
        typed={name: field(request, name) if errors else "" for name in ("kind", "weeks", "source", "why")},
        known_day=typed_day(request, "known_on") if errors else None,
    )  # fmt: skip


def _holder(service: Service, actor: Actor, row: Row) -> dict[str, Any]:
    """Who holds the client, and whether that is the one who looks."""
    own = row["adviser"] == actor.account
    return {"own": own, "name": "You" if own else assessments.holders(service, [row]).get(row["adviser"], "")}


def _held(row: Row) -> list[tuple[str, str]]:
    """How the interview is held."""
    lines = [("Held", words.HELD[row["held"]]), ("Started", words.moment(row["started_at"]))]
    if row["client_reference"]:
        lines.insert(0, ("Your own reference", row["client_reference"]))
    if row["interpreter"] or row["language"]:
        helped = "with an interpreter" if row["interpreter"] else ""
        lines.append(("Language", ", ".join(filter(None, (row["language"], helped)))))
    return lines


def _job(service: Service, row: Row) -> list[tuple[str, str]]:
    """Where things stand with the job, as far as it is known."""
    context = assessments.context_of(row)
    return [
        (item.label, words.context_text(item, context[item.id]))
        for item in service.engines.now.checklist.context
        if item.id in context
    ]


def _scores(service: Service, actor: Actor, assessment: str) -> list[dict[str, str]]:
    """Every score of the client. Which support each proposed stands on its own page, with what must be said of it."""
    return [
        {
            "id": "" if item["set_aside"] else item["id"],
            "said": f"Score {item['number']}, {words.day(item['scored_on'])}",
        }
        for item in scoring.history(service, actor, assessment)
    ]


def _reviews(service: Service, actor: Actor, assessment: str) -> list[dict[str, str]]:
    return [
        {
            "id": item["id"], "asked": words.day(item["asked_at"]),
            "said": words.RESULTS[item["result"]] if item["state"] == "closed"
            else f"to be answered by {words.day(item['due'])}",
        }
        for item in reviews.of(service, actor, assessment)
    ]  # fmt: skip


def _outcomes(service: Service, actor: Actor, assessment: str, known: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {**item, "text": known.get(item["kind"], item["kind"]), "day": words.day(item["known_on"])}
        for item in outcomes.of(service, actor, assessment)
    ]

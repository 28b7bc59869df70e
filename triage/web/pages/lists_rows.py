"""What is known of one row of a list, and what can be decided or corrected there? One person at a time."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import deciding, events, list_mending, list_view, lists, scoring
from triage.casework.list_view import Entry
from triage.casework.service import Service
from triage.casework.standing import record_of
from triage.checklist import DECLINED
from triage.decisions.reasons import PLACES
from triage.decisions.states import can
from triage.errors import CaseworkError, ConflictError, DecisionError
from triage.lists import desk
from triage.web.forms import errors_of
from triage.web.pages import list_words, words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, form_of, service_of

router = APIRouter()
_CONFIRM, _FIX, _NOT_GIVEN = "confirm", "fix-", "-"


@router.get("/lists/{list_id}/rows/{row_id}", name="list_row")
def row(request: Request, list_id: str, row_id: str) -> Response:
    """One row."""
    return _page(request, list_id, row_id)


@router.post("/lists/{list_id}/rows/{row_id}/answers", name="list_answers_post")
def correct(request: Request, list_id: str, row_id: str) -> Response:
    """Answers are corrected, and the list is scored again."""
    service, actor, version = service_of(request), actor_of(request), field(request, "version")
    typed = {name.removeprefix(_FIX): field(request, name) for name in form_of(request) if name.startswith(_FIX)}
    given = {name: "" if text == _NOT_GIVEN else text for name, text in typed.items() if text}
    if not given:
        return go(f"/lists/{list_id}/rows/{row_id}")
    try:
        known = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        list_mending.correct(service, actor, list_id, row_id, given, known)
    except CaseworkError as problem:
        if not problem.faults:
            raise
        return _page(request, list_id, row_id, errors_of(problem))
    return go(f"/lists/{list_id}/rows/{row_id}", "corrected", request)


@router.post("/lists/{list_id}/rows/{row_id}/decision", name="list_decision_post")
def decide(request: Request, list_id: str, row_id: str) -> Response:
    """The proposal for this person is confirmed, or changed with a reason."""
    service, actor = service_of(request), actor_of(request)
    entry, choice = list_view.entry(service, actor, list_id, row_id), field(request, "decision")
    if entry.assessment is None or not choice:
        return _page(request, list_id, row_id, {"decision": "Choose which support it is to be."})
    about: dict[str, Any] = {name: field(request, name) for name in ("score_id", "note", "submission", "last")}
    try:
        if choice == _CONFIRM:
            deciding.confirm(service, actor, entry.assessment["id"], **about)
        else:
            reason = field(request, "reason")
            deciding.override(service, actor, entry.assessment["id"], band=choice, reason=reason, **about)
    except ConflictError as problem:
        return _page(request, list_id, row_id, {"decision": problem.message}, 409)
    except (CaseworkError, DecisionError) as problem:
        where = "note" if "note" in problem.message else "reason" if "reason" in problem.message else "decision"
        return _page(request, list_id, row_id, errors_of(problem, where))
    return go(f"/lists/{list_id}/rows/{row_id}", "decided", request)


@router.post("/lists/{list_id}/rows/{row_id}/claim", name="list_claim_post")
def claim(request: Request, list_id: str, row_id: str) -> Response:
    """A decision from the spreadsheet is accepted by whom it names, or refused."""
    service, actor = service_of(request), actor_of(request)
    entry = list_view.entry(service, actor, list_id, row_id)
    if entry.assessment is None:
        raise CaseworkError("This row is not a client.")
    about: dict[str, Any] = {name: field(request, name) for name in ("score_id", "submission", "last")}
    accepts = field(request, "then") == "accept"
    step = deciding.accept_claim if accepts else deciding.refuse_claim
    step(service, actor, entry.assessment["id"], **about)
    return go(f"/lists/{list_id}/rows/{row_id}", "decided" if accepts else "saved", request)


def _page(
    request: Request, list_id: str, row_id: str, errors: dict[str, str] | None = None, status: int = 0
) -> Response:
    service, actor = service_of(request), actor_of(request)
    found = lists.find(service, actor, list_id)
    entry = list_view.entry(service, actor, list_id, row_id)
    line, row = list_words.line(service, entry), entry.row
    if entry.score and row.figures is not None:
        scoring.shown(service, actor, entry.score)
    typed = {name: field(request, name) if errors else "" for name in ("decision", "reason", "note")}
    standing, case = entry.standing, entry.assessment
    private = entry.private
    newest = standing.score if standing is not None else None
    return render(
        request, "lists/row.html", status or (422 if errors else 200), errors=errors or {}, row=found, line=line,
        event=events.find(service, actor, found["event"]), day=words.day, practice=found["practice"], typed=typed,
        version=entry.version, assessment=case["id"] if case else "", score_id=newest["id"] if newest else "",
        last=standing.chain[-1]["id"] if standing is not None and standing.chain else "",
        waits=case is not None and case["state"] == "open", back=f"/lists/{list_id}",
        names=list_words.identity_of(private), wants=list(private.wants.items()) if private else [],
        strengths=[item.text for item in row.strengths], reasons=[item.text for item in row.reasons],
        answers=_answers(service, row), choices=_choices(service, entry), claim=_claim(service, entry, actor.name),
        reason_codes=[(code.id, code.text) for code in service.reasons.reasons if code.id != PLACES],
        said=_said(service, entry),
        headings=service.engines.now.words.wording.headings,
        possible=_possible(service, row), chance=_chance(service, entry), **_mend(service, entry, found["works"]),
    )  # fmt: skip


def _choices(service: Service, entry: Entry) -> list[tuple[str, str]]:
    """What can be decided here: on the list's own score, where the list proposes what the score does."""
    standing, row = entry.standing, entry.row
    if standing is None or standing.score is None or entry.asked_again or row.band is None:
        return []
    if standing.assessment["state"] != "scored" or standing.score["band"] != row.band:
        return []
    names = {band.id: band.name for band in service.engines.now.cutoffs.bands}
    found = [(_CONFIRM, f"Confirm: {names[row.band]}")] if can(standing.decision_state, "confirm") else []
    if can(standing.decision_state, "override"):
        found += [(band, f"Change to: {name}") for band, name in names.items() if band != row.band]
    return found


def _claim(service: Service, entry: Entry, name: str) -> dict[str, Any] | None:
    """What the list claims, and whether it names the person who looks."""
    standing = entry.standing
    if standing is None or not entry.claimed or standing.last is None:
        return None
    record = record_of(standing.last)
    band = list_words.band_of(service.engines.now, record.band)
    reasons = {code.id: code.text for code in service.reasons.reasons}
    return {
        "band": band["name"] if band else record.band, "by": record.by, "note": record.note,
        "reason": reasons.get(record.reason, record.reason),
        "own": record.by.strip().casefold() == name.strip().casefold(),
    }  # fmt: skip


def _said(service: Service, entry: Entry) -> str:
    """A decision in the list that could not be taken over as a claim: what it says, and what is missing."""
    claimed = entry.row.claimed
    if claimed is None or (entry.standing is not None and entry.standing.rows):
        return ""
    band = list_words.band_of(service.engines.now, claimed.band)
    parts = [f"{band['name']}, by {claimed.by or 'nobody'}." if band else "", claimed.problem]
    if not entry.score:
        parts.append(
            "The answers behind its figures are not in the file, so ask the questions and decide on the result."
        )
    return " ".join(part for part in parts if part)


def _possible(service: Service, row: desk.Row) -> str:
    names = [list_words.band_of(service.engines.now, band) for band in row.bands_possible]
    return " and ".join(name["name"] for name in names if name) if len(names) > 1 else ""


def _chance(service: Service, entry: Entry) -> str:
    """The chance in the words of the model's label; nothing where another model worked it out, or nobody may see it."""
    engine, standing = service.engines.now, entry.standing
    if entry.row.figures is None or standing is None or not entry.score or entry.row.status != "scored":
        return ""
    made_by = standing.newest["model"] if standing.newest is not None else ""
    return list_words.chance(engine, entry.row.figures) if made_by == engine.versions.model else ""


def _answers(service: Service, row: desk.Row) -> list[tuple[str, str, str]]:
    """Each answer that was understood: question, answer, and whether it was corrected."""
    engine, found = service.engines.now, []
    for name, value in row.answers.items():
        question = engine.checklist.question(name)
        text = {DECLINED: engine.words.wording.forms.decline, "not_applicable": "Not asked yet"}.get(str(value), "")
        text = text or words.answer_text(engine, question, value)
        found.append((question.label, text, "Corrected by hand" if name in row.corrected else ""))
    for item in engine.checklist.context:
        if item.id in row.context:
            raw = row.context[item.id]
            value = raw == "yes" if item.kind == "yes_no" else raw
            found.append((item.label, words.context_text(item, value), ""))
    return found


def _mend(service: Service, entry: Entry, works: bool) -> dict[str, Any]:
    """What can be mended and what else is to be known."""
    row, engine = entry.row, service.engines.now
    asked = dict.fromkeys(problem.question for problem in row.problems if problem.about in ("answer", "corrected"))
    others = [problem.text for problem in row.problems if problem.about not in ("answer", "corrected")]
    mend = [_question(engine, entry, name) for name in asked if name]
    why = list_mending.correctable(service, entry) if mend else ""
    if mend and not works:
        why = "Those who work on this list can mend these."
    elif mend and not why and not lists.has_file(service, entry.list_id):
        why = lists.GONE
    return {"mend": mend, "other_problems": others, "fixable": not why, "why_not": why}


def _question(engine: Any, entry: Entry, name: str) -> dict[str, Any]:
    """One question with what stands in the list and what may be answered."""
    asked, row = desk.asked(engine, name), entry.row
    about = [problem for problem in row.problems if problem.question == name]
    cells = entry.private.cells if entry.private is not None else {}
    shown = [f"“{cells[heading]}”" for problem in about for heading in problem.columns if heading in cells]
    options = dict(asked.answers)
    now = row.given.get(name, "") if name in row.corrected else ""
    return {
        "field": f"{_FIX}{name}", "label": asked.label, "kind": asked.kind, "unit": asked.unit,
        "options": [*asked.answers, (_NOT_GIVEN, "Not given")], "value": str(now),
        "text": " ".join(f"{problem.text[:1].upper()}{problem.text[1:]}." for problem in about),
        "cells": ", ".join(dict.fromkeys(shown)),
        "suggestion": next((options.get(problem.suggestion, "") for problem in about if problem.suggestion), ""),
    }  # fmt: skip

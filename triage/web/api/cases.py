"""How does an assessment leave the service? As plain data, without what this key must not have."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request

from triage.casework import assessments, deciding, interview, scoring
from triage.casework.drafts import Draft
from triage.casework.standing import record_of
from triage.engine import Engine
from triage.errors import AccessError
from triage.records.database import Row
from triage.web.api.apart import apart_of
from triage.web.api.saying import Data, scored, terms_of
from triage.web.api.score import key_of
from triage.web.security.guard import actor_of, service_of

_ID = re.compile(r"[0-9a-f]{32}")
_HEAD = ("id", "reference", "client_reference", "state", "held", "practice", "round", "started_at", "version")


def id_of(text: str) -> str:
    """An id in an address.

    Raises:
        AccessError: it is none that this service made, so nothing is there.
    """
    if not _ID.fullmatch(text):
        raise AccessError("This is not there, or it belongs to another office.")
    return text


def head(row: Row) -> Data:
    """An assessment in a list."""
    return {name: row[name] for name in _HEAD}


def whole(request: Request, row: Row) -> Data:
    """All that is known of an assessment."""
    service, actor = service_of(request), actor_of(request)
    apart = apart_of(service.engines.now.checklist, key_of(request))
    draft = interview.draft(service, actor, row["id"])
    standing, score = deciding.standing(service, actor, row["id"]), scoring.latest(service, actor, row["id"])
    answers = {
        name: {"state": answer.state, "value": answer.value, "at": answer.at}
        for name, answer in draft.answers.items()
        if name not in apart
    }
    return {
        **head(row),
        "interpreter": row["interpreter"],
        "language": row["language"],
        "context": assessments.context_of(row),
        "answers": answers,
        "progress": progress(draft, apart),
        "score": None if score is None else _score_head(score),
        "decision": None if standing.in_force is None else decision(request, standing.in_force),
        "last_decision": standing.chain[-1]["id"] if standing.chain else "",
    }


def progress(draft: Draft, apart: frozenset[str]) -> Data:
    """How far an interview is. Questions that are kept apart from this key are not named."""

    def shown(names: tuple[str, ...]) -> list[str]:
        return [name for name in names if name not in apart]

    return {
        "next_question": next(iter(shown((draft.next_question,) if draft.next_question else ())), None),
        "unanswered": shown(draft.unanswered),
        "optional": shown(draft.optional),
        "too_early": shown(draft.too_early),
        "passed_over": shown(draft.passed_over),
        "asked": draft.asked,
        "about": draft.about,
        "enough_is_known": draft.enough_is_known,
        "can_stop": draft.can_stop,
        "fixed_order": draft.fixed_order,
    }


def _score_head(row: Row) -> Data:
    names = ("id", "status", "band", "scored_on", "valid_until", "outdated", "expired", "other_versions")
    return {**{name: row[name] for name in names}, "versions": _versions(row)}


def _versions(row: Row) -> Data:
    return {name: row[name] for name in ("model", "checklist", "cutoffs")}


def kept_score(request: Request, row: Row) -> Data | None:
    """All that a score that is kept says; None where it was made with versions that are not in force."""
    service = service_of(request)
    made = scoring.rebuilt(service, row)
    if made is None:
        return None
    engine = service.engines.now
    return {
        **terms_of(engine),
        **scored(engine, made, apart_of(engine.checklist, key_of(request))),
        "next": None,
        **{name: row[name] for name in ("id", "assessment", "scored_on", "valid_until")},
        **{name: row[name] for name in ("outdated", "expired", "other_versions")},
    }


def decision(request: Request, row: Row) -> Data:
    """A decision. Its note stays in the service."""
    record, engine = record_of(row), service_of(request).engines.now
    return {
        "id": row["id"],
        "assessment": row["assessment"],
        "score": row["score"],
        "action": record.action,
        "state": record.state,
        "proposed_band": record.proposed_band,
        "band": None if record.band is None else _band(engine, record.band),
        "reason": record.reason,
        "by": record.by if row["by"] == actor_of(request).account else None,
        "at": row["at"],
    }


def _band(engine: Engine, band: str) -> dict[str, Any]:
    found = next((item for item in engine.cutoffs.bands if item.id == band), None)
    if found is None:
        # Of cut-offs that are not in force any more only the id is known.
        return {"id": band, "name": band, "offers": ""}
    return {"id": found.id, "name": found.name, "offers": found.offers}

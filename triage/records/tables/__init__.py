"""The tables of the records, by what they are about."""

from triage.records.tables.base import AUDITED, METADATA
from triage.records.tables.cases import (
    action_steps,
    actions,
    answers,
    assessments,
    decisions,
    equality,
    first_views,
    outcomes,
    reviews,
    scores,
    showings,
)
from triage.records.tables.lists import events, list_identities, list_rows, list_workers, lists, matches
from triage.records.tables.people import (
    accounts,
    api_keys,
    held_forms,
    idempotent,
    offices,
    pending_sign_ins,
    service_state,
    sessions,
    sign_in_failures,
    sign_in_links,
)
from triage.records.tables.places import place_decisions, place_openings, place_plans, place_rows
from triage.records.tables.trail import audit_changes, audit_events

__all__ = [
    "AUDITED",
    "METADATA",
    "accounts",
    "action_steps",
    "actions",
    "answers",
    "api_keys",
    "assessments",
    "audit_changes",
    "audit_events",
    "decisions",
    "equality",
    "events",
    "first_views",
    "held_forms",
    "idempotent",
    "list_identities",
    "list_rows",
    "list_workers",
    "lists",
    "matches",
    "offices",
    "outcomes",
    "pending_sign_ins",
    "place_decisions",
    "place_openings",
    "place_plans",
    "place_rows",
    "reviews",
    "scores",
    "service_state",
    "sessions",
    "showings",
    "sign_in_failures",
    "sign_in_links",
]

"""Which partners' programs have a key, and how is one made or revoked?"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from triage.casework import api_keys, people
from triage.casework.api_keys import SCOPES, Scope, Wanted
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.forms import choices, day_of, errors_of, submission_of, typed_day
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
BODIES = (
    ("partner", "A partner organisation", "It supports clients and cannot sanction anybody."),
    (
        "conditionality",
        "A body with powers of conditionality",
        "It can sanction benefit claimants. It is never given what somebody said about looking for work or attitudes.",
    ),
    ("employer", "An employer"),
)
SCOPE_TEXTS: dict[Scope, tuple[str, str]] = {
    "score": ("Score answers", "Nothing is stored."),
    "assess": ("Work on assessments", "Start one, answer, and have it scored."),
    "decide": ("Record decisions", "Each in the name of the person who takes it."),
    "lists": ("Send lists", "And fetch what came of them."),
    "outcomes": ("Record outcomes", "What became of a client."),
    "read": ("Read what is in force", "The model, the checklist and the cut-offs. Nothing about a client."),
}
_TEXTS = ("name", "body", "controller", "purpose", "agreement", "office")


@router.get("/keys", name="api_keys")
def all_keys(request: Request) -> Response:
    """Every key."""
    rows = api_keys.all_keys(service_of(request), actor_of(request))
    return render(request, "keys/list.html", rows=[_shown(request, row) for row in rows])


@router.get("/keys/new", name="api_key_new")
def new(request: Request) -> Response:
    """The form for a key."""
    return _form(request)


@router.post("/keys/new", name="api_key_new_post")
def new_post(request: Request) -> Response:
    """Make a key, and show its secret in the answer itself: to show it on another page, it would have to be kept."""
    service, errors, ends_on = service_of(request), {}, None
    try:
        ends_on = day_of(request, "ends_on")
    except CaseworkError as problem:
        errors = errors_of(problem)
    try:
        wanted = Wanted(**_typed(request), scopes=choices(request, "scopes"), ends_on=ends_on)
        row, secret = api_keys.make(service, actor_of(request), wanted, submission_of(request))
    except CaseworkError as problem:
        return _form(request, errors_of(problem) | errors)
    return render(request, "keys/made.html", key=_shown(request, row), secret=secret)


@router.get("/keys/{key}", name="api_key")
def one(request: Request, key: str) -> Response:
    """One key, with what it may do and what that rests on."""
    service = service_of(request)
    row = api_keys.key_of(service, actor_of(request), key)
    names = {account["id"]: account["name"] for account in people.all_accounts(service)}
    shown = {
        **_shown(request, row),
        "allowed": [SCOPE_TEXTS[scope][0] for scope in row["scopes"]],
        "made": f"{words.moment(row['made_at'])}, by {names.get(row['made_by'], 'a command')}",
    }
    return render(request, "keys/key.html", key=shown, back="/keys")


@router.post("/keys/{key}/revoke", name="api_key_revoke_post")
def revoke(request: Request, key: str) -> Response:
    """Have a key work no more."""
    api_keys.revoke(service_of(request), actor_of(request), key)
    return go(f"/keys/{key}", "key_revoked", request)


def _form(request: Request, errors: Mapping[str, str] | None = None) -> Response:
    sent = errors is not None
    return render(
        request,
        "keys/new.html",
        422 if sent else 200,
        errors=errors or {},
        typed=_typed(request) if sent else dict.fromkeys(_TEXTS, ""),
        ends_on=typed_day(request, "ends_on") if sent else None,
        ticked=choices(request, "scopes") if sent else (),
        bodies=BODIES,
        scopes=[(scope, *SCOPE_TEXTS[scope]) for scope in SCOPES],
        offices=[(row["id"], row["name"]) for row in people.all_offices(service_of(request))],
        back="/keys",
    )


def _typed(request: Request) -> dict[str, str]:
    return {name: field(request, name) for name in _TEXTS}


def _shown(request: Request, row: Row) -> Row:
    """A key as its pages show it."""
    return {
        **row,
        "office_name": people.office_name(service_of(request), row["office"]),
        "ends": words.day(row["ends_on"]),
        "revoked": words.moment(row["revoked_at"]),
    }

"""Who works with the service, and in which offices?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import offices, people
from triage.casework.people import WITH_OFFICE
from triage.errors import CaseworkError, ConflictError
from triage.records.actor import Role
from triage.records.database import Row
from triage.web.forms import errors_of
from triage.web.pages import words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of, settings_of

router = APIRouter()
ROLES: Mapping[Role, tuple[str, str]] = {
    "adviser": ("Adviser", "Works with the clients of one office."),
    "manager": ("Manager", "As an adviser; answers reviews, and sees the figures of every office."),
    "analyst": ("Analyst", "Sees figures, and no client."),
    "administrator": ("Administrator", "Looks after accounts, offices, API keys and the service, and sees no client."),
}


@router.get("/accounts", name="accounts")
def all_accounts(request: Request) -> Response:
    """Everybody who works with the service, and every office."""
    service, actor = service_of(request), actor_of(request)
    places = offices.every_office(service, actor)
    names = {row["id"]: row["name"] for row in places}
    people_here = [
        {**row, "role_name": ROLES[row["role"]][0], "office_name": names.get(row["office"], "")}
        for row in people.all_accounts(service)
    ]
    return render(request, "accounts/list.html", people=people_here, offices=places)


@router.get("/accounts/new", name="account_new")
def new(request: Request) -> Response:
    """The form for an account."""
    return _new_form(request)


@router.post("/accounts/new", name="account_new_post")
def new_post(request: Request) -> Response:
    """Make an account, and show a sign-in link this once."""
    service, actor, typed = service_of(request), actor_of(request), _typed(request)
    try:
        row = people.make_account(service, actor, **typed, username=field(request, "username"))
    except CaseworkError as problem:
        return _new_form(request, errors_of(problem, "username"))
    return _link(request, row, "The account is made")


@router.get("/accounts/{account}", name="account")
def one(request: Request, account: str) -> Response:
    """One account, and what can be changed."""
    return _form(request, people.account_of(service_of(request), account))


@router.post("/accounts/{account}", name="account_post")
def change(request: Request, account: str) -> Response:
    """Change a name, a role or an office."""
    row = people.account_of(service_of(request), account)
    typed = _typed(request)
    if typed["role"] not in WITH_OFFICE:
        typed["office"] = None
    return _change(request, row, typed)


@router.post("/accounts/{account}/switch", name="account_switch_post")
def switch(request: Request, account: str) -> Response:
    """Switch an account off, or on again."""
    row = people.account_of(service_of(request), account)
    return _change(request, row, {"active": field(request, "active") == "yes"})


@router.post("/accounts/{account}/link", name="account_link_post")
def link(request: Request, account: str) -> Response:
    """A new sign-in link, shown this once."""
    row = people.account_of(service_of(request), account)
    return _link(request, row, "The sign-in link is made")


def _change(request: Request, row: Row, values: Mapping[str, Any]) -> Response:
    version = field(request, "version")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise ConflictError("This form is not complete. Open the account again, and then go on.")
    try:
        people.change_account(service_of(request), actor_of(request), row["id"], values, int(version))
    except CaseworkError as problem:
        return _form(request, {**row, **values}, errors_of(problem, "name"))
    return go(f"/accounts/{row['id']}", "account", request)


def _link(request: Request, row: Row, done: str) -> Response:
    """The page with a sign-in link. It stands in the answer itself: to show it on another page, it would be kept."""
    secret = people.new_link(service_of(request), actor_of(request), row["id"])
    scheme = "https" if settings_of(request).secure else request.url.scheme
    address = f"{scheme}://{request.url.netloc}/sign-in/link/{secret}"
    return render(request, "accounts/link.html", row=row, done=done, address=address)


def _new_form(request: Request, errors: Mapping[str, str] | None = None) -> Response:
    sent = errors is not None
    typed = {"name": "", "role": "", "office": ""} | (_typed(request) if sent else {})
    return render(
        request,
        "accounts/new.html",
        422 if sent else 200,
        errors=errors or {},
        row={**typed, "username": field(request, "username") if sent else ""},
        back="/accounts",
        **_choices(request),
    )


def _form(request: Request, row: Row, errors: Mapping[str, str] | None = None) -> Response:
    shown = {**row, "made": words.moment(row["made_at"]), "own": row["id"] == actor_of(request).account}
    return render(
        request,
        "accounts/account.html",
        200 if errors is None else 422,
        errors=errors or {},
        row=shown,
        back="/accounts",
        **_choices(request),
    )


def _typed(request: Request) -> dict[str, Any]:
    return {name: field(request, name) for name in ("name", "role", "office")}


def _choices(request: Request) -> dict[str, Any]:
    return {
        "roles": [(role, *texts) for role, texts in ROLES.items()],
        "offices": [(row["id"], row["name"]) for row in people.all_offices(service_of(request))],
    }

"""Which offices are there, and how is one made, named anew or closed?"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from triage.casework import offices, people
from triage.errors import CaseworkError
from triage.records.database import Row
from triage.web.forms import errors_of
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()


@router.get("/accounts/offices/new", name="office_new")
def new(request: Request) -> Response:
    """The form for an office."""
    return render(request, "accounts/new_office.html", row={"name": "", "partnership": ""}, back="/accounts")


@router.post("/accounts/offices/new", name="office_new_post")
def new_post(request: Request) -> Response:
    """Make an office."""
    typed = _typed(request)
    try:
        people.make_office(service_of(request), actor_of(request), **typed)
    except CaseworkError as problem:
        errors = errors_of(problem, "name")
        return render(request, "accounts/new_office.html", 422, errors=errors, row=typed, back="/accounts")
    return go("/accounts", "office", request)


@router.get("/accounts/offices/{office}", name="office")
def one(request: Request, office: str) -> Response:
    """One office, and what can be changed."""
    return _form(request, offices.office_of(service_of(request), actor_of(request), office))


@router.post("/accounts/offices/{office}", name="office_post")
def change(request: Request, office: str) -> Response:
    """Name an office anew."""
    service, actor, typed = service_of(request), actor_of(request), _typed(request)
    row = offices.office_of(service, actor, office)
    try:
        offices.change(service, actor, office, **typed)
    except CaseworkError as problem:
        return _form(request, {**row, **typed}, errors_of(problem))
    return go(f"/accounts/offices/{office}", "office", request)


@router.post("/accounts/offices/{office}/switch", name="office_switch_post")
def switch(request: Request, office: str) -> Response:
    """Close an office, or open it again."""
    service, actor = service_of(request), actor_of(request)
    row = offices.office_of(service, actor, office)
    try:
        (offices.reopen if field(request, "open") == "yes" else offices.close)(service, actor, office)
    except CaseworkError as problem:
        return _form(request, row, errors_of(problem, "close"))
    return go(f"/accounts/offices/{office}", "office", request)


def _form(request: Request, row: Row, errors: Mapping[str, str] | None = None) -> Response:
    status = 200 if errors is None else 422
    return render(request, "accounts/office.html", status, errors=errors or {}, row=row, back="/accounts")


def _typed(request: Request) -> dict[str, str]:
    return {"name": field(request, "name"), "partnership": field(request, "partnership")}

"""How does a person get in and out?"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import passwords, people, sessions
from triage.casework.sessions import Session
from triage.errors import CaseworkError, SignInError
from triage.records.database import Row
from triage.web.rendering import go, render
from triage.web.security.guard import (
    actor_of,
    cookie_name,
    field,
    lasting_of,
    service_of,
    session_of,
    settings_of,
)

router = APIRouter()


@router.get("/sign-in", name="sign_in")
def sign_in(request: Request) -> Response:
    """The sign-in page."""
    if session_of(request) is not None:
        return RedirectResponse(local(request.query_params.get("next", "/")), 303)
    return _page(request)


@router.post("/sign-in", name="sign_in_post")
def sign_in_post(request: Request) -> Response:
    """A user name and a password were sent."""
    settings = settings_of(request)
    if settings.sign_in is not None and not settings.sign_in.passwords:
        return _page(request, 403, {"username": "Sign in with your organisation."})
    try:
        account = passwords.check_password(
            service_of(request), field(request, "username"), _password(request), _address(request)
        )
    except SignInError as problem:
        return _page(request, 401, {"username": problem.message})
    return let_in(request, account, "password", local(field(request, "next", "/")))


@router.get("/sign-in/link/{secret}", name="sign_in_link")
def sign_in_link(request: Request, secret: str) -> Response:
    """A one-time link was opened."""
    works = people.check_link(service_of(request), secret)
    return render(request, "sign_in/link.html", 200 if works else 410, secret=secret, works=works)


@router.post("/sign-in/link/{secret}", name="sign_in_link_post")
def sign_in_link_post(request: Request, secret: str) -> Response:
    """A one-time link is used."""
    try:
        account = people.use_link(service_of(request), secret)
    except SignInError:
        return render(request, "sign_in/link.html", 410, secret=secret, works=False)
    return let_in(request, account, "link", "/password")


@router.post("/sign-out", name="sign_out_post")
def sign_out(request: Request) -> Response:
    """Sign out."""
    session = session_of(request)
    if session is not None:
        sessions.end(service_of(request), session)
    answer = RedirectResponse("/signed-out", 303)
    answer.delete_cookie(cookie_name(settings_of(request)), path="/")
    return answer


@router.get("/signed-out", name="signed_out")
def signed_out(request: Request) -> Response:
    """Said after signing out."""
    return render(request, "sign_in/signed_out.html")


@router.get("/password", name="password")
def password(request: Request) -> Response:
    """Choose a password."""
    return _password_page(request)


@router.post("/password", name="password_post")
def password_post(request: Request) -> Response:
    """A new password was sent."""
    actor, session = actor_of(request), session_of(request)
    try:
        if _needs_old(request):
            passwords.check_old(service_of(request), actor.account, _password(request, "old_password"))
        passwords.set_password(
            service_of(request), actor, actor.account, _password(request), session.id if session is not None else ""
        )
    except CaseworkError as problem:
        return _password_page(request, 422, {fault.where: fault.what for fault in problem.faults})
    return go("/", "password", request)


@router.get("/resume", name="resume")
def resume(request: Request) -> Response:
    """A form that was sent after the session had ended."""
    held = sessions.held_form(service_of(request), actor_of(request).account)
    if held is None:
        return RedirectResponse("/", 303)
    return render(request, "sign_in/resume.html", address=held[0], fields=held[1], about=_question_of(request, held[0]))


@router.post("/resume", name="resume_post")
def resume_post(request: Request) -> Response:
    """The form that waited is not wanted."""
    sessions.drop_form(service_of(request), actor_of(request).account)
    return RedirectResponse("/", 303)


def _question_of(request: Request, address: str) -> str:
    """What was asked on the page that the form stood on; empty where it was no question."""
    found = re.fullmatch(r"/clients/\w+/questions/(\w+)", address)
    known = service_of(request).engines.now.checklist.by_id
    return known[found[1]].ask if found and found[1] in known else ""


def let_in(request: Request, account: Row, by: str, address: str) -> Response:
    """A new session, whatever session there was before, and on to `address`."""
    before: Session | None = session_of(request)
    service, settings = service_of(request), settings_of(request)
    if before is not None:
        sessions.end(service, before)
    secret = sessions.start(service, account, by, lasting_of(request))
    waits = sessions.held_form(service, account["id"]) is not None
    answer = RedirectResponse("/resume" if waits else address, 303)
    answer.set_cookie(cookie_name(settings), secret, secure=settings.secure, httponly=True, samesite="lax", path="/")
    return answer


def local(address: str) -> str:
    """`address` where it is a page of this service; else the start page."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if safe and address.isprintable() else "/"


def _page(request: Request, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    settings = settings_of(request)
    asked = request.query_params.get("next", "/")
    return render(
        request,
        "sign_in/sign_in.html",
        status,
        errors=errors or {},
        username=field(request, "username") if errors else "",
        next=local(field(request, "next", "/") if errors else asked),
        ended="ended" in request.query_params,
        provider=settings.sign_in is not None,
        passwords=settings.sign_in is None or settings.sign_in.passwords,
    )


def _password_page(request: Request, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    account = people.account_of(service_of(request), actor_of(request).account)
    return render(
        request,
        "sign_in/password.html",
        status,
        errors=errors or {},
        username=account["username"],
        old=_needs_old(request) and account["password"] is not None,
        optional=account["password"] is not None or account["issuer"] is not None,
    )


def _needs_old(request: Request) -> bool:
    """False for somebody who came in by a one-time link, because the password was forgotten or never chosen."""
    session = session_of(request)
    return session is None or session.signed_in_by != "link"


def _password(request: Request, name: str = "password") -> str:
    """A password as it was typed: spaces belong to it."""
    value = request.state.form.get(name, "")
    return value if isinstance(value, str) else ""


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""

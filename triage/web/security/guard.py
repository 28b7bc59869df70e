"""Who is asking, may they, and does the form come from a page of ours?

The guard stands before every route. It looks the route up in the table of permissions, finds out who asks, checks the
token of a form, and leaves what it found with the request.
"""

from __future__ import annotations

import hmac
from typing import Any, cast
from urllib.parse import quote

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from triage.casework import sessions
from triage.casework.service import Service
from triage.casework.sessions import Lasting, Session
from triage.errors import AccessError, Defect
from triage.records.actor import Actor
from triage.web.security.permissions import RULES, Rule
from triage.web.security.visitors import visitor_token
from triage.web.settings import WebSettings

#: A page with more fields than this is none of ours.
MOST_FIELDS = 2_000
_READING = ("GET", "HEAD")


class Refused(Exception):
    """An answer that the guard gives in place of the route.

    Attributes:
        status: 303 to go elsewhere, 401 without a key, 403 for what this role may not do or a form that is not ours.
        text: what to say.
        address: where to go.
        code: a stable word for programs.
    """

    def __init__(self, status: int, text: str, address: str = "", code: str = "refused") -> None:
        self.status = status
        self.text = text
        self.address = address
        self.code = code
        super().__init__(text)


def service_of(request: Request) -> Service:
    """The service that this application runs on."""
    return cast(Service, request.app.state.service)


def settings_of(request: Request) -> WebSettings:
    """The settings of this deployment."""
    return cast(WebSettings, request.app.state.settings)


def lasting_of(request: Request) -> Lasting:
    """How long sessions last here."""
    settings = settings_of(request)
    return Lasting(settings.idle, settings.most)


def actor_of(request: Request) -> Actor:
    """Who asks. The guard has seen to it that somebody does."""
    actor = getattr(request.state, "actor", None)
    if actor is None:
        raise Defect("This route has no actor: it is public.")
    return cast(Actor, actor)


def session_of(request: Request) -> Session | None:
    """The session of this browser; None where nobody is signed in."""
    return cast("Session | None", getattr(request.state, "session", None))


def form_of(request: Request) -> FormData:
    """The form that was sent."""
    return cast(FormData, request.state.form)


def field(request: Request, name: str, default: str = "") -> str:
    """One text field of the form, without spaces around it."""
    value = form_of(request).get(name, default)
    return value.strip() if isinstance(value, str) else default


def cookie_name(settings: WebSettings) -> str:
    """The cookie of a session. `__Host-` binds it to this host and to TLS."""
    return "__Host-session" if settings.secure else "session"


async def guard(request: Request) -> None:
    """Let a request through to its route, or raise `Refused`."""
    name = request.scope["route"].name
    rule = RULES.get(name)
    if rule is None:
        raise Defect(f"The route '{name}' has no rule in the table of permissions.")
    if "\0" in request.scope["path"]:
        raise AccessError("This address has a sign that none of ours has.")
    if rule.scope is not None:
        await request.app.state.key_guard(request, rule)
        return
    session = await _session(request)
    request.state.session = session if session is not None and session.live else None
    request.state.actor = session.actor if session is not None and session.live else None
    if request.method not in _READING:
        request.state.form = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=256 * 1024)
        _check_signs(request)
    if not rule.public:
        await _check_signed_in(request, session, rule)
    if request.method not in _READING:
        _check_form(request, session)
        if session is not None and session.live and "resumed" in form_of(request):
            await run_in_threadpool(sessions.drop_form, service_of(request), session.actor.account)


async def _session(request: Request) -> Session | None:
    secret = request.cookies.get(cookie_name(settings_of(request)), "")
    if not 20 <= len(secret) <= 100:
        return None
    return await run_in_threadpool(sessions.find, service_of(request), secret, lasting_of(request))


async def _check_signed_in(request: Request, session: Session | None, rule: Rule) -> None:
    if session is None or not session.live:
        if session is not None and _can_wait(request) and _token_fits(request, session.csrf):
            await run_in_threadpool(
                sessions.hold_form, service_of(request), session, request.url.path, _texts(form_of(request))
            )
        back = quote(request.url.path, safe="/")
        again = f"/sign-in?next={back}" if request.method in _READING else "/sign-in?ended=1"
        raise Refused(303, "Sign in first.", again)
    if session.actor.role not in rule.roles:
        raise Refused(403, "Your role does not include this page. Ask an administrator if it should.")


def _can_wait(request: Request) -> bool:
    """True for a form of text fields. A file is not kept, and a password never."""
    kind = request.headers.get("content-type", "")
    return (
        request.method == "POST"
        and kind.startswith("application/x-www-form-urlencoded")
        and ("password" not in form_of(request))
    )


def _check_form(request: Request, session: Session | None) -> None:
    """A form must carry the token of the session, or of the visitor, and come from this site."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "This form came from another site, so it was not used.")
    token = session.csrf if session is not None and session.live else visitor_token(request)
    if not token or not _token_fits(request, token):
        raise Refused(
            403, "This form is too old or was not made by this service. Go back, load the page again, and try."
        )


def _check_signs(request: Request) -> None:
    """No keyboard sends the sign zero, and not every database keeps it."""
    if any("\0" in part for item in form_of(request).multi_items() for part in item if isinstance(part, str)):
        raise Refused(400, "This form holds a sign that cannot be kept. Go back, and type the text again.")


def _token_fits(request: Request, token: str) -> bool:
    sent: Any = form_of(request).get("csrf", "")
    return isinstance(sent, str) and hmac.compare_digest(sent.encode(), token.encode())


def _texts(form: FormData) -> dict[str, list[str]]:
    """The text fields of a form, without its token."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and name != "csrf":
            found.setdefault(name, []).append(value)
    return found

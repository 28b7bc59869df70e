"""How is a page answered? With what every page shows, filled in once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from triage.casework import suspension
from triage.casework.people import office_name
from triage.records.actor import Role
from triage.web.security.guard import service_of, session_of, settings_of
from triage.web.security.permissions import RULES
from triage.web.security.visitors import keep, welcome
from triage.web.templates import Brand, Logo, environment

#: The links in the header: label, address, and the route whose rule says who sees it. The start page leads those who
#: have no clients on to what is theirs.
NAVIGATION = (
    ("Your work", "/", "new_client"),
    ("Lists", "/events", "events"),
    ("Reviews", "/reviews", "reviews"),
    ("Figures", "/figures", "figures"),
    ("People", "/accounts", "accounts"),
    ("API keys", "/keys", "api_keys"),
    ("Service", "/service", "service"),
)
#: What is said once after something was done. The cookie holds the word alone.
DONE = {
    "saved": "Saved.",
    "later": "Nothing is lost. Go on where you were at any time.",
    "answer": "The answer is saved.",
    "decided": "The decision is recorded.",
    "refused": "The decision from the spreadsheet is not accepted. The proposal stands again.",
    "withdrawn": "The decision is taken back. The proposal stands again.",
    "objected": "The objection is recorded. There is no score, and every service stays open.",
    "objection_withdrawn": "The objection is taken back. The questions can be asked again.",
    "action": "The action is agreed.",
    "action_changed": "The action is up to date.",
    "review": "The request is recorded. Somebody else will look at the decision.",
    "reviewed": "The review is finished.",
    "outcome": "The outcome is recorded.",
    "equality": "Thank you. The answers are kept apart from everything else.",
    "equality_declined": "It is noted that the client does not want to answer, and nothing else.",
    "taken_over": "You look after this client now.",
    "closed": "The record is closed.",
    "account": "The account is saved.",
    "office": "The office is saved.",
    "password": "The password is changed.",
    "key_revoked": "The key does not work any more.",
    "practice_on": "Practice mode is on. Clients that you start now are invented and counted nowhere.",
    "practice_off": "Practice mode is off.",
    "uploaded": "The list is uploaded.",
    "scored": "The list is scored.",
    "corrected": "The answer is corrected, and the list is scored again.",
    "plan_made": "The order is proposed. Nothing is released.",
    "plan_withdrawn": "The plan is withdrawn. What was decided in it stays to be read.",
    "plan_released": "The plan is released. What was decided stands in the clients' records.",
    "names_erased": "The file and the names are erased. Every row stays, without names.",
    "resumed": "Scoring is turned on again.",
}
_COOKIE = "done"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return environment()


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page: its template with its own values and what every page shows."""
    settings, session = settings_of(request), session_of(request)
    cookie, token = welcome(request)
    done = DONE.get(request.cookies.get(_COOKIE, ""), "")
    brand = Brand(settings.brand.name, Logo("/logo", settings.brand.logo_text) if settings.brand.logo else None)
    given: dict[str, Any] = {
        "brand": brand,
        "csrf": session.csrf if session is not None else token,
        "flash": done,
        **_signed_in(request),
        **values,
    }
    answer = HTMLResponse(_templates().get_template(template).render(given), status)
    if done:
        answer.delete_cookie(_COOKIE, path="/")
    if session is None:
        keep(answer, cookie, settings.secure)
    return answer


def go(address: str, done: str = "", request: Request | None = None) -> Response:
    """To another page after a form, saying once what was done: a key of `DONE`."""
    answer = RedirectResponse(address, 303)
    if done:
        secure = request is not None and settings_of(request).secure
        answer.set_cookie(_COOKIE, done, max_age=60, secure=secure, httponly=True, samesite="lax", path="/")
    return answer


def navigation(role: Role, path: str) -> list[tuple[str, str, bool]]:
    """The links that a role sees, and which of them is where it is."""
    links = []
    for label, address, route in NAVIGATION:
        if route in RULES and role in RULES[route].roles:
            here = path == address if address == "/" else path.startswith(address)
            links.append((label, address, here))
    return links


def _signed_in(request: Request) -> dict[str, Any]:
    """What a page shows to somebody who is signed in."""
    session, service = session_of(request), service_of(request)
    if session is None:
        return {}
    engine = service.engines.now
    return {
        "account": {"name": session.actor.name, "office": _office(request, session.actor.office)},
        "navigation": navigation(session.actor.role, request.url.path),
        "practice": session.practice,
        "suspended": suspension.words(service),
        "permitted_use": engine.words.wording.permitted_use.short,
        "versions": (
            ("Model", engine.versions.model),
            ("Checklist", engine.versions.checklist),
            ("Cut-offs", engine.versions.cutoffs),
        ),
    }


def _office(request: Request, office: str) -> str:
    if not office:
        return ""
    return office_name(service_of(request), office)

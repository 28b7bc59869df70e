"""How does the sign-in form show that it is ours, before there is a session? By a cookie and a token made of it."""

from __future__ import annotations

import secrets

from fastapi import Request, Response


def _name(secure: bool) -> str:
    """The cookie. `__Host-` keeps a neighbour, such as another service of the same domain, from planting one."""
    return "__Host-visitor" if secure else "visitor"


def _sent(request: Request) -> str:
    name: str = _name(request.app.state.settings.secure)
    return request.cookies.get(name, "")


def visitor_token(request: Request) -> str:
    """The token that belongs to this visitor's cookie; empty where there is no cookie."""
    cookie = _sent(request)
    if not 20 <= len(cookie) <= 100:
        return ""
    token: str = request.app.state.service.database.keys.digest("visitor", cookie)
    return token


def welcome(request: Request) -> tuple[str, str]:
    """The cookie of this visitor, new where there was none, and its token."""
    cookie = _sent(request)
    if not 20 <= len(cookie) <= 100:
        cookie = secrets.token_urlsafe(24)
    return cookie, request.app.state.service.database.keys.digest("visitor", cookie)


def keep(response: Response, cookie: str, secure: bool) -> None:
    """Give the visitor the cookie."""
    response.set_cookie(_name(secure), cookie, secure=secure, httponly=True, samesite="lax", path="/")

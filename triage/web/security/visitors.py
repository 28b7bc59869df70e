"""How does the sign-in form show that it is ours, before there is a session? By a cookie and a token made of it."""

from __future__ import annotations

import secrets

from fastapi import Request, Response

_COOKIE = "visitor"


def visitor_token(request: Request) -> str:
    """The token that belongs to this visitor's cookie; empty where there is no cookie."""
    cookie = request.cookies.get(_COOKIE, "")
    if not 20 <= len(cookie) <= 100:
        return ""
    token: str = request.app.state.service.database.keys.digest("visitor", cookie)
    return token


def welcome(request: Request) -> tuple[str, str]:
    """The cookie of this visitor, new where there was none, and its token."""
    cookie = request.cookies.get(_COOKIE, "")
    if not 20 <= len(cookie) <= 100:
        cookie = secrets.token_urlsafe(24)
    return cookie, request.app.state.service.database.keys.digest("visitor", cookie)


def keep(response: Response, cookie: str, secure: bool) -> None:
    """Give the visitor the cookie."""
    response.set_cookie(_COOKIE, cookie, secure=secure, httponly=True, samesite="lax", path="/")

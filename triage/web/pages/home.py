"""What does somebody see first?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from triage.web.rendering import render

router = APIRouter()


@router.get("/", name="home")
def home(request: Request) -> Response:
    """The start page."""
    return render(request, "home.html")

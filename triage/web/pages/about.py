"""What may everybody read, signed in or not: what is kept of them, and for whom do the pages work?"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from triage.errors import AccessError
from triage.records.periods import load_periods
from triage.web.rendering import render
from triage.web.security.guard import service_of, settings_of

router = APIRouter()
#: Pictures that a browser shows, by the ending of the file.
PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
#: A drawing of the organisation's must not run anything or load anything, wherever it is opened.
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_DAY = 86_400


@router.get("/privacy", name="privacy")
def privacy(request: Request) -> Response:
    """The privacy notice."""
    service, settings = service_of(request), settings_of(request)
    engine = service.engines.now
    periods = load_periods(engine.checklist.folder)
    return render(
        request,
        "about/privacy.html",
        health=[question.label for question in engine.checklist.questions if question.special_category],
        use=engine.words.wording.permitted_use.text,
        label=engine.bundle.manifest.label,
        decline=engine.words.wording.forms.decline,
        kept=periods.of("assessments").words,
        names_kept=periods.of("list_identities").words,
        review_days=service.settings.review_days,
        contact=settings.contact,
        demonstration=settings.demonstration,
    )


@router.get("/accessibility", name="accessibility")
def accessibility(request: Request) -> Response:
    """The accessibility statement."""
    return render(request, "about/accessibility.html", contact=settings_of(request).contact)


@router.get("/logo", name="logo")
def logo(request: Request) -> Response:
    """The picture of the organisation that runs the service.

    Raises:
        AccessError: there is none, it is no picture, or it lies outside the data folder.
    """
    settings = settings_of(request)
    path = settings.logo_path
    if path is None or not _within(path, settings.folder) or path.suffix.lower() not in PICTURES:
        raise AccessError("There is no logo.")
    headers = {"content-security-policy": _HARMLESS, "cache-control": f"public, max-age={_DAY}"}
    return FileResponse(path, media_type=PICTURES[path.suffix.lower()], headers=headers)


def _within(path: Path, folder: Path) -> bool:
    """True for a file in the folder itself, wherever links lead."""
    real = path.resolve()
    return real.is_file() and real.is_relative_to(folder.resolve())

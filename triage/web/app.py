"""The application: its routes, what stands before them, and what goes on beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from triage._version import __version__
from triage.casework.service import Service
from triage.web import api
from triage.web.large import large_as_page
from triage.web.pages import (
    about,
    accounts,
    agreed,
    checking,
    deciding,
    equality,
    events,
    figures,
    home,
    job,
    keys,
    lists,
    lists_in,
    lists_matches,
    lists_rows,
    offices,
    paper,
    places,
    places_rows,
    provider,
    questions,
    record,
    result,
    reviews,
    sign_in,
    start,
)
from triage.web.pages import service as service_page
from triage.web.problems import Defects, add_problems
from triage.web.security.guard import guard
from triage.web.security.headers import SecureHeaders
from triage.web.settings import WebSettings
from triage.web.templates import STATIC

#: Work beside the requests, such as the daily export of the head of the audit trail.
Beside = Callable[[], AbstractContextManager[object]]
#: The routes, by area; those of `UPLOADS` take files.
ROUTERS: tuple[APIRouter, ...] = (
    *api.ROUTERS,
    *(
        area.router
        for area in (
            sign_in, provider, home, start, job, questions, checking, result, deciding, paper, agreed, record, reviews,
            keys, accounts, offices, equality, figures, service_page, about,
            events, lists, lists_in, lists_rows, lists_matches, places, places_rows,
        )
    ),
)  # fmt: skip
UPLOADS: tuple[APIRouter, ...] = (lists_in.upload_router, *api.UPLOADS)


class _Static(StaticFiles):
    """Files whose address changes with their content, so that a browser keeps them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        answer = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


class _App(FastAPI):
    """The application; also what the framework itself says to a program is said in problem details."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await super().__call__(scope, receive, api.framework_as_problem(scope, large_as_page(scope, receive, send)))


def create_app(service: Service, settings: WebSettings, beside: tuple[Beside, ...] = (), sample: str = "") -> FastAPI:
    """The application on one service.

    Args:
        service: the records, the engine and what goes with them.
        settings: how this deployment is set up.
        beside: entered when the application starts and left when it stops.
        sample: an attendance list that can be tried in a demonstration.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            if app.state.provider is not None:
                stack.callback(app.state.provider.close)
            for start in beside:
                stack.enter_context(start())
            yield

    app = _App(
        title="LTU Triage",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(guard)],
        max_body_size=settings.body,
    )
    app.state.service = service
    app.state.settings = settings
    app.state.sample = sample
    app.state.provider = provider.provider_for(settings)
    for router in ROUTERS:
        app.include_router(router)
    for router in UPLOADS:
        app.include_router(router, max_body_size=settings.upload)
    app.mount("/static", _Static(directory=STATIC), name="static")
    add_problems(app)
    api.add_api(app, service, settings)
    app.add_middleware(Defects)
    app.add_middleware(SecureHeaders, secure=settings.secure)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    return app

"""How does somebody sign in with their organisation's account?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.casework import people, sessions
from triage.errors import SettingsError, SignInError
from triage.web.pages.sign_in import let_in, local
from triage.web.problems import problem_page
from triage.web.security.guard import Refused, service_of, settings_of
from triage.web.security.visitors import keep, welcome
from triage.web.settings import SignIn, WebSettings

if TYPE_CHECKING:
    from triage.web.sign_in.openid import OpenIdProvider

router = APIRouter()


def provider_for(settings: WebSettings) -> OpenIdProvider | None:
    """The organisation's provider; None for accounts with passwords alone.

    Raises:
        SettingsError: the file with the secret cannot be read.
    """
    given = settings.sign_in
    if given is None:
        return None
    # Imported where it is needed: it takes a fifth of the time of a start, and most installations have no provider.
    from triage.web.sign_in.openid import OpenIdProvider, OpenIdSettings

    return OpenIdProvider(
        OpenIdSettings(
            issuer=given.issuer,
            client_id=given.client_id,
            client_secret=_secret(given, settings.folder),
            role_claim=given.role_claim,
            roles=given.roles,
            office_claim=given.office_claim,
            offices=given.offices,
        )
    )


@router.get("/sign-in/provider", name="sign_in_provider")
def begin(request: Request) -> Response:
    """Off to the organisation's provider."""
    settings, (cookie, _) = settings_of(request), welcome(request)
    address, pending = _provider(request).begin(str(request.url_for("sign_in_provider_back")))
    back = local(request.query_params.get("next", "/"))
    sessions.keep_pending(service_of(request), cookie, {**asdict(pending), "next": back})
    answer = RedirectResponse(address, 303)
    keep(answer, cookie, settings.secure)
    return answer


@router.get("/sign-in/back", name="sign_in_provider_back")
def back(request: Request) -> Response:
    """Back from the provider."""
    service, provider = service_of(request), _provider(request)
    kept = sessions.take_pending(service, welcome(request)[0])
    if kept is None:
        return problem_page(request, 401, "This sign-in was not finished in time, or was used before. Start again.")
    from triage.web.sign_in.openid import Pending

    address = local(kept.pop("next"))
    try:
        claims = provider.finish(Pending(**kept), dict(request.query_params))
        account = people.provided_account(
            service, provider.settings.issuer, claims.subject, claims.name, claims.role, claims.office
        )
    except SignInError as problem:
        return problem_page(request, 401, problem.message)
    return let_in(request, account, "provider", address)


def _provider(request: Request) -> OpenIdProvider:
    found = request.app.state.provider
    if found is None:
        raise Refused(404, "There is no such page.")
    provider: OpenIdProvider = found
    return provider


def _secret(given: SignIn, folder: Path) -> str:
    path = folder / given.client_secret_file
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise SettingsError(f"The secret for the sign-in cannot be read from {path}.") from None

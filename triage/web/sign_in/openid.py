"""How does somebody sign in with the account of their organisation (OpenID Connect)?

The authorisation code flow with PKCE, state and nonce. The provider's addresses come from its discovery document, its
keys from its key set; both are kept for an hour, and the keys are fetched anew where a token is signed by a key that is
not among them. What is logged says why a sign-in was refused and never whose it was.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.base import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from triage.errors import SignInError
from triage.web.sign_in.openid_claims import Claims, OpenIdSettings, has_claim, is_safe, read_claims

__all__ = ["Claims", "OpenIdProvider", "OpenIdSettings", "Pending"]

#: A provider signs with a key of its own. Never "none", and never a secret that both sides know.
ALGORITHMS = tuple(f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512))
#: The addresses that a provider must have, and may have.
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
MORE_ADDRESSES = ("userinfo_endpoint", "end_session_endpoint")
#: What a provider answers to an id or a secret that it does not know.
WRONG_CLIENT = ("invalid_client", "unauthorized_client")
#: Seconds that the clocks of two machines may differ.
LEEWAY = 60
#: Seconds that the provider's addresses and keys are kept.
KEEP = 3600
#: Seconds to wait for the provider, and not to ask it again after it failed: nobody waits for the others' waiting.
PATIENCE, PAUSE = 10.0, 10

DOWN = "Your organisation's sign-in does not answer. Try again in a few minutes. What you have saved is kept."
NOT_SET_UP = (
    "The sign-in with your organisation's account is not set up rightly. Tell the people who look after this service."
)
NOT_FINISHED = "You were not signed in by your organisation. Try again, or ask the people who look after this service."
START_AGAIN = "This sign-in was not finished in time, or was used before. Start again from the sign-in page."
NOT_TRUSTED = (
    "The answer of your organisation's sign-in could not be trusted, so nobody was signed in. Start again. "
    "If this happens again, tell the people who look after this service."
)
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pending:
    """A sign-in that has begun. Keep it in the session on the server, and take it out before `finish` is called.

    All fields are text: `dataclasses.asdict` and `Pending(**row)` carry it through a database.
    """

    redirect: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class _Known:
    """What the provider says about itself, and when it was asked."""

    at: float
    document: Mapping[str, Any]
    keys: KeySet


class OpenIdProvider:
    """The sign-in of one organisation. Threads may share it."""

    def __init__(self, settings: OpenIdSettings, *, now: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._now = now
        self._http = httpx.Client(timeout=PATIENCE, headers={"Accept": "application/json"})
        self._known: _Known | None = None
        self._failed: tuple[float, SignInError] | None = None
        self._lock = Lock()

    def begin(self, redirect: str) -> tuple[str, Pending]:
        """Begin a sign-in that comes back to `redirect`: the address for the browser to go to, and what to keep."""
        document = self._provider().document
        pending = Pending(redirect, *(secrets.token_urlsafe(48) for _ in range(3)))
        client = self._client(scope=self.settings.scope, redirect_uri=redirect, code_challenge_method="S256")
        address, _ = client.create_authorization_url(
            document["authorization_endpoint"],
            state=pending.state,
            nonce=pending.nonce,
            code_verifier=pending.verifier,
        )
        return str(address), pending

    def finish(self, pending: Pending, answer: Mapping[str, str]) -> Claims:
        """Who has signed in, from the query with which the browser came back; SignInError if it cannot be trusted."""
        if not secrets.compare_digest(pending.state.encode(), answer.get("state", "").encode()):
            raise _refused("the state is not the one that was sent", START_AGAIN)
        if "error" in answer:
            raise _refused("the provider did not sign anybody in", NOT_FINISHED)
        document = self._provider().document
        names_itself = document.get("authorization_response_iss_parameter_supported") is True
        if (names_itself or "iss" in answer) and answer.get("iss") != self.settings.issuer:
            raise _refused("the answer comes from another provider", NOT_TRUSTED)
        tokens = self._exchange(document, pending, answer.get("code", ""))
        access = str(tokens.get("access_token", ""))
        given = self.verify(str(tokens.get("id_token", "")), pending.nonce, access)
        return read_claims(self.settings, self._completed(document, given, access))

    def verify(self, token: str, nonce: str, access: str = "") -> dict[str, Any]:
        """The claims of an ID token: signed by this provider, for this service and this sign-in, and still good."""
        try:
            signed = self._signed(token)
            options = {
                "iss": {"essential": True, "value": self.settings.issuer},
                "sub": {"essential": True},
                "aud": {"essential": True, "value": self.settings.client_id},
                "nonce": {"essential": True, "value": nonce},
            }
            expected = {"client_id": self.settings.client_id, "access_token": access}
            claims = CodeIDToken(signed.claims, signed.header, options, expected)
            claims.validate(now=int(self._now()), leeway=LEEWAY)
        except (JoseError, ValueError) as error:
            raise _refused(f"the ID token is not valid: {_kind(error)}", NOT_TRUSTED) from error
        return dict(claims)

    def sign_out_address(self, back: str) -> str | None:
        """Where the browser may go to sign out of the organisation too; None where the provider does not offer it.

        The ID token stays out of the address: it holds a name. The provider asks the person instead.
        """
        end = self._provider().document.get("end_session_endpoint")
        if end is None:
            return None
        query = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back})
        return f"{end}{'&' if '?' in end else '?'}{query}"

    def close(self) -> None:
        """Close the connections to the provider."""
        self._http.close()

    def _client(self, **settings: str) -> OAuth2Client:
        return OAuth2Client(self._http, self.settings.client_id, self.settings.client_secret, **settings)

    def _exchange(self, document: Mapping[str, Any], pending: Pending, code: str) -> Mapping[str, Any]:
        """The tokens for a code, which works once."""
        if not code:
            raise _refused("the answer holds no code", START_AGAIN)
        settings = self.settings
        secret = {"client_id": settings.client_id, "client_secret": settings.client_secret}
        ways = document.get("token_endpoint_auth_methods_supported")
        in_header = ways is None or "client_secret_basic" in ways
        try:
            tokens: Mapping[str, Any] = self._client(redirect_uri=pending.redirect).fetch_token(
                document["token_endpoint"],
                grant_type="authorization_code",
                auth=httpx.BasicAuth(settings.client_id, settings.client_secret) if in_header else httpx.Auth(),
                code=code,
                code_verifier=pending.verifier,
                **({} if in_header else secret),
            )
        except httpx.HTTPError as error:
            raise _refused(f"the provider gives no tokens: {_kind(error)}", DOWN) from error
        except (OAuth2Error, ValueError) as error:
            says = NOT_SET_UP if getattr(error, "error", "") in WRONG_CLIENT else START_AGAIN
            raise _refused(f"the provider gives no tokens for this code: {_kind(error)}", says) from error
        return tokens

    def _signed(self, token: str) -> jwt.Token:
        """The token, its signature checked. The provider may have changed its keys: they are fetched anew once."""
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(token, self._provider().keys, registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            return jwt.decode(token, self._provider(new_keys=True).keys, registry=registry)

    def _completed(self, document: Mapping[str, Any], given: dict[str, Any], access: str) -> Mapping[str, Any]:
        """The claims, with those that this provider only tells on request."""
        wanted = ("name", self.settings.role_claim, self.settings.office_claim)
        address = document.get("userinfo_endpoint")
        if address is None or all(has_claim(given, claim) for claim in wanted):
            return given
        more = self._get(address, {"Authorization": f"Bearer {access}"})
        if more.get("sub") != given["sub"]:
            raise _refused("the provider tells of somebody else", NOT_TRUSTED)
        return more | given

    def _provider(self, *, new_keys: bool = False) -> _Known:
        """The provider's addresses and keys, fetched where they are not known or too old."""
        with self._lock:
            known, now = self._known, self._now()
            if known is not None and 0 <= now - known.at < KEEP:
                return self._renewed(known) if new_keys else known
            if self._failed is not None and 0 <= now - self._failed[0] < PAUSE:
                raise SignInError(self._failed[1].message)
            try:
                document = self._discover()
                self._known = _Known(now, document, self._fetch_keys(document))
            except SignInError as error:
                self._failed = (self._now(), error)
                raise
            return self._known

    def _renewed(self, known: _Known) -> _Known:
        self._known = replace(known, keys=self._fetch_keys(known.document))
        return self._known

    def _discover(self) -> Mapping[str, Any]:
        document = self._get(get_well_known_url(self.settings.issuer, external=True))
        if document.get("issuer") != self.settings.issuer:
            raise _refused("the provider names another issuer than the settings", NOT_SET_UP)
        for name in (*ADDRESSES, *MORE_ADDRESSES):
            if not (is_safe(document.get(name)) or (name in MORE_ADDRESSES and document.get(name) is None)):
                raise _refused(f"the provider's {name} is missing or not https", NOT_SET_UP)
        return document

    def _fetch_keys(self, document: Mapping[str, Any]) -> KeySet:
        try:
            return KeySet.import_key_set({"keys": self._get(document["jwks_uri"])["keys"]})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _refused(f"the provider's keys cannot be read: {_kind(error)}", NOT_SET_UP) from error

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object of the provider."""
        try:
            response = self._http.get(address, headers=headers).raise_for_status()
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _refused(f"the provider does not answer: {_kind(error)}", DOWN) from error
        if not isinstance(found, dict):
            raise _refused("the provider's answer is not a JSON object", DOWN)
        return found


def _refused(why: str, says: str) -> SignInError:
    """The error for the person; the reason is logged for those who look after the service."""
    LOG.warning("Sign-in refused: %s.", why)
    return SignInError(says)


def _kind(error: Exception) -> str:
    """What kind of error this is: words of the standards, which hold no name and no token."""
    words = [type(error).__name__, *(getattr(error, name, "") for name in ("error", "claim"))]
    return " ".join(word for word in words if isinstance(word, str) and re.fullmatch(r"\w{1,40}", word))

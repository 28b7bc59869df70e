"""Is an ID token taken only from the organisation's provider, for this service, this sign-in and this moment?

The provider is real, and so are its keys: what it would never sign is signed here with its own key.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.provider import ADVISER, Client, Provider, new_key
from triage.errors import SignInError
from triage.web.sign_in.openid import LEEWAY, OpenIdProvider

BACK = "http://127.0.0.1:8000/sign-in/back"
TIMES = ("exp", "iat", "nbf")
NONCE = "the nonce of this sign-in"


@pytest.fixture(scope="module")
def client(provider: Provider) -> Client:
    return provider.client(BACK)


@pytest.fixture
def moment() -> list[float]:
    """The clock of the service."""
    return [time.time()]


@pytest.fixture
def service(provider: Provider, client: Client, moment: list[float]) -> Iterator[OpenIdProvider]:
    with closing(OpenIdProvider(provider.settings(client), now=lambda: moment[0])) as made:
        yield made


def real_token(provider: Provider, service: OpenIdProvider, client: Client) -> tuple[str, str, str]:
    """A token that the provider itself signed, with its nonce and its access token."""
    address, pending = service.begin(BACK)
    answer = provider.sign_in(address, ADVISER)
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": BACK,
        "code_verifier": pending.verifier,
    }
    tokens = httpx.post(f"{provider.issuer}/token", data=form, auth=(client.id, client.secret)).json()
    return tokens["id_token"], pending.nonce, tokens["access_token"]


def good(provider: Provider, client: Client) -> dict[str, Any]:
    """Claims that are taken."""
    now = int(time.time())
    return {
        "iss": provider.issuer, "sub": "somebody", "aud": client.id, "azp": client.id,
        "iat": now, "exp": now + 600, "nonce": NONCE,
    }  # fmt: skip


def signed(claims: dict[str, Any], key: RSAKey, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def refuse(service: OpenIdProvider, token: str, nonce: str = NONCE, access: str = "") -> None:
    with pytest.raises(SignInError, match="could not be trusted"):
        service.verify(token, nonce, access)


def test_a_real_token_is_taken_until_it_expires(
    provider: Provider, service: OpenIdProvider, client: Client, moment: list[float]
) -> None:
    token, nonce, access = real_token(provider, service, client)
    claims = service.verify(token, nonce, access)
    moment[0] = claims["exp"] + LEEWAY - 1
    assert service.verify(token, nonce, access) == claims
    moment[0] = claims["exp"] + LEEWAY
    refuse(service, token, nonce, access)


def test_a_real_token_is_refused_for_another_sign_in_access_or_service(
    provider: Provider, service: OpenIdProvider, client: Client
) -> None:
    token, nonce, access = real_token(provider, service, client)
    refuse(service, token, "another", access)
    refuse(service, token, "", access)
    refuse(service, token, nonce, f"{access}x")
    with closing(OpenIdProvider(provider.settings(provider.client(BACK)))) as other:
        refuse(other, token, nonce, access)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_letter_is_noticed(place: int, provider: Provider, service: OpenIdProvider, client: Client) -> None:
    token, nonce, access = real_token(provider, service, client)
    parts = token.split(".")
    middle = len(parts[place]) // 2
    letter = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + letter + parts[place][middle + 1 :]
    refuse(service, ".".join(parts), nonce, access)


def test_what_the_key_of_the_provider_signs_is_taken(
    provider: Provider, service: OpenIdProvider, client: Client
) -> None:
    """So that what follows is refused for the reason that it gives."""
    assert service.verify(signed(good(provider, client), provider.key), NONCE)["sub"] == "somebody"
    both = good(provider, client) | {"aud": [client.id, "another"]}
    assert service.verify(signed(both, provider.key), NONCE)["sub"] == "somebody"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example.org"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": ["ours", "another"], "azp": "another"},
        {"aud": ["ours", "another"], "azp": None},
        {"exp": -2 * LEEWAY},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 2 * LEEWAY},
        {"iat": None},
        {"nbf": 2 * LEEWAY},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_claims_that_do_not_fit_are_refused(
    change: dict[str, Any], provider: Provider, service: OpenIdProvider, client: Client
) -> None:
    """Times are said in seconds from now."""
    now = int(time.time())
    moved = {name: now + value for name, value in change.items() if name in TIMES and isinstance(value, int)}
    claims = good(provider, client) | change | moved
    if isinstance(claims["aud"], list):
        claims["aud"] = [client.id if name == "ours" else name for name in claims["aud"]]
    claims = {name: value for name, value in claims.items() if value is not None}
    refuse(service, signed(claims, provider.key), access="access")


def test_a_key_of_somebody_else_is_refused(provider: Provider, service: OpenIdProvider, client: Client) -> None:
    """Also under the name of the provider's key, and where the token brings its key along."""
    claims, key = good(provider, client), new_key()
    refuse(service, signed(claims, key))
    refuse(service, jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, key))
    refuse(service, jwt.encode({"alg": "RS256"}, claims, key))
    refuse(service, jwt.encode({"alg": "RS256", "jwk": key.as_dict(private=False)}, claims, key))


def test_a_token_without_a_signature_is_refused(provider: Provider, service: OpenIdProvider, client: Client) -> None:
    claims = part(good(provider, client))
    for header in ({"alg": "none"}, {"alg": "None"}, {"alg": "none", "kid": provider.key.kid}, {}):
        refuse(service, f"{part(header)}.{claims}.")
    real = signed(good(provider, client), provider.key)
    refuse(service, real.rpartition(".")[0] + ".")


def test_a_shared_secret_is_no_signature(provider: Provider, service: OpenIdProvider, client: Client) -> None:
    """Everybody knows the public key, and the provider's other clients might learn the secret."""
    claims = good(provider, client)
    text = f"{part({'alg': 'HS256', 'kid': provider.key.kid})}.{part(claims)}"
    for secret in (provider.key.as_pem(private=False), client.secret.encode(), b""):
        digest = hmac.digest(secret, text.encode(), "sha256")
        refuse(service, f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "....", "é.é.é", "x" * 10_000, "\x00"])
def test_nonsense_is_refused(token: str, service: OpenIdProvider) -> None:
    refuse(service, token)


def test_a_key_that_was_taken_out_signs_nobody_in(provider: Provider, service: OpenIdProvider, client: Client) -> None:
    token, nonce, access = real_token(provider, service, client)
    service.verify(token, nonce, access)
    provider.rotate()
    service.verify(*real_token(provider, service, client))
    refuse(service, token, nonce, access)

"""Does the service trust no provider that describes itself wrongly, and get along with every one that does it rightly?

The real provider of the tests describes itself in one way. A plain server on this machine tells the other tales.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from joserfc import jwt

from tests.provider import new_key
from triage.errors import SignInError
from triage.web.sign_in.openid import Claims, OpenIdProvider, OpenIdSettings

KEY = new_key()
BACK = "http://127.0.0.1:8000/sign-in/back"
GOOD = object()
DISCOVERY = "/.well-known/openid-configuration"


class Tale:
    """A server that answers a path with what a test wants: data as JSON, or bytes as they are."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.sent: list[tuple[str, str]] = []
        ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        self.document: dict[str, Any] = {name: f"{address}/{name}" for name in ends} | {"issuer": address}
        self.answers: dict[str, Any] = {
            DISCOVERY: self.document,
            "/jwks_uri": {"keys": [KEY.as_dict(private=False)]},
        }


@pytest.fixture
def tale() -> Iterator[Tale]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.sent.append((self.headers.get("Authorization", ""), body))
            self.do_GET()

        def do_GET(self) -> None:
            told.asked.append(self.path)
            found = told.answers.get(self.path)
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Tale(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def moment() -> list[float]:
    """The clock of the service."""
    return [0.0]


@pytest.fixture
def service(tale: Tale, moment: list[float]) -> Iterator[OpenIdProvider]:
    settings = OpenIdSettings(tale.address, "us", "secret", "role", {"a": "adviser"}, "office", {"f": "Falkirk"})
    with closing(OpenIdProvider(settings, now=lambda: moment[0])) as made:
        yield made


def test_a_plain_description_is_taken_and_kept_for_an_hour(
    tale: Tale, service: OpenIdProvider, moment: list[float]
) -> None:
    """What follows is refused for the reason that it gives."""
    address, _ = service.begin(BACK)
    assert address.startswith(f"{tale.address}/authorization_endpoint?")
    moment[0] = 3599
    service.begin(BACK)
    assert tale.asked == [DISCOVERY, "/jwks_uri"]
    moment[0] = 3600
    service.begin(BACK)
    assert tale.asked == [DISCOVERY, "/jwks_uri"] * 2


def test_no_sign_out_where_the_provider_offers_none(service: OpenIdProvider) -> None:
    assert service.sign_out_address(BACK) is None


def test_an_address_with_a_question_keeps_it(tale: Tale, service: OpenIdProvider) -> None:
    tale.document |= {
        "end_session_endpoint": "https://provider.example.org/out?tenant=1",
        "authorization_endpoint": "https://provider.example.org/in?tenant=1",
    }
    assert "tenant=1&client_id=us" in str(service.sign_out_address(BACK))
    assert "?tenant=1&" in service.begin(BACK)[0]


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "value",
    [None, "", 7, "http://provider.example.org/x", "ftp://127.0.0.1/x", "javascript:alert(1)", "http://[", "/x"],
)
def test_addresses_that_anybody_can_listen_to_are_refused(
    name: str, value: Any, tale: Tale, service: OpenIdProvider
) -> None:
    tale.document[name] = value
    with pytest.raises(SignInError, match="not set up rightly"):
        service.begin(BACK)


@pytest.mark.parametrize("name", ["userinfo_endpoint", "end_session_endpoint"])
def test_addresses_that_may_be_missing_must_be_safe_too(name: str, tale: Tale, service: OpenIdProvider) -> None:
    tale.document[name] = "http://provider.example.org/x"
    with pytest.raises(SignInError, match="not set up rightly"):
        service.begin(BACK)


@pytest.mark.parametrize("issuer", [None, "", "https://provider.example.org", 7])
def test_another_issuer_is_refused(issuer: Any, tale: Tale, service: OpenIdProvider) -> None:
    tale.document["issuer"] = issuer
    with pytest.raises(SignInError, match="not set up rightly"):
        service.begin(BACK)


@pytest.mark.parametrize("answer", [None, b"", b"<html>", b"[]", b"\xff"])
def test_what_is_no_description_is_refused(answer: Any, tale: Tale, service: OpenIdProvider) -> None:
    tale.answers[DISCOVERY] = answer
    with pytest.raises(SignInError, match="does not answer"):
        service.begin(BACK)


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": 7}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}])
def test_keys_that_cannot_be_read_are_refused(keys: Any, tale: Tale, service: OpenIdProvider) -> None:
    tale.answers["/jwks_uri"] = keys
    with pytest.raises(SignInError, match="not set up rightly"):
        service.begin(BACK)


def test_keys_of_a_kind_to_come_do_no_harm(tale: Tale, service: OpenIdProvider) -> None:
    tale.answers["/jwks_uri"]["keys"].append({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"})
    assert service.begin(BACK)


def test_people_who_come_at_once_wait_for_one_question(tale: Tale, service: OpenIdProvider) -> None:
    run: Callable[[], object] = lambda: service.begin(BACK)  # noqa: E731
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tale.asked == [DISCOVERY, "/jwks_uri"]


def test_a_provider_that_fails_is_left_alone_for_a_while(
    tale: Tale, service: OpenIdProvider, moment: list[float]
) -> None:
    tale.answers[DISCOVERY] = None
    for at in (0.0, 9.9):
        moment[0] = at
        with pytest.raises(SignInError, match="does not answer"):
            service.begin(BACK)
    assert tale.asked == [DISCOVERY]
    tale.answers[DISCOVERY] = tale.document
    moment[0] = 10.0
    assert service.begin(BACK)


def signs_in(tale: Tale, service: OpenIdProvider, tokens: object = GOOD, **changes: str) -> Claims:
    """Somebody signs in; `changes` are made to what the browser brings back, `tokens` is what their code is worth."""
    _, pending = service.begin(BACK)
    now = int(service._now())
    claims = {"iss": tale.address, "sub": "s", "aud": "us", "iat": now, "exp": now + 60, "nonce": pending.nonce}
    claims |= {"name": "Ailsa Example", "role": "a"}
    token = jwt.encode({"alg": "RS256", "kid": KEY.kid}, claims, KEY)
    good = {"id_token": token, "access_token": "access", "token_type": "Bearer"}
    tale.answers["/token_endpoint"] = good if tokens is GOOD else tokens
    return service.finish(pending, {"state": pending.state, "code": "code"} | changes)


@pytest.fixture
def userinfo(tale: Tale) -> dict[str, Any]:
    """What the provider tells on request: the office."""
    tale.document["userinfo_endpoint"] = f"{tale.address}/userinfo"
    told = {"sub": "s", "office": "f", "name": "Another Example"}
    tale.answers["/userinfo"] = told
    return told


def test_an_office_may_come_on_request_and_the_signed_name_wins(
    tale: Tale, service: OpenIdProvider, userinfo: dict[str, Any]
) -> None:
    assert signs_in(tale, service) == Claims("s", "Ailsa Example", "adviser", "Falkirk")


@pytest.mark.parametrize("subject", ["another", None])
def test_what_is_told_of_somebody_else_is_refused(
    subject: str | None, tale: Tale, service: OpenIdProvider, userinfo: dict[str, Any]
) -> None:
    userinfo["sub"] = subject
    with pytest.raises(SignInError, match="could not be trusted"):
        signs_in(tale, service)


@pytest.mark.usefixtures("userinfo")
def test_a_provider_that_names_itself_must_do_so_each_time(tale: Tale, service: OpenIdProvider) -> None:
    tale.document["authorization_response_iss_parameter_supported"] = True
    assert signs_in(tale, service, iss=tale.address)
    with pytest.raises(SignInError, match="could not be trusted"):
        signs_in(tale, service)


@pytest.mark.usefixtures("userinfo")
@pytest.mark.parametrize(
    ("ways", "in_header"),
    [
        (None, True),
        (["client_secret_basic"], True),
        (["client_secret_post", "client_secret_basic"], True),
        (["client_secret_post"], False),
    ],
)
def test_the_secret_goes_where_the_provider_takes_it(
    ways: list[str] | None, in_header: bool, tale: Tale, service: OpenIdProvider
) -> None:
    if ways is not None:
        tale.document["token_endpoint_auth_methods_supported"] = ways
    assert signs_in(tale, service)
    [(header, body)] = tale.sent
    form = dict(parse_qsl(body))
    assert header.startswith("Basic ") is in_header
    assert ("client_secret" in form) is not in_header
    assert (form["grant_type"], form["code"], form["redirect_uri"]) == ("authorization_code", "code", BACK)
    assert len(form["code_verifier"]) == 64


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "does not answer"),
        (b"", "Start again"),
        (b"[]", "Start again"),
        ({}, "could not be trusted"),
        ({"id_token": None}, "could not be trusted"),
        ({"id_token": 7}, "could not be trusted"),
        ({"error": "invalid_grant", "error_description": "schon benützt"}, "Start again"),
        ({"error": "invalid_client"}, "not set up rightly"),
        ({"error": 7}, "Start again"),
    ],
)
def test_an_answer_without_tokens_signs_nobody_in(answer: Any, says: str, tale: Tale, service: OpenIdProvider) -> None:
    with pytest.raises(SignInError, match=says):
        signs_in(tale, service, answer)

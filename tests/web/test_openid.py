"""Can people sign in with the account of their organisation, and nobody else? With a real OpenID provider."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpx
import pytest

from tests.provider import (
    ADVISER,
    ANALYST,
    ELSEWHERE,
    MANAGER,
    NO_OFFICE,
    NO_ROLE,
    PASSWORD,
    TWO_ROLES,
    Client,
    Person,
    Provider,
    running_provider,
    sign_in_at_provider,
)
from triage.errors import SignInError
from triage.web.sign_in.openid import OpenIdProvider, Pending
from triage.web.sign_in.openid_claims import NO_OFFICE as OFFICE_UNKNOWN
from triage.web.sign_in.openid_claims import NO_ROLE as ROLE_UNKNOWN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Services = Callable[..., OpenIdProvider]
BACK = "http://127.0.0.1:8000/sign-in/back"


@pytest.fixture(scope="module")
def client(provider: Provider) -> Client:
    """This service, as the provider knows it."""
    return provider.client(BACK, back="http://127.0.0.1:8000/signed-out")


@pytest.fixture
def services() -> Iterator[Services]:
    """Makes the service's side, and closes it at the end."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(closing(OpenIdProvider(*args, **options)))


@pytest.fixture
def service(provider: Provider, client: Client, services: Services) -> OpenIdProvider:
    """The service's side, set up rightly."""
    return services(provider.settings(client))


SignIn = Callable[[Person], tuple[Pending, dict[str, str]]]


@pytest.fixture
def sign_in(provider: Provider, service: OpenIdProvider) -> SignIn:
    """Signs a person in at the provider: what the service kept, and what the browser brings back."""

    def run(person: Person) -> tuple[Pending, dict[str, str]]:
        address, pending = service.begin(BACK)
        return pending, provider.sign_in(address, person)

    return run


@pytest.mark.parametrize(
    ("person", "role", "office"),
    [(ADVISER, "adviser", "Falkirk"), (MANAGER, "manager", "Falkirk"), (ANALYST, "analyst", "")],
)
def test_a_person_comes_back_with_a_role_and_an_office(
    person: Person, role: str, office: str, service: OpenIdProvider, sign_in: SignIn
) -> None:
    claims = service.finish(*sign_in(person))
    assert (claims.name, claims.role, claims.office) == (person.name, role, office)
    assert service.finish(*sign_in(person)) == claims, "the subject stays the same"


def test_people_are_told_apart(service: OpenIdProvider, sign_in: SignIn) -> None:
    subjects = {service.finish(*sign_in(person)).subject for person in (ADVISER, MANAGER, ANALYST)}
    assert len(subjects) == 3


def test_a_request_carries_what_protects_it_and_no_secret(service: OpenIdProvider, client: Client) -> None:
    address, pending = service.begin(BACK)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert (query["state"], query["nonce"], query["redirect_uri"]) == (pending.state, pending.nonce, BACK)
    assert not {pending.verifier, client.secret} & set(query.values())
    _, other = service.begin(BACK)
    assert not set(asdict(pending).values()) & set(asdict(other).values()) - {BACK}


def test_what_is_kept_goes_through_a_database(service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    kept = Pending(**json.loads(json.dumps(asdict(pending))))
    assert service.finish(kept, answer).name == ADVISER.name
    assert pending.state not in repr(pending)


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (NO_ROLE, ROLE_UNKNOWN),
        (TWO_ROLES, "more than one role in this service: adviser, manager."),
        (NO_OFFICE, OFFICE_UNKNOWN),
        (ELSEWHERE, OFFICE_UNKNOWN),
    ],
)
def test_whoever_has_no_place_here_is_told_plainly(
    person: Person, says: str, service: OpenIdProvider, sign_in: SignIn
) -> None:
    with pytest.raises(SignInError) as refused:
        service.finish(*sign_in(person))
    assert says in refused.value.message


def test_an_answer_that_was_not_asked_for_is_refused(service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    for wrong in (answer | {"state": "another"}, {"code": answer["code"]}):
        with pytest.raises(SignInError, match="Start again"):
            service.finish(pending, wrong)
    assert service.finish(pending, answer).name == ADVISER.name, "the code itself was good"


def test_a_code_works_once(service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    service.finish(pending, answer)
    with pytest.raises(SignInError, match="used before"):
        service.finish(pending, answer)


def test_a_code_of_another_sign_in_is_refused(service: OpenIdProvider, sign_in: SignIn) -> None:
    """Somebody slips their own code to another person: the provider misses the verifier."""
    pending, answer = sign_in(ADVISER)
    _, other = sign_in(MANAGER)
    with pytest.raises(SignInError, match="Start again"):
        service.finish(pending, answer | {"code": other["code"]})


@pytest.mark.parametrize("code", ["", "invented"])
def test_an_invented_code_is_refused(code: str, service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    with pytest.raises(SignInError, match="Start again"):
        service.finish(pending, answer | {"code": code})


def test_a_token_for_another_sign_in_is_refused(service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    with pytest.raises(SignInError, match="could not be trusted"):
        service.finish(replace(pending, nonce="another"), answer)


def test_an_answer_of_another_provider_is_refused(service: OpenIdProvider, sign_in: SignIn) -> None:
    pending, answer = sign_in(ADVISER)
    with pytest.raises(SignInError, match="could not be trusted"):
        service.finish(pending, answer | {"iss": "https://elsewhere.example.org"})
    assert service.finish(pending, answer | {"iss": service.settings.issuer}).name == ADVISER.name


def test_whoever_turns_back_is_told_so(service: OpenIdProvider) -> None:
    _, pending = service.begin(BACK)
    with pytest.raises(SignInError, match="not signed in by your organisation"):
        service.finish(pending, {"state": pending.state, "error": "access_denied", "error_description": "<b>no</b>"})


def test_a_wrong_secret_is_told_to_those_who_can_mend_it(
    provider: Provider, client: Client, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    service = services(provider.settings(client, client_secret="wrong"))
    address, pending = service.begin(BACK)
    with pytest.raises(SignInError, match="not set up rightly"):
        service.finish(pending, provider.sign_in(address, ADVISER))
    assert "unauthorized_client" in caplog.text


def test_claims_that_only_the_userinfo_holds_are_asked_for(
    provider: Provider, client: Client, services: Services
) -> None:
    service = services(provider.settings(client, office_claim="place"))
    address, pending = service.begin(BACK)
    asked = quote(json.dumps({"userinfo": {"place": None}}))
    assert service.finish(pending, provider.sign_in(f"{address}&claims={asked}", ADVISER)).office == "Falkirk"


def test_keys_may_change(provider: Provider, service: OpenIdProvider, sign_in: SignIn) -> None:
    service.finish(*sign_in(ADVISER))
    provider.rotate()
    assert service.finish(*sign_in(ADVISER)).name == ADVISER.name


def test_a_provider_that_is_down_is_said_plainly(services: Services) -> None:
    with running_provider() as own:
        service, fresh = (services(own.settings(own.client(BACK))) for _ in range(2))
        address, pending = service.begin(BACK)
        answer = own.sign_in(address, ADVISER)
    with pytest.raises(SignInError, match="does not answer"):
        service.finish(pending, answer)
    with pytest.raises(SignInError, match="does not answer"):
        fresh.begin(BACK)


def test_signing_out_of_the_organisation_names_nobody(service: OpenIdProvider, client: Client) -> None:
    address = service.sign_out_address("http://127.0.0.1:8000/signed-out")
    assert address is not None
    assert parse_qs(urlsplit(address).query).keys() == {"client_id", "post_logout_redirect_uri"}
    assert httpx.get(address).is_success


def test_nothing_about_a_person_is_logged(
    provider: Provider, service: OpenIdProvider, sign_in: SignIn, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[Any] = []
    for person in (ADVISER, NO_ROLE, TWO_ROLES):
        pending, answer = sign_in(person)
        caplog.clear()
        for _ in range(2):
            try:
                said.append(service.finish(pending, answer).subject)
            except SignInError:
                continue
        secrets = [person.name, person.username, pending.nonce, pending.verifier, answer["code"], client.secret]
        found = [word for word in (*secrets, PASSWORD, *said) if word in caplog.text]
        assert not found
        assert "Sign-in refused" in caplog.text


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Where a browser comes back to: the address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Back</title>")

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/back", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_a_real_browser_signs_in_on_the_page_of_the_provider(
    provider: Provider, services: Services, listener: tuple[str, list[str]], browser: Browser
) -> None:
    back, asked = listener
    service = services(provider.settings(provider.client(back)))
    for person in (ADVISER, MANAGER, ADVISER):
        address, pending = service.begin(back)
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(address)
        sign_in_at_provider(page, person)
        page.wait_for_url(f"{back}?*")
        context.close()
        answer = dict(parse_qsl(urlsplit(next(path for path in reversed(asked) if "code=" in path)).query))
        assert service.finish(pending, answer).name == person.name

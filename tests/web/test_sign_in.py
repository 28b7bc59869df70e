"""Can the right people get in, and nobody else?"""

from __future__ import annotations

import httpx
import pytest

from tests.web.service import PASSWORD, Live, hidden
from triage.casework import passwords, people, sessions
from triage.records.actor import SYSTEM


@pytest.fixture
def password(live: Live) -> str:
    """The adviser's password."""
    passwords.set_password(live.service, SYSTEM, live.accounts["adviser"]["id"], PASSWORD)
    return PASSWORD


def sign_in(client: httpx.Client, username: str, password: str, next_page: str = "/") -> httpx.Response:
    page = client.get("/sign-in", params={"next": next_page})
    return client.post("/sign-in", data={**hidden(page.text, "/sign-in"), "username": username, "password": password})


def test_a_page_asks_a_stranger_to_sign_in_and_then_goes_on(live: Live, password: str) -> None:
    client = live.client()
    assert client.get("/password").url.path == "/sign-in"
    assert sign_in(client, "adviser", password, "/password").url.path == "/password"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(live: Live, password: str) -> None:
    wrong = sign_in(live.client(), "adviser", "not the password")
    unknown = sign_in(live.client(), "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert "The user name or the password is not right" in wrong.text
    assert "The user name or the password is not right" in unknown.text


def test_too_many_tries_have_to_wait_even_with_the_right_password(live: Live, password: str) -> None:
    client = live.client()
    for _ in range(passwords.TRIES):
        sign_in(client, "adviser", "not the password")
    assert "too many tries" in sign_in(client, "adviser", password).text


def test_a_link_works_once_and_only_by_its_button(live: Live) -> None:
    secret = people.new_link(live.service, SYSTEM, live.accounts["manager"]["id"])
    client = live.client()
    for _ in range(2):
        assert client.get(f"/sign-in/link/{secret}").status_code == 200
    assert client.send_form(f"/sign-in/link/{secret}", {}).url.path == "/password"
    assert live.client().get(f"/sign-in/link/{secret}").status_code == 410


def test_signing_in_makes_a_new_session_whatever_cookie_was_planted(live: Live, password: str) -> None:
    client = live.client()
    planted = "a" * 43
    client.cookies.set("session", planted, domain="127.0.0.1", path="/")
    sign_in(client, "adviser", password)
    kept = [cookie.value for cookie in client.cookies.jar if cookie.name == "session" and cookie.domain == "127.0.0.1"]
    assert planted not in kept
    assert sessions.find(live.service, planted, sessions.Lasting()) is None


def test_a_session_ends_by_signing_out_and_its_cookie_is_worth_nothing_then(live: Live) -> None:
    client = live.client("adviser")
    cookie = client.cookies["session"]
    client.send_form("/", {}, to="/sign-out")
    thief = live.client()
    thief.cookies.set("session", cookie, domain="127.0.0.1", path="/")
    assert thief.get("/").url.path == "/sign-in"


@pytest.mark.parametrize("change", ["", "x", "a" * 500])
def test_a_changed_cookie_lets_nobody_in(live: Live, change: str) -> None:
    client = live.client()
    client.cookies.set("session", live.cookie("adviser")[:-1] + change, domain="127.0.0.1", path="/")
    assert client.get("/").url.path == "/sign-in"


def test_a_form_without_the_token_or_with_another_session_s_is_refused(live: Live) -> None:
    client, other = live.client("adviser"), live.client("manager")
    token = hidden(other.get("/password").text)["csrf"]
    for fields in ({}, {"csrf": token}, {"csrf": ""}):
        assert client.post("/password", data={**fields, "password": "three random words"}).status_code == 403


def test_a_form_from_another_site_is_refused_even_with_the_token(live: Live) -> None:
    client = live.client("adviser")
    token = hidden(client.get("/password").text)["csrf"]
    fields = {"csrf": token, "password": "three random words"}
    answer = client.post("/password", data=fields, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("address", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_sent_elsewhere_after_signing_in(live: Live, password: str, address: str) -> None:
    client = live.client()
    client.follow_redirects = False
    assert sign_in(client, "adviser", password, address).headers["location"] == "/"


def test_a_weak_password_is_refused_with_what_to_do(live: Live) -> None:
    client = live.client("adviser")
    for weak in ("short", "aaaaaaaaaaaaaaaa", "x" * 300):
        answer = client.send_form("/password", {"password": weak})
        assert answer.status_code == 422
        assert "Three random words are good" in answer.text


def test_a_switched_off_account_is_out_at_once(live: Live) -> None:
    client = live.client("adviser")
    row = live.accounts["adviser"]
    people.change_account(live.service, live.actor("administrator"), row["id"], {"active": False}, row["version"])
    assert client.get("/").url.path == "/sign-in"


def test_a_request_for_another_host_is_refused(live: Live) -> None:
    assert live.client().get("/sign-in", headers={"host": "elsewhere.example"}).status_code == 400


def test_every_answer_carries_the_headers(live: Live) -> None:
    for address in ("/sign-in", "/nothing", "/static/ltu.css"):
        headers = live.client().get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert live.client().get("/sign-in").headers["cache-control"] == "no-store"


def test_a_form_that_is_too_large_is_refused_before_it_is_read(live: Live) -> None:
    client = live.client("adviser")
    fields = {**hidden(client.get("/password").text), "password": "x" * 400_000}
    assert client.post("/password", data=fields).status_code == 413

    def parts() -> object:
        for _ in range(40):
            yield b"x" * 10_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/password", content=parts(), headers=kind).status_code == 413  # type: ignore[arg-type]


def test_an_unlocked_screen_is_not_enough_to_take_an_account_over(live: Live, password: str) -> None:
    client = live.client("adviser")
    for old in ("", "not the password"):
        answer = client.send_form("/password", {"old_password": old, "password": "quite another password"})
        assert answer.status_code == 422
        assert "not your password so far" in answer.text
    fields = {"old_password": password, "password": "quite another password"}
    assert client.send_form("/password", fields).url.path == "/"
    assert sign_in(live.client(), "adviser", "quite another password").url.path == "/"

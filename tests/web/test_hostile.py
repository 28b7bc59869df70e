"""Does the door hold against somebody who knows how it is built?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from tests.tampering import do
from tests.web.service import PASSWORD, Live, hidden
from triage.casework import api_keys, passwords, people, sessions
from triage.casework.api_keys import Wanted
from triage.casework.sessions import Lasting
from triage.errors import CaseworkError, RecordsError, SignInError
from triage.records.actor import SYSTEM
from triage.records.plain import moment
from triage.web.security.visitors import _name

SECRET = "a-secret-that-somebody-chose-themselves"


def signed_in(live: Live, cookie: str) -> bool:
    client = live.client()
    client.cookies.set("session", cookie, domain="127.0.0.1", path="/")
    return client.get("/password").url.path == "/password"


def test_a_session_that_was_planted_in_the_database_lets_nobody_in(live: Live) -> None:
    at = live.service.clock()
    do(
        live.service.database,
        "INSERT INTO sessions (id, account, csrf, made_at, seen_at, ends_at, signed_in_by, practice)"
        " VALUES (:id, :account, 'chosen', :at, :at, :ends, 'password', :no)",
        id=sha256(SECRET.encode()).hexdigest(), account=live.accounts["administrator"]["id"], at=moment(at),
        ends=moment(at + timedelta(hours=1)), no=False,
    )  # fmt: skip
    assert not signed_in(live, SECRET)


def test_a_form_that_was_planted_in_the_database_is_sent_by_nobody(live: Live) -> None:
    service, administrator = live.service, live.accounts["administrator"]["id"]
    secret = live.cookie("administrator")
    session = sessions.find(service, secret, Lasting())
    assert session is not None
    sessions.hold_form(service, session, "/accounts/one", {"role": ["adviser"]})
    assert sessions.held_form(service, administrator) == ("/accounts/one", {"role": ["adviser"]})
    do(service.database, "UPDATE held_forms SET fields = :new", new='{"role":["administrator"]}')
    assert sessions.held_form(service, administrator) is None


@pytest.mark.parametrize("change", ["account = :administrator", "ends_at = '2999-01-01'"])
def test_a_session_that_was_changed_in_the_database_ends(live: Live, change: str) -> None:
    cookie = live.cookie("adviser")
    assert signed_in(live, cookie)
    values = {"administrator": live.accounts["administrator"]["id"]} if ":" in change else {}
    do(live.service.database, f"UPDATE sessions SET {change}", **values)
    assert not signed_in(live, cookie)


def test_a_role_that_was_given_in_the_database_alone_is_not_had(live: Live) -> None:
    client = live.client("adviser")
    account = live.accounts["adviser"]["id"]
    do(live.service.database, "UPDATE accounts SET role = 'administrator' WHERE id = :id", id=account)
    answer = client.get("/accounts")
    assert answer.status_code == 400
    assert "audit verify" in answer.text


def test_a_sign_in_link_that_was_planted_or_handed_over_lets_nobody_in(live: Live) -> None:
    service = live.service
    secret = people.new_link(service, SYSTEM, live.accounts["adviser"]["id"])
    do(service.database, "UPDATE sign_in_links SET account = :id", id=live.accounts["administrator"]["id"])
    with pytest.raises(RecordsError, match="audit verify"):
        people.use_link(service, secret)


def test_a_key_whose_scopes_were_changed_in_the_database_is_refused(live: Live) -> None:
    service, ends = live.service, live.service.today + timedelta(30)
    wanted = Wanted("A program", "partner", "A body", "To score", "A1", ("read",), live.office["id"], ends)
    row, secret = api_keys.make(service, live.actor("administrator"), wanted)
    do(service.database, "UPDATE api_keys SET scopes = :all WHERE id = :id", all='["assess"]', id=row["id"])
    answer = live.client().get("/api/v1/assessments", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "records_error"


def test_a_new_password_ends_the_other_sessions_and_the_links_that_wait(live: Live) -> None:
    thief, account = live.cookie("adviser"), live.accounts["adviser"]["id"]
    link = people.new_link(live.service, SYSTEM, account)
    owner = live.client("adviser")
    assert owner.send_form("/password", {"password": PASSWORD}).status_code == 200
    assert owner.get("/password").url.path == "/password"
    assert not signed_in(live, thief)
    assert not people.check_link(live.service, link)
    with pytest.raises(SignInError):
        people.use_link(live.service, link)


def test_whoever_signs_in_through_the_organisation_has_no_password_here(live: Live) -> None:
    service = live.service
    account = people.provided_account(service, "https://id.example", "one", "A person", "analyst", "")
    with pytest.raises(CaseworkError):
        passwords.set_password(service, SYSTEM, account["id"], PASSWORD)


def test_many_guesses_at_once_are_not_let_through_together(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    service = live.service
    passwords.set_password(service, SYSTEM, live.accounts["adviser"]["id"], PASSWORD)
    looked: list[str] = []
    matches = passwords._matches

    def watched(known: str, password: str) -> bool:
        looked.append(password)
        return matches(known, password)

    monkeypatch.setattr(passwords, "_matches", watched)

    def guess(number: int) -> str:
        with pytest.raises(SignInError) as refused:
            passwords.check_password(service, "adviser", f"guess number {number}", "192.0.2.1")
        return refused.value.message

    with ThreadPoolExecutor(24) as pool:
        said = list(pool.map(guess, range(24)))
    assert len(looked) <= passwords.TRIES
    assert sum("too many" in text for text in said) >= 24 - passwords.TRIES


def test_one_network_of_ipv6_is_one_address_for_the_limit() -> None:
    assert passwords._network("2001:db8::1") == passwords._network("2001:db8::ffff:1")
    assert passwords._network("2001:db8::1") != passwords._network("2001:db8:1::1")
    assert passwords._network("192.0.2.1") != passwords._network("192.0.2.2")


def test_a_neighbour_cannot_plant_the_cookie_of_the_sign_in_form() -> None:
    assert _name(secure=True).startswith("__Host-")


@pytest.mark.parametrize("field", ["username", "password", "next", "a\0name"])
def test_the_sign_zero_is_refused_in_every_form(live: Live, field: str) -> None:
    client = live.client()
    sent = {**hidden(client.get("/sign-in").text), "username": "a", "password": "b", field: "a\0b"}
    assert client.post("/sign-in", data=sent).status_code == 400


@pytest.mark.parametrize("address", ["/accounts/%00", "/keys/a%00b", "/accounts/offices/%00"])
def test_the_sign_zero_is_nowhere_in_an_address(live: Live, address: str) -> None:
    assert live.client("administrator").get(address).status_code == 404


def test_what_is_remembered_of_tries_goes_when_the_right_password_comes(live: Live) -> None:
    service = live.service
    passwords.set_password(service, SYSTEM, live.accounts["adviser"]["id"], PASSWORD)
    for _ in range(passwords.TRIES_OF_ADDRESS + 1):
        assert passwords.check_password(service, "adviser", PASSWORD, "192.0.2.1")["username"] == "adviser"
    with service.database.read() as view:
        assert view.scalar(sa.text("SELECT count(*) FROM sign_in_failures")) == 0  # type: ignore[arg-type]

"""Does the API let in a program with a key that works, as far as the key goes, and nobody else?"""

from __future__ import annotations

import httpx
import pytest

from tests.databases import both
from tests.web.partners import ANSWERS, check_problem, make_key, partner, program
from tests.web.service import Live
from triage.casework import api_keys
from triage.casework.api_keys import SCOPES
from triage.web.api.rates import BURST
from triage.web.security.permissions import RULES
from triage.web.settings import WebSettings

BODY = {"answers": dict(ANSWERS)}


@pytest.fixture
def program_without_key(live: Live) -> httpx.Client:
    return program(live)


@pytest.mark.parametrize(
    "header",
    [
        None, "", "Bearer", "Bearer x", "Basic bHR1OmtleQ==", "Bearer ltu_00000000_" + "A" * 43,
        "Bearer ltu_" + "A" * 5000, "Bearer ltu_' OR '1'='1' -- and more signs", "ltu_00000000_" + "A" * 43,
    ],
)  # fmt: skip
def test_without_a_key_that_works_there_is_nothing(program_without_key: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = program_without_key.post("/score", json=BODY, headers=headers)
    check_problem(answer, 401, "no_key")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "set-cookie" not in answer.headers


def test_a_session_of_a_browser_is_no_key(live: Live) -> None:
    """A page elsewhere could otherwise send what a browser sends by itself."""
    client = live.client("adviser")
    check_problem(client.post("/api/v1/score", json=BODY), 401, "no_key")
    check_problem(live.client("administrator").post("/api/v1/score", json=BODY), 401, "no_key")


def test_a_key_without_the_scope_is_refused(live: Live) -> None:
    client = partner(live, *(scope for scope in SCOPES if scope != "score"))
    assert "score" in check_problem(client.post("/score", json=BODY), 403, "scope_missing")["detail"]


@both
def test_a_key_lets_a_program_in_without_a_cookie(live: Live) -> None:
    answer = partner(live, "score").post("/score", json=BODY)
    assert answer.status_code == 200, answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_the_word_bearer_may_be_written_in_any_case(live: Live) -> None:
    _, secret = make_key(live, "score")
    answer = program(live).post("/score", json=BODY, headers={"authorization": f"bEARER  {secret}"})
    assert answer.status_code == 200


@both
def test_a_revoked_key_works_no_more_at_once(live: Live) -> None:
    row, secret = make_key(live, "score")
    client = program(live, secret)
    assert client.post("/score", json=BODY).status_code == 200
    api_keys.revoke(live.service, live.actor("administrator"), row["id"])
    check_problem(client.post("/score", json=BODY), 401, "no_key")


@both
def test_two_keys_are_told_apart(live: Live) -> None:
    """One is remembered, and must not let the other one in."""
    first, second = partner(live, "score"), partner(live, "read")
    for _ in range(3):
        assert first.post("/score", json=BODY).status_code == 200
        check_problem(second.post("/score", json=BODY), 403)


class TestTooManyRequests:
    @pytest.fixture
    def web_settings(self, web_settings: WebSettings) -> WebSettings:
        return WebSettings(secure=False, demonstration=True, folder=web_settings.folder, requests_a_second=0.2)

    def test_a_key_that_sends_too_many_has_to_wait(self, live: Live) -> None:
        """Another key goes on."""
        quick, quiet = partner(live, "score"), partner(live, "score")
        found = [quick.post("/score", json=BODY) for _ in range(int(0.2 * BURST) + 1)]
        assert [answer.status_code for answer in found] == [200, 200, 429]
        check_problem(found[-1], 429, "too_many_requests")
        assert 1 <= int(found[-1].headers["retry-after"]) <= 5
        assert quiet.post("/score", json=BODY).status_code == 200


def test_every_route_of_the_api_needs_a_scope_or_is_open_to_all() -> None:
    for name, rule in RULES.items():
        if name.startswith("api_") and not rule.roles:
            assert rule.scope in SCOPES or rule.public, name

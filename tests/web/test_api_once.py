"""Is a request with an Idempotency-Key done once, however often and however fast it is sent?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.casework import Clock
from tests.databases import both
from tests.web.partners import ANSWERS, LEFT, check_problem, partner
from tests.web.service import Live
from triage.casework import idempotency
from triage.casework.service import Service, make_service
from triage.records.tables import assessments, decisions, idempotent, outcomes


@pytest.fixture
def client(live: Live) -> httpx.Client:
    return partner(live)


def count(live: Live, table: sa.Table) -> int:
    with live.service.database.read() as view:
        return int(view.scalar(sa.select(sa.func.count()).select_from(table)))


def send(client: httpx.Client, path: str, body: Any, name: str) -> httpx.Response:
    return client.post(path, json=body, headers={"idempotency-key": name})


@both
def test_a_request_that_is_sent_again_gets_the_same_answer(live: Live, client: httpx.Client) -> None:
    body = {"context": dict(LEFT), "client_reference": "LTU 1"}
    first, again = (send(client, "/assessments", body, "start-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert count(live, assessments) == 1


@both
def test_twenty_at_the_same_time_make_one(live: Live, client: httpx.Client) -> None:
    """Each is answered with what was made, or told to wait."""
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: send(client, "/assessments", {}, "start-1"), range(20)))
    made = [answer for answer in found if answer.status_code == 201]
    assert made
    assert len({answer.json()["id"] for answer in made}) == 1
    for answer in found:
        if answer.status_code != 201:
            check_problem(answer, 409, "idempotency_key_busy")
            assert answer.headers["retry-after"] == "1"
    assert count(live, assessments) == 1


def test_another_request_with_the_same_key_is_refused(live: Live, client: httpx.Client) -> None:
    """The program would otherwise take the answer to one request for that to another one."""
    made = send(client, "/assessments", {}, "a").json()
    check_problem(send(client, "/assessments", {"held": "phone"}, "a"), 409, "idempotency_key_reused")
    check_problem(send(client, f"/assessments/{made['id']}/objection", {}, "a"), 409, "idempotency_key_reused")
    assert count(live, assessments) == 1


def test_two_partners_may_use_the_same_name(live: Live, client: httpx.Client) -> None:
    """And neither gets what belongs to the other."""
    first, second = (send(one, "/assessments", {}, "a").json()["id"] for one in (client, partner(live)))
    assert first != second


def test_every_request_that_stores_can_be_repeated(live: Live, client: httpx.Client) -> None:
    address = f"/assessments/{send(client, '/assessments', {'context': dict(LEFT)}, '1').json()['id']}"
    client.patch(f"{address}/answers", json={"answers": dict(ANSWERS)})
    score = send(client, f"{address}/score", {}, "2")
    assert send(client, f"{address}/score", {}, "2").content == score.content
    decision = {"action": "confirm", "score": score.json()["id"], "by": "Mairi Reid"}
    outcome = {"kind": "paid_work", "weeks": 3, "known_on": live.service.today.isoformat(), "source": "client"}
    for place, (path, body) in enumerate((("decisions", decision), ("outcomes", outcome), ("objection", {})), start=3):
        first, again = (send(client, f"{address}/{path}", body, str(place)) for _ in range(2))
        assert first.is_success, first.text
        assert again.content == first.content
    assert (count(live, decisions), count(live, outcomes)) == (2, 1)


def test_a_request_that_failed_may_be_sent_again(live: Live, client: httpx.Client) -> None:
    check_problem(send(client, "/assessments", {"client_reference": "Mairi"}, "a"), 422)
    assert count(live, idempotent) == 0
    assert send(client, "/assessments", {"client_reference": "LTU 1"}, "a").status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "x" * 256, "ü"])
def test_a_key_that_is_none_is_refused(client: httpx.Client, name: str) -> None:
    answer = client.post("/assessments", json={}, headers={"idempotency-key": name.encode()})
    check_problem(answer, 422, "invalid_idempotency_key")


def test_a_repeated_key_of_a_revoked_program_gives_nothing(live: Live, client: httpx.Client) -> None:
    send(client, "/assessments", {}, "a")
    other = partner(live, "score")
    check_problem(send(other, "/assessments", {}, "a"), 403)


class TestTheKeysOfRequests:
    """Without a server, with a clock that a test moves."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def service(self, live: Live, clock: Clock) -> Service:
        return make_service(live.service.database, live.service.engines.now, clock=clock)

    @pytest.fixture
    def key(self, live: Live) -> str:
        partner(live)
        with live.service.database.read() as view:
            return str(view.scalar(sa.text("SELECT id FROM api_keys")))

    @both
    def test_an_answer_is_kept_for_a_day(self, service: Service, clock: Clock, key: str) -> None:
        taken = idempotency.take(service, key, "a", b"body")
        idempotency.keep(service, taken, 201, "{}")
        clock.move(hours=23)
        assert idempotency.take(service, key, "a", b"body").state == "kept"
        clock.move(hours=2)
        again = idempotency.take(service, key, "a", b"body")
        assert again.state == "new"
        assert again.submission != taken.submission, "casework would give the old row for a new request"

    @both
    def test_a_process_that_ended_in_the_middle_is_followed_by_another(
        self, service: Service, clock: Clock, key: str
    ) -> None:
        """The name for casework stays, so that what it had written already is not written twice."""
        taken = idempotency.take(service, key, "a", b"body")
        assert idempotency.take(service, key, "a", b"body").state == "busy"
        clock.time += idempotency.LOST + timedelta(seconds=1)
        again = idempotency.take(service, key, "a", b"body")
        assert (again.state, again.submission) == ("new", taken.submission)
        assert idempotency.take(service, key, "a", b"body").state == "busy"

    @both
    def test_an_answer_that_somebody_put_into_the_database_is_not_given(self, service: Service, key: str) -> None:
        taken = idempotency.take(service, key, "a", b"body")
        idempotency.keep(service, taken, 201, '{"band": "standard"}')
        with service.database.scratch() as connection:
            forged = sa.func.replace(idempotent.c.body, "standard", "intensive")
            connection.execute(sa.update(idempotent).values(body=forged))
        assert idempotency.take(service, key, "a", b"body").state == "busy"

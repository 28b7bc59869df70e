"""What does the API do with what no honest program sends? It refuses it, says why, and repeats nothing of it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.web.partners import ANSWERS, check_problem, partner
from tests.web.service import Live
from triage.records.tables import AUDITED, assessments

SECRET = "zz-Mairi-zz"
JSON = {"content-type": "application/json"}
#: Bodies that are no JSON, or that a reader of JSON chokes on.
RAW = {
    "empty": b"",
    "cut": b'{"answers": {"age": 5',
    "two": b'{"answers": {}} {"answers": {}}',
    "no json": SECRET.encode(),
    "no text": b"\xff\xfe\x00",
    "deep list": b'{"answers": {"age": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep object": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "nan": b'{"answers": {"age": NaN}}',
    "infinite": b'{"answers": {"age": -Infinity}}',
    "overflow": b'{"answers": {"age": 1e999}}',
    "long number": b'{"answers": {"age": ' + b"9" * 6_000 + b"}}",
    "half a sign": b'{"answers": {"age": "\\ud800"}}',
    "comment": b'{"answers": {} /* yes */}',
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}
#: Fields of other kinds than they have to be.
WRONG: tuple[Any, ...] = (
    [], "text", 7, None, {"answers": None}, {"answers": []}, {"answers": {"age": [57]}}, {"answers": {"age": {"a": 1}}},
    {"answers": {"age": SECRET}}, {"answers": {"age": "9" * 201}}, {"answers": {SECRET: 1}}, {"answers": {"": 1}},
    {"answers": {"a" * 65: 1}}, {"answers": {f"q{n}": 1 for n in range(201)}}, {"answers": {}, SECRET: 1},
    {"answers": {}, "context": {SECRET: 1}}, {"answers": {}, "context": {"job_ends": SECRET}},
    {"answers": {}, "on": 20261031}, {"answers": {}, "on": "31/10/2026"}, {"answers": {}, "on": "2026-10-31T00:00"},
    {"answers": {}, "versions": {"engine": "1"}}, {"answers": {}, "versions": "1"}, {"answers": {}, "ask_next": "yes"},
    {"answers": {"age": 1e10}}, {"answers": {"age": -1}}, {"answers": {"age": 57.5}}, {"answers": {"age": True}},
    {"answers": {"area": SECRET}}, {"answers": {"qualifications": SECRET}}, {"answers": {"household": 3}},
    {"answers": {"qualifications": "'; DROP TABLE assessments; --"}}, {"answers": {"age": "\u0000"}},
)  # fmt: skip


@pytest.fixture
def client(live: Live) -> httpx.Client:
    return partner(live)


def quiet(answer: httpx.Response) -> dict[str, Any]:
    """A refusal that repeats nothing."""
    assert answer.status_code in (400, 409, 413, 415, 422), (answer.status_code, answer.text)
    found = check_problem(answer, answer.status_code)
    assert SECRET not in answer.text
    assert "DROP TABLE" not in answer.text
    return found


@pytest.mark.parametrize("name", list(RAW))
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, name: str) -> None:
    quiet(client.post("/score", content=RAW[name], headers=JSON))
    quiet(client.post("/assessments", content=RAW[name], headers=JSON))


def test_a_field_of_the_wrong_kind_is_refused(client: httpx.Client) -> None:
    for body in WRONG:
        found = quiet(client.post("/score", json=body))
        assert found["faults"] or found["code"] != "invalid_request", body


def test_the_same_holds_for_every_client_of_several(client: httpx.Client) -> None:
    bodies = [body for body in WRONG if isinstance(body, dict) and set(body) == {"answers"}]
    for body in bodies:
        answer = client.post("/score/batch", json={"clients": [body]})
        if answer.is_success:
            assert answer.json()["clients"][0]["score"] is None, body
            assert SECRET not in answer.text
        else:
            quiet(answer)


def test_an_answer_that_is_kept_is_checked_as_one_that_is_scored(client: httpx.Client, live: Live) -> None:
    address = f"/assessments/{client.post('/assessments', json={}).json()['id']}"
    for body in WRONG:
        if isinstance(body, dict) and isinstance(body.get("answers"), dict) and len(body) == 1:
            quiet(client.patch(f"{address}/answers", json=body))
            for value in body["answers"].values():
                if value not in (True, 1):
                    quiet(client.put(f"{address}/answers/age", json={"answer": value}))
    assert client.get(address).json()["answers"] == {}


def test_a_body_that_is_sent_as_something_else_is_refused(client: httpx.Client) -> None:
    """A page elsewhere can send a form or plain text without asking first."""
    body = json.dumps({"answers": {}})
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data; boundary=a",
        "",
    ):
        check_problem(client.post("/score", content=body, headers={"content-type": kind}), 415, "not_json")


def large(size: int) -> Iterator[bytes]:
    yield b'{"answers": {"age": "'
    for _ in range(size // 65_536):
        yield b"9" * 65_536
    yield b'"}}'


@pytest.mark.parametrize(("path", "size"), [("/score", 300_000), ("/score/batch", 5 * 2**20), ("/lists", 22 * 2**20)])
def test_a_body_that_is_too_large_is_refused_in_the_middle(client: httpx.Client, path: str, size: int) -> None:
    """With and without its length said before."""
    kind = {"content-type": "multipart/form-data; boundary=a"} if path == "/lists" else JSON
    head = b'--a\r\nContent-Disposition: form-data; name="list"; filename="a.csv"\r\n\r\n' if path == "/lists" else b""
    for content in (head + b"".join(large(size)), (part for part in (head, *large(size)) if part)):
        answer = client.post(path, content=content, headers=kind)
        check_problem(answer, 413)


@both
def test_sql_in_a_reference_is_a_reference(live: Live, client: httpx.Client) -> None:
    text = "1'; DROP TABLE answers; --"
    made = client.post("/assessments", json={"client_reference": text})
    assert (made.status_code, made.json()["client_reference"]) == (201, text)
    with live.service.database.read() as view:
        assert all(view.scalar(sa.select(sa.func.count()).select_from(table)) >= 0 for table in AUDITED.values())
        assert view.scalar(sa.select(assessments.c.client_reference)) == text


@both
@pytest.mark.parametrize("place", ["x", "0" * 31, "0" * 32, "%00" * 32, "%27%20OR%201=1--", "..%2f..%2fkeys", "é" * 32])
def test_an_id_that_is_none_is_not_there(client: httpx.Client, place: str) -> None:
    score = {"action": "confirm", "score": "0" * 32, "by": "Mairi Reid"}
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {}), ("PATCH", "/answers", {"answers": {"age": 30}}),
        ("PUT", "/answers/age", {"answer": 30}), ("POST", "/score", {}), ("GET", "/score", None),
        ("POST", "/decisions", score), ("POST", "/objection", {}), ("DELETE", "/objection", None),
        ("POST", "/rescore", {"why": "change"}),
    ):  # fmt: skip
        answer = client.request(method, f"/assessments/{place}{path}", json=body)
        check_problem(answer, 404 if answer.status_code != 405 else 405)


@both
def test_texts_that_say_who_somebody_is_or_cannot_be_read_are_not_kept(client: httpx.Client) -> None:
    for wrong in ("Mairi Reid", "mairi@example.org", "AB123456C", "a\u0000b1", "1\u202e2", "1\n2", "9" * 41):
        quiet(client.post("/assessments", json={"client_reference": wrong}))
    quiet(client.post("/assessments", json={"language": "a\u0000b"}))
    address = f"/assessments/{client.post('/assessments', json={}).json()['id']}"
    quiet(client.post(f"{address}/objection", json={"note": "a\u0000b"}))
    quiet(client.put(f"{address}/answers/{SECRET}", json={"answer": 1}))
    check_problem(client.put(f"{address}/answers/%00", json={"answer": 1}), 404)
    decision = {"action": "confirm", "score": "0" * 32, "by": "Mairi\u0000Reid"}
    quiet(client.post(f"{address}/decisions", json=decision))
    quiet(client.post(f"{address}/decisions", json=decision | {"by": "Mairi Reid", "score": "'"}))


def test_an_address_that_is_none_and_a_method_that_is_none(client: httpx.Client) -> None:
    check_problem(client.get(f"/nothing/{SECRET}"), 404)
    check_problem(client.get("/score"), 405)
    check_problem(client.delete("/assessments"), 405)
    assert SECRET not in client.get(f"/nothing/{SECRET}").text


def test_a_host_that_is_none_of_ours_is_refused(client: httpx.Client) -> None:
    """Or a page elsewhere could have its name lead to this machine."""
    check_problem(client.get("/model", headers={"host": "triage.evil.test"}), 400)


def test_a_form_for_a_page_does_nothing_here(client: httpx.Client) -> None:
    """There is no token of a form on the API, and none is needed or looked at."""
    answer = client.post("/score", json={"answers": dict(ANSWERS)}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("route", "kind"), [("score", "application/json"), ("lists", "multipart/form-data; boundary=a")]
)
def test_a_program_that_goes_away_in_the_middle_is_no_fault_of_ours(
    live: Live, client: httpx.Client, caplog: pytest.LogCaptureFixture, route: str, kind: str
) -> None:
    """The log would otherwise fill with faults that nobody can mend."""
    where, key = httpx.URL(live.address), client.headers["authorization"]
    head = f"POST /api/v1/{route} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\nContent-Type: {kind}\r\n"
    with socket.create_connection((where.host, where.port)) as asking:
        asking.sendall(f"{head}Content-Length: 1000\r\n\r\n--a".encode())
    while f'route="api_{route.rstrip("s")}",status="4xx"' not in client.get(f"{live.address}/metrics").text:
        assert not caplog.records
    assert not caplog.records

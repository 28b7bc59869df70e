"""Which model is meant, and what does a registry say of it, whatever it answers?"""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import triage
from triage.errors import TrackingError, UsageError
from triage.registry import is_address
from triage.registry.address import ModelAddress, Servers, without_password
from triage.registry.lookup import NoAnswer, Registered, look_up

CHAMPION = ModelAddress("ltu-triage", alias="champion")
DIGEST = "0123456789abcdef" * 4


def version_of(number: str = "3", **tags: str) -> dict[str, object]:
    """What MLflow answers when asked for an alias."""
    kept = {"ltu.manifest_sha256": DIGEST} | tags
    listed = [{"key": key, "value": value} for key, value in kept.items()]
    return {"model_version": {"name": "ltu-triage", "version": number, "tags": listed}}


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """A server that gives this answer to everything; with what it was asked."""
    asked: list[BaseHTTPRequestHandler] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def said(body: object, status: int = 200, address: ModelAddress = CHAMPION) -> Registered | NoAnswer:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    with answering(text, status) as (where, _):
        return look_up(address, Servers(where, where), 5.0)


# ------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("models:/ltu-triage@champion", CHAMPION),
        ("models:/ltu-triage/3", ModelAddress("ltu-triage", version="3")),
        ("models:/our model 2@in_force-1", ModelAddress("our model 2", alias="in_force-1")),
    ],
)
def test_an_address_is_read_and_spelled_again(text: str, found: ModelAddress) -> None:
    assert ModelAddress.parse(text) == found
    assert str(found) == text
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "models:/ltu-triage", "models:/ltu-triage/0", "models:/ltu-triage/latest", "models:/ltu-triage/3/../4",
        "models:/@champion", "models:/a/b@champion", "models:/ltu-triage@", "models:/ltu-triage@champion\n",
        "models:/ltu-triage@a/b", "models:///3",
    ],
)  # fmt: skip
def test_another_address_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="models:/ltu-triage@champion"):
        ModelAddress.parse(text)


def test_without_an_environment_it_is_said_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    with pytest.raises(TrackingError, match="Set MLFLOW_TRACKING_URI"):
        triage.load("models:/ltu-triage@champion")


@pytest.mark.parametrize("variable", ["MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"])
@pytest.mark.parametrize("address", ["http://name:word@[x", "http://127.0.0.1:port", "runs", "postgresql://a:w[rd@b/c"])
def test_what_is_no_address_of_a_server_is_said(variable: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv(variable, address)
    with pytest.raises(UsageError, match=f"What stands in {variable} is no address") as found:
        triage.load("models:/ltu-triage@champion")
    assert "word" not in str(found.value)


def test_a_registry_of_its_own_is_asked_and_files_come_from_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://files")
    assert Servers.of_environment() == Servers("http://files", "http://files")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "http://registry")
    assert Servers.of_environment() == Servers("http://registry", "http://files")


def test_a_password_is_shown_nowhere() -> None:
    assert without_password("http://name:word@host:5000/x") == "http://host:5000/x"
    assert without_password("postgresql://name:word@host/base") == "postgresql://host/base"
    assert without_password("sqlite:///a@b.db") == "sqlite:///a@b.db"
    assert "word" not in Servers("http://name:word@host", "").shown


# ------------------------------------------------------------------------------------------------ what it answers


def test_an_alias_gives_the_version_and_its_digest() -> None:
    with answering(json.dumps(version_of()).encode()) as (where, asked):
        assert look_up(CHAMPION, Servers(f"{where}/", where), 5.0) == Registered("ltu-triage", "3", DIGEST)
    assert asked[0].path == "/api/2.0/mlflow/registered-models/alias?name=ltu-triage&alias=champion"
    assert "Authorization" not in asked[0].headers


def test_a_version_is_asked_for_by_its_number() -> None:
    with answering(json.dumps(version_of("7")).encode()) as (where, asked):
        found = look_up(ModelAddress("a b&c", version="7"), Servers(where, where), 5.0)
    assert found == Registered("a b&c", "7", DIGEST)
    assert asked[0].path == "/api/2.0/mlflow/model-versions/get?name=a+b%26c&version=7"


@pytest.mark.parametrize(
    ("status", "code"), [(404, "RESOURCE_DOES_NOT_EXIST"), (400, "INVALID_PARAMETER_VALUE")], ids=["name", "alias"]
)
def test_a_registry_that_knows_of_no_such_model_is_believed(status: int, code: str) -> None:
    """What was cached must not stand in for a champion that somebody took away."""
    with pytest.raises(TrackingError, match="no model 'ltu-triage' with an alias 'champion'"):
        said({"error_code": code, "message": "x"}, status)


@pytest.mark.parametrize("tag", ["", "../../etc", DIGEST[:-1], DIGEST.upper()], ids=["none", "path", "short", "case"])
def test_a_version_without_a_digest_is_refused(tag: str) -> None:
    """The tag becomes the name of a folder."""
    with pytest.raises(TrackingError, match="does not say which bundle it is"):
        said(version_of(**{"ltu.manifest_sha256": tag}))


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(TrackingError, match="does not say which bundle"):
        said(version_of("../1"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>Bad gateway</html>", 502), (b"<html>Sign in</html>", 200), (b"", 200), (b"[]", 200), (b"{}", 200),
        (b'{"model_version": 3}', 200), (b'{"error_code": "PERMISSION_DENIED"}', 403), (b"not found", 404),
        (b'{"error_code": "INTERNAL_ERROR"}', 500), (b"\xff\xfe", 200),
    ],
)  # fmt: skip
def test_whatever_else_answers_has_not_answered(body: bytes, status: int) -> None:
    """A proxy's page or a server in trouble says nothing about the champion."""
    assert isinstance(said(body, status), NoAnswer)


def test_a_server_that_is_not_there_or_says_nothing_has_not_answered() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        where = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert look_up(CHAMPION, Servers(where, where), 0.2) == NoAnswer("connection refused")
        silent.listen()
        assert look_up(CHAMPION, Servers(where, where), 0.2) == NoAnswer("it does not answer in time")


def test_who_asks_is_said_as_mlflow_does(monkeypatch: pytest.MonkeyPatch) -> None:
    basic = f"Basic {base64.b64encode(b'name:word').decode()}"
    with answering(json.dumps(version_of()).encode()) as (where, asked):
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "a-token")
        look_up(CHAMPION, Servers(where, where), 5.0)
        inside = where.replace("://", "://name:w%6Frd@")
        look_up(CHAMPION, Servers(inside, where), 5.0)
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "name")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "word")
        look_up(CHAMPION, Servers(where, where), 5.0)
    assert [one.headers["Authorization"] for one in asked] == ["Bearer a-token", basic, basic]

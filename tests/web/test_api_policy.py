"""What is in force, who watches over the service, and what became of clients: is it said rightly?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

import triage
from tests.databases import both
from tests.web.partners import ANSWERS, LEFT, check_problem, make_key, partner, program
from tests.web.service import Live, Server
from triage.casework import suspension
from triage.casework.service import make_service
from triage.outcomes.read import read_outcomes
from triage.records.database import Database
from triage.records.keys import Keys
from triage.web.api.models.outcomes import OutcomePage
from triage.web.api.models.policy import Checklist, Cutoffs, Model
from triage.web.app import create_app
from triage.web.settings import WebSettings


def test_the_model_in_force_says_what_it_is(live: Live, shipped_engine: triage.Engine) -> None:
    answer = partner(live, "read").get("/model")
    Model.model_validate_json(answer.content)
    found = answer.json()
    assert found["versions"]["model"] == shipped_engine.versions.model
    assert (found["source"], found["base_rate"]["measured"]) == ("evidence", False)
    assert found["said"] == list(shipped_engine.words.source())
    assert found["baseline"] == shipped_engine.bundle.manifest.baseline


def test_every_answer_of_the_checklist_can_be_sent(live: Live, shipped_engine: triage.Engine) -> None:
    """A program is built on this page: an answer on it that is refused would be a dead end."""
    client = partner(live, "read", "score")
    answer = client.get("/checklist")
    Checklist.model_validate_json(answer.content)
    found = answer.json()
    assert [item["id"] for item in found["questions"]] == list(shipped_engine.checklist.by_id)
    sent: list[dict[str, Any]] = []
    for question in found["questions"]:
        options = [item["id"] for item in question["options"]]
        if question["kind"] == "area":
            options = [area["code"] for area in found["areas"]]
        elif question["kind"] == "number":
            options = [question["number"]["minimum"], question["number"]["maximum"]]
        assert options
        sent += [{question["id"]: option} for option in [*options, *(["declined"] if question["decline"] else [])]]
    answer = client.post("/score/batch", json={"clients": [{"answers": item} for item in sent]})
    assert [row["problem"] for row in answer.json()["clients"] if row["problem"]] == []


def test_the_cutoffs_in_force_put_a_client_where_the_engine_does(live: Live, shipped_engine: triage.Engine) -> None:
    client = partner(live, "read", "score")
    answer = client.get("/cutoffs")
    Cutoffs.model_validate_json(answer.content)
    bands = answer.json()["bands"]
    assert [band["id"] for band in bands] == [band.id for band in shipped_engine.cutoffs.bands]
    assert bands[0]["from_probability"] is None
    score = client.post("/score", json={"answers": dict(ANSWERS)}).json()
    reached = [band["id"] for band in bands if (band["from_probability"] or 0) <= score["figures"]["probability"]]
    assert score["band"]["id"] == reached[-1]
    assert answer.json()["demonstration"] is True


def outcome(client: httpx.Client, live: Live, weeks: int = 4, **more: Any) -> str:
    """A client who was scored, and came back to work; the id of the assessment."""
    made: str = client.post("/assessments", json={"context": dict(LEFT), **more}).json()["id"]
    client.patch(f"/assessments/{made}/answers", json={"answers": dict(ANSWERS)})
    assert client.post(f"/assessments/{made}/score", json={}).status_code == 200
    told = {"kind": "paid_work", "weeks": weeks, "known_on": live.service.today.isoformat(), "source": "client"}
    assert client.post(f"/assessments/{made}/outcomes", json=told).status_code == 201
    return made


@both
def test_outcomes_come_out_as_learning_reads_them(live: Live, shipped_engine: triage.Engine, tmp_path: Path) -> None:
    client = partner(live)
    for weeks in range(1, 6):
        outcome(client, live, weeks)
    outcome(client, live, practice=True)
    outcome(partner(live), live)
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get("/outcomes", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        OutcomePage.model_validate_json(answer.content)
        rows += answer.json()["outcomes"]
        cursor = answer.json()["next"]
    assert sorted(row["weeks"] for row in rows) == [1, 2, 3, 4, 5]
    assert len({row["client"] for row in rows}) == 5
    path = tmp_path / "outcomes.csv"
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    read = read_outcomes(path, shipped_engine.features).outcomes
    assert sorted(read.weeks.tolist()) == [1, 2, 3, 4, 5]
    assert {row["age"] for row in rows} == {"57"}
    check_problem(client.get("/outcomes", params={"cursor": "AAAA"}), 422)


def test_an_outcome_that_cannot_be_is_refused(live: Live) -> None:
    client = partner(live)
    address = f"/assessments/{client.post('/assessments', json={}).json()['id']}/outcomes"
    told = {"kind": "paid_work", "weeks": 4, "known_on": live.service.today.isoformat(), "source": "client"}
    for wrong in (
        {"kind": "secret words"}, {"weeks": None}, {"weeks": 521}, {"weeks": 1.5}, {"source": "rumour"},
        {"known_on": "2999-01-01"}, {"known_on": "soon"}, {"more": 1},
    ):  # fmt: skip
        answer = client.post(address, json=told | wrong)
        check_problem(answer, 422)
        assert "secret words" not in answer.text
    assert client.post(address, json=told).status_code == 201


def test_anybody_may_ask_whether_the_service_is_there(live: Live) -> None:
    client = live.client()
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "alive")
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready")


@pytest.fixture
def with_another_key(database: Database, shipped_engine: triage.Engine, tmp_path: Path) -> Iterator[str]:
    """The address of a service whose audit key was lost and made anew."""
    database.keys = Keys.load(tmp_path / "other-keys", make=True)
    server = Server(create_app(make_service(database, shipped_engine), WebSettings(secure=False, folder=tmp_path)))
    yield server.begin()
    server.finish()


@both
def test_a_service_with_the_wrong_audit_key_is_not_ready(live: Live, with_another_key: str) -> None:
    """It would write a trail that cannot be verified."""
    answer = httpx.get(f"{with_another_key}/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready")
    assert httpx.get(f"{with_another_key}/healthz").status_code == 200


def test_a_service_without_its_database_is_not_ready(live: Live) -> None:
    with live.service.database.change_tables() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert live.client().get("/readyz").status_code == 503


def figures(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_the_metrics_count_requests_scores_and_decisions(live: Live) -> None:
    client = partner(live)
    made = outcome(client, live)
    score = client.get(f"/assessments/{made}/score").json()["id"]
    client.post(f"/assessments/{made}/decisions", json={"action": "confirm", "score": score, "by": "Mairi Reid"})
    client.post("/score", json={"answers": dict(ANSWERS)})
    client.get("/nothing/here/Mairi")
    found = live.client().get("/metrics").text
    counted = figures(found)
    assert counted['ltu_scores_total{door="assessment",status="proposed"}'] == 1
    assert counted['ltu_scores_total{door="score",status="proposed"}'] == 1
    assert counted['ltu_decisions_total{step="confirm"}'] == 1
    assert counted['ltu_requests_total{route="api_score",status="2xx"}'] == 1
    assert counted['ltu_request_seconds_count{route="api_assessment_start"}'] == 1
    assert counted["ltu_scoring_suspended"] == 0
    assert made not in found
    assert "Mairi" not in found
    suspension.suspend(live.service, live.actor("administrator"), "The figures are being checked.")
    assert figures(live.client().get("/metrics").text)["ltu_scoring_suspended"] == 1


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}, {"via": "1.1 proxy"}, {"host": "triage.test"}],
)
def test_the_metrics_are_not_for_who_comes_through_another_server(live: Live, headers: dict[str, str]) -> None:
    """Behind a server with TLS on the same machine, everybody comes from this machine."""
    answer = live.client().get("/metrics", headers=headers)
    assert answer.status_code in (400, 401)
    _, secret = make_key(live, "read")
    with_key = {**headers, "host": "localhost", "authorization": f"Bearer {secret}"}
    assert program(live).get(f"{live.address}/metrics", headers=with_key).status_code == 200
    _, other = make_key(live, "score")
    with_key["authorization"] = f"Bearer {other}"
    assert program(live).get(f"{live.address}/metrics", headers=with_key).status_code == 403

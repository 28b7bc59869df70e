"""Does the API work with another organisation's checklist, model and bands? Nothing in it may know of PACE."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis

import triage
from tests.web.partners import partner
from tests.web.service import Live, serving
from triage.casework.service import make_service
from triage.records.database import Database
from triage.web.api.examples import Examples
from triage.web.api.models.policy import Checklist, Cutoffs, Model
from triage.web.settings import WebSettings


@pytest.fixture
def other(database: Database, small_engine: triage.Engine, web_settings: WebSettings) -> Iterator[Live]:
    with serving(make_service(database, small_engine), web_settings) as found:
        yield found


def test_an_interview_and_a_decision_with_it(other: Live, small_engine: triage.Engine) -> None:
    client, answers = partner(other), Examples(other.service).answers
    assert set(answers) <= set(small_engine.checklist.by_id)
    address = f"/assessments/{client.post('/assessments', json={}).json()['id']}"
    assert client.patch(f"{address}/answers", json={"answers": answers}).status_code == 200
    score = client.post(f"{address}/score", json={}).json()
    assert score["figures"]["logit"] == small_engine.score(answers).logit
    step = {"action": "confirm"} if score["band"] else {"action": "ask_for_more"}
    decision = client.post(f"{address}/decisions", json={**step, "score": score["id"], "by": "Mairi Reid"})
    assert decision.status_code == 201, decision.text


def test_what_is_in_force_is_its_own(other: Live, small_engine: triage.Engine) -> None:
    client = partner(other)
    for path, model in (("model", Model), ("checklist", Checklist), ("cutoffs", Cutoffs)):
        model.model_validate_json(client.get(f"/{path}").content)
    assert client.get("/checklist").json()["version"] == small_engine.versions.checklist
    assert client.get("/model").json()["label"]["outcome"] == small_engine.checklist.label.outcome


def test_its_document_is_one_with_its_own_questions(other: Live) -> None:
    document = partner(other).get("/openapi.json").json()
    schemathesis.openapi.from_dict(document).validate()
    sent = document["paths"]["/api/v1/score"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert sent["example"]["value"]["answers"] == Examples(other.service).answers


def test_what_is_kept_apart_follows_from_its_questions(other: Live, small_engine: triage.Engine) -> None:
    """A checklist without questions about job search and attitudes has nothing to keep apart."""
    answers = Examples(other.service).answers
    body = {"answers": answers}
    figures = partner(other, body="conditionality").post("/score", json=body).json()["figures"]
    hidden = [q.id for q in small_engine.checklist.questions if q.sensitivity in ("job_search", "attitude")]
    assert hidden == []
    assert set(figures["contributions"]) == set(small_engine.checklist.by_id)

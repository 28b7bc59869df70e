"""Does the API do what its document says? Schemathesis asks, rightly and wrongly; every example is tried."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

import triage
from tests.web.partners import make_key
from tests.web.service import Live
from triage.casework import suspension
from triage.casework.api_keys import SCOPES
from triage.web.api import ROUTERS, UPLOADS
from triage.web.api.examples import ID, OTHER_ID, Examples
from triage.web.api.operations import OPERATIONS, TAGS
from triage.web.security.permissions import RULES

ROUTES = {
    route.name: route for router in (*ROUTERS, *UPLOADS) for route in router.routes if isinstance(route, APIRoute)
}
ASKED = settings(
    max_examples=8, phases=[Phase.generate], deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def client(shared_live: Live) -> httpx.Client:
    """A program that may do everything, with invented clients of its own."""
    _, secret = make_key(shared_live)
    made = httpx.Client(base_url=shared_live.address, headers={"authorization": f"Bearer {secret}"}, timeout=30)
    shared_live.clients.append(made)
    return made


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    """The document, as anybody gets it."""
    answer = httpx.get(f"{client.base_url}/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def schema(document: dict[str, Any], client: httpx.Client) -> BaseSchema:
    """The document as Schemathesis reads it."""
    found = schemathesis.openapi.from_dict(document)
    found.config.base_url = str(client.base_url)
    return found


def operation(schema: BaseSchema, name: str) -> Any:
    route = ROUTES[name]
    [method] = route.methods or ()
    return schema[route.path][method]


def start(client: httpx.Client) -> str:
    made: str = client.post("/api/v1/assessments", json={"practice": True}).json()["id"]
    return made


# ---------------------------------------------------------------------------------------------- the document itself


def test_the_document_is_one(schema: BaseSchema, document: dict[str, Any]) -> None:
    schema.validate()
    assert document["openapi"].startswith("3.1")
    assert {item["name"] for item in document["tags"]} == set(TAGS)


def test_every_route_is_an_operation_and_every_operation_a_route(document: dict[str, Any]) -> None:
    wanted = {name for name, rule in RULES.items() if name.startswith("api_") and rule.scope is not None}
    assert set(OPERATIONS) == wanted
    said = {item["operationId"] for path in document["paths"].values() for item in path.values()}
    assert said == {name.removeprefix("api_") for name in wanted}


def test_each_operation_says_its_scope(document: dict[str, Any]) -> None:
    for name in OPERATIONS:
        [method] = ROUTES[name].methods or ()
        found = document["paths"][ROUTES[name].path][method.lower()]
        assert found["security"] == [{"key": [RULES[name].scope]}]
        assert RULES[name].scope in SCOPES
        assert {"401", "403", "429", "503"} <= set(found["responses"])


def test_the_permitted_use_stands_first(document: dict[str, Any], shipped_engine: triage.Engine) -> None:
    for text in shipped_engine.words.wording.permitted_use.text:
        assert text in document["info"]["description"]


def test_every_field_of_a_figure_says_what_it_is(document: dict[str, Any]) -> None:
    """A program's author sees a number and guesses its unit."""
    schemas = document["components"]["schemas"]
    for name in ("ScoreRequest", "DecisionRequest", "OutcomeRequest", "Terms" if "Terms" in schemas else "Score"):
        for field, said in schemas[name]["properties"].items():
            assert "description" in said or "$ref" in str(said), (name, field)


def test_it_can_be_read_while_scoring_is_turned_off(shared_live: Live, client: httpx.Client) -> None:
    suspension.suspend(shared_live.service, shared_live.actor("administrator"), "The figures are being checked.")
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/checklist").status_code == 200
    suspension.resume(shared_live.service, shared_live.actor("administrator"))


# ---------------------------------------------------------------------------------------------- the examples


def test_every_example_fits_its_model(shared_live: Live) -> None:
    examples = Examples(shared_live.service)
    takes = {item.takes for item in OPERATIONS.values() if item.takes is not None}
    assert set(examples.given) == takes
    for model, example in (*examples.given.items(), *examples.answered.items()):
        model.model_validate_json(_json(example))


def _json(data: Any) -> bytes:
    return httpx.Request("POST", "http://x", json=data).content


def test_every_example_can_be_sent(client: httpx.Client, document: dict[str, Any]) -> None:
    """In the order of the document, which is the order of a story; ids of the examples stand for real ones."""
    made, score = start(client), ""
    later = ("api_assessment_rescore", "api_objection", "api_objection_back")
    for name in sorted(OPERATIONS, key=lambda item: (item in later, list(OPERATIONS).index(item))):
        [method] = ROUTES[name].methods or ()
        said = document["paths"][ROUTES[name].path][method.lower()]
        question = next((item["example"] for item in said["parameters"] if item["name"] == "question"), "")
        path = ROUTES[name].path.format(assessment=made, question=question)
        [(kind, content)] = said.get("requestBody", {"content": {"": {}}})["content"].items()
        example = content.get("examples", {"example": {"value": None}})["example"]["value"]
        sent: dict[str, Any] = {"json": example} if example is not None else {}
        if kind == "multipart/form-data":
            sent = {"files": {"list": ("list.csv", example["list"])}, "data": {"on": example["on"]}}
        if name == "api_decision":
            sent = {"json": example | {"score": score}}
            assert (example["score"], path.count(ID)) == (OTHER_ID, 0)
        answer = client.request(method, path, **sent)
        assert str(answer.status_code) == min(said["responses"]), (name, answer.text)
        score = answer.json()["id"] if name == "api_assessment_score" else score


# ---------------------------------------------------------------------------------------------- Schemathesis


@pytest.mark.slow
@pytest.mark.parametrize("name", list(OPERATIONS))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_what_comes_back_is_what_the_document_says(
    schema: BaseSchema, client: httpx.Client, name: str, mode: GenerationMode
) -> None:
    """No fault of the software, no status, kind, header or shape of answer that is not in the document.

    Requests that fit the document are often about something that is not there, so another test looks after those that
    must be accepted.
    """

    @given(case=operation(schema, name).as_strategy(generation_mode=mode))
    @ASKED
    def asked(case: Case) -> None:
        headers = dict(client.headers)
        case.validate_response(case.call(headers=headers), headers=headers, excluded_checks=[positive_data_acceptance])

    asked()


def mended(case: Case, made: str, engine: triage.Engine, today: str) -> Case:
    """A request that fits the document, made to fit the checklist and an assessment that is there as well."""
    draw = random.Random(repr(case.body))
    options = {item.id: [option.id for option in item.ordered] for item in engine.checklist.questions if item.options}
    question = draw.choice(list(options))
    case.path_parameters = {name: {"assessment": made, "question": question}[name] for name in case.path_parameters}
    case.headers = {name: value for name, value in case.headers.items() if not name.lower().startswith("ltu-")}
    case.query.pop("cursor", None)
    if not isinstance(case.body, dict):
        return case
    picked = {name: draw.choice([*ids, "declined", None]) for name, ids in options.items() if draw.random() < 0.6}
    now = engine.versions
    fitting = {
        "answers": picked or {question: None}, "context": {}, "answer": draw.choice(options[question]),
        "clients": [{"answers": picked}], "on": today, "versions": {"model": now.model}, "version": None,
        "kind": "paid_work", "weeks": draw.randrange(30), "known_on": today, "by": "Mairi Reid",
        "client_reference": f"LTU {draw.randrange(10**6)}", "language": "Polish", "note": "", "last": None,
        "action": "ask_for_more", "band": None, "reason": None, "mapping": {}, "list": b"Age,Council area\n57,Fife\n",
    }  # fmt: skip
    case.body = {name: fitting.get(name, value) for name, value in case.body.items()}
    return case


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "api_decision"])
def test_a_request_that_fits_is_accepted(
    schema: BaseSchema, client: httpx.Client, shared_live: Live, name: str
) -> None:
    """Steps that need an earlier one are refused with 404 or 409 where that is not there, and in no other way."""
    statuses: Counter[int] = Counter()
    engine = shared_live.service.engines.now

    @given(case=operation(schema, name).as_strategy(generation_mode=GenerationMode.POSITIVE))
    @ASKED
    def asked(case: Case) -> None:
        sent = mended(case, start(client), engine, shared_live.service.today.isoformat())
        headers = {**client.headers, "idempotency-key": f"{name}-{statuses.total()}"}
        answer = sent.call(headers=headers)
        statuses[answer.status_code] += 1
        sent.validate_response(answer, headers=headers, checks=[not_a_server_error])
        assert answer.status_code in (200, 201, 404, 409, 422), answer.text
        if answer.status_code == 422:
            # Nothing was begun that can be taken back or asked again.
            assert name in ("api_objection_back", "api_assessment_rescore"), answer.text

    asked()
    if name not in ("api_objection_back", "api_assessment_rescore", "api_assessment_score_kept"):
        assert set(statuses) <= {200, 201}, statuses

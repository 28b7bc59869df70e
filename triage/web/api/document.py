"""What is the API, for programs that read such documents? OpenAPI 3.1, made of the routes, the models and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from triage._version import __version__
from triage.casework.service import Service
from triage.engine import Engine
from triage.web.api.examples import ID, Examples
from triage.web.api.models.lists import ListFields
from triage.web.api.models.problems import Problem
from triage.web.api.operations import OPERATIONS, TAGS, Operation
from triage.web.api.refusals import SUSPENDED_SECONDS
from triage.web.security.permissions import RULES

Data = dict[str, Any]
_REF = "#/components/schemas/{model}"
_JSON, _PROBLEM = "application/json", "application/problem+json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PINS = {"model": "LTU-Model", "checklist": "LTU-Checklist", "cutoffs": "LTU-Cutoffs"}
#: What each refusal means: a code and a sentence as an example.
REFUSALS: dict[int, tuple[str, str, str]] = {
    400: ("http_400", "What was sent cannot be read.", "The body is broken."),
    401: ("no_key", "There is no key, or it does not work.", "Send a key that works."),
    403: ("scope_missing", "The key may not do this.", "This key does not have the scope."),
    404: ("not_found", "It is not there, or belongs to another key.", "This is not there."),
    406: ("not_acceptable", "It cannot be given in this form.", "Ask for JSON."),
    409: (
        "conflict", "Something has changed, the client objects, another version is in force, or an Idempotency-Key was "
        "used for something else.", "A decision was recorded in the meantime. Look at it, and then go on.",
    ),
    413: ("http_413", "What was sent is too large.", "What was sent is too large. Send less at once."),
    415: ("not_json", "What was sent is not of the right kind.", "Send the body as application/json."),
    422: ("invalid_request", "What was sent does not fit.", "The request is not as it has to be."),
    429: ("too_many_requests", "The key has sent too many requests.", "Wait, and then go on."),
    503: ("suspended", "Scoring is turned off, or the records cannot be used.", "Scoring is turned off for now."),
}  # fmt: skip
_WAITS = {429: 1, 503: SUSPENDED_SECONDS}


class Document:
    """The document of an application, made when it is first asked for and again when something else is in force."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = [route for route in routes if isinstance(route, APIRoute)]
        self._made: tuple[Engine, date, Data] | None = None

    def now(self, service: Service) -> Data:
        """The document with the engine in force."""
        engine, today, made = service.engines.now, service.today, self._made
        if made is None or made[0] is not engine or made[1] != today:
            made = self._made = engine, today, document(service, self._routes)
        return made[2]


def document(service: Service, routes: Iterable[APIRoute]) -> Data:
    """The document of the API with the engine in force.

    Args:
        service: the service.
        routes: every route of the application.
    """
    examples, wording = Examples(service), service.engines.now.words.wording
    use = "\n".join(f"- {text}" for text in wording.permitted_use.text)
    paths: dict[str, Data] = {}
    for route in routes:
        operation = OPERATIONS.get(route.name)
        if operation is not None:
            for method in sorted(route.methods or ()):
                paths.setdefault(route.path, {})[method.lower()] = _operation(route, operation, examples)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LTU Triage",
            "version": __version__,
            "summary": "Explained estimates that help to offer redundant workers the right support.",
            "description": f"## Permitted use\n\n{use}\n\n{_ABOUT}",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {f"Problem{status}": _refusal(status) for status in REFUSALS},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "bearerFormat": "ltu_...", "description": _KEYS}
            },
        },
    }


_ABOUT = """\
## How to read a score

A score is a proposal. A caseworker decides, in either direction, and that decision is the one that counts. Show the
`sentences` with every figure, `crossing` with every band, and nothing after `valid_until`. A client who objects is not
scored and keeps every service.

## Rules of the API

Numbers are written so that reading them as 64-bit floating point gives the same bits as the library. Refusals are
problem details (RFC 9457) and never repeat a value that was sent. Requests that store something take an
`Idempotency-Key`: sent again within a day, they get the same answer, and nothing is done twice."""
_KEYS = "An administrator of the service makes a key for one program, with scopes, an agreement and a last day."


def _operation(route: APIRoute, operation: Operation, examples: Examples) -> Data:
    rule = RULES[route.name]
    made: Data = {
        "operationId": route.name.removeprefix("api_"),
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"{operation.about}\n\nScope: `{rule.scope}`.",
        "security": [{"key": [rule.scope]}],
        "parameters": [*_path(route, examples), *_query(operation), *_headers(operation)],
        "responses": _responses(route, operation, examples),
    }
    if operation.file:
        made["requestBody"] = _file()
    elif operation.takes is not None:
        example = {"example": {"value": examples.given[operation.takes]}}
        content = {_JSON: {"schema": _ref(operation.takes), "examples": example}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _responses(route: APIRoute, operation: Operation, examples: Examples) -> Data:
    content: Data = {_JSON: {"schema": _ref(operation.gives)}}
    if operation.gives in examples.answered:
        content[_JSON]["examples"] = {"example": {"value": examples.answered[operation.gives]}}
    if operation.file:
        content |= {_XLSX: {}, "text/csv": {}}
    said: Data = {"description": operation.gives.__doc__ or "", "content": content}
    headers: Data = {}
    if operation.stores:
        headers["Idempotent-Replayed"] = _header("`true` where the answer was given before.")
    if operation.status == 201 and "/{" not in route.path:
        headers["Location"] = _header("The address of what was made.")
    if headers:
        said["headers"] = headers
    refusals = {401, 403, 429, 503} | ({400, 406} if operation.file else set())
    sends = operation.takes is not None or operation.file
    refusals |= {409} if operation.conflicts else set()
    refusals |= {413, 415, 422} if sends else set()
    refusals |= {422} if operation.query is not None or "DELETE" in (route.methods or ()) else set()
    refusals |= {404} if "{" in route.path else set()
    refused = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(refusals)}
    return {str(operation.status): said, **refused}


def _refusal(status: int) -> Data:
    code, about, text = REFUSALS[status]
    example = {
        "type": f"urn:ltu-triage:problem:{code}", "title": HTTPStatus(status).phrase, "status": status, "detail": text,
        "code": code, "faults": [],
    }  # fmt: skip
    content = {_PROBLEM: {"schema": _ref(Problem), "examples": {"example": {"value": example}}}}
    made: Data = {"description": about, "content": content}
    if status == 401:
        made["headers"] = {"WWW-Authenticate": _header("How to send a key.")}
    if status in _WAITS:
        made["headers"] = {"Retry-After": _header("Seconds to wait, where that is known.", "integer")}
    return made


def _path(route: APIRoute, examples: Examples) -> list[Data]:
    schemas = {
        "assessment": ({"type": "string", "pattern": "^[0-9a-f]{32}$"}, "The id of the assessment.", ID),
        "question": ({"type": "string", "minLength": 1, "maxLength": 64}, "The question.", examples.question),
    }
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": text, "example": example}
        for name, (schema, text, example) in schemas.items()
        if f"{{{name}}}" in route.path
    ]


def _query(operation: Operation) -> list[Data]:
    if operation.query is None:
        return []
    fields: Mapping[str, Data] = operation.query.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "description": schema.pop("description", ""), "schema": schema}
        for name, schema in fields.items()
    ]


def _headers(operation: Operation) -> list[Data]:
    found = []
    if operation.stores:
        text = "Names this request. Sent again within a day, it gets the same answer and nothing is done twice."
        schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "description": text, "schema": schema})
    if operation.pins:
        found += [
            {
                "name": header, "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
                "description": f"The version of the {name} that must be in force; else 409.",
            }
            for name, header in _PINS.items()
        ]  # fmt: skip
    return found


def _file() -> Data:
    schema = ListFields.model_json_schema()
    fields: Data = {name: {**field} for name, field in schema["properties"].items()}
    fields["list"] = {"type": "string", "contentMediaType": "application/octet-stream", "description": "CSV or XLSX."}
    whole = {"type": "object", "properties": fields, "required": ["list"], "additionalProperties": False}
    example = {"value": {"list": "Age,Council area\n57,Falkirk\n", "on": "2026-10-31"}}
    content = {"schema": whole, "encoding": {"mapping": {"contentType": _JSON}}, "examples": {"example": example}}
    return {"required": True, "content": {"multipart/form-data": content}}


def _header(text: str, kind: str = "string") -> Data:
    return {"description": text, "schema": {"type": kind}}


def _ref(model: type) -> Data:
    return {"$ref": _REF.format(model=model.__name__)}


@lru_cache(maxsize=1)
def _schemas() -> Data:
    takes = [(item.takes, "validation") for item in OPERATIONS.values() if item.takes is not None]
    gives = [(item.gives, "serialization") for item in OPERATIONS.values()]
    _, found = models_json_schema([*takes, *gives, (Problem, "serialization")], ref_template=_REF)  # type: ignore[list-item]
    schemas: Data = found["$defs"]
    return schemas

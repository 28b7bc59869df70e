"""What did a program send? JSON that fits its model to the letter, or a refusal that names every fault."""

from __future__ import annotations

from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from triage.web.api.refusals import ApiProblem, invalid

Model = TypeVar("Model", bound=BaseModel)
_JSON = "application/json"


def body_of(request: Request, model: type[Model]) -> Model:
    """The body of a request.

    Raises:
        ApiProblem: 415 where it is not sent as JSON, 422 where it does not fit.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise ApiProblem(415, "not_json", f"Send the body as {_JSON}, and say so in the header Content-Type.")
    try:
        return model.model_validate_json(request.state.body)
    except ValidationError as problem:
        raise invalid(problem) from None


def query_of(request: Request, model: type[Model]) -> Model:
    """The query of a request. A name that is given twice is refused.

    Raises:
        ApiProblem: 422 where it does not fit.
    """
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ApiProblem(422, "invalid_request", "The address names something twice.")
    try:
        return model.model_validate_strings(given)
    except ValidationError as problem:
        raise invalid(problem) from None

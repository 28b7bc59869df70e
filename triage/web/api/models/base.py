"""What do all requests and answers share?"""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

#: No answer to any question is longer, and none is a larger number.
LONGEST, LARGEST = 200, 1e9


class Given(BaseModel):
    """Something that is sent. A field that is not known is refused, and nothing is turned into another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Answered(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _plain_answer(value: Any) -> Any:
    """An answer as a program may send it. Whether it answers the question is for the engine to say."""
    kind = type(value)
    if kind is str:
        fits = len(value) <= LONGEST
    elif kind is int or kind is float:
        fits = math.isfinite(value) and abs(value) <= LARGEST
    else:
        fits = kind is bool or value is None
    if not fits:
        raise PydanticCustomError(
            "answer", "An answer is text of at most 200 letters, a number, true, false or null.", {}
        )
    return value


Answer = Annotated[
    Any,
    BeforeValidator(_plain_answer),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": LONGEST},
                {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
                {"type": "boolean"},
                {"type": "null"},
            ],
            "description": "The id of an option, an area by its code or name, a number in the unit of the question, "
            "`declined` for 'prefer not to say', or `null` for not asked. See `GET /api/v1/checklist`.",
        }
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=64, description="The id of a question or of a context field.")]
Answers = Annotated[
    dict[Name, Answer],
    Field(max_length=200, description="Answers by the id of the question. A question that is left out was not asked."),
]
Context = Annotated[
    dict[Name, Answer],
    Field(
        max_length=50,
        description="What is asked beside the questions, by the id of the field: where things stand with the job "
        "(`redundancy_status`), the day it ends (`job_ends`, as 2026-10-31), `complex_needs`, `objects_to_scoring`. "
        "It is not scored, but it decides what is.",
    ),
]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="An id that this service made.")]
Day = Annotated[date, Field(description="A day, as 2026-10-31.")]

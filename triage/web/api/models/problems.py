"""What does a refusal say?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.web.api.models.base import Answered
from triage.web.api.models.scores import Fault, Versions


class Problem(Answered):
    """Problem details (RFC 9457). What was sent is never repeated: it may be an answer."""

    type: Annotated[str, Field(description="The problem as a URN; its last part is `code`.")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="What is wrong, in a sentence for people.")]
    code: Annotated[str, Field(description="A stable word for programs.")]
    faults: Annotated[list[Fault], Field(description="Every fault that was found.")]
    in_force: Annotated[
        Versions | None, Field(description="Only with `version_not_in_force`: the versions that are.")
    ] = None

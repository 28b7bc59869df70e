"""What is sent about what became of a client, and how does it come out?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from triage.web.api.models.assessments import Moment
from triage.web.api.models.base import Answered, Day, Given, Id

#: As in the outcomes contract.
MOST_WEEKS = 520


class OutcomeRequest(Given):
    """What became of a client."""

    kind: Annotated[str, Field(max_length=200, description="An outcome, by its id: see `GET /api/v1/checklist`.")]
    weeks: Annotated[
        int | None,
        Field(
            ge=0,
            le=MOST_WEEKS,
            description="Whole weeks from the end of the job until the first return to work, until another end of the "
            "search, or until the client was last heard of. Null only where the kind allows it: never reached.",
        ),
    ]
    known_on: Annotated[Day, Field(description="The day on which this was known, today or before.")]
    source: Annotated[Literal["client", "partner", "survey", "records"], Field(description="From whom it is known.")]


class Outcome(Answered):
    """An outcome that was recorded."""

    id: Id
    assessment: Id
    kind: str
    weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)]
    known_on: Day
    source: str
    at: Moment

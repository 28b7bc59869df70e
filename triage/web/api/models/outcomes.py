"""What is sent about what became of a client, and how does it come out?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

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


class OutcomeRow(Answered):
    """One client, by the columns of the outcomes contract: one for each question, and those below."""

    model_config = ConfigDict(extra="allow", frozen=True, allow_inf_nan=False)
    __pydantic_extra__: dict[str, str | float | None]

    client: Annotated[str, Field(description="A digest that says nothing, the same each time.")]
    weeks: Annotated[float, Field(ge=0, le=MOST_WEEKS)]
    outcome: Annotated[str, Field(description="The kind of outcome.")]
    date: Annotated[str | None, Field(description="The day on which the job ended.")]
    support_start: Annotated[float | None, Field(description="Weeks from the end of the job until support began.")]
    band_proposed: str | None
    band_decided: str | None
    support: Annotated[str | None, Field(description="The services received, with semicolons between them.")]
    model: str | None


class OutcomePage(Answered):
    """Part of the outcomes of the clients who were started with this key."""

    outcomes: list[OutcomeRow]
    next: Annotated[str | None, Field(description="Send this as `cursor` for the next part; null at the end.")]

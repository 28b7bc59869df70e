"""What does a list that was scored say, row by row?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from triage.web.api.models.base import Answered, Day, Given
from triage.web.api.models.scores import Band, Chance, LogOdds, Terms


class ListFields(Given):
    """What is sent beside the file."""

    mapping: Annotated[
        dict[str, str],
        Field(
            max_length=500,
            description="What each column holds, by its heading: the id of a question or a context field, "
            "`question=option` for a column to tick, a kind of column such as `surname`, or `ignore`. Without it, "
            "headings that are known are used. As JSON.",
        ),
    ] = Field(default_factory=dict)
    on: Annotated[Day | None, Field(description="The day of the interviews, today or before.")] = None


class ListFigures(Answered):
    """The figures of one person, as in the workbook."""

    logit: LogOdds
    probability: Chance
    lower: Chance
    upper: Chance
    contributions: Annotated[
        dict[str, LogOdds] | None,
        Field(description="Log-odds by question; null for figures that came back in an output of ours."),
    ]


class ListSaid(Answered):
    """An answer that changes the odds."""

    question: str
    text: str


class ListProblem(Answered):
    """One thing to know or to mend about a row. It repeats nothing of anybody's own words."""

    text: str
    about: str
    question: str
    columns: Annotated[list[str], Field(description="Headings of the columns that it is about.")]
    suggestion: Annotated[str, Field(description="The answer that may have been meant, by its id.")]


class Edge(Answered):
    """A tied group that does not fit into the places left. A person decides."""

    band: str
    tied: int
    places_left: int


class SamePerson(Answered):
    """Another row that may be the same person. They are never merged."""

    place: int
    sheet: str
    row: int
    why: str


class ListRow(Answered):
    """One row of the list."""

    place: Annotated[int, Field(ge=0, description="The place in the list, from 0.")]
    sheet: str
    row: Annotated[int, Field(description="Where a person finds it.")]
    status: Annotated[
        Literal[
            "scored", "not_enough_answers", "has_job", "redeployed", "objected", "not_a_client", "empty", "problem"
        ],
        Field(description="`scored`, or why there is no band."),
    ]  # fmt: skip
    flags: Annotated[list[str], Field(description="What else there is to know, in words.")]
    answers: Annotated[dict[str, JsonValue], Field(description="Answers as they were understood.")]
    context: dict[str, JsonValue]
    figures: Annotated[ListFigures | None, Field(description="Null as in a score.")]
    band: Annotated[Band | None, Field(description="The band proposed for this list.")]
    why_no_band: str | None
    bands_possible: list[str]
    crossing: str | None
    edge: Edge | None
    reasons: list[ListSaid]
    strengths: list[ListSaid]
    sentences: list[str]
    not_asked: list[str]
    speak_first: Annotated[str | None, Field(description="Why to speak to this person first.")]
    ask: Annotated[list[str], Field(description="What to ask first, for those people.")]
    problems: list[ListProblem]
    same_person: SamePerson | None


class ScoredList(Terms):
    """A list that was scored and not stored: every row comes out. Names and references stay out."""

    rows: list[ListRow]
    statuses: Annotated[dict[str, int], Field(description="How many rows have each status.")]
    bands: Annotated[dict[str, int], Field(description="How many people are proposed for each band.")]
    said: Annotated[list[str], Field(description="Counts, columns that were used, and what was found strange.")]

"""What is sent about an assessment, and what does one say?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from triage.web.api.models.base import Answer, Answered, Answers, Context, Day, Given, Id
from triage.web.api.models.scores import Band, Pinned, Versions

Held = Literal["in_person", "phone", "video", "paper", "app"]
State = Literal["open", "scored", "decided", "objected", "closed"]
Why = Literal["change", "correction", "out_of_date", "new_versions", "review"]
Moment = Annotated[str, Field(description="A time in UTC.", examples=["2026-10-31T09:00:00.000000+00:00"])]
Reference = Annotated[
    str,
    Field(
        max_length=40,
        description="Your own reference for the client, if you have one. Never a name, an e-mail address, or a "
        "telephone, National Insurance or CHI number: such a one is refused.",
    ),
]
Language = Annotated[str, Field(max_length=40, description="The language of the interview where it is not English.")]
Note = Annotated[
    str, Field(max_length=2_000, description="A few words. Never given back through the API. No health details.")
]


class StartRequest(Given):
    """A new assessment."""

    client_reference: Reference = ""
    held: Annotated[Held, Field(description="How the interview is held; `app`: your program asks.")] = "app"
    interpreter: Annotated[bool, Field(description="Whether an interpreter helps.")] = False
    language: Language = ""
    context: Context = Field(default_factory=dict)
    practice: Annotated[bool, Field(description="An invented client, to try things out with: counted nowhere.")] = False


class ChangeRequest(Given):
    """What changed about an assessment. What is left out stays as it is."""

    client_reference: Reference | None = None
    held: Held | None = None
    interpreter: bool | None = None
    language: Language | None = None
    context: Annotated[
        dict[str, Answer] | None, Field(max_length=50, description="Fields to change; one that is null is taken out.")
    ] = None
    version: Annotated[
        int | None,
        Field(ge=1, le=2**31, description="The version that you saw. If it is another one now, nothing is changed."),
    ] = None


class AnswerRequest(Given):
    """One answer. The one before it gives way."""

    answer: Answer


class AnswersRequest(Given):
    """Several answers: all are kept, or none."""

    answers: Annotated[Answers, Field(min_length=1)]


class KeepScoreRequest(Given):
    """A score of the answers as they are."""

    versions: Pinned | None = None


class RescoreRequest(Given):
    """Ask again: a new round with the answers so far, but for attitudes."""

    why: Annotated[Why, Field(description="Why the questions are asked again.")]


class ObjectionRequest(Given):
    """The client objects to being scored."""

    note: Note = ""


class DecisionRequest(Given):
    """What a caseworker decided. The score is a proposal until then."""

    action: Annotated[
        Literal["confirm", "override", "ask_for_more", "withdraw"],
        Field(
            description="`confirm` the proposed band; `override` it with another `band` and a `reason`; "
            "`ask_for_more`: the client asks for more support and gets the next band up; `withdraw` the decision."
        ),
    ]
    score: Annotated[Id, Field(description="The score that the caseworker saw.")]
    by: Annotated[str, Field(min_length=2, max_length=200, description="The name of the caseworker who decided.")]
    band: Annotated[str | None, Field(max_length=64, description="Only for `override`: the id of the band.")] = None
    reason: Annotated[
        str | None, Field(max_length=64, description="Only for `override`: a reason of `GET /api/v1/cutoffs`.")
    ] = None
    note: Note = ""
    last: Annotated[
        str | None,
        Field(
            max_length=64,
            description="The last decision that the caseworker saw; empty for none. If there is another one now, "
            "nothing is recorded.",
        ),
    ] = None


class KeptAnswer(Answered):
    """One answer as it is kept."""

    state: Literal["answered", "declined", "not_asked"]
    value: Annotated[
        JsonValue, Field(description="The id of an option, the code of an area, or a number; null where there is none.")
    ]
    at: Moment


class Progress(Answered):
    """How far the interview is, and what to ask next."""

    next_question: Annotated[str | None, Field(description="The question to ask next; null where none is left.")]
    unanswered: Annotated[list[str], Field(description="Open questions, in the order in which to ask them.")]
    optional: Annotated[list[str], Field(description="Open questions beside the interview. Do not press them.")]
    too_early: Annotated[list[str], Field(description="Questions that do not apply yet.")]
    passed_over: Annotated[list[str], Field(description="Questions that were passed over.")]
    asked: Annotated[int, Field(ge=0, description="How many questions have been asked or passed over.")]
    about: Annotated[int, Field(ge=0, description="About how many there are in all.")]
    enough_is_known: Annotated[bool, Field(description="The rest is unlikely to change the band.")]
    can_stop: Annotated[bool, Field(description="Enough is known, or nothing is left to ask.")]
    fixed_order: Annotated[str, Field(description="Why the questions come in the order of the checklist, if they do.")]


class ScoreHead(Answered):
    """The score that counts; all of it: `GET /api/v1/assessments/{id}/score`."""

    id: Id
    status: str
    band: Annotated[str | None, Field(description="The band that was proposed.")]
    versions: Versions
    scored_on: Day
    valid_until: Day
    outdated: bool
    expired: bool
    other_versions: bool


class Decision(Answered):
    """A decision that a person took."""

    id: str
    assessment: Id
    score: Annotated[Id | None, Field(description="The score that it is about; null for an objection without one.")]
    action: str
    state: Annotated[str, Field(description="Where things stand after it.")]
    proposed_band: str | None
    band: Annotated[Band | None, Field(description="The band that was decided; null where the step decides none.")]
    reason: Annotated[str, Field(description="A reason code; empty where none is needed.")]
    by: Annotated[str | None, Field(description="Whom your program named; null for a decision taken elsewhere.")]
    at: Moment


class AssessmentHead(Answered):
    """An assessment in a list."""

    id: Id
    reference: Annotated[str, Field(description="Made by the service, such as K7QM-2XRD.")]
    client_reference: Reference
    state: Annotated[State, Field(description="`open`: being asked; `scored`: waits for a decision.")]
    held: str
    practice: bool
    round: Annotated[int, Field(ge=1, description="Grows each time that the questions are asked again.")]
    started_at: Moment
    version: Annotated[int, Field(ge=1)]


class Assessment(AssessmentHead):
    """An assessment. It holds no name."""

    interpreter: bool
    language: str
    context: dict[str, Any]
    answers: dict[str, KeptAnswer]
    progress: Progress
    score: Annotated[ScoreHead | None, Field(description="Null where there is none that counts.")]
    decision: Annotated[Decision | None, Field(description="The decision in force; null while nobody has decided.")]
    last_decision: Annotated[str, Field(description="The id of the last step on this score; empty for none.")]


class SavedAnswer(Answered):
    """An answer that was kept."""

    state: Literal["answered", "declined", "not_asked"]
    value: JsonValue
    used: Annotated[bool, Field(description="False where it is too early for the question: kept, and not used.")]


class Saved(Answered):
    """Answers that were kept, by question."""

    assessment: Id
    answers: dict[str, SavedAnswer]
    progress: Progress


class AssessmentPage(Answered):
    """Part of the list of assessments that were started with this key."""

    assessments: list[AssessmentHead]
    next: Annotated[str | None, Field(description="Send this as `cursor` for the next part; null at the end.")]


class ListQuery(Given):
    """Which part of a list."""

    cursor: Annotated[str, Field(max_length=200, description="`next` of the part before.")] = ""
    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50


class AssessmentsQuery(ListQuery):
    """Which assessments."""

    state: Annotated[State | None, Field(description="Only those in this state.")] = None
    practice: Annotated[bool, Field(description="Only those of invented clients, in place of the others.")] = False

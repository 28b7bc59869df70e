"""What is sent to be scored, and what does a score say?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from triage.web.api.models.base import Answered, Answers, Context, Day, Given, Id

#: So many clients at once.
MOST_CLIENTS = 1_000
Chance = Annotated[float, Field(ge=0, le=1)]
LogOdds = Annotated[float, Field(ge=-32, le=32)]


class Pinned(Given):
    """Versions that must be in force. One that is left out is not checked."""

    model: Annotated[str | None, Field(max_length=200, description="The model.")] = None
    checklist: Annotated[str | None, Field(max_length=200, description="The checklist and its features.")] = None
    cutoffs: Annotated[str | None, Field(max_length=200, description="The cut-offs.")] = None


class ScoreRequest(Given):
    """The answers of one client, to be scored without being stored."""

    answers: Answers
    context: Context = Field(default_factory=dict)
    on: Annotated[
        Day | None,
        Field(description="The day of the interview, today or before; it decides for which questions it is too early."),
    ] = None
    versions: Pinned | None = None
    ask_next: Annotated[bool, Field(description="Whether to say which question to ask next.")] = False


class Client(Given):
    """One client of several."""

    answers: Answers
    context: Context = Field(default_factory=dict)


class BatchRequest(Given):
    """The answers of several clients, to be scored without being stored."""

    clients: Annotated[list[Client], Field(min_length=1, max_length=MOST_CLIENTS)]
    on: Annotated[Day | None, Field(description="The day of the interviews, today or before.")] = None
    versions: Pinned | None = None


class Versions(Answered):
    """What a score was made with."""

    model: str
    checklist: str
    cutoffs: str


class Band(Answered):
    """A band of support."""

    id: str
    name: Annotated[str, Field(description="What the support is called.")]
    offers: Annotated[str, Field(description="What it offers.")]


class Said(Answered):
    """One answer that changes the odds by as much as the cut-offs file asks, or more."""

    question: str
    text: Annotated[str, Field(description="A sentence from the checklist.")]
    log_odds: Annotated[LogOdds, Field(description="Its contribution, exactly.")]
    odds_ratio: Annotated[float, Field(gt=0, description="What the odds are multiplied with.")]


class Figures(Answered):
    """The figures of a score. `logit` is exactly `baseline` plus all contributions, in any order."""

    probability: Annotated[Chance, Field(description="The chance of what the label says, 0 to 1.")]
    lower: Annotated[Chance, Field(description="The lower end of the range, 0 to 1.")]
    upper: Annotated[Chance, Field(description="The upper end of the range, 0 to 1.")]
    logit: Annotated[LogOdds, Field(description="Log-odds. Bands, ties and ranks are decided on it.")]
    lower_logit: LogOdds
    upper_logit: LogOdds
    baseline: Annotated[LogOdds, Field(description="The log-odds of somebody who answers nothing.")]
    contributions: Annotated[
        dict[str, LogOdds], Field(description="Log-odds by question; 0 for one that says nothing.")
    ]


class Next(Answered):
    """What to ask next."""

    question: Annotated[str | None, Field(description="The question to ask next; null where none is left.")]
    chance_of_another_band: Annotated[Chance, Field(description="The chance that what is open would change the band.")]
    enough_is_known: Annotated[bool, Field(description="There is a band, and the rest is unlikely to change it.")]


Status = Literal["proposed", "not_enough_answers", "has_job", "redeployed"]


class Scored(Answered):
    """What is said about one client: a proposal, and never a decision."""

    status: Annotated[Status, Field(description="`proposed`, or why no band is proposed.")]
    band: Annotated[Band | None, Field(description="The band that is proposed; null where none is.")]
    why_no_band: Annotated[str | None, Field(description="Why no band is proposed, and what comes next.")]
    bands_possible: Annotated[list[str], Field(description="Every band that the range reaches, from the lowest up.")]
    crossing: Annotated[
        str | None,
        Field(description="Said where the range reaches across a cut-off. Whoever shows a band shows this with it."),
    ]
    figures: Annotated[
        Figures | None,
        Field(
            description="Null for somebody who has a job to go to: the label is not about them. Null also for a key of "
            "a body that can sanction benefits: with the public points they would tell answers that it must not have."
        ),
    ]
    reasons: Annotated[list[Said], Field(description="Answers that raise the odds, the strongest first.")]
    strengths: Annotated[list[Said], Field(description="Answers that lower the odds, the strongest first.")]
    sentences: Annotated[
        list[str], Field(description="What this score says, in the words of its label and its source. Show these.")
    ]
    raised_by_special: Annotated[bool, Field(description="Answers about health or disability raise the band.")]
    complex_needs: Annotated[
        Literal["", "stated", "suggested"],
        Field(description="The figure is least reliable for people with several complex needs."),
    ]
    declined: Annotated[list[str], Field(description="Questions that the client preferred not to answer.")]
    not_applicable: Annotated[list[str], Field(description="Questions for which it is too early.")]
    not_asked: Annotated[list[str], Field(description="Questions of the interview without an answer.")]


class Terms(Answered):
    """What every score carries: what it was made with, for what it may be used, and until when."""

    versions: Versions
    label: Annotated[str, Field(description="What is estimated, in words.")]
    source: Annotated[Literal["evidence", "learned"], Field(description="`evidence`: no outcomes were used.")]
    permitted_use: Annotated[str, Field(description="The only thing that a score may be used for.")]
    scored_on: Annotated[Day, Field(description="The day of the interview that was scored.")]
    valid_until: Annotated[Day, Field(description="After this day, ask again.")]


class Score(Scored, Terms):
    """A score that is not stored."""

    next: Annotated[Next | None, Field(description="Only where `ask_next` was sent.")] = None


class KeptScore(Score):
    """A score of an assessment."""

    assessment: Id
    id: Annotated[Id, Field(description="Name it in a decision, so that nobody decides on another one.")]
    outdated: Annotated[bool, Field(description="Answers have changed since. Score again.")]
    expired: Annotated[bool, Field(description="It is past `valid_until`. Score again.")]
    other_versions: Annotated[bool, Field(description="Other versions are in force now. Score again.")]


class Fault(Answered):
    """One thing that is wrong."""

    where: Annotated[str, Field(description="The field or the question. What was sent is not repeated.")]
    what: str
    hint: str


class NotScored(Answered):
    """Why a client of several was not scored."""

    code: Annotated[str, Field(description="A stable word: `answers_error`, `objected`.")]
    detail: str
    faults: list[Fault]


class BatchRow(Answered):
    """One client of several."""

    place: Annotated[int, Field(ge=0, description="The place in the request, from 0.")]
    score: Annotated[Scored | None, Field(description="Null where this client was not scored.")]
    problem: Annotated[NotScored | None, Field(description="Why this client was not scored.")]


class Batch(Terms):
    """Scores of several clients, in the order in which they were sent. Every one comes out."""

    clients: list[BatchRow]

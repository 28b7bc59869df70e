"""What is in force: which model, which questions, which bands?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from triage.web.api.models.base import Answered
from triage.web.api.models.scores import Chance, LogOdds, Versions


class Label(Answered):
    """What is estimated, in words: of 100 people, so many are `outcome` `horizon`, and the others `complement`."""

    outcome: str
    complement: str
    horizon: str
    horizon_weeks: Annotated[int, Field(ge=1, description="Weeks after the end of the job.")]
    among: Annotated[str, Field(description="About whom it is.")]


class BaseRate(Answered):
    """The chance of somebody who answers nothing."""

    value: Chance
    plausible: Annotated[list[float], Field(min_length=2, max_length=2, description="From and to.")]
    measured: Annotated[bool, Field(description="False where it is a planning assumption.")]
    source: str


class Sample(Answered):
    """Whom a learned model learned from."""

    people: Annotated[int, Field(ge=0)]
    first: str
    last: str
    simulated: Annotated[bool, Field(description="True where nobody of them exists.")]


class Model(Answered):
    """The model in force: the summary of its card."""

    versions: Versions
    source: Annotated[Literal["evidence", "learned"], Field(description="`evidence`: no outcomes were used.")]
    label: Label
    base_rate: BaseRate
    baseline: Annotated[LogOdds, Field(description="The log-odds of somebody who answers nothing.")]
    coverage: Annotated[Chance, Field(description="How often a range is meant to hold the figure.")]
    training: str
    sample: Sample | None
    reference: Annotated[str, Field(description="The population behind the base rate and the shares.")]
    said: Annotated[list[str], Field(description="Where the figures come from. Show it with them.")]
    meaning: Annotated[list[str], Field(description="What a figure means.")]
    limits: Annotated[list[str], Field(description="What a figure cannot say.")]
    permitted_use: str


class Option(Answered):
    """One answer that can be chosen."""

    id: str
    text: str


class Area(Answered):
    """An area."""

    code: str
    name: str


class Span(Answered):
    """Which numbers can be given."""

    unit: str
    minimum: float
    maximum: float
    whole: bool


class Question(Answered):
    """One question, with its answers."""

    id: str
    factor: str
    label: str
    ask: Annotated[str, Field(description="The question as it is put to a client.")]
    help: str
    kind: Literal["choice", "number", "area"]
    options: Annotated[list[Option], Field(description="For a choice, in order.")]
    number: Annotated[Span | None, Field(description="For a number.")]
    decline: Annotated[bool, Field(description="Whether `declined` is offered. Always show it where it is.")]
    sensitivity: Literal["none", "special_category", "attitude", "family_background", "job_search"]
    interview: Annotated[bool, Field(description="False for a question beside the interview: never press it.")]
    not_applicable_until_weeks_after_job_ends: Annotated[int | None, Field(description="It is too early before.")]
    can_change: Annotated[str, Field(description="What a client could do about it.")]


class ContextField(Answered):
    """Something that is asked beside the questions and never scored."""

    id: str
    label: str
    ask: str
    help: str
    kind: Literal["choice", "date", "yes_no"]
    options: list[Option]


class OutcomeKind(Answered):
    """What can become of a client."""

    id: str
    text: str
    without_weeks: Annotated[bool, Field(description="Whether `weeks` may be null.")]


class Checklist(Answered):
    """The checklist in force."""

    version: str
    title: str
    questions: list[Question]
    areas: Annotated[list[Area], Field(description="Answers to a question of the kind `area`: a code or a name.")]
    context: list[ContextField]
    outcomes: list[OutcomeKind]


class CutoffBand(Answered):
    """A band of support, from the one for everybody up."""

    id: str
    name: str
    offers: str
    from_probability: Annotated[
        Chance | None, Field(description="The chance from which it is proposed for one client; null for everybody's.")
    ]


class Reason(Answered):
    """Why a caseworker changes a proposed band."""

    id: str
    text: str
    directions: list[Literal["up", "down"]]
    note: Annotated[Literal["required", "optional"], Field(description="Whether it needs a note.")]


class Rate(Answered):
    """A rate among the people of the evidence, with its 95% interval; null where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None


class BandEvidence(Answered):
    """What followed from the cut-off of one band among the people of the evidence."""

    id: str
    percent: Annotated[float | None, Field(description="The chance from which it is proposed, in percent.")]
    cases: Annotated[int | None, Field(description="People with the outcome at or above it.")]
    cases_below: Annotated[int | None, Field(description="People with the outcome below it.")]
    flagged: Annotated[Rate | None, Field(description="The share of all who reach it.")]
    ppv: Annotated[Rate | None, Field(description="Of those who reach it, the share with the outcome.")]
    npv: Annotated[Rate | None, Field(description="Of those below it, the share without the outcome.")]
    sensitivity: Annotated[Rate | None, Field(description="Of those with the outcome, the share who reach it.")]


class EvidencePeople(Answered):
    """Whom the evidence is about."""

    rows: int
    cases: Annotated[int, Field(description="People with the outcome.")]
    first_date: str | None
    last_date: str | None


class PolicyEvidence(Answered):
    """What was known of the consequences when the policy was promoted."""

    simulated: Annotated[bool, Field(description="True where nobody of the people exists.")]
    model: str
    checklist: str
    people: EvidencePeople
    scores: Annotated[str, Field(description="How far the people were new to the model.")]
    bands: list[BandEvidence]
    widened: Annotated[list[str], Field(description="Gaps between groups that it widened, against the one before.")]


class PromotedPolicy(Answered):
    """Who put the cut-offs in force, and on what evidence."""

    in_force_by: str
    in_force_since: str
    promoted_by: str
    promoted_at: str
    why: str
    trade_off: Annotated[str, Field(description="Why a wider gap between groups was accepted; empty for none.")]
    evidence: PolicyEvidence


class Cutoffs(Answered):
    """The cut-offs in force."""

    version: str
    sha256: Annotated[str, Field(description="Of the cut-offs file, in hexadecimal.")]
    title: str
    reasoning: str
    permitted_use: str
    bands: list[CutoffBand]
    enough_answers: Annotated[int, Field(ge=1, description="With fewer answers that count, no band is proposed.")]
    demonstration: Annotated[bool, Field(description="True where nobody has approved them.")]
    approved_by: str
    review_date: str | None
    promoted: Annotated[PromotedPolicy | None, Field(description="Null for a file that nobody promoted.")]
    reasons: list[Reason]

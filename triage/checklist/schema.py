"""What does a checklist file say? Factors, questions, answer options, and what is asked beside them."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from triage.faults import did_you_mean
from triage.schema import Content, content, length, matches, within

#: Words that an answer may carry in place of an option.
DECLINED, NOT_ASKED, NOT_APPLICABLE = "declined", "not_asked", "not_applicable"
RESERVED = frozenset({DECLINED, NOT_ASKED, NOT_APPLICABLE})

Id = Annotated[
    str, matches("[a-z][a-z0-9_]{0,63}", "an id has small letters, digits and underscores, and starts with a letter")
]
#: The kinds of the fields beside the questions that the engine understands.
_KINDS = {"redundancy_status": "choice", "job_ends": "date", "complex_needs": "yes_no", "objects_to_scoring": "yes_no"}
Sensitivity = Literal["none", "special_category", "attitude", "family_background", "job_search"]
#: The characteristics that the Equality Act 2010 protects.
Characteristic = Literal[
    "age", "disability", "gender_reassignment", "marriage_civil_partnership", "pregnancy_maternity", "race",
    "religion_belief", "sex", "sexual_orientation",
]  # fmt: skip


@content
class Source(Content):
    """Where a checklist comes from."""

    title: str
    publisher: str = ""
    date: str = ""
    licence: str = ""


@content
class Label(Content):
    """What is estimated, in words, and when: "of 100 people ... {outcome} {horizon}"."""

    outcome: str
    complement: str
    horizon_weeks: Annotated[int, within(ge=1, le=520)]
    horizon: str
    among: str


@content
class Factor(Content):
    """One row of the checklist, with the stars that grade how well evidenced it is (3 = best)."""

    id: Id
    row: str
    name: str
    stars: Annotated[int, within(ge=0, le=3)]


@content
class Option(Content):
    """One answer that may be chosen.

    `counts_as` marks an answer that contributes nothing: `declined` is treated as if the question had been
    declined, `neutral` is an answer which the evidence says nothing about.
    """

    id: Id
    text: str
    say: str = ""
    counts_as: Literal["declined", "neutral"] | None = None

    @property
    def spoken(self) -> str:
        """How the answer reads inside a sentence."""
        return self.say or self.text


@content
class NumberRange(Content):
    """What a person may give as a number; anything outside is a fault and not a guess."""

    unit: str
    minimum: float
    maximum: float
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.minimum < self.maximum:
            raise ValueError("'from' must be below 'to'")


@content
class Direction(Content):
    """How risk moves along the options, the number or the area's rate, with the source's own hedge."""

    risk: Literal["rises", "falls"]
    may: bool = False
    words: str


@content
class Question(Content):
    """One question of the checklist.

    `protected` marks a question that asks about a protected characteristic itself, not one that may go along with it.
    """

    id: Id
    row: str = ""
    factor: str
    label: str
    ask: str
    help: str = ""
    kind: Literal["choice", "number", "area"]
    options: tuple[Option, ...] = ()
    number: NumberRange | None = None
    direction: Direction | None = None
    decline: bool = True
    sensitivity: Sensitivity = "none"
    protected: Characteristic | None = None
    interview: bool = True
    event_form: Annotated[int, within(ge=1, le=6)] | None = None
    not_applicable_until_weeks_after_job_ends: Annotated[int, within(ge=0, le=104)] | None = None
    can_change: str = ""
    support: tuple[str, ...] = ()
    reason: str = ""
    strength: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice has options, and only a choice has them")
        if (self.kind == "number") != (self.number is not None):
            raise ValueError("a number question has 'number', and only a number question has it")
        ids = [option.id for option in self.options]
        if len(set(ids)) < len(ids):
            raise ValueError("two options have the same id")
        if clash := RESERVED.intersection(ids):
            raise ValueError(f"the option id '{sorted(clash)[0]}' is reserved")
        if self.kind == "choice" and len(self.ordered) < 2:
            raise ValueError("a choice needs at least two options that count")
        if self.event_form is not None and self.sensitivity != "none":
            raise ValueError("a sensitive question cannot stand on the event form")

    @cached_property
    def ordered(self) -> tuple[Option, ...]:
        """The options that count, in the order of the file."""
        return tuple(option for option in self.options if option.counts_as is None)

    @cached_property
    def by_id(self) -> dict[str, Option]:
        """Options by their id."""
        return {option.id: option for option in self.options}

    @property
    def special_category(self) -> bool:
        """True for health and disability answers."""
        return self.sensitivity == "special_category"

    @property
    def kept_apart(self) -> bool:
        """True for answers that stay out of a list's output unless they are asked for by name."""
        return self.sensitivity in ("special_category", "attitude", "family_background")


@content
class ContextField(Content):
    """Something asked beside the questions that is never scored."""

    id: Id
    label: str
    ask: str
    help: str = ""
    kind: Literal["choice", "date", "yes_no"]
    options: tuple[Option, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice has options, and only a choice has them")


@content
class ChecklistFile(Content):
    """The whole of a checklist file."""

    id: Id
    version: str
    title: str
    source: Source
    label: Label
    factors: Annotated[tuple[Factor, ...], length(least=1)]
    questions: Annotated[tuple[Question, ...], length(least=1, most=100)]
    context: tuple[ContextField, ...] = ()

    def __post_init__(self) -> None:
        problems: list[str] = []
        factors = {factor.id for factor in self.factors}
        for question in self.questions:
            if question.factor not in factors:
                hint = did_you_mean(question.factor, factors)
                problems.append(f"question '{question.id}' names the unknown factor '{question.factor}'. {hint}")
        ids = [question.id for question in self.questions] + [field.id for field in self.context]
        problems.extend(f"the id '{item}' is used twice" for item in sorted({i for i in ids if ids.count(i) > 1}))
        places = [question.event_form for question in self.questions if question.event_form is not None]
        if len(set(places)) < len(places):
            problems.append("two questions have the same place on the event form")
        problems.extend(
            f"'{field.id}' must be of the kind {_KINDS[field.id]}"
            for field in self.context
            if field.kind != _KINDS.get(field.id, field.kind)
        )
        if problems:
            raise ValueError("; ".join(problem.strip() for problem in problems))

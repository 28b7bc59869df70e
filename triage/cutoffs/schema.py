"""What does a cut-offs file say? Bands of support, the rule for each, and what holds for all of them."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from triage.checklist.schema import Id
from triage.schema import Content, content, length, matches, within

VersionId = Annotated[str, matches("[a-z0-9][a-z0-9._-]{0,63}", "an id has small letters, digits, '.', '_' and '-'")]
Probability = Annotated[Decimal, within(gt=0, lt=1)]
Percent = Annotated[Decimal, within(gt=0, lt=100)]


@content
class LevelRule(Content):
    """A rule that gives one cut-off for everybody: a probability, or a top share of the reference population."""

    probability: Probability | None = None
    share: Percent | None = None

    def __post_init__(self) -> None:
        if (self.probability is None) == (self.share is None):
            raise ValueError("give either 'probability' (0 to 1) or 'share' (the top percent)")
        if self.share is not None and self.share * 10 % 1:
            raise ValueError("a 'share' is given in tenths of a percent, for instance 7.5")


@content
class Rule(Content):
    """The rule of a band: `probability`, `share`, or `capacity` (places of one list) with a fallback."""

    probability: Probability | None = None
    share: Percent | None = None
    capacity: Annotated[int, within(ge=0, le=1_000_000)] | None = None
    fallback: LevelRule | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("probability", "share", "capacity") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of 'probability', 'share' and 'capacity'")
        if (self.capacity is None) != (self.fallback is None):
            raise ValueError("'capacity' and 'fallback' go together: the fallback is for a single client")
        if self.share is not None and self.share * 10 % 1:
            raise ValueError("a 'share' is given in tenths of a percent, for instance 7.5")

    @property
    def level(self) -> LevelRule:
        """The rule for a single client."""
        return self.fallback if self.fallback is not None else LevelRule(probability=self.probability, share=self.share)


@content
class Band(Content):
    """One band of support. The first has no rule: it is everybody's."""

    id: Id
    name: str
    offers: str
    rule: Rule | None = None


@content
class EnoughAnswers(Content):
    """When there are enough answers to propose a band."""

    at_least: Annotated[int, within(ge=1)]
    questions: tuple[str, ...] = ()
    why: str = ""


@content
class Assessments(Content):
    """Where the assessments stand that cover these cut-offs: a reference or an address each."""

    data_protection: str = ""
    equality: str = ""


@content
class Governance(Content):
    """Who answers for these cut-offs, why they use what they use, and when they are looked at again.

    `protected_characteristics` holds the reason for using each one. `demonstration`: nobody approved the file, and it
    is for trying the tool out. What the service asks of this part stands in `triage/cutoffs/governed.py`.
    """

    approved_by: str = ""
    approved_on: date | None = None
    review_date: date | None = None
    assessments: Assessments = field(default_factory=Assessments)
    protected_characteristics: dict[str, str] = field(default_factory=dict)
    demonstration: bool = False

    def __post_init__(self) -> None:
        if self.approved_on and self.review_date and self.review_date <= self.approved_on:
            raise ValueError("'review_date' must be after 'approved_on'")


@content
class CutoffsFile(Content):
    """The whole of a cut-offs file."""

    id: VersionId
    version: str
    title: str
    checklist: str
    permitted_use: Annotated[str, length(least=1)]
    reasoning: Annotated[str, length(least=1)]
    bands: Annotated[tuple[Band, ...], length(least=2, most=20)]
    enough_answers: EnoughAnswers
    enough_is_known: Annotated[float, within(gt=0, lt=1)]
    reason_odds_ratio: Annotated[float, within(gt=1, le=10)]
    complex_needs_from: Annotated[int, within(ge=2)]
    national_floor: dict[str, LevelRule] = field(default_factory=dict)
    governance: Governance | None = None
    special_category: Literal["raise_only"] = "raise_only"

    def __post_init__(self) -> None:
        problems: list[str] = []
        ids = [band.id for band in self.bands]
        if len(set(ids)) < len(ids):
            problems.append("two bands have the same id")
        if self.bands[0].rule is not None:
            problems.append(f"the first band, '{ids[0]}', is everybody's and has no rule")
        problems += [f"the band '{band.id}' has no rule" for band in self.bands[1:] if band.rule is None]
        problems += [
            f"the national floor names the unknown band '{name}'" for name in self.national_floor if name not in ids[1:]
        ]
        problems += _order(self.bands[1:])
        if problems:
            raise ValueError("; ".join(problems))


def _order(bands: tuple[Band, ...]) -> list[str]:
    """Neighbouring bands whose rules of one kind stand in the wrong order."""
    problems: list[str] = []
    for below, above in pairwise(bands):
        first, second = below.rule, above.rule
        if first is None or second is None:
            continue
        a, b = first.level, second.level
        falling = a.probability is not None and b.probability is not None and a.probability >= b.probability
        growing = a.share is not None and b.share is not None and a.share <= b.share
        if falling or growing:
            problems.append(f"the band '{above.id}' must be harder to reach than '{below.id}'")
    return problems

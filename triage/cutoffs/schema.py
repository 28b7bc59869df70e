"""What does a cut-offs file say? Bands of support, the rule for each, and what holds for all of them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from triage.checklist.schema import Content, Id


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


Probability = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, lt=1)]
Percent = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, lt=100)]


class LevelRule(Content):
    """A rule that gives one cut-off for everybody: a probability, or a top share of the reference population."""

    probability: Probability | None = None
    share: Percent | None = None

    @model_validator(mode="after")
    def _one(self) -> LevelRule:
        if (self.probability is None) == (self.share is None):
            raise ValueError("give either 'probability' (0 to 1) or 'share' (the top percent)")
        if self.share is not None and self.share * 10 % 1:
            raise ValueError("a 'share' is given in tenths of a percent, for instance 7.5")
        return self


class Rule(Content):
    """The rule of a band: `probability`, `share`, or `capacity` (places of one list) with a fallback."""

    probability: Probability | None = None
    share: Percent | None = None
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    fallback: LevelRule | None = None

    @model_validator(mode="after")
    def _one(self) -> Rule:
        given = [name for name in ("probability", "share", "capacity") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of 'probability', 'share' and 'capacity'")
        if (self.capacity is None) != (self.fallback is None):
            raise ValueError("'capacity' and 'fallback' go together: the fallback is for a single client")
        if self.share is not None and self.share * 10 % 1:
            raise ValueError("a 'share' is given in tenths of a percent, for instance 7.5")
        return self

    @property
    def level(self) -> LevelRule:
        """The rule for a single client."""
        return self.fallback if self.fallback is not None else LevelRule(probability=self.probability, share=self.share)


class Band(Content):
    """One band of support. The first has no rule: it is everybody's."""

    id: Id
    name: str
    offers: str
    rule: Rule | None = None


class EnoughAnswers(Content):
    """When there are enough answers to propose a band."""

    at_least: int = Field(ge=1)
    questions: tuple[str, ...] = ()
    why: str = ""


class Governance(Content):
    """Who answers for these cut-offs, and when they are looked at again."""

    approved_by: str = ""
    approved_on: str = ""
    review_date: str = ""
    assessments: tuple[str, ...] = ()


class CutoffsFile(Content):
    """The whole of a cut-offs file."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    version: str
    title: str
    checklist: str
    permitted_use: str = Field(min_length=1)
    reasoning: str = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=2)
    enough_answers: EnoughAnswers
    enough_is_known: float = Field(gt=0, lt=1)
    reason_odds_ratio: float = Field(gt=1, le=10)
    complex_needs_from: int = Field(ge=2)
    national_floor: dict[str, LevelRule] = Field(default_factory=dict)
    governance: Governance | None = None
    special_category: Literal["raise_only"] = "raise_only"

    @model_validator(mode="after")
    def _consistent(self) -> CutoffsFile:
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
        return self


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

"""What does an evidence recipe say? Published effects with their spread, a base rate, a reference population."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from triage.checklist.schema import Content, Id
from triage.errors import ContentError
from triage.yamlfile import read_yaml


def _exact(value: Any) -> Any:
    """YAML floats become decimals by the digits in the file."""
    return Decimal(repr(value)) if isinstance(value, float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
OddsRatio = Annotated[Decimal, BeforeValidator(_exact), Field(ge=1, le=100)]
RangeEnd = Annotated[Decimal, BeforeValidator(_exact), Field(ge=Decimal("0.01"), le=100)]


class BaseRate(Content):
    """The share of people with the outcome, and how sure that is."""

    value: Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, lt=1)]
    plausible: tuple[Exact, Exact]
    measured: bool
    source: str = ""


class Draws(Content):
    """How many draws, which order statistics bound the interval, and the word that seeds them."""

    count: int = Field(default=32, ge=8, le=256)
    lower: int = 3
    upper: int = 30
    seed: str


class Effect(Content):
    """The effect of one input: the odds ratio of its highest against its lowest risk, and its shape.

    `range` is an 80% interval. For an input without a direction it may reach below 1: nobody knows the sign.
    """

    input: Id
    odds_ratio: OddsRatio
    range: tuple[RangeEnd, RangeEnd]
    even_steps: bool = False
    answers: dict[str, OddsRatio] = Field(default_factory=dict)
    from_values: tuple[tuple[Exact, OddsRatio], ...] = ()
    log_linear: tuple[Exact, Exact] | None = None
    source: str

    @model_validator(mode="after")
    def _one_shape(self) -> Effect:
        shapes = [self.even_steps, bool(self.answers), bool(self.from_values), self.log_linear is not None]
        if sum(shapes) != 1:
            raise ValueError("give exactly one of 'even_steps', 'answers', 'from_values', 'log_linear'")
        if not self.range[0] <= self.odds_ratio <= self.range[1]:
            raise ValueError("the odds ratio lies outside its own range")
        stated = [*self.answers.values(), *(ratio for _, ratio in self.from_values)]
        if stated and (max(stated) != self.odds_ratio or min(stated) != 1):
            raise ValueError("the largest odds ratio must be 'odds_ratio' and the smallest 1")
        if stated and self.odds_ratio == 1 and self.range[0] != self.range[1]:
            raise ValueError("an odds ratio of 1 with a range needs 'even_steps' or 'log_linear' for its shape")
        if self.log_linear is not None and not self.log_linear[0] < self.log_linear[1]:
            raise ValueError("'log_linear' goes from a lower to a higher number")
        starts = [start for start, _ in self.from_values]
        if sorted(set(starts)) != starts:
            raise ValueError("'from_values' must be in ascending order")
        return self


class Block(Content):
    """Inputs that measure partly the same thing, so that their effects are drawn together."""

    id: Id
    inputs: tuple[str, ...] = Field(min_length=2)
    odds_ratio: OddsRatio
    range: tuple[OddsRatio, OddsRatio] | None = None


class Group(Content):
    """Options, or the values of a number from `from` to `to`, that share a percentage equally."""

    options: tuple[str, ...] = ()
    start: float | None = Field(default=None, alias="from")
    stop: float | None = Field(default=None, alias="to")
    share: Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _one_kind(self) -> Group:
        if (self.start is None) != (self.stop is None) or bool(self.options) == (self.start is not None):
            raise ValueError("a group has either 'options', or 'from' and 'to'")
        return self


class Case(Content):
    """The shares for one span of a number question, or for some options of a choice, that comes before."""

    start: float | None = Field(default=None, alias="from")
    stop: float | None = Field(default=None, alias="to")
    options: tuple[str, ...] = ()
    groups: tuple[Group, ...]


class MarginSpec(Content):
    """How the answers of one question are spread over the reference population."""

    question: str
    answered: Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100)] = Decimal(100)
    groups: tuple[Group, ...] = ()
    ages: tuple[tuple[int, int], ...] = ()
    given: str = ""
    cases: tuple[Case, ...] = ()
    column: str = ""
    share_of: str = ""
    source: str

    @model_validator(mode="after")
    def _shape(self) -> MarginSpec:
        if bool(self.given) != bool(self.cases or self.column):
            raise ValueError("'given' needs 'cases' or 'column', and they need 'given'")
        if bool(self.column) != bool(self.share_of):
            raise ValueError("'column' and 'share_of' go together")
        for groups in (self.groups, *(case.groups for case in self.cases)):
            if groups and sum(group.share for group in groups) != 100:
                raise ValueError("the shares of the groups do not add up to 100")
        return self


class ReferenceSpec(Content):
    """The reference population: its name, its simulated size, and the margins that are known."""

    name: str
    people: int = Field(ge=1000, le=1_000_000)
    seed: str
    margins: tuple[MarginSpec, ...] = ()


class Recipe(Content):
    """The whole of an evidence recipe."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    checklist: str
    base_rate: BaseRate
    draws: Draws
    effects: tuple[Effect, ...]
    blocks: tuple[Block, ...] = ()
    reference: ReferenceSpec


def read_recipe(path: Path) -> Recipe:
    """The recipe in the YAML file at `path`.

    Raises:
        ContentError: the file has faults; all are named with their line.
    """
    return read_yaml(path, Recipe, ContentError)

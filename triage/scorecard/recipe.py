"""What does an evidence recipe say? Published effects with their spread, a base rate, a reference population."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from triage.checklist.schema import Id
from triage.errors import ContentError
from triage.schema import Content, content, length, matches, within
from triage.yamlfile import read_yaml

# A number in the file becomes a decimal by its own digits.
OddsRatio = Annotated[Decimal, within(ge=1, le=100)]
RangeEnd = Annotated[Decimal, within(ge=Decimal("0.01"), le=100)]
Percent = Annotated[Decimal, within(ge=0, le=100)]


@content
class BaseRate(Content):
    """The share of people with the outcome, and how sure that is."""

    value: Annotated[Decimal, within(gt=0, lt=1)]
    plausible: tuple[Decimal, Decimal]
    measured: bool
    source: str = ""

    def __post_init__(self) -> None:
        low, high = self.plausible
        if not 0 < low <= self.value <= high < 1:
            raise ValueError("'plausible' goes from a lower to a higher share, between 0 and 1, around 'value'")


@content
class Draws(Content):
    """How many draws, which order statistics bound the interval, and the word that seeds them."""

    count: Annotated[int, within(ge=8, le=256)] = 32
    lower: int = 3
    upper: int = 30
    seed: str

    def __post_init__(self) -> None:
        if not 1 <= self.lower < self.upper <= self.count:
            raise ValueError("'lower' and 'upper' are places among the draws, from 1 to 'count'")


@content
class Effect(Content):
    """The effect of one input: the odds ratio of its highest against its lowest risk, and its shape.

    `range` is an 80% interval. For an input without a direction it may reach below 1: nobody knows the sign.
    """

    input: Id
    odds_ratio: OddsRatio
    range: tuple[RangeEnd, RangeEnd]
    even_steps: bool = False
    answers: dict[str, OddsRatio] = field(default_factory=dict)
    from_values: tuple[tuple[Decimal, OddsRatio], ...] = ()
    log_linear: tuple[Decimal, Decimal] | None = None
    source: str

    def __post_init__(self) -> None:
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


@content
class Block(Content):
    """Inputs that measure partly the same thing, so that their effects are drawn together."""

    id: Id
    inputs: Annotated[tuple[str, ...], length(least=2)]
    odds_ratio: OddsRatio
    range: tuple[OddsRatio, OddsRatio] | None = None


@content
class Group(Content):
    """Options, or the values of a number from `from` to `to`, that share a percentage equally."""

    options: tuple[str, ...] = ()
    start: float | None = None
    stop: float | None = None
    share: Percent

    def __post_init__(self) -> None:
        if (self.start is None) != (self.stop is None) or bool(self.options) == (self.start is not None):
            raise ValueError("a group has either 'options', or 'from' and 'to'")


@content
class Case(Content):
    """The shares for one span of a number question, or for some options of a choice, that comes before."""

    start: float | None = None
    stop: float | None = None
    options: tuple[str, ...] = ()
    groups: tuple[Group, ...]


@content
class MarginSpec(Content):
    """How the answers of one question are spread over the reference population."""

    question: str
    answered: Percent = Decimal(100)
    groups: tuple[Group, ...] = ()
    ages: tuple[tuple[int, int], ...] = ()
    given: str = ""
    cases: tuple[Case, ...] = ()
    column: str = ""
    share_of: str = ""
    source: str

    def __post_init__(self) -> None:
        if bool(self.given) != bool(self.cases or self.column):
            raise ValueError("'given' needs 'cases' or 'column', and they need 'given'")
        if bool(self.column) != bool(self.share_of):
            raise ValueError("'column' and 'share_of' go together")
        for groups in (self.groups, *(case.groups for case in self.cases)):
            if groups and sum(group.share for group in groups) != 100:
                raise ValueError("the shares of the groups do not add up to 100")


@content
class ReferenceSpec(Content):
    """The reference population: its name, its simulated size, and the margins that are known."""

    name: str
    people: Annotated[int, within(ge=1000, le=1_000_000)]
    seed: str
    margins: tuple[MarginSpec, ...] = ()


@content
class Knowledge(Content):
    """An amount of knowledge for which the card says what the score can be expected to do."""

    id: Id
    words: str
    questions: Annotated[tuple[str, ...], length(least=1)]
    note: str = ""


@content
class Recipe(Content):
    """The whole of an evidence recipe. `limits` are sentences for the card that hold for this checklist."""

    id: Annotated[str, matches("[a-z0-9][a-z0-9._-]{0,63}", "an id has small letters, digits, '.', '_' and '-'")]
    checklist: str
    base_rate: BaseRate
    draws: Draws
    effects: tuple[Effect, ...]
    blocks: tuple[Block, ...] = ()
    reference: ReferenceSpec
    knowledge: tuple[Knowledge, ...] = ()
    limits: tuple[str, ...] = ()


def read_recipe(path: Path) -> Recipe:
    """The recipe in the YAML file at `path`.

    Raises:
        ContentError: the file has faults; all are named with their line.
    """
    return read_yaml(path, Recipe, ContentError)

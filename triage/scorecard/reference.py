"""Who are "people in general"? A reference population, exact in its margins and simulated where it must be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.errors import ContentError
from triage.faults import Fault, did_you_mean
from triage.features import Features, Input
from triage.numbers import fifty_digits
from triage.scorecard.recipe import Case, Group, MarginSpec, ReferenceSpec
from triage.yamlfile import count

Answer = str | float
Shares = tuple[tuple[Answer, Decimal], ...]

_BITS = 53


@dataclass(frozen=True)
class Margin:
    """How one question is answered: its shares, for all or by the answer of an earlier question.

    Attributes:
        answered: the share of people who answer, 0 to 1.
        by: shares (that add up to 1) by the answer of `given`; under None where nothing is given.
    """

    question: str
    answered: Decimal
    given: str
    by: Mapping[Answer | None, Shares]
    source: str


class Reference:
    """A reference population for one checklist.

    Raises:
        ContentError: a margin names an unknown question or option; all faults are named.
    """

    @fifty_digits()
    def __init__(self, spec: ReferenceSpec, features: Features) -> None:
        self.spec = spec
        self.features = features
        stated = {margin.question: margin for margin in spec.margins}
        faults = margin_faults(spec, features)
        if faults:
            raise ContentError(f"The reference population cannot be used: {count(faults)}.", faults)
        self.margins = {
            question.id: _margin(question, stated.get(question.id), features)
            for question in features.checklist.questions
        }
        faults = _gaps(self.margins)
        if faults:
            raise ContentError(f"The reference population cannot be used: {count(faults)}.", faults)

    @cached_property
    @fifty_digits()
    def shares(self) -> dict[str, Shares]:
        """For each question, the exact share of each answer among those who answer it."""
        found: dict[str, Shares] = {}
        for question_id, margin in self.margins.items():
            if not margin.given:
                found[question_id] = margin.by[None]
                continue
            before = dict(self._of(margin.given))
            total: dict[Answer, Decimal] = {}
            for answer, weight in before.items():
                for option, share in margin.by[answer]:
                    total[option] = total.get(option, Decimal(0)) + weight * share
            found[question_id] = tuple(total.items())
        return found

    @fifty_digits()
    def grid_shares(self, item: Input) -> list[Decimal]:
        """Shares of the grid values of an input, among those who answer its question with something to say."""
        shares = [Decimal(0)] * len(item.grid.values)
        for answer, share in self.shares[item.question.id]:
            value = item.value(answer)
            if value == value:
                shares[item.grid.places[value]] += share
        total = sum(shares, Decimal(0))
        return [share / total for share in shares]

    def _of(self, question_id: str) -> Shares:
        return self.margins[question_id].by[None]

    @fifty_digits()
    def simulate(self, *, everything: bool = False) -> NDArray[np.float64]:
        """Grid values [people, inputs] of the simulated population, NaN where a question is not answered.

        The same on every machine: it uses the raw bits of a Philox stream for each question.

        Args:
            everything: everybody answers every question, also those that are answered later or seldom.
        """
        answers: dict[str, NDArray[np.int64]] = {}
        codes: dict[str, tuple[Answer, ...]] = {}
        inputs = np.full((self.spec.people, len(self.features.inputs)), np.nan)
        for question_id in self._order():
            margin = self.margins[question_id]
            codes[question_id] = tuple(answer for answer, _ in self.shares[question_id])
            answers[question_id] = self._draw(margin, answers, codes)
            share = Decimal(1) if everything else margin.answered
            replies = self._bits(f"{question_id}:answered") < _threshold(share)
            for item in self.features.inputs_of[question_id]:
                values = np.array([item.value(answer) for answer in codes[question_id]])
                inputs[replies, item.place] = values[answers[question_id][replies]]
        return inputs

    def _order(self) -> list[str]:
        """Questions with the ones that others depend on first."""
        return sorted(self.margins, key=lambda question_id: bool(self.margins[question_id].given))

    def _draw(
        self,
        margin: Margin,
        answers: Mapping[str, NDArray[np.int64]],
        codes: Mapping[str, tuple[Answer, ...]],
    ) -> NDArray[np.int64]:
        bits = self._bits(margin.question)
        places = {answer: place for place, answer in enumerate(codes[margin.question])}
        if not margin.given:
            return _choose(bits, margin.by[None], places)
        drawn = np.zeros(self.spec.people, dtype=np.int64)
        for place, answer in enumerate(codes[margin.given]):
            chosen = answers[margin.given] == place
            drawn[chosen] = _choose(bits[chosen], margin.by[answer], places)
        return drawn

    def _bits(self, name: str) -> NDArray[np.int64]:
        key = int.from_bytes(hashlib.sha256(f"{self.spec.seed}:{name}".encode()).digest()[:16], "big")
        raw = np.random.Philox(key=key).random_raw(self.spec.people)
        return (raw >> np.uint64(64 - _BITS)).astype(np.int64)


def _threshold(share: Decimal) -> int:
    return int(share * (1 << _BITS))


def _choose(bits: NDArray[np.int64], shares: Shares, places: Mapping[Answer, int]) -> NDArray[np.int64]:
    total, edges = Decimal(0), []
    for _, share in shares[:-1]:
        total += share
        edges.append(_threshold(total))
    chosen = np.searchsorted(np.array(edges, dtype=np.int64), bits, side="right")
    return np.array([places[answer] for answer, _ in shares], dtype=np.int64)[chosen]


def _margin(question: Question, spec: MarginSpec | None, features: Features) -> Margin:
    if spec is None:
        return Margin(question.id, Decimal(1), "", {None: _equal(question, features)}, "")
    answered = spec.answered / 100
    grid = _numbers(question, features)
    if spec.column:
        return Margin(question.id, answered, spec.given, _by_area(question, spec, features), spec.source)
    if spec.given:
        earlier = features.checklist.question(spec.given)
        shares: dict[Answer | None, Shares] = {
            answer: _case(answer, spec.cases, grid) for answer, _ in _equal(earlier, features)
        }
        return Margin(question.id, answered, spec.given, shares, spec.source)
    if spec.groups:
        return Margin(question.id, answered, "", {None: _split(spec.groups, grid)}, spec.source)
    shares_of_number = _ages(spec.ages) if spec.ages else _equal(question, features)
    return Margin(question.id, answered, "", {None: shares_of_number}, spec.source)


def _equal(question: Question, features: Features) -> Shares:
    answers: Sequence[Answer]
    if question.number is not None:
        answers = _numbers(question, features)
    elif question.kind == "area":
        answers = features.options(question)
    else:
        answers = [option.id for option in question.ordered]
    return tuple((answer, Decimal(1) / len(answers)) for answer in answers)


def _numbers(question: Question, features: Features) -> tuple[float, ...]:
    """The grid values that a person may give as an answer; none where the answer is not a number."""
    if question.number is None:
        return ()
    low, high = question.number.minimum, question.number.maximum
    return tuple(value for value in features.inputs_of[question.id][0].grid.values if low <= value <= high)


def _ages(spans: Sequence[tuple[int, int]]) -> Shares:
    share = Decimal(1) / len(spans)
    return tuple((float(year), share / (stop - start + 1)) for start, stop in spans for year in range(start, stop + 1))


def _split(groups: Sequence[Group], grid: Sequence[float]) -> Shares:
    return tuple(
        (answer, group.share / 100 / len(members))
        for group in groups
        for members in [_members(group, grid)]
        for answer in members
    )


def _members(group: Group, grid: Sequence[float]) -> tuple[Answer, ...]:
    """The answers of a group: its options, or the grid values of its span."""
    if group.start is None or group.stop is None:
        return group.options
    return tuple(value for value in grid if group.start <= value <= group.stop)


def _case(answer: Answer, cases: Sequence[Case], grid: Sequence[float]) -> Shares:
    for case in cases:
        if case.options and answer in case.options:
            return _split(case.groups, grid)
        if case.start is not None and case.stop is not None and case.start <= float(answer) <= case.stop:
            return _split(case.groups, grid)
    return ()


def _by_area(question: Question, spec: MarginSpec, features: Features) -> dict[Answer | None, Shares]:
    if features.areas is None:
        raise ContentError(f"The margin of '{question.id}' asks for an area table, and there is none.")
    if not all(0 <= figure <= 100 for figure in features.areas.figures(spec.column).values()):
        raise ContentError(f"The margin of '{question.id}' needs a percentage in '{spec.column}' for every area.")
    others = [option.id for option in question.ordered if option.id != spec.share_of]
    found: dict[Answer | None, Shares] = {}
    for area in features.areas.areas:
        share = Decimal(area.columns[spec.column]) / 100
        rest = tuple((option, (1 - share) / len(others)) for option in others)
        found[area.code] = ((spec.share_of, share), *rest)
    return found


def _gaps(margins: Mapping[str, Margin]) -> list[Fault]:
    """Margins that depend on a margin which depends itself, or that leave out an answer of it."""
    faults: list[Fault] = []
    for margin in margins.values():
        if not margin.given:
            continue
        where = f"reference population, '{margin.question}'"
        earlier = margins[margin.given]
        if earlier.given:
            faults.append(Fault(where, f"it depends on '{margin.given}', which depends on another question itself."))
        elif left_out := [answer for answer, _ in earlier.by[None] if not margin.by.get(answer)]:
            faults.append(Fault(where, f"no case covers {len(left_out)} of the answers of '{margin.given}'."))
    return faults


def margin_faults(spec: ReferenceSpec, features: Features) -> list[Fault]:
    """Margins that name an unknown question or option, or a number that nobody may give."""
    faults: list[Fault] = []
    known = features.checklist.by_id
    for margin in spec.margins:
        where = f"reference population, '{margin.question}'"
        question = known.get(margin.question)
        if question is None:
            faults.append(Fault(where, "the checklist has no such question.", did_you_mean(margin.question, known)))
            continue
        if margin.given and margin.given not in known:
            faults.append(Fault(where, f"there is no question '{margin.given}'.", did_you_mean(margin.given, known)))
        faults.extend(_option_faults(margin, question, where))
        faults.extend(_span_faults(margin, _numbers(question, features), where))
    return faults


def _option_faults(margin: MarginSpec, question: Question, where: str) -> list[Fault]:
    counted = [option.id for option in question.ordered]
    named = [option for group in margin.groups for option in group.options]
    named += [option for case in margin.cases for group in case.groups for option in group.options]
    named += [margin.share_of] if margin.share_of else []
    return [
        Fault(where, f"there is no option '{name}' that counts.", did_you_mean(name, counted))
        for name in sorted(set(named) - set(counted))
    ]


def _span_faults(margin: MarginSpec, grid: Sequence[float], where: str) -> list[Fault]:
    """Spans that hold no value that a person may give, and groups that overlap."""
    spans = [(float(start), float(stop)) for start, stop in margin.ages]
    if any(not grid or start < grid[0] or stop > grid[-1] or start > stop for start, stop in spans):
        return [Fault(where, "'ages' are spans of a number question, within what a person may give.")]
    faults: list[Fault] = []
    for groups in (margin.groups, *(case.groups for case in margin.cases)):
        faults += [
            Fault(where, f"nobody may give a number from {group.start:g} to {group.stop:g}.")
            for group in groups
            if not _members(group, grid)
        ]
        members = [answer for group in groups for answer in _members(group, grid)]
        if len(set(members)) < len(members):
            faults.append(Fault(where, "two groups overlap."))
    return faults

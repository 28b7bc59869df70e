"""Of whom is the outcome known, does that depend on what they answered, and what if those lost from sight differ?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Question
from triage.engine.encode_columns import ANSWERED, DECLINED
from triage.features import Features
from triage.numbers import shortest
from triage.outcomes.label import BACK, COMPETING, OUT, Competing, staying_known
from triage.outcomes.outcomes import Outcomes

Flags = NDArray[np.bool_]
#: Groups with fewer people are not shown: their figures would be about persons, and say little.
SMALLEST_GROUP = 10
_PARTS = 3


@dataclass(frozen=True)
class Bounds:
    """The share with the outcome at a horizon, with and without assumptions about those whose outcome is not known.

    Attributes:
        estimate: with censoring weights, as if people lost from sight were like the others; NaN where nobody is known.
        low: if nobody of those not known had the outcome.
        high: if all of them had it. Without any assumption the share lies between `low` and `high` (Manski 1989).
        known: the share of people whose outcome is known, by their own weights.
        not_known: how many people's outcome is not known.
    """

    estimate: float
    low: float
    high: float
    known: float
    not_known: int


@dataclass(frozen=True)
class Reached:
    """Follow-up of the people with one answer to one question.

    Attributes:
        question: its id.
        answer: the answer in words; "declined" or "not answered" for those without one.
        people: how many; None where the group is too small to be shown, and the shares with it.
        never: the share never reached (lost at week 0).
        known: the share whose outcome at the horizon is known. Where many return early it is higher, so it differs
            between groups of different risk even where they were followed up alike.
        in_sight: the chance of not being lost from sight before the horizon (Kaplan-Meier): that of the follow-up.
    """

    question: str
    answer: str
    people: int | None
    never: float | None
    known: float | None
    in_sight: float | None


def bounds(outcomes: Outcomes, horizon: float, competing: Competing = "not_back") -> Bounds:
    """The share with the outcome at `horizon` weeks and its bounds; NaN for no rows or no weight."""
    label = outcomes.label(horizon, competing)
    weight = outcomes.weight
    total = float(weight.sum())
    if not total:
        nan = float("nan")
        return Bounds(label.rate, nan, nan, nan, int((~label.known).sum()))
    low = float(weight[label.known & label.outcome].sum()) / total
    unknown = float(weight[~label.known].sum()) / total
    return Bounds(label.rate, low, min(low + unknown, 1.0), 1.0 - unknown, int((~label.known).sum()))


def never_reached(outcomes: Outcomes) -> Flags:
    """[n] True for people of whom nothing is known after the day the job ended."""
    never: Flags = (outcomes.place == OUT) & (outcomes.weeks == 0)
    return never


def in_sight(outcomes: Outcomes, rows: Flags, horizon: float, competing: Competing = "not_back") -> float:
    """The chance, 0 to 1, that one of `rows` is not lost from sight before `horizon` weeks (Kaplan-Meier)."""
    ends = (outcomes.place == BACK) | ((outcomes.place == COMPETING) & (competing == "not_back"))
    at = np.array([horizon])
    return float(staying_known(outcomes.weeks[rows], ends[rows], outcomes.weight[rows], at)[0])


def unlike(outcomes: Outcomes, groups: Sequence[Flags], horizon: float, competing: Competing = "not_back") -> float:
    """How surely these groups were not lost from sight alike: standard normal, about 0 or less where they were.

    The log-rank test (Mantel 1966) with a loss before the horizon as the event, each person counting once. Its
    chi-squared figure is taken to a normal one by the cube root (Wilson and Hilferty 1931).
    """
    ends = (outcomes.place == BACK) | ((outcomes.place == COMPETING) & (competing == "not_back"))
    lost_at = [outcomes.weeks[rows & ~ends] for rows in groups]
    moments = np.unique(np.concatenate(lost_at))
    moments = moments[moments < horizon]
    lost = np.array([_count(weeks, moments, "right") - _count(weeks, moments, "left") for weeks in lost_at])
    # At equal weeks an end of the spell comes before a loss, so it is no longer at risk.
    present = np.array([
        rows.sum() - _count(outcomes.weeks[rows & ends], moments, "right") - _count(weeks, moments, "left")
        for rows, weeks in zip(groups, lost_at, strict=True)
    ])  # fmt: skip
    total, all_lost = present.sum(axis=0), lost.sum(axis=0)
    share = present / total
    scale = all_lost * (total - all_lost) / np.maximum(total - 1, 1)
    apart = (lost - share * all_lost).sum(axis=1)[:-1]
    spread = (np.diag((share * scale).sum(axis=1)) - (share * scale) @ share.T)[:-1, :-1]
    chi, free = float(apart @ np.linalg.pinv(spread) @ apart), len(groups) - 1
    return float((np.cbrt(chi / free) - (1 - 2 / (9 * free))) / np.sqrt(2 / (9 * free)))


def _count(
    weeks: NDArray[np.float64], moments: NDArray[np.float64], side: Literal["left", "right"]
) -> NDArray[np.intp]:
    """How many of `weeks` lie before each moment, with it where `side` is "right"."""
    found: NDArray[np.intp] = np.searchsorted(np.sort(weeks), moments, side=side)
    return found


def reached_by_answer(
    outcomes: Outcomes, features: Features, horizon: float, competing: Competing = "not_back"
) -> tuple[Reached, ...]:
    """For each answer to each question, how many people gave it and the shares never reached and known at `horizon`.

    Numbers and areas are put into thirds. Groups of fewer than 10 are not shown, nor is one more of the same question
    where the only one hidden could be found by subtraction.
    """
    never, known = never_reached(outcomes), outcomes.label(horizon, competing).known
    found: list[Reached] = []
    for place, question in enumerate(features.checklist.questions):
        groups = [(name, rows) for name, rows in answer_groups(outcomes, place, features) if rows.any()]
        hidden = _hidden([int(rows.sum()) for _, rows in groups])
        for at, (name, rows) in enumerate(groups):
            if at in hidden:
                found.append(Reached(question.id, name, None, None, None, None))
            else:
                weight = outcomes.weight[rows]
                lost, reached = _share(never[rows], weight), _share(known[rows], weight)
                sight = in_sight(outcomes, rows, horizon, competing)
                found.append(Reached(question.id, name, int(rows.sum()), lost, reached, sight))
    return tuple(found)


def _hidden(sizes: list[int]) -> set[int]:
    """The places of the groups that are not shown."""
    small = {place for place, size in enumerate(sizes) if size < SMALLEST_GROUP}
    if len(small) == 1 and len(sizes) > 1:
        rest = [place for place in range(len(sizes)) if place not in small]
        small.add(min(rest, key=lambda place: sizes[place]))
    return small


def _share(flags: Flags, weight: NDArray[np.float64]) -> float:
    total = float(weight.sum())
    return float(weight[flags].sum()) / total if total else float("nan")


def answer_groups(outcomes: Outcomes, place: int, features: Features) -> Iterator[tuple[str, Flags]]:
    """The people with each answer to the question at `place`, then those who declined, then those without an answer."""
    question, state = features.checklist.questions[place], outcomes.states[:, place]
    spots = [item.place for item in features.inputs_of[question.id]]
    values = outcomes.inputs[:, spots]
    answered = state == ANSWERED
    if question.options:
        yield from _options(values, answered, question, features)
    elif spots:
        yield from _thirds(values[:, 0], answered)
    yield "declined", state == DECLINED
    yield "not answered", ~answered & (state != DECLINED)


def _options(
    values: NDArray[np.float64], answered: Flags, question: Question, features: Features
) -> Iterator[tuple[str, Flags]]:
    """Options that the model cannot tell apart are one group."""
    alike: dict[tuple[float | None, ...], list[str]] = {}
    for option in question.options:
        codes = features.encode(question.id, option.id)
        if option.counts_as != "declined":
            alike.setdefault(tuple(None if np.isnan(code) else code for code in codes), []).append(option.id)
    for key, names in alike.items():
        same = [
            np.isnan(column) if code is None else column == code for column, code in zip(values.T, key, strict=True)
        ]
        yield " or ".join(names), answered & np.logical_and.reduce(same)


def _thirds(column: NDArray[np.float64], answered: Flags) -> Iterator[tuple[str, Flags]]:
    """Numbers in three groups of about the same size."""
    given = column[answered & ~np.isnan(column)]
    if not len(given):
        return
    edges = np.unique(np.quantile(given, np.arange(1, _PARTS) / _PARTS, method="inverted_cdf"))
    parts = np.searchsorted(edges, column, side="left")
    for part in range(len(edges) + 1):
        rows = answered & ~np.isnan(column) & (parts == part)
        if rows.any():
            low, high = shortest(column[rows].min()), shortest(column[rows].max())
            yield (low if low == high else f"{low} to {high}"), rows

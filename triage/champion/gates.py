"""Does this version pass every gate? Each gate with its figure, its limit and its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from triage.champion.gaps import Gap, NoGap
from triage.champion.limits import Limits, Range
from triage.evaluation.figures import Figure
from triage.outcomes.seen import Overlap


@dataclass(frozen=True)
class Gate:
    """One gate.

    Attributes:
        id: a word for programs.
        asks: what it asks, for people.
        passed: whether the version passes.
        found: the figure, in words.
        limit: what is asked of it, in words.
        figures: by name, what was found, for programs.
    """

    id: str
    asks: str
    passed: bool
    found: str
    limit: str
    figures: dict[str, Figure] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'failed'}: {self.found} ({self.limit})"

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "id": self.id, "asks": self.asks, "passed": self.passed, "found": self.found, "limit": self.limit,
            "figures": self.figures,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Facts:
    """What the gates judge by.

    Attributes:
        evaluation: what `evaluate` gives of the version, with the champion as an earlier model where there is one.
        gaps: see `triage.champion.gaps`.
        champion: the id of the champion's bundle, None where there is no champion.
        learned: True for a model that learned from people.
        overlap: how many of the people judged by it has seen; None where that cannot be told.
        no_gaps: the characteristics of which no two groups could be compared.
    """

    evaluation: dict[str, Any]
    gaps: Sequence[Gap]
    champion: str | None
    learned: bool
    overlap: Overlap | None
    no_gaps: Sequence[NoGap] = ()


def all_gates(facts: Facts, limits: Limits) -> list[Gate]:
    """Every gate, in the order in which people read them. That of the files comes first and is passed by now."""
    return [parity(""), _cases(facts, limits), _unseen(facts), *_calibration(facts, limits), _auc(facts, limits),
            *_groups(facts, limits)]  # fmt: skip


def parity(fault: str) -> Gate:
    """The gate of the files: `fault` is what is wrong with them, empty where nothing is."""
    found = fault or "the bundle is the one registered, and gives its released answers to the bit"
    return Gate("parity", "Is it the model that was released?", not fault, found, "hashes, tables and parity cases")


def _cases(facts: Facts, limits: Limits) -> Gate:
    cases = int(facts.evaluation["people"]["clients_with_outcome"])
    told: Figure = {"value": float(cases), "low": None, "high": None}
    limit = f"at least {limits.cases.least:,}"
    found = f"{cases:,} people known to have the outcome"
    return Gate("cases", "Are there enough people to judge by?", cases >= limits.cases.least, found, limit,
                {"cases": told})  # fmt: skip


def _unseen(facts: Facts) -> Gate:
    asks, limit = "Is it judged by people whom it has not seen?", "nobody it learned from"
    if not facts.learned:
        return Gate("unseen", asks, True, "it learned from nobody", limit)
    if facts.overlap is None:
        found = "it cannot be told: there is no training record with the run that made it"
        return Gate("unseen", asks, False, found, limit)
    seen = facts.overlap.clients + facts.overlap.rows
    found = f"{facts.overlap.clients:,} clients and {facts.overlap.rows:,} rows that it learned from"
    return Gate("unseen", asks, seen == 0, found, limit)


def _calibration(facts: Facts, limits: Limits) -> Iterator[Gate]:
    asked = (
        ("slope", "Are its figures as far apart as they should be?", limits.calibration.slope),
        ("observed_over_expected", "Does it expect the right number of people?",
         limits.calibration.observed_over_expected),
    )  # fmt: skip
    for name, asks, allowed in asked:
        told = facts.evaluation["main"][name]
        yield Gate(f"calibration_{name}", asks, _within(told, allowed), _words(told), _range_words(allowed),
                   {name: told})  # fmt: skip


def _within(told: Figure, allowed: Range) -> bool:
    value, low, high = told["value"], told["low"], told["high"]
    if value is None or low is None or high is None:
        return False
    return allowed.value[0] <= value <= allowed.value[1] and allowed.interval[0] <= low <= high <= allowed.interval[1]


def _auc(facts: Facts, limits: Limits) -> Gate:
    asks, margin = "Does it put people in order as well as the champion?", limits.auc.margin
    limit = f"at the low end of the interval not more than {margin:g} below the champion"
    own = facts.evaluation["main"]["auc"]
    if facts.champion is None:
        return Gate("auc", asks, True, f"AUC {_words(own)}; there is no champion", limit, {"auc": own})
    difference = next(item for item in facts.evaluation["comparators"] if item["kind"] == "previous")["auc"][
        "difference"
    ]
    low = difference["low"]
    found = f"AUC {_words(own)}; the difference to {facts.champion} is {_words(difference)}"
    passed = low is not None and low >= -margin
    return Gate("auc", asks, passed, found, limit, {"auc": own, "auc_difference": difference})


def _groups(facts: Facts, limits: Limits) -> Iterator[Gate]:
    """One gate for each characteristic and cut-off of which enough is known; one that fails where there is none."""
    allowed, asks = limits.groups, "Does it find the people of each group?"
    if not facts.evaluation["groups"]:
        yield Gate("groups", asks, True, "neither the checklist nor the file says by what to group people", "no limit")
    elif not facts.gaps:
        found = f"no two groups have {allowed.least_cases} people each who are known to have the outcome"
        yield Gate("groups", asks, False, found, "two groups or more")
    for item in facts.gaps:
        value, wider = item.gap["value"], item.wider
        found = f"recall of “{item.highest}” above “{item.lowest}” by {_words(item.gap)}"
        limit = f"at most {allowed.widest:g}"
        figures = {"gap": item.gap}
        passed = value is not None and value <= allowed.widest
        if wider is not None:
            found += f"; less the champion's gap: {_words(wider)}"
            limit += f", and at most {allowed.wider_than_champion:g} more than the champion's"
            figures["wider"] = wider
            passed = passed and wider["value"] is not None and wider["value"] <= allowed.wider_than_champion
        found += _left_out(item.left_out)
        where = f"{asks} {item.dimension}, {item.band}"
        yield Gate(f"groups.{item.id}.{item.band}", where, passed, found, limit, figures)
    for left in facts.no_gaps:
        found = f"no two groups can be compared{_left_out(left.left_out)}"
        limit = f"where two groups have {allowed.least_cases} people each who are known to have the outcome, the same"
        yield Gate(f"groups.{left.id}", f"{asks} {left.dimension}", True, found, limit)


def _left_out(groups: Sequence[str]) -> str:
    """The groups that were not compared, in words; nothing where there are none."""
    return f"; too little is known of {', '.join(f'“{name}”' for name in groups)}" if groups else ""


def _words(told: Figure) -> str:
    value, low, high = told["value"], told["low"], told["high"]
    if value is None:
        return "not known"
    if low is None or high is None:
        return f"{value:.3f} (no interval)"
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def _range_words(allowed: Range) -> str:
    return (
        f"{allowed.value[0]:g} to {allowed.value[1]:g}, with an interval between {allowed.interval[0]:g} and"
        f" {allowed.interval[1]:g}"
    )

"""Can the events tell two cut-offs apart, and are there enough of them to stand behind a policy?

The rules stand here and nowhere else; decision 27 has the reasons.

- Two cut-offs are **equal** where they flag exactly the same people.
- They are **told apart** where at least `LEAST_BETWEEN` people known to have the outcome lie between them. Otherwise
  they are **indistinct**. That is a count and no test: the lower of two cut-offs finds everybody whom the higher one
  finds, so sensitivity differs always, whatever the score is worth.
- A cut-off **tells nothing** where the outcome is not surely more frequent among those flagged than among the others:
  the 95% interval of PPV less (1 less NPV), both from the same resamples, does not lie above 0.
- A policy has **too few events** behind it where fewer than `LEAST_CASES` people with a band are known to have the
  outcome, or fewer than `LEAST_AT` of them stand at or above one of its cut-offs, or below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from triage.evaluation.figures import figure
from triage.tuning.candidates import Candidate
from triage.tuning.sweep import EVERYBODY, Swept

#: At least 100 events, ideally 200, to judge a model by (Collins, Ogundimu and Altman 2016, Statistics in Medicine 35).
LEAST_CASES = 100
#: Judgement: with fewer, one person more or less moves the figure by a tenth or more.
LEAST_AT = LEAST_BETWEEN = 10


@dataclass(frozen=True)
class Between:
    """What lies between two cut-offs, counted.

    Attributes:
        people: how many rows: 0 where the two flag exactly the same people.
        why: why the events cannot tell the two apart; "" where they can, or where the two are equal.
    """

    people: int
    why: str = ""


def between(swept: Swept, one: int, other: int) -> Between:
    """What lies between two edges of a sweep, given by their places."""
    low, high = sorted((one, other))
    rows, cases = (counts[EVERYBODY][0] for counts in (swept.rows, swept.cases))
    people, events = int(rows[low + 1] - rows[high + 1]), int(cases[low + 1] - cases[high + 1])
    if not people:
        return Between(0)
    few = events < LEAST_BETWEEN
    return Between(people, f"Between them: {_cases(events)}; {LEAST_BETWEEN} are needed." if few else "")


def tells(swept: Swept, edge: int) -> bool:
    """Whether people at or above an edge surely have the outcome more often than those below it.

    False where that cannot be told, since nobody is on one side.
    """
    once, again = (sums[EVERYBODY].rates(0, slice(edge, edge + 1)) for sums in (swept.once, swept.again))
    ahead = [cells["ppv"][0] - (1 - cells["npv"][0]) for cells in (once, again)]
    low = figure(ahead[0][0], ahead[1])["low"]
    return low is not None and low > 0


def neighbours(swept: Swept, percents: Sequence[int], places: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Neighbouring cut-offs that the events cannot tell apart, and runs of cut-offs that flag the same people."""
    indistinct: list[dict[str, Any]] = []
    equal: list[dict[str, Any]] = []
    for (first, one), (second, other) in pairwise(zip(percents, places, strict=True)):
        found = between(swept, one, other)
        if found.why:
            indistinct.append({"from": first, "to": second, "why": found.why})
        elif not found.people and equal and equal[-1]["to"] == first:
            equal[-1]["to"] = second
        elif not found.people:
            equal.append({"from": first, "to": second})
    return {"indistinct": indistinct, "equal": equal}


def blocked(policy: Candidate, current: Candidate, swept: Swept, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Why these events cannot carry a promotion of `policy`: a word and a sentence each.

    Args:
        policy: the candidate.
        current: the policy in force.
        swept: sums at the edges of both.
        ids: the bands, from the standard one up.
    """
    yield from _few(policy, swept, ids)
    if policy.kind == "in_force":
        yield "in_force", "It is in force already."
        return
    edges = list(zip(ids[1:], current.points.edges, policy.points.edges, strict=True))
    found = {band: between(swept, swept.at(before), swept.at(after)) for band, before, after in edges}
    then = {band: swept.at(after) for band, _, after in edges}
    if not any(item.people for item in found.values()):
        yield "same", "It flags exactly the same people as the policy in force."
    for band, item in found.items():
        if item.why:
            yield "indistinct", f"The cut-off of '{band}' cannot be told apart from the one in force. {item.why}"
        if item.people and not tells(swept, then[band]):
            yield (
                "tells_nothing",
                f"At the cut-off of '{band}' these events do not show that people flagged have the outcome more often"
                " than the others.",
            )


def _few(policy: Candidate, swept: Swept, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    cases = swept.cases[EVERYBODY][0]
    if cases[0] < LEAST_CASES:
        verb = "is" if cases[0] < 2 else "are"
        yield "few_cases", f"{_capital(_cases(int(cases[0])))} {verb} known in all; {LEAST_CASES} are needed."
    for band, edge in zip(ids[1:], policy.points.edges, strict=True):
        above = int(cases[swept.at(edge) + 1])
        for where, count in (("at or above", above), ("below", int(cases[0]) - above)):
            if count < LEAST_AT:
                said = f"{_cases(count)} {'stands' if count < 2 else 'stand'} {where} the cut-off of '{band}'"
                yield "few_cases", f"{_capital(said)}; {LEAST_AT} are needed."


def _cases(count: int) -> str:
    """ "only 1 person with the outcome", as a part of a sentence."""
    who = "nobody" if not count else f"only {count:,} {'person' if count == 1 else 'people'}"
    return f"{who} with the outcome"


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"

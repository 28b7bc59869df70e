"""Whose answers come back under another id, with other weeks or another day?

People with few answers are alike by chance. So only rows count in which at least half of the questions are answered,
and only answers that one client alone gave on each side. How many of those meet by chance is bounded by the answers
that exactly two clients share. Where `a` clients are expected to give certain answers in one file, and `b` in the
other, single ones meet a exp(-a) b exp(-b) times, and two clients share them a^2 exp(-a) / 2 and b^2 exp(-b) / 2 times.
Summed over all answers, the first is at most twice the root of the product of the others (Cauchy and Schwarz), however
the files differ and however answers go together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triage.engine.encode_columns import ANSWERED
from triage.outcomes.outcomes import Outcomes

#: Of the questions of a row, so many must be answered.
_LEAST_ANSWERED = 0.5
#: Copies are told from chance where there are more of them than so many times the bound.
_TIMES = 2.0


def answers(outcomes: Outcomes) -> list[bytes]:
    """[n] what was answered in each row. Equal answers have equal bytes."""
    # NaN and 0 have several forms; one of each is kept.
    inputs = np.where(np.isnan(outcomes.inputs), np.nan, outcomes.inputs + 0.0)
    columns = (inputs.astype("<f8"), outcomes.states.astype(np.int8))
    table = np.hstack([np.ascontiguousarray(column).view(np.uint8) for column in columns])
    return [row.tobytes() for row in table]


def many_answers(outcomes: Outcomes) -> NDArray[np.bool_]:
    """[n] True where at least half of the questions are answered."""
    return np.asarray((outcomes.states == ANSWERED).mean(axis=1) >= _LEAST_ANSWERED)


def givers(clients: Iterable[bytes], given: Iterable[str]) -> Counter[str]:
    """How many different clients gave these answers, by answers.

    Args:
        clients: of each row.
        given: the answers in each row, or a digest of them.
    """
    return Counter(said for _, said in set(zip(clients, given, strict=True)))


def copies(learned: Mapping[str, int], clients: Sequence[bytes], given: Sequence[str]) -> NDArray[np.bool_]:
    """[n] True in the rows whose answers are copied; nowhere where chance may give as many.

    Args:
        learned: how many clients gave answers before, by answers.
        clients: [n] of each row; none of them was there before.
        given: [n] the answers in each row, in the same form as those in `learned`.
    """
    here = givers(clients, given)
    met = np.array([here[said] == 1 and learned.get(said) == 1 for said in given], dtype=bool)
    chance = 2 * np.sqrt(_most_shared(learned) * _most_shared(here))
    told = len({client for client, same in zip(clients, met.tolist(), strict=True) if same}) > _TIMES * chance
    return met if told else np.zeros(len(met), dtype=bool)


def _most_shared(by_answers: Mapping[str, int]) -> float:
    """How many answers two clients may be expected to share, at most, after the number that do here."""
    shared = sum(number == 2 for number in by_answers.values())
    return float(shared + 3 * np.sqrt(shared) + 5)

"""What did a person decide or correct about the rows of a list, beside what the file itself says?

Both are given by the row's place in the list, from 0, because two sheets have the same row numbers. The file is never
written to: an answer takes the place of the one that was read, and goes through the same engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from triage.decisions.states import State
from triage.engine import Engine
from triage.errors import ListError
from triage.lists.answers import Given
from triage.lists.cells import Space, Value
from triage.lists.corrections import corrected
from triage.lists.names import ANSWER
from triage.lists.overrides import CONFIRMED
from triage.lists.plan import Plan
from triage.lists.tidy import Rows
from triage.lists.vocabulary import Vocabulary

Item = TypeVar("Item")
_SETTLED = ("confirmed", "overridden")
_WRITTEN = (*_SETTLED, "claimed")


@dataclass(frozen=True)
class Decided:
    """The last decision about one row.

    Attributes:
        state: the state after it.
        band: the id of the band decided; "" where none is.
        reason: a reason code; "" for a confirmation.
        by: the name of the person who decided.
        note: free words.
    """

    state: State
    band: str = ""
    reason: str = ""
    by: str = ""
    note: str = ""

    @property
    def settled(self) -> bool:
        """True where a band was decided and counts."""
        return self.state in _SETTLED

    @property
    def written(self) -> bool:
        """True where the columns for overrides say it."""
        return self.state in _WRITTEN

    @property
    def cells(self) -> tuple[str, str, str]:
        """What stands in the columns for overrides, so that it is read back as it was; "" where nothing does."""
        if not self.written:
            return "", "", ""
        reason, note = CONFIRMED if self.state == "confirmed" else self.reason, one_line(self.note)
        return self.band, f"{reason}: {note}" if note else reason, one_line(self.by)


@dataclass(frozen=True)
class Changes:
    """Decisions and corrected answers, by the row's place in the list.

    Attributes:
        decided: the last decision about a row.
        answers: what takes the place of the list's answers, by question or field; None: not given.
    """

    decided: Mapping[int, Decided] = field(default_factory=dict)
    answers: Mapping[int, Mapping[str, Value | None]] = field(default_factory=dict)

    def check_fits(self, plan: Plan, engine: Engine) -> None:
        """Raises ListError where they cannot be meant for this list and these cut-offs."""
        places, name = {*self.decided, *self.answers}, plan.source.path.name
        if places and not 0 <= min(places) <= max(places) < plan.rows:
            raise ListError(f"{name} has {plan.rows:,} rows, and a change is for another one. Load the list again.")
        bands = {band.id for band in engine.cutoffs.bands}
        if not {decided.band for decided in self.decided.values() if decided.written} <= bands:
            raise ListError(f"A decision about {name} names a band that these cut-offs do not have.")
        headings = plan.tables[0].headings
        names = headings.names if headings is not None else ()
        if self.answers and plan.own and not any(text.startswith(ANSWER) for text in names):
            raise ListError(f"{name} is an output without the answers, so none can be corrected. Use the first list.")

    def within(self, start: int, height: int) -> dict[int, Decided]:
        """Decisions about the rows from `start`, by place among these."""
        return {at - start: decided for at, decided in _within(self.decided, start, height)}

    def apply(
        self,
        given: Given,
        rows: Rows,
        start: int,
        clients: NDArray[np.int64],
        spaces: dict[str, Space],
        vocabulary: Vocabulary,
    ) -> Given:
        """The answers of the clients among rows from `start`, with those that were corrected.

        Raises:
            ListError: an answer or a decision is for a row that is not a client.
        """
        if not self.decided and not self.answers:
            return given
        where = {int(at) + start: place for place, at in enumerate(clients)}
        chosen = _within(self.answers, start, len(rows))
        written = [(place, True) for place, decided in _within(self.decided, start, len(rows)) if decided.written]
        for place, _ in (*chosen, *written):
            if place not in where:
                number = rows.numbers[place - start]
                raise ListError(f"Row {number} is not a client, so nothing can be decided or corrected there.")
        answers = {where[place]: item for place, item in chosen}
        return corrected(given, answers, len(clients), spaces, vocabulary) if answers else given


NOTHING = Changes()


def one_line(text: str) -> str:
    """`text` without line breaks and signs that a workbook cannot hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _within(items: Mapping[int, Item], start: int, height: int) -> list[tuple[int, Item]]:
    return [(place, item) for place, item in sorted(items.items()) if start <= place < start + height]

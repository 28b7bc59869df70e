"""Where does an assessment stand: which score counts, what was decided on it, and which decision is in force?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from triage.decisions import Decision, band_in_force, state_of
from triage.decisions.states import State
from triage.records.database import Row, View
from triage.records.tables import decisions, scores


def record_of(row: Row) -> Decision:
    """The decision record that a row keeps."""
    return Decision.from_json(row["record"])


@dataclass(frozen=True)
class Standing:
    """Where an assessment stands.

    Attributes:
        assessment: its row.
        newest: the last score of all; None where there is none.
        rows: every decision on this client, from the first to the last. An objection stands with the newest score of
            its time.
    """

    assessment: Row
    newest: Row | None
    rows: Sequence[Row]

    @property
    def score(self) -> Row | None:
        """The score that counts: the newest, if it is of this round and the client did not object after it."""
        newest = self.newest
        if newest is None or newest["round"] != self.assessment["round"]:
            return None
        return None if any(row["action"] == "object" for row in self.chain) else newest

    @cached_property
    def chain(self) -> list[Row]:
        """The decisions on the newest score; without one, those that were taken without any."""
        about = self.newest["id"] if self.newest else None
        return [row for row in self.rows if row["score"] == about]

    @cached_property
    def history(self) -> list[Decision]:
        """The records of `chain`."""
        return [record_of(row) for row in self.chain]

    @property
    def decision_state(self) -> State:
        """The state after `history`."""
        return state_of(self.history)

    @property
    def last(self) -> Row | None:
        """The last decision of all."""
        return self.rows[-1] if self.rows else None

    @cached_property
    def in_force(self) -> Row | None:
        """The decision that counts; None while no person has decided.

        A new score takes nothing away: the decision before it counts until a person decides on the new one, takes it
        back, or the client objects.
        """
        seen: set[str | None] = set()
        for row in reversed(self.rows):
            if row["score"] in seen:
                continue
            seen.add(row["score"])
            if row["state"] in ("objected", "withdrawn"):
                return None
            if row["state"] in ("confirmed", "overridden"):
                return row
        return None

    @cached_property
    def band(self) -> str | None:
        """The band in force."""
        if self.in_force is None:
            return None
        about = self.in_force["score"]
        return band_in_force([record_of(row) for row in self.rows if row["score"] == about])

    @property
    def objects(self) -> bool:
        """True where the client objects to being scored."""
        return self.last is not None and self.last["action"] == "object"

    @property
    def state(self) -> str:
        """The state of the assessment that follows from the records."""
        if self.objects:
            return "objected"
        if self.score is None:
            return "open"
        return "decided" if self.decision_state in ("confirmed", "overridden") else "scored"


def standing_of(view: View, assessment: Row) -> Standing:
    """Where `assessment` stands."""
    query = sa.select(decisions).where(decisions.c.assessment == assessment["id"]).order_by(decisions.c.number)
    rows = view.all(query)
    newest = view.one(
        sa.select(scores).where(scores.c.assessment == assessment["id"]).order_by(scores.c.number.desc()).limit(1)
    )
    return Standing(assessment, newest, rows)


def set_aside(rows: Sequence[Row], found: Sequence[Row]) -> set[str]:
    """Those of the scores `found` after which the client objected: they are shown and used no more."""
    objected = {row["score"] for row in rows if row["action"] == "object"}
    last = max((score["number"] for score in found if score["id"] in objected), default=0)
    return {score["id"] for score in found if score["number"] <= last}

"""How does a caseworker confirm a proposal, change it, take a decision back, or record an objection?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from triage.cutoffs import Cutoffs
from triage.decisions.decision import Decision, band_in_force, state_of
from triage.decisions.reasons import ASKED_FOR_MORE, ReasonCode, ReasonCodes, load_reasons
from triage.decisions.states import Action, check_can
from triage.engine import Score
from triage.errors import DecisionError


@dataclass(frozen=True)
class By:
    """Who takes a step, and when (with its time zone)."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Desk:
    """Where decisions are taken: the cut-offs in force and the reasons that may be given.

    Each method returns a new record; keeping it is the caller's part. `history` holds the earlier records of the
    same score.

    Raises:
        DecisionError: in each method, where the table of transitions or a rule does not allow the step.
    """

    cutoffs: Cutoffs
    reasons: ReasonCodes = field(default_factory=load_reasons)

    def confirm(self, score: Score, by: By, history: Sequence[Decision] = (), note: str = "") -> Decision:
        """The proposed band is right. Without a proposed band there is nothing to confirm."""
        if score.band is None:
            raise DecisionError("No band is proposed here, so there is none to confirm. Decide one with 'override'.")
        return self._record("confirm", score, score.band, "", note, by, history)

    def override(
        self, score: Score, band: str, reason: str, by: By, history: Sequence[Decision] = (), note: str = ""
    ) -> Decision:
        """Another band than the proposed one, in either direction, with a reason."""
        code = self.check_override(score, band, reason, note)
        return self._record("override", score, band, code.id, note, by, history)

    def claim(
        self, score: Score, band: str, reason: str, by: By, history: Sequence[Decision] = (), note: str = ""
    ) -> Decision:
        """An override that came back in a spreadsheet: it waits until the person it names accepts it.

        A claim needs no note, because a spreadsheet has no place for one.
        """
        code = self.check_override(score, band, reason, note or "claimed in a spreadsheet")
        return self._record("claim", score, band, code.id, note, by, history)

    def ask_for_more(self, score: Score, by: By, history: Sequence[Decision] = (), note: str = "") -> Decision:
        """The client asks for more help, and gets the band above the one in force, or above the proposed one."""
        ids = [band.id for band in self.cutoffs.bands]
        now = band_in_force(history) or score.band
        place = ids.index(now) if now is not None else 0
        if place + 1 == len(ids):
            raise DecisionError("This is the band with the most support already. Agree what else would help.")
        return self._record("ask", score, ids[place + 1], ASKED_FOR_MORE, note, by, history)

    def accept(self, score: Score, by: By, history: Sequence[Decision]) -> Decision:
        """The person whom a claim names accepts it."""
        claim = self._claim(history)
        if claim.by.strip().casefold() != by.name.strip().casefold():
            raise DecisionError("Only the person whom the claim names can accept it.")
        return self._record("accept", score, claim.band, claim.reason, claim.note, by, history, claim.id)

    def refuse(self, score: Score, by: By, history: Sequence[Decision], note: str = "") -> Decision:
        """A claim does not count; the proposal stands again."""
        return self._record("refuse", score, None, "", note, by, history, self._claim(history).id)

    def withdraw(self, score: Score, by: By, history: Sequence[Decision], note: str = "") -> Decision:
        """The last decision, or an objection, is taken back; the proposal stands again."""
        last = history[-1].id if history else ""
        return self._record("withdraw", score, None, "", note, by, history, last)

    def object(self, by: By, history: Sequence[Decision] = (), note: str = "") -> Decision:
        """The client objects to being scored. The record holds no score; every service stays open."""
        state = check_can(state_of(history), "object")
        return Decision("object", state, None, None, "", note, by.name, by.at, None)

    def check_override(self, score: Score, band: str, reason: str, note: str = "") -> ReasonCode:
        """The reason code of an override that the rules allow.

        Raises:
            DecisionError: the band is the proposed one, the reason is unknown or points the other way, or it needs
                a note and has none.
        """
        ids = [item.id for item in self.cutoffs.bands]
        wanted = ids.index(self.cutoffs.band(band).id)
        proposed = ids.index(score.band) if score.band is not None else 0
        if score.band is not None and wanted == proposed:
            raise DecisionError("This is the proposed band already. Confirm it instead.")
        code = self.reasons.find(reason)
        if code.id == ASKED_FOR_MORE and wanted >= proposed and wanted != proposed + 1:
            raise DecisionError(f"The reason '{code.id}' gives the next band up, and no other.")
        way = "up" if wanted > proposed else "down"
        if wanted != proposed and way not in code.directions:
            raise DecisionError(f"The reason '{code.id}' cannot move a band {way}. Choose another reason.")
        if code.note == "required" and not note.strip():
            raise DecisionError(f"The reason '{code.id}' needs a note. {code.help}".strip())
        return code

    @staticmethod
    def _claim(history: Sequence[Decision]) -> Decision:
        if not history or history[-1].action != "claim":
            raise DecisionError("There is no claim here to accept or refuse.")
        return history[-1]

    def _record(
        self,
        action: Action,
        score: Score,
        band: str | None,
        reason: str,
        note: str,
        by: By,
        history: Sequence[Decision],
        withdraws: str = "",
    ) -> Decision:
        state = check_can(state_of(history), action)
        kept = score.to_dict()
        return Decision(action, state, score.band, band, reason, note, by.name, by.at, kept, withdraws)

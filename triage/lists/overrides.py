"""What did a person decide in the columns for overrides, and may it be taken over as claimed?

A list cannot say who filled it in. So an override that comes back is `claimed`: it stands beside the score until
the named person accepts it in the service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from triage.cutoffs import Band
from triage.decisions import ReasonCode
from triage.features import fold

#: So many rows in a row, or more than half of at least so many overrides, with one reason and name look filled down.
FILL_DOWN = 5
PREFIX = "Override: "
#: In place of a reason: the named person confirms the proposed band.
CONFIRMED = "confirmed"
NO_NOTE = "a note is missing, write it behind the reason with a colon before it"


@dataclass(frozen=True)
class Claim:
    """What the override columns of one row come to.

    Attributes:
        band: place of the band that was decided; None where the override is not applied.
        problem: why it is not applied, or what is still missing; "" for nothing.
        reason: the reason code, or `CONFIRMED`; "" where the cell holds neither.
        note: what stands behind the reason.
    """

    band: int | None = None
    problem: str = ""
    reason: str = ""
    note: str = ""


class OverrideRules:
    """Reads override columns against the bands and the reason codes."""

    def __init__(self, bands: Sequence[Band], reasons: Sequence[ReasonCode]) -> None:
        self._bands = {fold(text): place for place, band in enumerate(bands) for text in (band.id, band.name)}
        self._reasons = {fold(text): reason for reason in reasons for text in (reason.id, reason.text)}
        self._codes = {reason.id: reason for reason in reasons}

    def claim(self, band: str, reason: str, by: str, proposed: int | None) -> Claim:
        """What a filled override comes to.

        Args:
            band, reason, by: the cells, "" where empty.
            proposed: place of the proposed band, None where there is none.
        """
        if not band:
            return Claim(None, f"{PREFIX}not applied, there is no band")
        place = self._bands.get(fold(band))
        if place is None:
            return Claim(None, f"{PREFIX}not applied, what stands in override_band is not a band")
        if not by:
            return Claim(None, f"{PREFIX}not applied, nobody is named in override_by")
        head, _, note = reason.partition(":")
        if fold(head) == CONFIRMED:
            why = "" if place == proposed else f"{PREFIX}not applied, only the proposed band can be confirmed"
            return Claim(None if why else place, why, CONFIRMED, note.strip())
        if place == proposed:
            return Claim(None, f"{PREFIX}not applied, this is the proposed band already, so confirm it instead")
        return self._with_reason(place, reason, proposed)

    def _with_reason(self, place: int, reason: str, proposed: int | None) -> Claim:
        if not reason:
            return Claim(None, f"{PREFIX}not applied, there is no reason")
        head, colon, note = reason.partition(":")
        sure = self._codes.get(head.strip()) if colon else None
        whole = self._reasons.get(fold(reason)) if sure is None else None
        code = sure or whole or self._reasons.get(fold(head))
        if code is None:
            return Claim(None, f"{PREFIX}not applied, the reason is not one of the reason codes")
        # Without a proposed band there is the standard support, so any other band is a step up.
        before = proposed or 0
        way = "up" if place > before else "down"
        if place != before and way not in code.directions:
            return Claim(None, f"{PREFIX}not applied, this reason cannot move a band {way}", code.id)
        note = "" if whole is not None else note.strip()
        missing = f"{PREFIX}{NO_NOTE}" if code.note == "required" and not note else ""
        return Claim(place, missing, code.id, note)


@dataclass
class FillDown:
    """Notices one reason and name that stand on many rows, over the whole list."""

    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last: tuple[str, str] | None = None
    _first: int = 0
    _stop: int = 0
    _runs: list[tuple[int, int]] = field(default_factory=list)

    def look(self, place: int, reason: str, by: str) -> None:
        """An override at this place of the list; places come in order."""
        pair = (fold(reason), fold(by))
        self._counts[pair] += 1
        if pair != self._last or place != self._stop:
            self.finish()
            self._last, self._first = pair, place
        self._stop = place + 1

    def finish(self) -> None:
        """Ends the run of rows that came last."""
        if self._stop - self._first >= FILL_DOWN:
            self._runs.append((self._first, self._stop))
        self._last, self._first, self._stop = None, 0, 0

    def flagged(self, place: int, reason: str, by: str) -> bool:
        """True for a row whose reason and name look filled down."""
        total, same = self._counts.total(), self._counts[(fold(reason), fold(by))]
        many = same >= FILL_DOWN and 2 * same > total
        return many or any(first <= place < stop for first, stop in self._runs)

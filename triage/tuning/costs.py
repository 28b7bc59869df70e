"""Which cut-off follows from what a place costs and what a missed case costs, and how much does the guess matter?

Offer a place where it is worth more than it costs. For somebody with the chance p of the outcome a place costs
`place`, and saves `missed` with the chance p. So it is worth it from p = place / missed. That is the threshold of a
decision curve (Vickers and Elkin 2006, Medical Decision Making 26): the harm of a place in vain is `place`, the benefit
of a place for somebody with the outcome is `missed - place`, and their ratio is p / (1 - p).

`missed` is therefore what the place would have saved, and not all that long-term unemployment costs: where a place
helps one person in five, it is a fifth of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from triage.errors import TuningError
from triage.evaluation.figures import rounded

#: What the ratio of the two costs might be instead, as multiples of the one given.
GUESSES = (Decimal("0.5"), Decimal("0.75"), Decimal("0.9"), Decimal(1), Decimal("1.1"), Decimal("1.5"), Decimal(2))
_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Costs:
    """What a place and a missed case cost, in any one unit.

    Attributes:
        band: the band whose places are meant.
        place: what one place costs, for whomever; above 0.
        missed: what is lost where somebody with the outcome is not offered one; more than `place`.

    Raises:
        TuningError: no cut-off follows from these.
    """

    band: str
    place: Decimal
    missed: Decimal

    def __post_init__(self) -> None:
        if self.place <= 0 or self.missed <= 0:
            raise TuningError("A cost has to be above 0. Give what a place costs, and what is lost by a missed case.")
        nobody = self.missed <= self.place or self.percent >= 100
        if nobody or not self.percent:
            raise TuningError(
                f"No cut-off follows from a place that costs {self.place} and a missed case that costs {self.missed}:"
                f" a place is then worth it for {'nobody' if nobody else 'everybody'}."
            )

    @property
    def percent(self) -> Decimal:
        """The cut-off that follows, in percent to two decimals."""
        return _percent(self.missed / self.place)

    def data(self) -> dict[str, Any]:
        """The cut-off, and the one that would follow if the ratio of the two costs were another: None for nobody."""
        ratio = self.missed / self.place
        guesses = [(factor * ratio, _percent(factor * ratio)) for factor in GUESSES]
        return {
            "band": self.band,
            "place": float(self.place),
            "missed": float(self.missed),
            "percent": float(self.percent),
            "depends": [
                {"ratio": rounded(float(ratio)), "percent": float(percent) if percent < 100 else None}
                for ratio, percent in guesses
            ],
        }


def _percent(ratio: Decimal) -> Decimal:
    """The cut-off for a missed case that costs `ratio` times a place."""
    return (100 / ratio).quantize(_PLACES)

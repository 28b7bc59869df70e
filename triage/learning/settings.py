"""What may be set about learning, and what is set where nobody says anything?"""

from __future__ import annotations

from dataclasses import dataclass

from triage.errors import UsageError
from triage.outcomes import Competing

#: The 10% and 90% points of 32 draws, as for the evidence model: nominally 27 of 33 lie between.
LOWER_RANK, UPPER_RANK = 3, 30


@dataclass(frozen=True)
class Settings:
    """How to learn. The defaults were chosen while developing on the displaced workers of the studies.

    Attributes:
        seed: a word; the same word, people, lock and machine type give the same bundle to the bit.
        folds: into how many parts people are split for cross-fitting.
        repeats: how often they are split anew; None takes 10 for few people and 2 for many.
        multiples: how far the model may leave the evidence, as multiples of the evidence's own stated spread.
        boost: whether LightGBM may add to the tables.
        rounds: the largest number of trees, up to 200.
        draws: how many bootstrap refits stand behind the range.
        competing: what retirement or death before the horizon means (see `label_of`).
        threads: how many folds or draws are worked on at once; the result is the same with any number.
    """

    seed: str = "ltu-triage-learn-1"
    folds: int = 5
    repeats: int | None = None
    multiples: tuple[float, ...] = (0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 6.0, 10.0)
    boost: bool = True
    rounds: int = 200
    draws: int = 32
    competing: Competing = "not_back"
    threads: int = 2

    def __post_init__(self) -> None:
        if self.folds < 2 or (self.repeats is not None and self.repeats < 1) or self.draws < UPPER_RANK:
            raise UsageError(f"Learning needs 2 folds, 1 repeat and {UPPER_RANK} draws, or more.")
        if not self.multiples or min(self.multiples) <= 0:
            raise UsageError("The multiples of the stated spread must be more than 0.")

    def repeats_for(self, people: int) -> int:
        """How often to split `people`: the fewer they are, the more the luck of one split matters."""
        return self.repeats if self.repeats is not None else min(max(round(2000 / max(people, 1)), 2), 10)

"""What does an evaluation take for granted, and where is it written down?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

#: Questions about characteristics that the Equality Act 2010 protects, by the ids that checklists give them.
#: Health and disability questions count as protected whatever their id (`Question.special_category`).
PROTECTED = (
    "age", "sex", "gender", "gender_reassignment", "race", "ethnicity", "ethnic_group", "nationality", "disability",
    "religion", "belief", "sexual_orientation", "married", "marital_status", "pregnancy", "maternity",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What an evaluation takes for granted.

    Attributes:
        seed: any text; the same seed gives the same resamples of the same people, whatever the order of the rows.
        resamples: how many times the clients are drawn again for the intervals; 0 for none.
        shares: the top and the lowest shares of people to report, 0 to 1.
        least_people: a group of fewer people is named and not shown.
        least_cases: a group in which fewer are known to have the outcome is named and not shown.
        protected: the ids of questions about protected characteristics (see `PROTECTED`).
        age_starts: the first age of each age band after the youngest, in years.
        age_rules: "this age or over", the rules that need no model.
    """

    seed: str = "evaluation"
    resamples: int = 1000
    shares: tuple[float, ...] = (0.08, 0.30)
    least_people: int = 10
    least_cases: int = 5
    protected: tuple[str, ...] = PROTECTED
    age_starts: tuple[int, ...] = (25, 35, 45, 55)
    age_rules: tuple[int, ...] = (40, 50)

    def random(self) -> np.random.Generator:
        """A generator that depends on the seed alone."""
        return np.random.default_rng(list(hashlib.sha256(self.seed.encode()).digest()))


#: What holds where nothing else is said.
DEFAULTS = Settings()

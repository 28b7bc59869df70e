"""What may be chosen about simulated people, and what is assumed where nothing is?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from triage.errors import UsageError
from triage.faults import Fault
from triage.yamlfile import count

#: "aft": log-logistic spells, so that odds ratios are the same at every week. "ph": proportional hazards.
Spells = Literal["aft", "ph"]


@dataclass(frozen=True)
class Settings:
    """Assumptions of a simulation. None of the figures was measured; the defaults are judgement.

    Attributes:
        strength: multiplies the effects of the recipe, as log-odds; 0 to 5.
        base_rate: share of people with the outcome at the horizon, between 0 and 1; that of the recipe where None.
        spells: the law of the spells.
        horizon: weeks at which the effects are those of the recipe; that of the checklist's label where None.
        shape: how quickly the log-odds of being still out fall with the logarithm of time; above 0. With 1.2 and a
            base rate of 12%, about 87% of those back by week 52 are back by week 26.
        unobserved: standard deviation, as log-odds (log-hazards for "ph"), of what no question asks; 0 to 5.
        follow_up: share of people whose outcome at the horizon is known; above 0, up to 1.
        event_only: share of people who answered the event form alone, where the checklist has one; 0 to 1.
        missing: share of the other questions that are not asked; 0 to 1, below 1.
        off_interview: share of people who are asked what stands off the default interview; 0 to 1.
        declined: share of people asked who decline a question about health, attitudes or family; 0 to 1. An eighth
            of it for other questions.
        everything: everybody answers everything, also what is asked later or seldom.

    Raises:
        UsageError: a figure lies outside its range; all are named.
    """

    strength: float = 1.0
    base_rate: float | None = None
    spells: Spells = "aft"
    horizon: int | None = None
    shape: float = 1.2
    unobserved: float = 1.0
    follow_up: float = 0.70
    event_only: float = 0.25
    missing: float = 0.05
    off_interview: float = 0.10
    declined: float = 0.08
    everything: bool = False

    def __post_init__(self) -> None:
        shares = ("event_only", "missing", "off_interview", "declined")
        faults = [Fault(name, "it lies from 0 to 1.") for name in shares if not 0 <= getattr(self, name) <= 1]
        faults += [Fault(name, "it lies from 0 to 5.") for name in ("strength", "unobserved") if not self._small(name)]
        if self.base_rate is not None and not 0.001 <= self.base_rate <= 0.999:
            faults.append(Fault("base_rate", "it is a share from 0.001 to 0.999, for instance 0.12."))
        if self.spells not in ("aft", "ph"):
            faults.append(Fault("spells", "it is 'aft' or 'ph'."))
        if self.horizon is not None and not 1 <= self.horizon <= 520:
            faults.append(Fault("horizon", "it lies from 1 to 520 weeks."))
        if not 0.1 <= self.shape <= 10:
            faults.append(Fault("shape", "it lies from 0.1 to 10."))
        if not 0.05 <= self.follow_up <= 1:
            faults.append(Fault("follow_up", "it is a share from 0.05 to 1."))
        if faults:
            raise UsageError(f"This cannot be simulated: {count(faults)}.", faults)

    def _small(self, name: str) -> bool:
        return bool(0 <= getattr(self, name) <= 5)

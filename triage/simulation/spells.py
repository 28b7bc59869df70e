"""How long is a person without work, given the answers and what no question asks?

The chance of being still out of work at week t is `F(intercept + slope * effects - shape * log(t / horizon))`.

- "aft": F is logistic, so spells are log-logistic, and an effect multiplies the odds by the same at every week.
- "ph": F is `exp(-exp(-y))`, so an effect multiplies the hazard, and its odds ratio changes from week to week. The
  slope makes it that of the evidence at the horizon, for a person at the base rate.

Within a person the same holds with all log-odds divided by `phi`, plus a term u for what no question asks. u follows
the bridge distribution of the law: over u, the chances and odds ratios are then exactly those above, at every week.
For the logistic law that is the distribution of Wang and Louis (2003, Biometrika 90(4)), with variance
`pi^2/3 (1/phi^2 - 1)`; for hazards it is minus the logarithm of a positive stable variable (Hougaard 1986), with
variance `pi^2/6 (1/phi^2 - 1)`, drawn with Kanter's formula.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.simulation.settings import Spells
from triage.simulation.streams import uniform

Array = NDArray[np.float64]


def cumulative(spells: Spells, at: Array) -> Array:
    """F of the law, 0 to 1."""
    found: Array = np.exp(-np.exp(-at)) if spells == "ph" else 1.0 / (1.0 + np.exp(-at))
    return found


def quantile(spells: Spells, share: Array) -> Array:
    """The inverse of `cumulative`."""
    found: Array = -np.log(-np.log(share)) if spells == "ph" else np.log(share) - np.log1p(-share)
    return found


def slope_of(spells: Spells, base_rate: float) -> float:
    """What effects on the odds are multiplied with inside F."""
    return (1 - base_rate) / -math.log(base_rate) if spells == "ph" else 1.0


def phi_of(spells: Spells, unobserved: float) -> float:
    """How much smaller effects are over all people than within a person, when u has this standard deviation."""
    unit = math.pi**2 / (6 if spells == "ph" else 3)
    return 1.0 / math.sqrt(1.0 + unobserved**2 / unit)


def unobserved_of(spells: Spells, phi: float, seed: str, people: int) -> Array:
    """[people] what no question asks: u of the bridge distribution."""
    first = uniform(seed, "unobserved", people)
    if spells == "aft":
        bridge: Array = np.log(np.sin(phi * np.pi * first) / np.sin(phi * np.pi * (1 - first))) / phi
        return bridge
    angle, wait = np.pi * first, -np.log(uniform(seed, "unobserved:wait", people))
    stable = np.sin(phi * angle) / np.sin(angle) ** (1 / phi)
    stable *= (np.sin((1 - phi) * angle) / wait) ** ((1 - phi) / phi)
    found: Array = -np.log(stable)
    return found


@dataclass(frozen=True)
class Law:
    """The law of the spells.

    Attributes:
        spells: its family.
        intercept, slope, shape, horizon, phi: see the module.
    """

    spells: Spells
    intercept: float
    slope: float
    shape: float
    horizon: float
    phi: float

    def still_out(self, effects: Array, weeks: float) -> Array:
        """The chance of being out of work at `weeks`, for effects as log-odds; over what no question asks."""
        at = self.intercept + self.slope * effects - self.shape * math.log(weeks / self.horizon)
        return cumulative(self.spells, at)

    def draw(self, effects: Array, seed: str) -> Array:
        """Weeks until the first return, for people with these effects."""
        people = len(effects)
        own = quantile(self.spells, uniform(seed, "spell", people))
        noise = self.phi * (own - unobserved_of(self.spells, self.phi, seed, people))
        found: Array = self.horizon * np.exp((self.intercept + self.slope * effects - noise) / self.shape)
        return found

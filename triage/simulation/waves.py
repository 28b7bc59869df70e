"""How is a chance averaged over answers that are not known, without trying them all?

F, the law of the spells, is written as a sum of sine waves. The mean of a wave over a sum of independent effects is
the product of its means over each, so that the mean of F over any set of missing answers takes one product for each
cluster of questions. Beyond `reach` the sum turns back; from `-reach` to `reach` its error is below 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.simulation.settings import Spells

Array = NDArray[np.float64]
Turned = NDArray[np.complex128]
#: Where the waves of each law have died away, in radians per unit of log-odds; beyond, they are below 1e-11.
_HIGHEST = {"aft": 8.5, "ph": 17.0}
#: Between `reach` and the place where the sum turns upside down: the tails of the law are below 1e-10 there.
_ROOM = 24.0
_STEP = 1.0 / 64


@dataclass(frozen=True, eq=False)
class WaveSum:
    """F(y) = 1/2 + the imaginary part of the sum of `amplitudes * exp(i frequencies y)`."""

    frequencies: Array
    amplitudes: Turned

    def of(self, turned: Turned) -> Array:
        """The mean of F, for means [n, waves] of `exp(i w y)`; 0 to 1."""
        return np.clip(0.5 + np.imag(turned @ self.amplitudes), 0.0, 1.0)


def wave_sum(spells: Spells, reach: float) -> WaveSum:
    """F of the law as waves, for arguments from `-reach` to `reach`."""
    half = (reach + _ROOM) / 2
    count = int(np.ceil(_HIGHEST[spells] * half / np.pi))
    frequencies: Array = (2 * np.arange(count, dtype=np.float64) + 1) * (np.pi / (2 * half))
    # The trapezoidal rule is exact to rounding for a smooth density that dies away at both ends.
    at = np.arange(-_ROOM * 2, _ROOM * 2, _STEP)
    turned: Turned = np.exp(-1j * np.outer(frequencies, at)) @ (_density(spells, at) * _STEP).astype(np.complex128)
    amplitudes: Turned = turned / (half * frequencies)
    return WaveSum(frequencies, amplitudes)


def _density(spells: Spells, at: Array) -> Array:
    if spells == "aft":
        falling = np.exp(-np.abs(at))
        logistic: Array = falling / (1 + falling) ** 2
        return logistic
    gumbel: Array = np.exp(-at - np.exp(-at))
    return gumbel

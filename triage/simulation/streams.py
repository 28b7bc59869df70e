"""Where does chance come from? Streams of numbers that a seed and a name decide, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_BITS = 53


def uniform(seed: str, name: str, people: int) -> Array:
    """[people] numbers between 0 and 1, both excluded: raw bits of a Philox stream of its own.

    The first numbers of a longer stream are those of a shorter one, so more people never change the first ones.
    """
    key = int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:16], "big")
    raw = np.random.Philox(key=key).random_raw(people)
    found: Array = ((raw >> np.uint64(64 - _BITS)).astype(np.float64) + 0.5) * 2.0**-_BITS
    return found


def choose(numbers: Array, options: Sequence[tuple[str, float]]) -> NDArray[np.object_]:
    """One option for each number between 0 and 1; the shares of the options add up to 1."""
    edges = np.cumsum([share for _, share in options])[:-1]
    names = np.array([name for name, _ in options], dtype=object)
    found: NDArray[np.object_] = names[np.searchsorted(edges, numbers, side="right")]
    return found

"""Who is held out together? Folds follow from a word and the clients' ids, whatever the order of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from triage.outcomes import Outcomes

Array = NDArray[np.float64]
_BITS = 53


def in_order(outcomes: Outcomes) -> NDArray[np.intp]:
    """The places of the rows in an order that depends on what stands in them alone."""
    inputs = np.where(np.isnan(outcomes.inputs), -np.inf, outcomes.inputs)
    keys = [outcomes.kind.astype(str), outcomes.weight, *inputs.T[::-1], outcomes.weeks, outcomes.client.astype(str)]
    return np.lexsort(keys)


def people_of(outcomes: Outcomes) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """The distinct clients in order of their ids, and for each row the place of its client among them."""
    clients, place = np.unique(outcomes.client.astype(str), return_inverse=True)
    return clients.astype(object), place


def folds_of(clients: Sequence[str], count: int, seed: str) -> NDArray[np.intp]:
    """For each client a fold from 0 to `count - 1`; the folds differ by one client at most."""
    digests = [hashlib.sha256(f"{seed}:{client}".encode()).digest() for client in clients]
    order = sorted(range(len(clients)), key=digests.__getitem__)
    found = np.empty(len(clients), dtype=np.intp)
    found[order] = np.arange(len(clients)) % count
    return found


def bootstrap_weights(people: int, seed: str) -> Array:
    """Weights [people] of one draw of the Bayesian bootstrap (Rubin 1981): exponential, 1 on average.

    Everybody keeps some weight, so a draw never loses the last of the few with the outcome.
    """
    raw = (stream(seed).random_raw(people) >> np.uint64(64 - _BITS)).astype(np.float64)
    weights = -np.log((raw + 0.5) / 2.0**_BITS)
    found: Array = weights / weights.mean()
    return found


def stream(seed: str) -> np.random.Philox:
    """A stream of random bits that is the same on every machine."""
    return np.random.Philox(key=int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big"))

"""How many requests may one key send? A bucket of tokens for each, filled at a steady rate.

Each process that answers has buckets of its own, so two processes let through twice as much.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

#: A key that was quiet for a while may send so many seconds' worth at once.
BURST = 10.0
#: No more keys than an installation can have.
_MOST_KEYS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """Tokens by key.

    Args:
        rate: requests a second.
        clock: seconds from some beginning; tests pass their own.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._most = max(1.0, rate * BURST)
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, cost: float = 1.0) -> float:
        """Take tokens out; returns 0.0, or the seconds to wait where there are too few and none were taken."""
        now, bucket = self._clock(), self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _MOST_KEYS:
                self._buckets.clear()
            bucket = self._buckets[key] = _Bucket(self._most, now)
        bucket.tokens = min(self._most, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens < cost:
            return (cost - bucket.tokens) / self._rate
        bucket.tokens -= cost
        return 0.0

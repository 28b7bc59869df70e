"""How many requests may one key send, and for how long is a key remembered?"""

from __future__ import annotations

import pytest

from triage.casework.api_keys import FRESH
from triage.web.api.rates import Buckets


def test_a_bucket_fills_at_its_rate_and_not_above_its_edge() -> None:
    now = 0.0
    buckets = Buckets(2.0, lambda: now)
    assert [buckets.take("a") for _ in range(20)] == [0.0] * 20
    assert buckets.take("a") == pytest.approx(0.5)
    now += 0.5
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    now += 86_400
    assert sum(buckets.take("a") == 0.0 for _ in range(30)) == 20


def test_the_time_that_a_key_is_remembered_is_short() -> None:
    """A key that is revoked in another process works so much longer."""
    assert FRESH <= 2.0

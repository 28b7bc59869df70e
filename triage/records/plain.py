"""How are ids, times and data written, so that a row is the same text on every database?"""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import UTC, date, datetime
from typing import Any

#: No vowels, so that no word comes out; no 0, 1, and nothing that looks like them.
REFERENCE_SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_id() -> str:
    """A random id of 32 letters and digits."""
    return uuid.uuid4().hex


def new_reference() -> str:
    """A random reference that can be read out over the telephone, such as "K7QM-2XRD"."""
    signs = [secrets.choice(REFERENCE_SIGNS) for _ in range(8)]
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def now() -> str:
    """The time in UTC, to the microsecond."""
    return moment(datetime.now(UTC))


def moment(at: datetime) -> str:
    """A time with its zone as text that sorts as the times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def when(text: str) -> datetime:
    """The time that `moment` wrote."""
    return datetime.fromisoformat(text)


def today() -> date:
    """The day in local time: what a person in the office would say."""
    return datetime.now().astimezone().date()


def canonical(data: Any) -> str:
    """Data as JSON with one spelling: sorted keys, no spaces, no NaN."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def parsed(text: str | None) -> Any:
    """What `canonical` wrote; None for nothing."""
    return None if text is None or text == "" else json.loads(text)

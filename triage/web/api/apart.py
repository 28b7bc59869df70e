"""Which answers does a body that can sanction benefits never get back? Those about job search and attitudes.

They count in the score, which is the same through every door. No answer, reason or strength made of them leaves the
service towards such a body. Nor does an exact figure: the points of the model are public, so that whoever has a score
to the bit can work back to the answers. What is left are the band and the sentences, which speak of people out of 100.
"""

from __future__ import annotations

from functools import lru_cache

from triage.casework.api_keys import Key
from triage.checklist import Checklist

SENSITIVITIES = frozenset({"job_search", "attitude"})
_NOTHING: frozenset[str] = frozenset()


def apart_of(checklist: Checklist, key: Key | None) -> frozenset[str]:
    """The questions that are left out of every answer to this key."""
    return _apart(checklist) if key is not None and key.conditionality else _NOTHING


@lru_cache(maxsize=4)
def _apart(checklist: Checklist) -> frozenset[str]:
    return frozenset(question.id for question in checklist.questions if question.sensitivity in SENSITIVITIES)

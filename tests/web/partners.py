"""Partners' programs: API keys of every kind for a running service, and what they send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from tests.web.service import Live
from triage.casework import api_keys
from triage.casework.api_keys import SCOPES, Wanted
from triage.records.database import Row

API = "/api/v1"
#: Somebody who gets a band, in the words of the shipped checklist, with answers that are kept apart from some bodies.
ANSWERS: Mapping[str, Any] = {
    "qualifications": "scqf_5",
    "driving_licence": "full_clean",
    "age": 57,
    "household": "no_other_adult",
    "area": "Falkirk",
    "confidence": "not_very_confident",
    "expectation": "probably_not",
    "attribution": "mostly_luck",
    "job_search": "not_yet",
    "interviews": "none",
    "employer_contact": "not_yet",
}
LEFT: Mapping[str, Any] = {"redundancy_status": "left", "job_ends": "2026-01-05"}


def make_key(
    live: Live, *scopes: str, body: str = "partner", office: Row | None = None, name: str = "Job club app"
) -> tuple[Row, str]:
    """A key with these scopes, or with all, and its secret."""
    wanted = Wanted(
        name=name, body=body, controller="Forth Valley College", purpose="Agree support with learners",
        agreement="DSA-2026-14", scopes=scopes or SCOPES, office=(office or live.office)["id"],
        ends_on=live.service.today + timedelta(days=365),
    )  # fmt: skip
    return api_keys.make(live.service, live.actor("administrator"), wanted)


def program(live: Live, secret: str = "") -> httpx.Client:
    """A partner's program with a key, or without one."""
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    made = httpx.Client(base_url=live.address + API, headers=headers, timeout=30)
    live.clients.append(made)
    return made


def partner(live: Live, *scopes: str, **more: Any) -> httpx.Client:
    """A program with a new key."""
    return program(live, make_key(live, *scopes, **more)[1])


def check_problem(answer: httpx.Response, status: int, code: str = "") -> dict[str, Any]:
    """The problem details of an answer with this status."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert {"type", "title", "detail", "code"} <= set(found)
    assert code in ("", found["code"]), found
    return found

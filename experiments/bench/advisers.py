"""Can many advisers hold an interview and record a decision at once, without an error and without losing an answer?"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from experiments.bench import simulate
from experiments.bench.figures import Figure
from experiments.bench.serving import running
from triage.casework import assessments, deciding, interview, scoring
from triage.casework.service import Service
from triage.engine import load
from triage.records.actor import SYSTEM


@dataclass
class Held:
    """What came of the interviews.

    Attributes:
        answers: what was acknowledged, by assessment and question.
        decided: the decision that was acknowledged, by assessment.
        wrong: what was not answered as it should have been.
        took: seconds of each request.
    """

    answers: dict[str, dict[str, object]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)


async def hold(address: str, secrets: Sequence[str], people: Sequence[Mapping[str, Any]]) -> Held:
    """Every key holds its share of the interviews, one after the other, and all keys at once."""
    held = Held()
    limits = httpx.Limits(max_connections=len(secrets), max_keepalive_connections=len(secrets))
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", limits=limits, timeout=120) as client:
        shares = [people[place :: len(secrets)] for place in range(len(secrets))]
        await asyncio.gather(
            *(_adviser(client, secret, share, held) for secret, share in zip(secrets, shares, strict=True))
        )
    return held


async def _adviser(client: httpx.AsyncClient, secret: str, people: Sequence[Mapping[str, Any]], held: Held) -> None:
    headers = {"authorization": f"Bearer {secret}"}

    async def ask(method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        begin = time.perf_counter()
        answer = await client.request(method, path, json=body, headers=headers)
        held.took.append(time.perf_counter() - begin)
        if not answer.is_success:
            held.wrong.append(f"{answer.status_code} {method} {answer.text[:200]}")
        found: dict[str, Any] = answer.json()
        return found

    for person in people:
        made = (await ask("POST", "/assessments", {"held": "phone"}))["id"]
        path, asked = f"/assessments/{made}", list(person.items())
        random.Random(made).shuffle(asked)
        for question, answer in asked:
            saved = await ask("PUT", f"{path}/answers/{question}", {"answer": answer})
            held.answers.setdefault(made, {})[question] = saved["answers"][question]["value"]
        score = await ask("POST", f"{path}/score", {})
        step = {"action": "confirm"} if score["band"] else {"action": "ask_for_more"}
        decision = await ask("POST", f"{path}/decisions", {**step, "score": score["id"], "by": "Invented Adviser"})
        held.decided[made] = decision["id"]


def lost(service: Service, held: Held) -> list[str]:
    """What was acknowledged and is not in the records as it was sent."""
    missing = []
    for made, answers in held.answers.items():
        kept = interview.answers_of(service, SYSTEM, made)
        missing += [f"{made} {name}" for name, value in answers.items() if kept[name].value != value]
        score = scoring.latest(service, SYSTEM, made)
        if score is None or score["outdated"]:
            missing.append(f"{made}: the score")
        if assessments.find(service, SYSTEM, made)["state"] != "decided":
            missing.append(f"{made}: the state")
        if [row["id"] for row in deciding.rows(service, SYSTEM, made)] != [held.decided[made]]:
            missing.append(f"{made}: the decision")
    return missing


def figures(folder: Path, database: str, kind: str, secrets: Sequence[str], rounds: int) -> list[Figure]:
    """So many interviews of every key, all keys at once, by one process that answers."""
    people = simulate.clients(load(), len(secrets) * rounds)
    with running(folder, database, 1) as place:
        begin = time.perf_counter()
        held = asyncio.run(hold(place.address, secrets, people))
        seconds = time.perf_counter() - begin
        missing = lost(place.service(), held)
    cuts = quantiles(held.took, n=100)
    said = (
        f"{len(held.wrong)} errors, {len(missing)} lost; {len(held.took) / seconds:,.0f} requests a second,"
        f" p50 {cuts[49] * 1e3:,.0f} ms, p99 {cuts[98] * 1e3:,.0f} ms"
    )
    name = f"{len(secrets)} programs at once, {rounds} interviews each with a decision, {kind}"
    return [Figure("h", name, said, "", "no error, nothing lost", not held.wrong and not missing)]

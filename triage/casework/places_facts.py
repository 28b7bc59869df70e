"""Whom is a plan for places about, and with which scores? Those that count today, and not those of the day of the list.

Whoever was asked again since the list has the newer score. Whoever has none that can be decided on is to be talked to
first: too little is not low.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa

from triage.casework.answers import Answer
from triage.casework.list_view import Entry, every
from triage.casework.rebuilding import data_of, is_expired, is_of, is_outdated
from triage.casework.service import Service
from triage.engine import Engine
from triage.records.database import Row, View
from triage.records.plain import canonical, parsed
from triage.records.tables import answers

#: Where somebody stands who is in no order: to be talked to first, objected to being scored, or in no need of a place.
Apart = Literal["talk", "objected", "other"]
#: Why somebody is in no order. The first three are to be talked to.
WHY_APART = ("few", "changed", "old", "objected", "has_job", "redeployed", "closed")
_AT_ONCE = 500


@dataclass(frozen=True)
class Fact:
    """One person of a list.

    Attributes:
        entry: their row as it stands.
        score: the id of the score that counts; "" for none.
        apart: where they stand, and `why`, if they are in no order; "" for those in the order.
        band_logit, lower: the log-odds that decide on bands, and the lower end of the range on the same scale.
    """

    entry: Entry
    score: str = ""
    apart: Apart | Literal[""] = ""
    why: str = ""
    band_logit: float = 0.0
    lower: float = 0.0

    @property
    def case(self) -> Row:
        """The person's assessment."""
        assert self.entry.assessment is not None
        return self.entry.assessment

    @property
    def decided(self) -> str | None:
        """The band that a person has decided on this score; None while nobody has."""
        standing = self.entry.standing
        return standing.band if standing is not None and standing.state == "decided" else None


def facts_of(service: Service, view: View, list_id: str) -> list[Fact]:
    """Every person of a list, in its order."""
    found = [entry for entry in every(view, list_id) if entry.assessment is not None]
    known = _answers(view, [entry.assessment for entry in found if entry.assessment is not None])
    return [_fact(service, entry, known) for entry in found]


def basis_of(facts: Sequence[Fact]) -> str:
    """A digest of whom a plan is about, and of the scores that count."""
    parts = sorted([fact.entry.id, fact.score, fact.apart] for fact in facts)
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def versions_of(engine: Engine) -> str:
    """What a plan is made with."""
    return canonical(engine.versions.to_dict())


def _fact(service: Service, entry: Entry, known: Mapping[str, dict[str, Answer]]) -> Fact:
    standing, engine = entry.standing, service.engines.now
    assert standing is not None
    case, score = standing.assessment, standing.score
    if case["state"] in ("objected", "closed"):
        return Fact(entry, "", "objected" if case["state"] == "objected" else "other", case["state"])
    if score is None:
        known_status = entry.row.status in ("has_job", "redeployed") and standing.newest is None
        return Fact(entry, "", *(("other", entry.row.status) if known_status else ("talk", "few")))
    if score["status"] in ("has_job", "redeployed"):
        return Fact(entry, score["id"], "other", score["status"])
    if score["status"] != "proposed":
        return Fact(entry, score["id"], "talk", "few")
    if not is_of(engine, score) or is_expired(score, service.today):
        return Fact(entry, score["id"], "talk", "old")
    if is_outdated(engine, score, case, known.get(case["id"], {})):
        return Fact(entry, score["id"], "talk", "changed")
    logit, lower = placed(engine, data_of(score))
    return Fact(entry, score["id"], band_logit=logit, lower=lower)


def placed(engine: Engine, data: Mapping[str, Any]) -> tuple[float, float]:
    """The log-odds of a kept score that decide on bands, and the lower end of its range on the same scale.

    Released values are multiples of 2^-36, so that this is exact.
    """
    questions = [question.id for question in engine.checklist.questions if question.special_category]
    special = sum((data["contributions"][name] for name in questions), 0.0)
    raised = -special if special < 0 else 0.0
    return data["logit"] + raised, data["lower_logit"] + raised


def _answers(view: View, cases: Sequence[Row]) -> dict[str, dict[str, Answer]]:
    """The answers of the present round of these assessments, by assessment and question."""
    rounds = {case["id"]: case["round"] for case in cases}
    ids, found = list(rounds), cast("dict[str, dict[str, Answer]]", {})
    for some in (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE)):
        for row in view.all(sa.select(answers).where(answers.c.assessment.in_(some))):
            if row["round"] == rounds[row["assessment"]]:
                answer = Answer(row["state"], parsed(row["value"]), row["at"], row["by"])
                found.setdefault(row["assessment"], {})[row["question"]] = answer
    return found

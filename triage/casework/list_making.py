"""What do the rows of a scored list become in the records? Every client of it becomes an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from triage.casework.answers import read_answer
from triage.casework.objections import record_row
from triage.casework.service import Service
from triage.checklist import NOT_APPLICABLE
from triage.decisions import By, Decision, Desk
from triage.engine import Engine
from triage.engine.answers import OBJECTS, context_reader
from triage.errors import DecisionError
from triage.faults import Fault
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.database import Row, View
from triage.records.plain import canonical, new_id, new_reference
from triage.records.tables import assessments

_AT_ONCE = 500


@dataclass
class Made:
    """Rows for the tables, in the order in which they refer to each other."""

    assessments: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    list_rows: list[Row] = field(default_factory=list)
    list_identities: list[Row] = field(default_factory=list)


class Maker:
    """Makes the rows of one list."""

    def __init__(self, service: Service, actor: Actor, of: Row) -> None:
        self._service, self._actor, self._list = service, actor, of
        self._engine = service.engines.now
        self._on = date.fromisoformat(of["scored_on"])
        self._desk = Desk(self._engine.cutoffs, service.reasons)
        self._at = service.now

    def made(self, rows: Iterable[desk.Row], references: Iterator[str]) -> Made:
        """The rows for the tables."""
        made = Made()
        for row in rows:
            assessment = self._client(row, next(references), made) if row.client else None
            score = made.scores[-1]["id"] if assessment and assessment["state"] == "scored" else None
            made.list_rows.append(
                {"id": new_id(), "list": self._list["id"], "assessment": assessment and assessment["id"],
                 "score": score, "version": 1, **listed(row)}
            )  # fmt: skip
            made.list_identities += self._identity(row)
        return made

    def _client(self, row: desk.Row, reference: str, made: Made) -> Row:
        scored = row.status == "scored" and row.score is not None
        state = "objected" if row.status == "objected" else "scored" if scored else "open"
        assessment = {
            "id": new_id(), "reference": reference, "client_reference": "", "office": self._list["office"],
            "adviser": self._actor.account, "state": state, "practice": self._list["practice"], "held": "list",
            "interpreter": False, "language": "", "context": canonical(context_of(self._engine, row)),
            "event": self._list["event"], "list": self._list["id"], "round": 1, "stopped": False, "monitoring": "",
            "started_at": self._at, "scored_at": self._at if scored else None, "closed_why": "", "version": 1,
        }  # fmt: skip
        made.assessments.append(assessment)
        made.answers += self.answers(row, assessment)
        if scored:
            made.scores.append(self.score(row, assessment, 1))
        if decision := self._decision(row, assessment, made.scores[-1]["id"] if scored else None):
            made.decisions.append(decision)
        return assessment

    def answers(self, row: desk.Row, assessment: Row) -> Iterator[Row]:
        """The answers of a row as the round that an assessment is in keeps them."""
        of = {"assessment": assessment["id"], "round": assessment["round"]}
        by = {"at": self._at, "by": self._actor.account, "via": self._actor.via}
        for question, (state, value) in kept_answers(self._engine, row).items():
            kept = None if value is None else canonical(value)
            yield {"id": new_id(), **of, "question": question, "state": state, "value": kept, **by}

    def score(self, row: desk.Row, assessment: Row, number: int) -> Row:
        """The score of a row, as the engine gave it."""
        assert row.score is not None
        versions, status = self._engine.versions, row.score["status"]
        return {
            "id": new_id(), "assessment": assessment["id"], "round": assessment["round"], "number": number,
            "status": status, "band": row.score["band"], "model": versions.model, "checklist": versions.checklist,
            "cutoffs": versions.cutoffs, "scored_on": self._on.isoformat(),
            "valid_until": (self._on + timedelta(days=self._service.settings.valid_days)).isoformat(),
            "data": canonical(row.score), "at": self._at, "by": self._actor.account,
        }  # fmt: skip

    def _decision(self, row: desk.Row, assessment: Row, score: str | None) -> Row | None:
        """An objection that the list holds, or a decision that it claims."""
        record = None
        if row.status == "objected":
            record = self._desk.object(By(self._actor.name, self._service.clock()))
        elif score and row.claimed is not None and row.claimed.band and row.claimed.by:
            record = self._claim(row, row.claimed)
        return None if record is None else record_row(self._actor, assessment["id"], 1, score, record)

    def _claim(self, row: desk.Row, claimed: desk.Claimed) -> Decision | None:
        score = self._engine.score(row.given, on=self._on)
        try:
            by = By(claimed.by, self._service.clock())
            return self._desk.claim(score, claimed.band or "", claimed.reason, by, (), claimed.note)
        except DecisionError:
            # For instance a confirmation: the page says what the list holds, and a person confirms it.
            return None

    def _identity(self, row: desk.Row) -> list[Row]:
        data = private_data(row.private)
        of = {"list": self._list["id"], "office": self._list["office"], "row": row.row, "sheet": row.sheet}
        return [{"id": new_id(), **of, "data": data}] if data else []


def listed(row: desk.Row) -> dict[str, Any]:
    """A row of a list without what names anybody. Its score stands with its assessment."""
    data = row.to_dict() | {"score": None}
    return {
        "place": row.place, "row": row.row, "sheet": row.sheet, "status": row.status, "data": canonical(data),
        "band": row.band, "speak": row.speak, "to_mend": len(row.to_mend),
    }  # fmt: skip


def private_data(private: desk.Private) -> bytes:
    """What is kept apart of a row; nothing where there is nothing."""
    if not (private.identity or private.wants or private.cells):
        return b""
    parts = {"identity": dict(private.identity), "wants": dict(private.wants), "cells": dict(private.cells)}
    return canonical(parts).encode()


def kept_answers(engine: Engine, row: desk.Row) -> dict[str, tuple[str, str | float | None]]:
    """The answers of a row with their state; what does not apply is not kept."""
    found: dict[str, tuple[str, str | float | None]] = {}
    for name, value in row.answers.items():
        read = None if value == NOT_APPLICABLE else read_answer(engine, name, value)
        if read is not None and not isinstance(read, Fault) and read[0] != "not_asked":
            found[name] = read
    return found


def context_of(engine: Engine, row: desk.Row) -> dict[str, Any]:
    """What was said beside the questions, as an assessment keeps it. An objection is a state, and no field."""
    if row.score is not None:
        return dict(row.score["context"])
    fields = engine.checklist.context_by_id
    read = {
        name: context_reader(fields[name], engine.features)(value)
        for name, value in row.context.items()
        if name != OBJECTS
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in read.items()
        if value is not None
    }


def references(view: View, count: int) -> Iterator[str]:
    """So many references that nobody has."""
    found: dict[str, None] = {}
    while len(found) < count:
        new = [new_reference() for _ in range(min(_AT_ONCE, count - len(found)))]
        taken = view.all(sa.select(assessments.c.reference).where(assessments.c.reference.in_(new)))
        found |= dict.fromkeys({*new} - {row["reference"] for row in taken})
    return iter(found)

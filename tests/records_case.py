"""One client with a row in every table that can hold one, for tests of what keeps the records honest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table

from triage.records.actor import SYSTEM, Actor
from triage.records.audit import Event
from triage.records.database import Database, Row, Work
from triage.records.plain import canonical, new_id, now
from triage.records.tables import (
    accounts,
    action_steps,
    actions,
    answers,
    assessments,
    decisions,
    equality,
    events,
    first_views,
    list_identities,
    list_rows,
    list_workers,
    lists,
    matches,
    offices,
    outcomes,
    place_decisions,
    place_openings,
    place_plans,
    place_rows,
    reviews,
    scores,
    showings,
)

ADVISER = Actor("account-of-ada", "Ada Adviser", "adviser", "office-of-ada")
_PLAIN: dict[type[Any], Any] = {sa.Text: "", sa.String: "", sa.Boolean: False, sa.Integer: 1, sa.LargeBinary: b""}


def filled(table: Table, **given: Any) -> Row:
    """A row of any table: a new id, what is given, and something plain in every other column that must not be empty."""
    row: Row = {}
    for column in table.c:
        if column.name in given or column.nullable:
            row[column.name] = given.get(column.name)
        elif column.primary_key:
            row[column.name] = new_id()
        elif column.unique:
            row[column.name] = f"{column.name} {new_id()}"
        elif column.name.endswith("_at") or column.name == "at":
            row[column.name] = now()
        else:
            row[column.name] = _PLAIN[type(column.type)]
    assert set(given) <= set(row), f"{table.name} has no {set(given) - set(row)}"
    return row


@dataclass
class Case:
    """The ids of one client's rows, by table."""

    id: str
    office: str
    list: str
    marker: str
    ids: dict[str, str] = field(default_factory=dict)


def place(work: Work) -> tuple[str, str]:
    """An office with an adviser."""
    office = work.insert(offices, filled(offices, name=f"Office {new_id()}"))["id"]
    account = work.insert(accounts, filled(accounts, name="Ada Adviser", role="adviser", office=office, active=True))
    return office, account["id"]


def make_case(database: Database, marker: str = "MARKER", **of_assessment: Any) -> Case:
    """A client with a row in every table. Every text about them holds `marker`."""
    with database.write(Event(SYSTEM, "office_made")) as work:
        office, account = place(work)
        event = work.insert(events, filled(events, office=office, employer="Shipyard"))["id"]
        a_list = work.insert(lists, filled(lists, event=event, office=office, state="scored", erase_on="2999-12-31"))
        work.insert(list_workers, filled(list_workers, list=a_list["id"], account=account))
    case = Case(new_id(), office, a_list["id"], marker)
    with database.write(Event(ADVISER, "assessment_started", case.id, office)) as work:
        about = {"id": case.id, "office": office, "list": case.list, "event": event, "adviser": account}
        about |= {"client_reference": f"{marker} reference", "state": "decided", "started_at": now()} | of_assessment
        work.insert(assessments, filled(assessments, **about))
        case.ids["assessments"] = case.id
        _answer(work, case)
        _score(work, case, account)
        _decide(work, case, account)
        _list(work, case)
        digest = database.keys.digest("equality", case.id)
        work.insert(equality, filled(equality, id=digest, office=office, month="2026-10", data=f'{{"x":"{marker}"}}'))
        case.ids["equality"] = digest
    return case


def _put(work: Work, case: Case, table: Table, **given: Any) -> str:
    row_id: str = work.insert(table, filled(table, **given))["id"]
    case.ids[table.name] = row_id
    return row_id


def _answer(work: Work, case: Case) -> None:
    for question in ("age", "health"):
        value = canonical(f"{case.marker} {question}")
        _put(work, case, answers, assessment=case.id, question=question, state="answered", value=value)


def _score(work: Work, case: Case, account: str) -> None:
    data = canonical({"probability": 0.2, "text": case.marker})
    score = _put(work, case, scores, assessment=case.id, number=1, status="scored", band="enhanced", data=data)
    _put(work, case, showings, score=score, by=account)
    _put(work, case, first_views, assessment=case.id, band="standard", by=account)


def _decide(work: Work, case: Case, account: str) -> None:
    record = canonical({"by": "Ada Adviser", "note": case.marker})
    score = case.ids["scores"]
    decision = _put(
        work, case, decisions, assessment=case.id, score=score, action="confirm", state="confirmed", by=account,
        record=record,
    )  # fmt: skip
    action = _put(
        work, case, actions, assessment=case.id, decision=decision, office=case.office, state="finished",
        made_by=account, note=case.marker,
    )  # fmt: skip
    _put(work, case, action_steps, action=action, state="finished", by=account)
    _put(
        work, case, reviews, assessment=case.id, decision=decision, office=case.office, state="closed",
        why=case.marker, closed_at=now(), reviewer=account,
    )  # fmt: skip
    _put(work, case, outcomes, assessment=case.id, kind="paid_work", weeks=20, by=account)


def _list(work: Work, case: Case) -> None:
    """Row 7 of the list is the client; row 8 may be the same person. Row 0 is the uploaded file."""
    first = _put(work, case, list_rows, list=case.list, place=1, row=7, assessment=case.id, data=case.marker)
    second = work.insert(list_rows, filled(list_rows, list=case.list, place=2, row=8, data="somebody else"))["id"]
    _put(work, case, matches, first=first, second=second, why="the same day of birth", state="open")
    plan = work.insert(place_plans, filled(place_plans, list=case.list, office=case.office, state="open"))["id"]
    place_row = _put(work, case, place_rows, plan=plan, row=first, assessment=case.id, part="below")
    opening = _put(work, case, place_openings, place_row=place_row, by=ADVISER.account)
    _put(
        work, case, place_decisions, place_row=place_row, opening=opening, by=ADVISER.account, note=case.marker
    )  # fmt: skip
    for row, data in ((0, f"whole file with {case.marker}"), (7, f"name {case.marker}"), (8, "name of another")):
        identity = filled(list_identities, list=case.list, office=case.office, row=row, data=data.encode())
        work.insert(list_identities, identity)
        if row == 7:
            case.ids["list_identities"] = identity["id"]

"""What has been kept long enough, and what of it waits for somebody and so is held?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from triage.records.database import View
from triage.records.erase import WHOLE_FILE
from triage.records.keys import Keys
from triage.records.periods import Periods
from triage.records.plain import moment
from triage.records.tables import (
    actions,
    assessments,
    audit_events,
    equality,
    held_forms,
    idempotent,
    list_identities,
    list_rows,
    lists,
    pending_sign_ins,
    reviews,
    sessions,
    sign_in_failures,
    sign_in_links,
)

#: In any other state somebody still waits for an action.
_ACTION_ENDED = ("finished", "not_taken_up")
#: Looking at a record, or telling of it, does not change it.
_LOOKED = ("assessment_viewed", "exported", "list_viewed", "places_opened", "score_shown", "subject_access")
#: Answers to requests with an idempotency key, and sign-ins that were begun or failed, serve for a day.
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """The ids of what is due, by kind; and how many are due and held."""

    ids: dict[str, list[str]]
    held: dict[str, int]

    @property
    def total(self) -> int:
        """How many are due."""
        return sum(map(len, self.ids.values()))


def find_due(view: View, keys: Keys, periods: Periods, now: datetime) -> Due:
    """What is due at `now`."""

    def before(kind: str) -> str:
        return moment(periods.before(kind, now))

    def older(column: ColumnElement[Any], kind: str = "") -> list[str]:
        assert isinstance(column, sa.Column)
        return _ids(view, column.table, column < (before(kind) if kind else moment(now - _DAY)))

    practice = _ids(view, assessments, assessments.c.practice, assessments.c.started_at < before("practice"))
    due, held = _assessments(view, before("assessments"))
    answered, _ = _assessments(view, before("equality_monitoring"))
    names = _names(view, now, before("list_identities"))
    ids = {
        "practice": practice,
        "assessments": due,
        "equality_monitoring": _equality(view, keys, set(answered) - set(due)),
        "reviews": _reviews(view, before("reviews"), {*practice, *due}),
        "list_identities": names,
        "uploads": _uploads(view, before("uploads"), set(names)),
        "practice_lists": _lists(view, before("practice"), lists.c.practice),
        "lists": _lists(view, before("lists"), lists.c.practice == sa.false()),
        "sessions": older(sessions.c.seen_at, "sessions"),
        "sign_in_links": older(sign_in_links.c.ends_at, "sessions"),
        "sign_in_failures": older(sign_in_failures.c.at),
        "pending_sign_ins": older(pending_sign_ins.c.made_at),
        "held_forms": older(held_forms.c.made_at, "held_forms"),
        "idempotent": older(idempotent.c.made_at),
    }
    trail = sa.select(sa.func.count()).select_from(audit_events).where(audit_events.c.at < before("audit"))
    kept = {"assessments": held, "audit": int(view.scalar(trail))}
    return Due(ids, {kind: count for kind, count in kept.items() if count})


def is_held(view: View, assessment_id: str) -> bool:
    """True where a review or an action about this client is still open."""
    return bool(view.scalar(sa.select(_held(sa.literal(assessment_id)))))


def _held(assessment: ColumnElement[str]) -> ColumnElement[bool]:
    waiting = sa.select(actions.c.id).where(actions.c.assessment == assessment, actions.c.state.not_in(_ACTION_ENDED))
    asked = sa.select(reviews.c.id).where(reviews.c.assessment == assessment, reviews.c.state == "open")
    return sa.or_(waiting.exists(), asked.exists())


def _ids(view: View, table: sa.FromClause, *where: ColumnElement[bool]) -> list[str]:
    return [row["id"] for row in view.all(sa.select(table.c.id).where(*where).order_by(table.c.id))]


def _assessments(view: View, before: str) -> tuple[list[str], int]:
    """Assessments closed long enough ago, or last changed where nobody closed them; and how many more are held."""
    c, event = assessments.c, audit_events.c
    changed = (
        sa.select(sa.func.max(event.at)).where(event.subject == c.id, event.action.not_in(_LOOKED)).scalar_subquery()
    )
    last = sa.func.coalesce(c.closed_at, changed, c.started_at)
    query = sa.select(c.id, _held(c.id).label("held")).where(
        c.practice == sa.false(), c.started_at < before, last < before
    )
    rows = view.all(query.order_by(c.id))
    return [row["id"] for row in rows if not row["held"]], sum(bool(row["held"]) for row in rows)


def _equality(view: View, keys: Keys, of: Iterable[str]) -> list[str]:
    """What these clients answered apart from everything else; nobody but the keys can tell which rows those are."""
    wanted = {keys.digest("equality", row_id) for row_id in of}
    return [row_id for row_id in _ids(view, equality) if row_id in wanted] if wanted else []


def _reviews(view: View, before: str, going: set[str]) -> list[str]:
    """Answered reviews, but for those that go with their assessment."""
    old = sa.select(reviews.c.id, reviews.c.assessment).where(reviews.c.state == "closed", reviews.c.closed_at < before)
    return [row["id"] for row in view.all(old.order_by(reviews.c.id)) if row["assessment"] not in going]


def _names(view: View, now: datetime, before: str) -> list[str]:
    """Lists whose names go: on the day that was promised when they came in, or sooner if the period is shorter now."""
    today = now.astimezone().date().isoformat()
    named = sa.select(list_identities.c.id).where(list_identities.c.list == lists.c.id)
    return _ids(view, lists, sa.or_(lists.c.erase_on <= today, lists.c.uploaded_at < before), named.exists())


def _uploads(view: View, before: str, going: set[str]) -> list[str]:
    """The uploaded files, but for those that go with the names."""
    c = list_identities.c
    query = sa.select(c.id, c.list).join(lists, lists.c.id == c.list)
    rows = view.all(query.where(c.row == WHOLE_FILE, lists.c.uploaded_at < before).order_by(c.id))
    return [row["id"] for row in rows if row["list"] not in going]


def _lists(view: View, before: str, *which: ColumnElement[bool]) -> list[str]:
    """Lists whose rows go. The list itself stays, with how many people came."""
    rows = sa.select(list_rows.c.id).where(list_rows.c.list == lists.c.id)
    return _ids(view, lists, lists.c.uploaded_at < before, rows.exists(), *which)

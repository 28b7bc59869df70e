"""What did the adviser think before the score was shown, and who was shown it?"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from triage.casework.cases import case_of, changing, check_open, row_of
from triage.casework.service import Service
from triage.casework.standing import set_aside, standing_of
from triage.casework.texts import field_error
from triage.errors import ConflictError, ObjectedError
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.plain import new_id
from triage.records.tables import first_views, scores, showings

_TOO_LATE = "The score was shown already, so a view from before it can no longer be noted."
_ANOTHER = "Another view was noted before. It stays as it is, so that it can be compared with the score."


def first_view(service: Service, actor: Actor, assessment_id: str, band: str) -> Row:
    """Keep the band that the adviser has in mind before the score is shown.

    Raises:
        CaseworkError: there is no such band, or the assessment is closed.
        ConflictError: the score was shown already, or another band was noted.
        ObjectedError: the client objects, so there will be no score to compare with.
    """
    engine = service.engines.now
    if band not in [item.id for item in engine.cutoffs.bands]:
        raise field_error("band", "This is not one of the bands.", "Choose one of those that are offered.")
    with changing(service, actor, assessment_id, "first_view_recorded") as (work, row):
        check_open(row)
        if row["state"] == "objected":
            raise ObjectedError(engine.words.wording.notes.objected)
        before = work.one(_noted(row))
        if before is not None and before["band"] == band:
            return before
        if before is not None or _was_shown(work, row):
            raise ConflictError(_TOO_LATE if before is None else _ANOTHER)
        values = {"assessment": row["id"], "round": row["round"], "band": band}
        return work.insert(first_views, {"id": new_id(), **values, "by": actor.account, "at": service.now})


def first_view_of(service: Service, actor: Actor, assessment_id: str) -> Row | None:
    """The view that was noted in this round before the score was shown; None where none was."""
    with service.database.read() as view:
        return view.one(_noted(case_of(view, actor, assessment_id)))


def _noted(assessment: Row) -> sa.Select[Any]:
    of = (first_views.c.assessment == assessment["id"], first_views.c.round == assessment["round"])
    return sa.select(first_views).where(*of)


def _was_shown(view: View, assessment: Row) -> bool:
    of = (scores.c.assessment == assessment["id"], scores.c.round == assessment["round"])
    both = showings.join(scores, showings.c.score == scores.c.id)
    return bool(view.scalar(sa.select(sa.func.count()).select_from(both).where(*of)))


def shown(service: Service, actor: Actor, score_id: str) -> Row:
    """Note that somebody was shown a score; the first time of each person is kept.

    Raises:
        AccessError: there is no such score, or it belongs to another office.
        ObjectedError: the client objects, or objected after this score: it is shown to nobody.
    """
    with service.database.read() as view:
        assessment_id = row_of(view, scores, score_id)["assessment"]
        office = case_of(view, actor, assessment_id)["office"]
    about = Event(actor, "score_shown", assessment_id, office, {"score": score_id})
    with service.database.write(about) as work:
        standing = standing_of(work, case_of(work, actor, assessment_id))
        found = work.all(sa.select(scores).where(scores.c.assessment == assessment_id))
        if score_id in set_aside(standing.rows, found):
            raise ObjectedError(service.engines.now.words.wording.notes.objected)
        before = work.one(sa.select(showings).where(showings.c.score == score_id, showings.c.by == actor.account))
        values = {"id": new_id(), "score": score_id, "by": actor.account, "at": service.now}
        return before or work.insert(showings, values)

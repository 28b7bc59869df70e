"""How does a client's score come about?

A score is never edited. It is kept with its versions, its day and all that it was made of, and can be made again.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from triage.casework import suspension
from triage.casework.answers import answer_rows, given_of, kept
from triage.casework.cases import case_of, changing, check_open
from triage.casework.rebuilding import data_of, is_expired, rebuilt, with_doubts
from triage.casework.service import Service
from triage.casework.showing import first_view, first_view_of, shown
from triage.casework.standing import set_aside, standing_of
from triage.casework.texts import field_error
from triage.engine import Engine, Score
from triage.errors import CaseworkError, ConflictError, ObjectedError
from triage.records.actor import Actor
from triage.records.database import Row, Work
from triage.records.plain import canonical, new_id
from triage.records.tables import answers, assessments, scores

__all__ = [
    "RESCORE_WHY",
    "data_of",
    "first_view",
    "first_view_of",
    "history",
    "latest",
    "rebuilt",
    "rescore_start",
    "score",
    "shown",
]
#: Why the questions are asked again.
RESCORE_WHY = ("change", "correction", "out_of_date", "new_versions", "review")
_DECIDED = (
    "A decision has been recorded on the score that is there. To work out a new one, say that circumstances have "
    "changed."
)
_NO_SCORE = "There is no score yet. Ask the questions, and work out the first one."


def score(service: Service, actor: Actor, assessment_id: str) -> Row:
    """Work out the score of the answers as they are, and keep it. It is a proposal, never a decision.

    Where nothing has changed since the last score, that one is given again: so a second click makes no second score.
    The row is like that of `latest`.

    Raises:
        ObjectedError: the client objects.
        SuspendedError: scoring is turned off.
        AnswersError: the answers cannot be scored as they stand.
        ConflictError: a decision was recorded on another score.
        CaseworkError: the assessment is closed.
    """
    # Before the write begins: whoever writes must not wait for a second connection while others wait for them.
    suspension.check(service)
    with changing(service, actor, assessment_id, "scored") as (work, row):
        check_open(row)
        engine = service.engines.now
        _check_no_objection(engine, row)
        standing = standing_of(work, row)
        made = engine.score(given_of(engine, row, kept(work, row)).answers, on=service.today)
        new = _row(service, actor, work, row, made)
        last = standing.score
        if last is not None and last["data"] == new["data"] and not is_expired(last, service.today):
            return with_doubts(service, work, standing)
        if row["state"] == "decided":
            raise ConflictError(_DECIDED)
        work.insert(scores, new)
        work.about(row["id"], **{name: new[name] for name in ("number", "round", "model", "checklist", "cutoffs")})
        row = work.update(assessments, row["id"], {"state": "scored", "scored_at": new["at"]})
        return with_doubts(service, work, standing_of(work, row))


def _check_no_objection(engine: Engine, assessment: Row) -> None:
    if assessment["state"] == "objected":
        raise ObjectedError(engine.words.wording.notes.objected)


def _row(service: Service, actor: Actor, work: Work, assessment: Row, made: Score) -> Row:
    number = work.scalar(sa.select(sa.func.count()).where(scores.c.assessment == assessment["id"])) + 1
    today, versions = service.today, made.versions
    return {
        "id": new_id(), "assessment": assessment["id"], "round": assessment["round"], "number": number,
        "status": made.status, "band": made.band, "model": versions.model, "checklist": versions.checklist,
        "cutoffs": versions.cutoffs, "scored_on": today.isoformat(),
        "valid_until": (today + timedelta(days=service.settings.valid_days)).isoformat(),
        "data": canonical(made.to_dict()), "at": service.now, "by": actor.account,
    }  # fmt: skip


def latest(service: Service, actor: Actor, assessment_id: str) -> Row | None:
    """The score that counts; None where there is none in this round, or the client objected after it.

    Beside its columns the row says why nobody can decide on it, if so: "outdated" (answers or context are not those
    that were scored), "expired" (it was worked out too long ago), "other_versions" (the model, the checklist or the
    cut-offs in force are others).
    """
    with service.database.read() as view:
        standing = standing_of(view, case_of(view, actor, assessment_id))
        return None if standing.score is None else with_doubts(service, view, standing)


def history(service: Service, actor: Actor, assessment_id: str) -> list[Row]:
    """Every score of this client, from the first to the last.

    Beside its columns each says "set_aside": True where the client objected after it, so that it must not be shown.
    """
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
        standing = standing_of(view, row)
        found = view.all(sa.select(scores).where(scores.c.assessment == row["id"]).order_by(scores.c.number))
    aside = set_aside(standing.rows, found)
    return [{**item, "set_aside": item["id"] in aside} for item in found]


def rescore_start(service: Service, actor: Actor, assessment_id: str, why: str) -> Row:
    """Ask again after a change: a new round with the answers so far, but for attitudes, which are asked again.

    Everything of the rounds before stays. The decision that is in force stays so until a person takes another one. A
    second click begins no second round.

    Raises:
        CaseworkError: `why` is not one of `RESCORE_WHY`, there is no score yet, or the assessment is closed.
        ObjectedError: the client objects.
    """
    if why not in RESCORE_WHY:
        raise field_error("why", "This is not a reason to ask again.", f"Use one of {', '.join(RESCORE_WHY)}.")
    with changing(service, actor, assessment_id, "assessment_changed", rescore=why) as (work, row):
        check_open(row)
        engine = service.engines.now
        _check_no_objection(engine, row)
        if row["state"] == "open" and row["round"] == 1:
            raise CaseworkError(_NO_SCORE)
        if row["state"] == "open":
            return row
        _copy_answers(work, row, engine)
        work.about(row["id"], round=row["round"] + 1)
        return work.update(assessments, row["id"], {"round": row["round"] + 1, "state": "open", "stopped": False})


def _copy_answers(work: Work, assessment: Row, engine: Engine) -> None:
    asked_again = {question.id for question in engine.checklist.questions if question.sensitivity == "attitude"}
    copies = [
        {**row, "id": new_id(), "round": assessment["round"] + 1}
        for name, row in answer_rows(work, assessment).items()
        if row["state"] != "not_asked" and name not in asked_again
    ]
    work.insert_many(answers, copies)

"""What became of a client, in the kinds of the learning contract, and how long after the job ended?"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from triage.casework.cases import case_of, changing, context_of, form_of, row_of, sent_before
from triage.casework.exporting import Exported, export
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.checklist import JOB_ENDS
from triage.errors import CaseworkError
from triage.faults import Fault
from triage.features import fold
from triage.outcomes.kinds import OutcomeKind
from triage.records.actor import Actor
from triage.records.database import Row
from triage.records.plain import new_id
from triage.records.tables import outcomes

__all__ = ["MOST_WEEKS", "SOURCES", "Exported", "export", "of", "record", "take_back"]

#: From whom it is known.
SOURCES = ("client", "partner", "survey", "records")
#: As in the outcomes contract: beyond it, weeks are rather days, or a date that went wrong.
MOST_WEEKS = 520
_FIRST_DAY = date(1990, 1, 1)


def record(
    service: Service,
    actor: Actor,
    assessment_id: str,
    *,
    kind: str,
    weeks: int | None,
    known_on: date,
    source: str,
    submission: str = "",
) -> Row:
    """Keep what became of a client. Several can be kept over time; the export picks by the learning contract.

    Args:
        service: the service.
        actor: who records it.
        assessment_id: of whom.
        kind: an outcome kind, by its id or one of its spellings.
        weeks: whole weeks from the end of the job until the first return to work, another end of the search, or
            until the client was last heard of. None only for a kind that allows it: never reached.
        known_on: the day on which this was known.
        source: one of `SOURCES`.
        submission: the id of the form.

    Raises:
        CaseworkError: a field cannot be used, or contradicts the day on which the job ends; `faults` name it.
    """
    found = service.kinds.by_spelling.get(fold(kind))
    if found is None:
        raise field_error("kind", "This is not a known outcome.", service.kinds.hint(kind))
    if source not in SOURCES:
        raise field_error("source", "This is not a source.", f"Use one of {', '.join(SOURCES)}.")
    if not _FIRST_DAY <= known_on <= service.today:
        raise field_error("known_on", "This day is in the future or too far back.", "Give the day this was known.")
    number, form = _weeks(found, weeks), form_of(actor, submission)
    with changing(service, actor, assessment_id, "outcome_recorded") as (work, row):
        before = sent_before(work, outcomes, form, assessment=row["id"])
        if before is not None:
            return before
        ends = context_of(row).get(JOB_ENDS)
        if ends is not None and (fault := _contradiction(found, number, known_on, date.fromisoformat(ends))):
            raise CaseworkError(f"{fault.what} {fault.hint}", [fault])
        new = {
            "id": new_id(), "assessment": row["id"], "kind": found.id, "weeks": number,
            "known_on": known_on.isoformat(), "source": source, "by": actor.account, "at": service.now,
            "submission": form,
        }  # fmt: skip
        return work.insert(outcomes, new)


def _weeks(kind: OutcomeKind, weeks: int | None) -> int:
    if weeks is None:
        if not kind.without_weeks:
            raise field_error("weeks", "The weeks are missing.", "Give the whole weeks since the job ended.")
        return 0
    if type(weeks) is not int or not 0 <= weeks <= MOST_WEEKS:
        raise field_error("weeks", f"Weeks are whole numbers from 0 to {MOST_WEEKS}.", "Are these days? Divide by 7.")
    return weeks


def _contradiction(kind: OutcomeKind, weeks: int, known_on: date, ends: date) -> Fault | None:
    """What cannot be true at once. A week that has begun may be counted as a whole one."""
    if weeks and ends + timedelta(weeks=weeks) > known_on + timedelta(days=6):
        what = f"The job ended on {ends.isoformat()}, so on the day this was known it was less than {weeks} weeks ago."
        return Fault("weeks", what, "Correct the weeks, the day, or the last day of the job.")
    if kind.place == "out" and not kind.without_weeks and ends > known_on:
        what = f"The job ended on {ends.isoformat()}, after the day this was known."
        return Fault("known_on", what, "Record what became of the client after that day.")
    return None


def take_back(service: Service, actor: Actor, outcome_id: str) -> Row:
    """An outcome was recorded by mistake: it stays, and counts no more."""
    with service.database.read() as view:
        assessment_id = row_of(view, outcomes, outcome_id)["assessment"]
    detail = {"taken_back": outcome_id}
    with changing(service, actor, assessment_id, "outcome_recorded", **detail) as (work, _):
        row = work.get(outcomes, outcome_id)
        return row if row["taken_back_at"] else work.update(outcomes, outcome_id, {"taken_back_at": service.now})


def of(service: Service, actor: Actor, assessment_id: str) -> list[Row]:
    """What is known of one client, the first known first; with what was taken back."""
    with service.database.read() as view:
        row = case_of(view, actor, assessment_id)
        query = sa.select(outcomes).where(outcomes.c.assessment == row["id"])
        return view.all(query.order_by(outcomes.c.known_on, outcomes.c.at, outcomes.c.id))

"""How is a list scored beside the requests, so that it ends whole or not at all?

The state is in the database: several processes may serve the same list. Whoever scores it gives a sign of life, and
puts everything in place in one transaction at the end. If the process is ended before, nothing of its work is there,
and anybody who works on the list can start again.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from triage.casework import suspension
from triage.casework.list_files import laid_out
from triage.casework.list_making import Made, Maker, references
from triage.casework.list_matches import offer
from triage.casework.lists import check_works_on, file_of, is_stale, list_of
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.errors import ConflictError, UserError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, Work
from triage.records.plain import canonical, moment, parsed
from triage.records.tables import answers, assessments, decisions, list_identities, list_rows, lists, scores

_LOG = logging.getLogger("triage.casework")
#: So much time lies between two signs of life.
_BEAT = timedelta(seconds=2)
_FAULT = (
    "The list could not be scored: a fault of the software, not yours. Nothing of it was kept. Please report the"
    " number {number}."
)
#: A scoring date further away than this is a slip of the pen.
_MOST = timedelta(days=366)


def start(service: Service, actor: Actor, list_id: str, choices: Mapping[str, str] | None, on: date | None) -> Row:
    """Note that a list is being scored from now on; `work_out` then does it.

    Args:
        service: the service.
        actor: who works on the list.
        list_id: the list.
        choices: what its columns hold, by heading; None for what was chosen before.
        on: the scoring date; None for the one that was chosen before, else today.

    Raises:
        SuspendedError: scoring is turned off. The list stays uploaded.
        ListError: the choices do not fit the list.
        CaseworkError: the scoring date is too far away.
        ConflictError: it is being scored already, or is scored.
    """
    suspension.check(service)
    engine = service.engines.now
    with service.database.read() as view:
        check_works_on(view, actor, list_id)
        file_of(view, list_id)
    with service.database.write(Event(actor, "list_changed", list_id, actor.office, {"scoring": True})) as work:
        row = check_works_on(work, actor, list_id)
        if row["state"] == "scored" or (row["state"] == "scoring" and not is_stale(service, row)):
            raise ConflictError("This list is being scored or is scored already.")
        chosen = parsed(row["mapping"]) if choices is None else choices
        mapping = desk.mapping_from(engine, chosen)
        day = on or (date.fromisoformat(row["scored_on"]) if row["scored_on"] else service.today)
        if abs(day - service.today) > _MOST:
            raise field_error("on", "This day is too far away.", "Check the year.")
        values = {
            "mapping": canonical(desk.choices_of(mapping)), "scored_on": day.isoformat(), "state": "scoring",
            "done": 0, "message": "", "beat_at": moment(service.clock()),
        }  # fmt: skip
        return work.update(lists, list_id, values)


def begin(service: Service, actor: Actor, started: Row) -> threading.Thread:
    """Score a list beside the requests."""
    work = threading.Thread(target=work_out, args=(service, actor, started), name="list", daemon=True)
    work.start()
    return work


def work_out(service: Service, actor: Actor, started: Row) -> None:
    """Score the list that `start` has given. Whatever goes wrong is said on the list."""
    service = service.pinned()
    job = _Job(service, actor, started)
    try:
        job.run()
        offer(service, actor, started["id"])
    except UserError as problem:
        job.fail(problem.message)
    except Exception as problem:  # whatever it is: the list must not wait for ever, and no log may repeat a cell
        number = f"{threading.get_ident() & 0xFFFFFFFF:08x}"
        places = traceback.extract_tb(problem.__traceback__)[-6:]
        where = "; ".join(f"{place.filename}:{place.lineno}" for place in places)
        _LOG.error("fault %s: %s at %s", number, type(problem).__name__, where)
        job.fail(_FAULT.format(number=number))


class _Job:
    """The scoring of one list by this process, as long as no other has taken it over."""

    def __init__(self, service: Service, actor: Actor, started: Row) -> None:
        self._service, self._actor = service, actor
        self._id, self._row = started["id"], started

    def run(self) -> None:
        """Score, and put everything in place at once."""
        service, row = self._service, self._row
        suspension.check(service)
        engine = service.engines.now
        with service.database.read() as view:
            data = file_of(view, self._id)
            known = references(view, row["rows"])
        mapping, on = desk.mapping_from(engine, parsed(row["mapping"])), date.fromisoformat(row["scored_on"])
        with laid_out(data, row["ending"]) as path:
            scored = desk.score_rows(engine, path, mapping, on, progress=self._tick)
        self._row = {**self._row, "scored_on": scored.on.isoformat()}
        made = Maker(service, self._actor, self._row).made(scored.rows, known)
        self._beat(len(scored.rows))
        event = Event(self._actor, "list_scored", self._id, row["office"], {"rows": len(scored.rows)})
        with service.database.write(event) as work:
            self._keep(work, scored, made)

    def _keep(self, work: Work, scored: desk.Scored, made: Made) -> None:
        file_of(work, self._id)
        work.update(lists, self._id, self._finished(scored), self._own())
        for table, rows in (
            (assessments, made.assessments), (answers, made.answers), (scores, made.scores),
            (decisions, made.decisions), (list_rows, made.list_rows), (list_identities, made.list_identities),
        ):  # fmt: skip
            work.insert_many(table, rows)
        work.about(self._id, clients=len(made.assessments), scores=len(made.scores), claims=len(made.decisions))

    def _finished(self, scored: desk.Scored) -> dict[str, Any]:
        return {
            "state": "scored", "done": len(scored.rows), "scored_at": self._service.now,
            "scored_on": scored.on.isoformat(), "versions": canonical(dict(scored.versions)),
            "summary": canonical(summary_of(scored)), "message": "",
        }  # fmt: skip

    def _tick(self, done: int, _: int) -> None:
        beat = self._service.clock() - _BEAT
        if done < self._row["rows"] and moment(beat) > self._row["beat_at"]:
            self._beat(done)

    def _beat(self, done: int) -> None:
        """A sign of life. It fails where another process has taken the list over."""
        values = {"done": done, "beat_at": moment(self._service.clock())}
        with self._service.database.write(Event(self._actor, "list_changed", self._id, self._row["office"])) as work:
            work.update(lists, self._id, values, self._own())
        self._row = {**self._row, **values}

    def fail(self, message: str) -> None:
        """Say on the list what went wrong, unless another process has taken it over."""
        try:
            with self._service.database.write(
                Event(self._actor, "list_changed", self._id, self._row["office"], {"failed": True})
            ) as work:
                work.update(lists, self._id, {"state": "failed", "message": message}, self._own())
        except UserError:
            _LOG.warning("a list was taken over or could not be scored")

    def _own(self) -> dict[str, Any]:
        """What the list holds while this process is the one that scores it."""
        return {"state": "scoring", "beat_at": self._row["beat_at"]}


def summary_of(scored: desk.Scored) -> dict[str, Any]:
    """What there is to say of a scored list as a whole."""
    return {
        "own": scored.own, "statuses": dict(scored.statuses), "edges": [asdict(edge) for edge in scored.edges],
        "counts": list(scored.counts), "in_bands": list(scored.in_bands), "used": list(scored.used),
        "remarks": list(scored.remarks),
    }  # fmt: skip


def progress_of(service: Service, actor: Actor, list_id: str) -> Row:
    """How far the scoring of a list is: its row with `stale`, True where nobody works on it any more."""
    with service.database.read() as view:
        row = list_of(view, actor, list_id)
    return {**row, "stale": is_stale(service, row)}

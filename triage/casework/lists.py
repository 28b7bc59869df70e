"""How does an attendance list come in, how is it to be read, and who works on it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from triage.casework.cases import form_of, may_see, require, row_of, sent_before
from triage.casework.events import event_of
from triage.casework.list_files import laid_out
from triage.casework.service import Service
from triage.errors import AccessError, CaseworkError, ConflictError, ListError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View
from triage.records.erase import WHOLE_FILE, Erased, erase_list_identities
from triage.records.erasures import NAME as ERASURES
from triage.records.periods import Periods, load_periods
from triage.records.plain import canonical, new_id, parsed
from triage.records.tables import accounts, list_identities, list_workers, lists

_NOT_HERE = "This is not there, or it belongs to another office."
_NOT_A_WORKER = "Only those who work on this list see whom it names. Ask one of them to add you."
GONE = (
    "The uploaded file and the names of this list are erased, so this is no longer possible. Every row and its decision"
    " stay, without names."
)


def upload(
    service: Service, actor: Actor, event_id: str, data: bytes, ending: str, *, practice: bool = False,
    submission: str = "",
) -> Row:  # fmt: skip
    """Keep an uploaded list, if it can be read as one; a second click gives the first one again.

    Args:
        service: the service.
        actor: who uploads it, and works on it from now on.
        event_id: the event that it is from.
        data: the file. It names people, and is kept in the table of identities alone.
        ending: of the file's name; no more of it is kept.
        practice: True for a list of invented people.
        submission: the id of the form.

    Raises:
        ListError: it cannot be read as a list.
    """
    require(actor, "adviser", "manager")
    form = form_of(actor, submission)
    with service.database.read() as view:
        event_of(view, actor, event_id)
        before = sent_before(view, lists, form, event=event_id)
    if before is not None:
        return before
    with laid_out(data, ending) as path:
        looked = desk.look(service.engines.now, path)
    if not looked.rows:
        raise ListError("There is nothing in this file. Choose the file with the list.")
    with service.database.write(Event(actor, "list_uploaded", "", actor.office, {"rows": looked.rows})) as work:
        event = event_of(work, actor, event_id)
        before = sent_before(work, lists, form, event=event_id)
        if before is not None:
            return before
        row = work.insert(lists, _new(service, actor, event, looked, ending, practice, form))
        of = {"list": row["id"], "office": row["office"]}
        work.insert(list_identities, {"id": new_id(), **of, "row": WHOLE_FILE, "sheet": "", "data": data})
        at = {"added_by": actor.account, "added_at": service.now}
        work.insert(list_workers, {"id": new_id(), "list": row["id"], "account": actor.account, **at})
        work.about(row["id"], practice=practice)
        return row


def _new(
    service: Service, actor: Actor, event: Row, looked: desk.Looked, ending: str, practice: bool, form: str | None
) -> Row:
    return {
        "id": new_id(), "event": event["id"], "office": event["office"], "state": "uploaded", "ending": ending,
        "mapping": canonical(looked.choices), "scored_on": "", "versions": "{}", "message": "",
        "summary": canonical({"looked": looked.to_dict()}), "rows": looked.rows, "done": 0,
        "uploaded_by": actor.account, "uploaded_at": service.now, "practice": practice,
        "erase_on": erase_on(service).isoformat(), "submission": form, "version": 1,
    }  # fmt: skip


def erase_on(service: Service) -> date:
    """The day on which what names people on a list of today is erased: the period of such records, or sooner."""
    periods = _periods(service.engines.now.checklist.folder.find("retention.yaml"))
    at = service.clock()
    kept = at - periods.of("list_identities").before(at)
    return service.today + min(kept, timedelta(days=service.settings.list_identity_days))


@lru_cache(maxsize=4)
def _periods(path: Path | None) -> Periods:
    return load_periods(path=path)


def find(service: Service, actor: Actor, list_id: str) -> Row:
    """One list, with its `works`: True where the actor works on it and may see whom it names.

    Raises:
        AccessError: there is none, or it belongs to another office.
    """
    with service.database.read() as view:
        row = list_of(view, actor, list_id)
        return {**row, "works": works_on(view, actor, list_id)}


def list_of(view: View, actor: Actor, list_id: str) -> Row:
    """As `find`, in a transaction that is open already."""
    row = row_of(view, lists, list_id)
    if actor.role == "partner" or not may_see(actor, row):
        raise AccessError(_NOT_HERE)
    return row


def works_on(view: View, actor: Actor, list_id: str) -> bool:
    """True where the actor works on a list."""
    query = sa.select(list_workers.c.id).where(list_workers.c.list == list_id, list_workers.c.account == actor.account)
    return view.one(query) is not None


def check_works_on(view: View, actor: Actor, list_id: str) -> Row:
    """The list, if the actor works on it.

    Raises:
        AccessError: they do not, or it belongs to another office.
    """
    row = list_of(view, actor, list_id)
    if not works_on(view, actor, list_id):
        raise AccessError(_NOT_A_WORKER)
    return row


def of_event(service: Service, actor: Actor, event_id: str) -> list[Row]:
    """The lists of an event, the newest first."""
    with service.database.read() as view:
        event_of(view, actor, event_id)
        return view.all(sa.select(lists).where(lists.c.event == event_id).order_by(lists.c.uploaded_at.desc()))


def looked_at(row: Row) -> dict[str, Any]:
    """What the file of a list is made of: `desk.Looked.to_dict()`. Nothing of any person is in it."""
    found: dict[str, Any] = parsed(row["summary"])["looked"]
    return found


def look_again(service: Service, actor: Actor, list_id: str, choices: Mapping[str, str]) -> Row:
    """What the file comes to if its columns hold what a person says.

    Raises:
        ListError: the choices do not fit the list.
        ConflictError: the list is being scored, or is scored.
    """
    engine = service.engines.now
    mapping = desk.mapping_from(engine, choices)
    with service.database.read() as view:
        row, data = check_works_on(view, actor, list_id), file_of(view, list_id)
    with laid_out(data, row["ending"]) as path:
        looked = desk.look(engine, path, mapping)
    with service.database.write(Event(actor, "list_changed", list_id, row["office"])) as work:
        row = check_not_begun(check_works_on(work, actor, list_id))
        values = {"mapping": canonical(desk.choices_of(mapping)), "summary": canonical({"looked": looked.to_dict()})}
        return work.update(lists, list_id, values)


def check_not_begun(row: Row) -> Row:
    """Refuse a list that is being scored or is scored."""
    if row["state"] not in ("uploaded", "failed"):
        raise ConflictError("This list is being scored or is scored already, so its columns stay as they are.")
    return row


def file_of(view: View, list_id: str) -> bytes:
    """The uploaded file.

    Raises:
        CaseworkError: it is erased.
    """
    query = sa.select(list_identities.c.data).where(
        list_identities.c.list == list_id, list_identities.c.row == WHOLE_FILE, list_identities.c.sheet == ""
    )
    found = view.scalar(query)
    if found is None:
        raise CaseworkError(GONE)
    return bytes(found)


def has_file(service: Service, list_id: str) -> bool:
    """True while the uploaded file is there."""
    query = sa.select(list_identities.c.id).where(
        list_identities.c.list == list_id, list_identities.c.row == WHOLE_FILE, list_identities.c.sheet == ""
    )
    with service.database.read() as view:
        return view.one(query) is not None


def workers(service: Service, actor: Actor, list_id: str) -> tuple[list[Row], list[Row]]:
    """Who works on a list, and who else of its office could be added; rows with `id` and `name`."""
    with service.database.read() as view:
        row = list_of(view, actor, list_id)
        query = sa.select(list_workers.c.account).where(list_workers.c.list == list_id)
        known = {item["account"] for item in view.all(query)}
        people = view.all(
            sa.select(accounts.c.id, accounts.c.name)
            .where(accounts.c.office == row["office"], accounts.c.active, accounts.c.role.in_(("adviser", "manager")))
            .order_by(accounts.c.name)
        )
    return [item for item in people if item["id"] in known], [item for item in people if item["id"] not in known]


def add_worker(service: Service, actor: Actor, list_id: str, account: str) -> None:
    """Let a colleague of the same office work on a list, and so see whom it names.

    Raises:
        AccessError: the actor does not work on it, or the colleague is of another office.
    """
    with service.database.write(Event(actor, "list_changed", list_id, actor.office, {"worker": account})) as work:
        row = check_works_on(work, actor, list_id)
        colleague = row_of(work, accounts, account)
        fits = colleague["office"] == row["office"] and colleague["role"] in ("adviser", "manager")
        if not fits or not colleague["active"]:
            raise AccessError(_NOT_HERE)
        known = sa.select(list_workers).where(list_workers.c.list == list_id, list_workers.c.account == account)
        if work.one(known) is None:
            at = {"added_by": actor.account, "added_at": service.now}
            work.insert(list_workers, {"id": new_id(), "list": list_id, "account": account, **at})


def erase_names(service: Service, actor: Actor, list_id: str, folder: Path) -> Erased:
    """Erase the file and the names of a list now. Its rows, scores and decisions stay.

    Raises:
        AccessError: the actor neither works on the list nor is a manager of its office.
        ConflictError: it is being scored.
    """
    with service.database.read() as view:
        row = list_of(view, actor, list_id)
        if actor.role != "manager":
            check_works_on(view, actor, list_id)
    if row["state"] == "scoring" and not is_stale(service, row):
        raise ConflictError("This list is being scored. Wait until it is done, and then erase the names.")
    event = Event(actor, "list_erased", list_id, row["office"])
    return erase_list_identities(service.database, event, list_id, folder / ERASURES)


#: Without a sign of life for so long, the process that scored a list has ended.
STALE = timedelta(seconds=90)


def is_stale(service: Service, row: Row) -> bool:
    """True where nobody works on the scoring of a list any more."""
    if row["state"] != "scoring" or not row["beat_at"]:
        return False
    return service.clock() - datetime.fromisoformat(row["beat_at"]) > STALE

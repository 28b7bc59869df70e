"""What is downloaded of a list: the same output as the command writes, with what was decided and corrected here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from triage.casework.list_files import laid_out
from triage.casework.list_view import Entry, every
from triage.casework.lists import GONE, check_works_on, file_of
from triage.casework.service import Service
from triage.casework.standing import Standing, record_of
from triage.decisions import Decision
from triage.errors import CaseworkError, ConflictError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row
from triage.records.plain import parsed

__all__ = ["ENDINGS", "GONE", "corrections_of", "decided_of", "write"]
ENDINGS = ("xlsx", "csv")
_NOT_SCORED = "This list is not scored yet. Score it, and then download it."
_OTHER_VERSIONS = (
    "The model, the checklist or the cut-offs have changed since this list was scored, so its workbook would hold other"
    " figures. Upload the list again to score it with what is in force now."
)


def write(
    service: Service, actor: Actor, list_id: str, folder: Path, *, ending: str = "xlsx", answers: bool = False,
    sensitive: bool = False,
) -> Path:  # fmt: skip
    """Write the output of a list into `folder`, and note that it was given out.

    Args:
        service: the service.
        actor: who works on the list.
        list_id: the list.
        folder: where to write; the caller takes it away.
        ending: one of `ENDINGS`.
        answers: with the answers as they were understood.
        sensitive: with answers about health, attitudes and family background; the file's name then says so.

    Raises:
        AccessError: the actor does not work on the list.
        CaseworkError: the list is not scored, or its file is erased.
        ConflictError: it was scored with other versions than those in force.
    """
    if ending not in ENDINGS:
        raise CaseworkError(f"A list can be downloaded as {' or '.join(ENDINGS)}.")
    engine = service.engines.now
    with service.database.read() as view:
        row = check_works_on(view, actor, list_id)
        if row["state"] != "scored":
            raise CaseworkError(_NOT_SCORED)
        data, found = file_of(view, list_id), every(view, list_id)
    check_versions(service, row, _OTHER_VERSIONS)
    with laid_out(data, row["ending"]) as path:
        out = desk.workbook(
            engine, path, desk.mapping_from(engine, parsed(row["mapping"])), folder / f"{_name(row)}.{ending}",
            on=date.fromisoformat(row["scored_on"]), decisions=decided_of(found), corrections=corrections_of(found),
            answers=answers, sensitive=sensitive,
        )  # fmt: skip
    detail = {"what": "list", "answers": answers, "sensitive": sensitive, "rows": len(found)}
    with service.database.write(Event(actor, "exported", list_id, row["office"], detail, note=True)):
        pass
    return out


def check_versions(service: Service, row: Row, message: str) -> None:
    """Refuse where a list was scored with other versions than those in force."""
    if parsed(row["versions"]) != service.engines.now.versions.to_dict():
        raise ConflictError(message)


def decided_of(found: list[Entry]) -> dict[int, desk.Decided]:
    """The last decision about each person, by place in the list."""
    made = {entry.row.place: _decided(entry.standing) for entry in found if entry.standing is not None}
    return {place: decided for place, decided in made.items() if decided is not None}


def corrections_of(found: list[Entry]) -> dict[int, dict[str, object]]:
    """The answers that were corrected, by place in the list; "" for one that was taken out."""
    return {
        entry.row.place: {name: entry.row.given.get(name, "") for name in entry.row.corrected}
        for entry in found
        if entry.row.corrected
    }


def _decided(standing: Standing) -> desk.Decided | None:
    if standing.assessment["state"] == "objected":
        return desk.Decided("objected")
    row = standing.in_force if standing.in_force is not None else standing.last
    if row is None:
        return None
    record: Decision = record_of(row)
    return desk.Decided(record.state, record.band or "", record.reason, record.by, record.note)


def _name(row: Row) -> str:
    """The name of the file: a day, and nothing of anybody."""
    return f"list-{row['uploaded_at'][:10]}-scored"

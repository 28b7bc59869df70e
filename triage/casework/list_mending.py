"""What happens when an answer of a list is corrected by hand?

The whole list goes through the same engine again, because places and partners depend on all of it. The corrected
person's assessment gets the answer and a new score. Where a decision was recorded before, it stays in force, in a
round of its own, until a person decides on the new score. Other people's assessments stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from triage.casework import suspension
from triage.casework.answers import answer_rows, kept
from triage.casework.list_files import laid_out
from triage.casework.list_making import Maker, context_of, kept_answers, listed, private_data
from triage.casework.list_scoring import summary_of
from triage.casework.list_view import Entry, every, of_list
from triage.casework.list_workbook import check_versions, corrections_of
from triage.casework.lists import check_works_on, file_of
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.engine import Engine
from triage.engine.answers import OBJECTS
from triage.errors import CaseworkError, ConflictError, ListError
from triage.lists import desk
from triage.records.actor import Actor
from triage.records.audit import Event
from triage.records.database import Row, View, Work
from triage.records.plain import canonical, parsed
from triage.records.tables import answers, assessments, list_identities, list_rows, lists, scores

_OTHER_VERSIONS = (
    "The model, the checklist or the cut-offs have changed since this list was scored. Open the person's record, and"
    " correct the answer there."
)
_CHANGED = "The list was changed in the meantime. Look at it again, and then correct the answer."
_WHY_NOT = {
    "objected": "This person objects to being scored, so there is nothing to score again.",
    "closed": "This person's record is closed. Open it again first, and correct the answer there.",
    "claimed": "A decision from the spreadsheet waits. Accept or refuse it first.",
    "asked": "This person's answers have changed since the list. Correct the answer in their record.",
    "nobody": "This row is not a client, so it has no answers.",
}


def why_not(engine: Engine, entry: Entry, view: View) -> str:
    """Why no answer of this row can be corrected on the list; "" where it can."""
    standing = entry.standing
    if standing is None:
        return _WHY_NOT["nobody"]
    if standing.assessment["state"] in ("objected", "closed"):
        return _WHY_NOT[standing.assessment["state"]]
    if entry.claimed:
        return _WHY_NOT["claimed"]
    known = kept(view, standing.assessment).items()
    now = {name: (item.state, item.value) for name, item in known if item.state != "not_asked"}
    same = now == kept_answers(engine, entry.row)
    return "" if same and not entry.asked_again else _WHY_NOT["asked"]


def correctable(service: Service, entry: Entry) -> str:
    """As `why_not`, for a page."""
    with service.database.read() as view:
        return why_not(service.engines.now, entry, view)


def correct(
    service: Service, actor: Actor, list_id: str, row_id: str, given: Mapping[str, object], version: int | None = None
) -> None:
    """Put answers in the place of those of a row, and score the list again. All of it is kept, or nothing.

    Args:
        service: the service.
        actor: who works on the list.
        list_id: the list.
        row_id: the row.
        given: answers by question; "" for "not given".
        version: of the row as the person saw it.

    Raises:
        CaseworkError: an answer cannot be used (`faults` name the questions), or the row cannot be corrected here.
        ConflictError: the row was changed since `version`, or the versions in force are others.
        SuspendedError: scoring is turned off.
    """
    suspension.check(service)
    service = service.pinned()
    engine = service.engines.now
    with service.database.read() as view:
        row = check_works_on(view, actor, list_id)
        kept_row = of_list(view, list_id, row_id)
        data, found = file_of(view, list_id), every(view, list_id)
        if row["state"] != "scored" or (version is not None and kept_row["version"] != version):
            raise ConflictError(_CHANGED)
        entry = next(item for item in found if item.id == row_id)
        if message := why_not(engine, entry, view):
            raise CaseworkError(message)
    check_versions(service, row, _OTHER_VERSIONS)
    place = entry.row.place
    typed = _typed(engine, found)
    typed[place] = {**typed.get(place, {}), **given}
    with laid_out(data, row["ending"]) as path:
        scored = _scored(engine, path, row, typed)
    maker = Maker(service, actor, row)
    event = Event(actor, "rectified", list_id, row["office"], {"questions": sorted(given)})
    with service.database.write(event) as work:
        if work.get(lists, list_id)["version"] != row["version"]:
            raise ConflictError(_CHANGED)
        work.update(lists, list_id, {"summary": canonical(summary_of(scored))})
        _keep_rows(work, list_id, found, scored)
        _keep_case(service, work, maker, entry, scored.rows[place])


def _typed(engine: Engine, found: list[Entry]) -> dict[int, dict[str, object]]:
    """What was corrected before, and who objects: they take no place on the list."""
    typed: dict[int, dict[str, object]] = {place: dict(each) for place, each in corrections_of(found).items()}
    if OBJECTS in engine.checklist.context_by_id:
        for entry in found:
            if entry.assessment is not None and entry.assessment["state"] == "objected":
                typed.setdefault(entry.row.place, {})[OBJECTS] = "yes"
    return typed


def _scored(engine: Engine, path: Path, row: Row, typed: Mapping[int, Mapping[str, object]]) -> desk.Scored:
    mapping = desk.mapping_from(engine, parsed(row["mapping"]))
    try:
        return desk.score_rows(engine, path, mapping, date.fromisoformat(row["scored_on"]), corrections=typed)
    except ListError as problem:
        for fault in problem.faults:
            name = fault.where.rpartition("'")[0].rpartition("'")[2]
            raise field_error(f"fix-{name}", f"{fault.what[:1].upper()}{fault.what[1:]}", fault.hint) from None
        raise


def _keep_rows(work: Work, list_id: str, found: list[Entry], scored: desk.Scored) -> None:
    """Every row that is another one now: mostly the corrected one alone."""
    kept_rows = {row["place"]: row for row in work.all(sa.select(list_rows).where(list_rows.c.list == list_id))}
    objected = {e.row.place for e in found if e.assessment is not None and e.assessment["state"] == "objected"}
    for row in scored.rows:
        before, new = kept_rows.get(row.place), listed(row)
        if before is None or row.place in objected or before["data"] == new["data"]:
            continue
        work.update(list_rows, before["id"], new)
        c = list_identities.c
        names = work.one(sa.select(c.id).where(c.list == list_id, c.row == row.row, c.sheet == row.sheet))
        if names is not None:
            work.update(list_identities, names["id"], {"data": private_data(row.private)})


def _keep_case(service: Service, work: Work, maker: Maker, entry: Entry, row: desk.Row) -> None:
    """The answers and the score of the corrected person."""
    assert entry.standing is not None
    before = entry.standing.assessment
    case = work.get(assessments, before["id"])
    if case["version"] != before["version"]:
        raise ConflictError(_CHANGED)
    scored = row.status == "scored" and row.score is not None
    # A decision stands on its score, and that on its answers: what is new is a round of its own.
    begins = case["state"] == "decided" or (entry.standing.score is not None and not scored)
    values = {
        "context": canonical(context_of(service.engines.now, row)),
        "round": case["round"] + 1 if begins else case["round"],
        "state": "scored" if scored else "open",
    }
    if scored:
        values["scored_at"] = service.now
    case = work.update(assessments, case["id"], values)
    _keep_answers(work, case, maker.answers(row, case))
    score = None
    if scored:
        last = work.scalar(sa.select(sa.func.max(scores.c.number)).where(scores.c.assessment == case["id"]))
        score = work.insert(scores, maker.score(row, case, int(last or 0) + 1))["id"]
    work.update(list_rows, entry.id, {"score": score})


def _keep_answers(work: Work, case: Row, new: Iterable[Row]) -> None:
    """The answers of the present round: those that are new or others, and "not asked" for what was taken out."""
    before = answer_rows(work, case)
    for answer in new:
        known = before.pop(answer["question"], None)
        if known is None:
            work.insert(answers, answer)
        elif (known["state"], known["value"]) != (answer["state"], answer["value"]):
            work.update(answers, known["id"], {name: answer[name] for name in ("state", "value", "at", "by", "via")})
    for known in before.values():
        if known["state"] != "not_asked":
            work.update(answers, known["id"], {"state": "not_asked", "value": None})

"""What becomes of a list that people work on: corrections, decisions, claims, matches and the workbook?"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from tests.casework import Desk
from tests.databases import both
from tests.lists_desk import ON, SMALL, an_event, people, scored
from triage.casework import assessments, deciding, interview, list_matches, list_mending, list_workbook, scoring
from triage.casework.list_view import Entry
from triage.errors import AccessError, CaseworkError, ConflictError, DecisionError
from triage.records.database import Row

pytestmark = both


def case_of(entry: Entry) -> Row:
    assert entry.assessment is not None
    return entry.assessment


def correct(desk: Desk, row: Row, entry: Entry, given: dict[str, object], who: str = "adviser") -> None:
    list_mending.correct(desk.service, desk[who], row["id"], entry.id, given, entry.version)


def test_a_correction_scores_the_person_again_and_nobody_else(desk: Desk) -> None:
    row = scored(desk)
    before = people(desk, row)
    correct(desk, row, before["Madeup"], {"vehicle": "yes"})
    after = people(desk, row)
    assert (after["Madeup"].row.answers["vehicle"], after["Madeup"].row.corrected) == ("yes", ("vehicle",))
    assert after["Madeup"].row.figures != before["Madeup"].row.figures
    for name in ("Imaginer", "Testerson", "Nobodie", "Pretender"):
        assert after[name] == before[name]
    case = case_of(after["Madeup"])
    latest = scoring.latest(desk.service, desk["adviser"], case["id"])
    assert latest is not None
    assert (latest["number"], latest["id"], latest["outdated"]) == (2, after["Madeup"].score, False)
    assert interview.answers_of(desk.service, desk["adviser"], case["id"])["vehicle"].value == "yes"
    with pytest.raises(ConflictError):
        correct(desk, row, before["Madeup"], {"vehicle": "no"})


def test_a_correction_leaves_a_decision_in_force(desk: Desk) -> None:
    row = scored(desk)
    entry = people(desk, row)["Madeup"]
    decision = deciding.confirm(desk.service, desk["adviser"], case_of(entry)["id"], score_id=entry.score)
    correct(desk, row, people(desk, row)["Madeup"], {"vehicle": "no"})
    after = people(desk, row)["Madeup"]
    assert (case_of(after)["round"], case_of(after)["state"]) == (2, "scored")
    assert after.standing is not None
    assert after.standing.in_force is not None
    assert after.standing.in_force["id"] == decision["id"]
    deciding.confirm(desk.service, desk["adviser"], case_of(after)["id"], score_id=after.score)


def test_what_cannot_be_corrected_says_why(desk: Desk) -> None:
    row = scored(desk)
    found = people(desk, row)
    with pytest.raises(AccessError):
        correct(desk, row, found["Madeup"], {"vehicle": "yes"}, "second_adviser")
    with pytest.raises(CaseworkError) as problem:
        correct(desk, row, found["Madeup"], {"vehicle": "perhaps a van"})
    assert problem.value.faults[0].where == "fix-vehicle"
    with pytest.raises(CaseworkError, match="not a client"):
        correct(desk, row, found["Total"], {"vehicle": "yes"})
    with pytest.raises(CaseworkError, match="objects"):
        correct(desk, row, found["Pretender"], {"vehicle": "yes"})
    interview.save_answer(desk.service, desk["adviser"], case_of(found["Madeup"])["id"], "vehicle", "yes")
    with pytest.raises(CaseworkError, match="have changed since"):
        correct(desk, row, found["Madeup"], {"vehicle": "no"})


def written(desk: Desk, row: Row, folder: Path, **more: object) -> Path:
    return list_workbook.write(desk.service, desk["adviser"], row["id"], folder, **more)  # type: ignore[arg-type]


def test_the_workbook_holds_decisions_corrections_and_objections(desk: Desk, tmp_path: Path) -> None:
    row = scored(desk)
    found = people(desk, row)
    imaginer = found["Imaginer"]
    deciding.override(
        desk.service, desk["adviser"], case_of(imaginer)["id"], score_id=imaginer.score, band="standard",
        reason="other", note="She has it from her union.",
    )  # fmt: skip
    correct(desk, row, found["Madeup"], {"vehicle": "yes"})
    assessments.object_to_scoring(desk.service, desk["adviser"], case_of(found["Testerson"])["id"])
    path = written(desk, row, tmp_path, ending="csv", answers=True)
    assert path.name == "list-2026-03-02-scored.csv"
    rows = {line["Surname"]: line for line in pl.read_csv(path, infer_schema=False).to_dicts()}
    assert rows["Imaginer"]["override_band"] == "standard"
    assert rows["Imaginer"]["override_by"] == desk["adviser"].name
    assert rows["Madeup"]["answer_vehicle"] == "yes"
    assert float(rows["Madeup"]["logit"]) == people(desk, row)["Madeup"].row.figures["logit"]  # type: ignore[index]
    assert rows["Testerson"]["logit"] is None
    assert len(rows) == 6


def test_a_file_with_answers_kept_apart_says_so_and_colleagues_get_none(desk: Desk, tmp_path: Path) -> None:
    row = scored(desk)
    assert "sensitive" in written(desk, row, tmp_path, sensitive=True).name
    with pytest.raises(AccessError):
        list_workbook.write(desk.service, desk["second_adviser"], row["id"], tmp_path)


def test_a_claim_counts_when_whom_it_names_accepts_it(desk: Desk, tmp_path: Path) -> None:
    path = written(desk, scored(desk), tmp_path, answers=True)
    book = load_workbook(path)
    sheet = book["Clients"]
    headings = next(row for row in sheet.iter_rows() if any(cell.value == "override_band" for cell in row))
    place = {str(cell.value): cell.column for cell in headings}
    by_name = {sheet.cell(number, place["Surname"]).value: number for number in range(1, sheet.max_row + 1)}
    for name, band, reason, by in (
        ("Imaginer", "standard", "other", desk["second_adviser"].name),
        ("Testerson", "standard", "confirmed", desk["second_adviser"].name),
    ):
        for heading, value in (("override_band", band), ("override_reason", reason + ": seen"), ("override_by", by)):
            sheet.cell(by_name[name], place[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    row = scored(desk, out.getvalue(), ".xlsx")
    found = people(desk, row)
    assert found["Imaginer"].claimed
    about = {"score_id": found["Imaginer"].score}
    with pytest.raises(DecisionError, match="names"):
        deciding.accept_claim(desk.service, desk["adviser"], case_of(found["Imaginer"])["id"], **about)
    with pytest.raises(CaseworkError, match="waits"):
        correct(desk, row, found["Imaginer"], {"vehicle": "yes"})
    deciding.accept_claim(desk.service, desk["second_adviser"], case_of(found["Imaginer"])["id"], **about)
    after = people(desk, row)
    assert after["Imaginer"].standing is not None
    assert (after["Imaginer"].standing.band, after["Imaginer"].claimed) == ("standard", False)
    assert not after["Testerson"].claimed
    assert after["Testerson"].row.claimed is not None


def test_one_person_on_two_lists_is_offered_and_never_merged(desk: Desk) -> None:
    event = an_event(desk)["id"]
    first = scored(desk, event=event)
    scored(desk, event=event, practice=True)
    assert not list_matches.waiting(desk.service, first["id"])
    second = scored(desk, SMALL.replace("Ben", "Bob").replace("Testerson", "Other"), event=event)
    found = list_matches.of_list(desk.service, desk["adviser"], second["id"])
    assert {item.one["names"]["surname"] for item in found} == {"Imaginer", "Madeup", "Pretender"}
    with pytest.raises(AccessError):
        list_matches.of_list(desk.service, desk["second_adviser"], second["id"])
    pair = found[0]
    list_matches.answer(desk.service, desk["adviser"], second["id"], pair.id, True, pair.version)
    with pytest.raises(ConflictError):
        list_matches.answer(desk.service, desk["adviser"], second["id"], pair.id, False, pair.version)
    assert list_matches.waiting(desk.service, second["id"]) == 2
    assert list_matches.offer(desk.service, desk["adviser"], second["id"]) == 0
    assert len(people(desk, first)) == len(people(desk, second)) == 6
    assert ON.isoformat() == first["scored_on"]

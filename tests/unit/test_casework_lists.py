"""Does every row of a list come out, does each person become an assessment, and who sees whom it names?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import triage
from tests.casework import Desk
from tests.databases import both
from tests.lists_desk import ON, SAMPLE, SMALL, an_event, people, scored, uploaded
from triage.casework import (
    assessments,
    deciding,
    interview,
    list_scoring,
    list_view,
    list_workbook,
    lists,
    scoring,
    suspension,
)
from triage.errors import AccessError, CaseworkError, ConflictError, ListError, SuspendedError
from triage.lists import desk as lists_desk
from triage.records.database import Database
from triage.records.erasures import NAME as ERASURES
from triage.records.heads import NAME
from triage.records.plain import parsed
from triage.records.tables import answers, audit_events, list_identities, list_rows, scores
from triage.records.tables import assessments as cases
from triage.records.tables import lists as list_table
from triage.records.verify import verify

pytestmark = both


def faults(database: Database, folder: Path) -> list[str]:
    """What the audit trail finds; no head was exported in a test."""
    found = verify(database, folder / NAME, folder / ERASURES).findings
    return [finding.words for finding in found if finding.kind != "no_heads"]


def test_every_row_comes_out_and_each_person_becomes_an_assessment(desk: Desk) -> None:
    row = scored(desk)
    found = people(desk, row)
    assert {name: entry.row.status for name, entry in found.items()} == {
        "Imaginer": "scored", "Testerson": "scored", "Madeup": "scored", "Nobodie": "not_enough_answers",
        "Pretender": "objected", "Total": "not_a_client",
    }  # fmt: skip
    states = {name: entry.assessment["state"] for name, entry in found.items() if entry.assessment}
    assert states == {
        "Imaginer": "scored", "Testerson": "scored", "Madeup": "scored", "Nobodie": "open", "Pretender": "objected"
    }  # fmt: skip
    case = found["Imaginer"].assessment
    assert case is not None
    assert (case["held"], case["list"], case["event"], case["office"]) == (
        "list",
        row["id"],
        row["event"],
        row["office"],
    )
    assert case["client_reference"] == ""
    assert found["Pretender"].row.figures is None


def test_scores_are_the_engine_s_own_to_the_bit_and_can_be_decided_on(desk: Desk) -> None:
    row = scored(desk, SAMPLE.read_bytes(), ".xlsx")
    engine = desk.service.engines.now
    looked = lists.looked_at(uploaded(desk, SAMPLE.read_bytes(), ".xlsx"))
    choices = {column["heading"]: column["role"] for column in looked["columns"] if column["heading"]}
    direct = lists_desk.score_rows(engine, SAMPLE, lists_desk.mapping_from(engine, choices), ON)
    expected = {each.place: each for each in direct.rows}
    with desk.service.database.read() as view:
        kept = view.all(sa.select(list_rows).where(list_rows.c.list == row["id"]).order_by(list_rows.c.place))
        data = {item["id"]: item["data"] for item in view.all(sa.select(scores))}
    assert [item["place"] for item in kept] == sorted(expected)
    for item in kept:
        again = lists_desk.Row.from_dict(parsed(item["data"]))
        assert again.to_dict() == {**expected[item["place"]].to_dict(), "score": None}
        if item["score"]:
            assert parsed(data[item["score"]]) == expected[item["place"]].score
            latest = scoring.latest(desk.service, desk["adviser"], item["assessment"])
            assert latest is not None
            assert [name for name in ("outdated", "expired", "other_versions") if latest[name]] == []
    assert sum(bool(item["score"]) for item in kept) == 43


def test_names_stand_in_one_table_alone(desk: Desk) -> None:
    scored(desk, SMALL)
    with desk.service.database.read() as view:
        for table in (cases, answers, scores, list_rows, list_table, audit_events):
            texts = [str(value) for item in view.all(sa.select(table)) for value in item.values()]
            assert not [text for text in texts if "Imaginer" in text or "Testerson" in text], table.name
        files = view.all(sa.select(list_identities).where(list_identities.c.row == 0))
    assert [(item["sheet"], b"Imaginer" in item["data"]) for item in files] == [("", True)]


def test_names_are_for_those_who_work_on_the_list_and_each_look_is_noted(desk: Desk) -> None:
    row = scored(desk)
    assert all(entry.private is None for entry in people(desk, row, "second_adviser").values())
    with pytest.raises(AccessError):
        people(desk, row, "other_adviser")
    with pytest.raises(AccessError):
        lists.add_worker(desk.service, desk["second_adviser"], row["id"], desk["second_adviser"].account)
    with pytest.raises(AccessError):
        lists.add_worker(desk.service, desk["adviser"], row["id"], desk["other_adviser"].account)
    lists.add_worker(desk.service, desk["adviser"], row["id"], desk["second_adviser"].account)
    assert "Imaginer" in people(desk, row, "second_adviser")
    with desk.service.database.read() as view:
        seen = view.all(sa.select(audit_events).where(audit_events.c.action == "list_viewed"))
    assert [item["actor"] for item in seen] == [desk["second_adviser"].account]


def test_a_second_click_uploads_nothing(desk: Desk) -> None:
    event = an_event(desk)["id"]
    first, second = (uploaded(desk, event=event, submission="form-1") for _ in range(2))
    assert first["id"] == second["id"]
    assert len(lists.of_event(desk.service, desk["adviser"], event)) == 1


def test_a_suspension_leaves_the_list_uploaded(desk: Desk) -> None:
    row = uploaded(desk)
    suspension.suspend(desk.service, desk["administrator"], "The model is being looked at.")
    with pytest.raises(SuspendedError):
        list_scoring.start(desk.service, desk["adviser"], row["id"], None, ON)
    assert lists.find(desk.service, desk["adviser"], row["id"])["state"] == "uploaded"


def test_a_process_that_was_ended_leaves_nothing_and_another_one_starts_again(desk: Desk, tmp_path: Path) -> None:
    row = uploaded(desk)
    service, adviser = desk.service, desk["adviser"]
    dead = list_scoring.start(service, adviser, row["id"], None, ON)
    with pytest.raises(ConflictError):
        list_scoring.start(service, adviser, row["id"], None, ON)
    desk.clock.move(minutes=5)
    assert list_scoring.progress_of(service, adviser, row["id"])["stale"]
    alive = list_scoring.start(service, adviser, row["id"], None, None)
    list_scoring.work_out(service, adviser, dead)
    assert lists.find(service, adviser, row["id"])["state"] == "scoring"
    with service.database.read() as view:
        assert view.scalar(sa.select(sa.func.count()).select_from(cases)) == 0
    list_scoring.work_out(service, adviser, alive)
    assert lists.find(service, adviser, row["id"])["state"] == "scored"
    with service.database.read() as view:
        assert view.scalar(sa.select(sa.func.count()).select_from(cases)) == 5
    assert faults(service.database, tmp_path) == []


def test_practice_stays_practice_and_what_is_no_list_is_refused(desk: Desk) -> None:
    row = scored(desk, practice=True)
    case = people(desk, row)["Imaginer"].assessment
    assert case is not None
    assert case["practice"]
    for data in (b"", b"MZ\x90\x00" + bytes(200), b"<html><body>no</body></html>"):
        with pytest.raises(ListError):
            uploaded(desk, data, ".xlsx")


def test_an_objection_later_on_takes_the_figures_away(desk: Desk) -> None:
    row = scored(desk)
    case = people(desk, row)["Imaginer"].assessment
    assert case is not None
    before = list_view.band_counts(desk.service, desk["adviser"], row["id"])
    assessments.object_to_scoring(desk.service, desk["adviser"], case["id"])
    entry = people(desk, row)["Imaginer"]
    assert (entry.row.status, entry.row.band, entry.row.figures, entry.row.reasons) == ("objected", None, None, ())
    after = list_view.band_counts(desk.service, desk["adviser"], row["id"])
    assert sum(after.values()) == sum(before.values()) - 1


def test_a_row_goes_on_as_an_interview(desk: Desk) -> None:
    row = scored(desk)
    case = people(desk, row)["Nobodie"].assessment
    assert case is not None
    interview.save_answers(
        desk.service, desk["adviser"], case["id"],
        {"qualifications": "none", "driving_licence": "none", "age": 50, "area": "Falkirk", "household": "partner"},
    )  # fmt: skip
    score = scoring.score(desk.service, desk["adviser"], case["id"])
    deciding.confirm(desk.service, desk["adviser"], case["id"], score_id=score["id"])
    entry = people(desk, row)["Nobodie"]
    assert entry.asked_again
    assert entry.standing is not None
    assert entry.standing.band == score["band"]


def test_people_of_a_list_crowd_nobody_s_own_work_until_somebody_speaks_with_them(desk: Desk) -> None:
    found = people(desk, scored(desk))
    assert assessments.mine(desk.service, desk["adviser"]).total == 0
    case = found["Nobodie"].assessment
    assert case is not None
    assessments.note_privacy(desk.service, desk["adviser"], case["id"])
    assert [row["id"] for row in assessments.mine(desk.service, desk["adviser"]).rows] == [case["id"]]


def test_names_go_and_rows_stay(desk: Desk, tmp_path: Path) -> None:
    row = scored(desk)
    with pytest.raises(AccessError):
        lists.erase_names(desk.service, desk["second_adviser"], row["id"], tmp_path)
    lists.erase_names(desk.service, desk["manager"], row["id"], tmp_path)
    assert all(entry.private is None for entry in people(desk, row).values())
    assert len(people(desk, row)) == 6
    with pytest.raises(CaseworkError, match="erased"):
        list_workbook.write(desk.service, desk["adviser"], row["id"], tmp_path)
    assert faults(desk.service.database, tmp_path) == []


def test_names_are_promised_to_go_when_the_period_ends(desk: Desk) -> None:
    row = uploaded(desk)
    assert row["erase_on"] == (desk.service.today + timedelta(days=30)).isoformat()


def test_a_list_of_another_engine_is_not_mixed(desk: Desk, other_cutoffs: triage.Engine, tmp_path: Path) -> None:
    row = scored(desk)
    desk.service.engines.replace(other_cutoffs)
    with pytest.raises(ConflictError, match="have changed"):
        list_workbook.write(desk.service, desk["adviser"], row["id"], tmp_path)

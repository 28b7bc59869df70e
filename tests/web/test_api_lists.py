"""Is a list scored over HTTP as on the command line, and gone when the answer is given?"""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
import sqlalchemy as sa

import triage
from tests.packaging.building import ROOT
from tests.web.partners import check_problem, partner
from tests.web.service import Live
from triage.casework import suspension
from triage.lists.desk import mapping_from, score_rows
from triage.lists.score import Request, score_list
from triage.records.tables import AUDITED, audit_events
from triage.web.api.lists import XLSX
from triage.web.api.models.lists import ScoredList

SAMPLE = ROOT / "docs" / "examples" / "attendance.xlsx"
ON = {"on": "2026-10-31"}
CSV = "Name,Age,Council area,Highest qualification,Driving licence,Own vehicle,Confidence,Looking for work\n" + (
    "Mairi Reid,57,Falkirk,National 5,full and clean,yes,Not very confident,Not yet\n"
    "Ewan Bain,,,,,,,\n"
)  # fmt: skip
MAPPING = {"Looking for work": "job_search"}


@pytest.fixture
def client(live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """A program; the server keeps its temporary files in the test's own folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return partner(live, "lists")


def send(client: httpx.Client, data: bytes | str, name: str = "list.csv", accept: str = "*/*", **more: str) -> Any:
    files = {"list": (name, data if isinstance(data, bytes) else data.encode())}
    return client.post("/lists", files=files, data=more, headers={"accept": accept})


def test_every_row_is_that_of_the_list_on_the_desk(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    answer = send(client, SAMPLE.read_bytes(), "attendance.xlsx", **ON)
    assert answer.status_code == 200, answer.text
    ScoredList.model_validate_json(answer.content)
    found, desk = answer.json(), score_rows(shipped_engine, SAMPLE, on=date(2026, 10, 31))
    assert len(found["rows"]) == len(desk.rows) == 118
    for row, real in zip(found["rows"], desk.rows, strict=True):
        assert (row["status"], row["answers"]) == (real.status, dict(real.answers))
        assert (row["band"] and row["band"]["id"]) == real.band
        if real.figures is not None:
            assert {name: row["figures"][name] for name in real.figures} == dict(real.figures)
            assert row["figures"]["contributions"] == real.score["contributions"]
    assert found["statuses"] == dict(desk.statuses)
    assert (found["bands"], found["scored_on"]) == (dict(desk.bands), "2026-10-31")


def test_nobody_is_named_in_rows(client: httpx.Client) -> None:
    answer = send(client, CSV)
    assert [row["status"] for row in answer.json()["rows"]] == ["scored", "not_enough_answers"]
    assert "Mairi" not in answer.text
    assert "Bain" not in answer.text


def test_a_row_says_what_must_be_shown_with_its_band(client: httpx.Client) -> None:
    first, second = send(client, CSV).json()["rows"]
    assert len(first["bands_possible"]) > 1
    assert first["crossing"] in first["sentences"][0]
    assert (first["why_no_band"], second["speak_first"]) == (None, "not enough answers")
    assert second["why_no_band"] == second["sentences"][0]


def test_the_mapping_says_what_a_column_holds(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    row = send(client, CSV, mapping=json.dumps(MAPPING)).json()["rows"][0]
    assert row["answers"]["job_search"] == "not_yet"
    assert mapping_from(shipped_engine, MAPPING)
    for wrong in ('{"Age": "nothing"}', '{"Age": 1}', "[]", "no json", '{"Age": "age", "age": "vehicle"}'):
        check_problem(send(client, CSV, mapping=wrong), 422)


def test_the_workbook_is_that_of_the_command(
    client: httpx.Client, shipped_engine: triage.Engine, tmp_path: Path
) -> None:
    answer = send(client, SAMPLE.read_bytes(), "attendance.xlsx", XLSX, **ON)
    assert answer.headers["content-type"] == XLSX
    (got := tmp_path / "got.xlsx").write_bytes(answer.content)
    score_list(shipped_engine, Request(SAMPLE, tmp_path / "made.xlsx", date(2026, 10, 31)))
    books = [openpyxl.load_workbook(path) for path in (got, tmp_path / "made.xlsx")]
    assert books[0].sheetnames == books[1].sheetnames
    # The first sheet names the file, and here that has no name of its own.
    first, second = ([list(sheet.values) for sheet in book.worksheets[1:]] for book in books)
    assert first == second
    assert sum(map(len, first)) > 100


def test_a_csv_can_be_asked_for(client: httpx.Client) -> None:
    answer = send(client, CSV, accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "Mairi Reid" in answer.text
    check_problem(send(client, CSV, accept="image/png"), 406, "not_acceptable")


def test_nothing_is_left_behind(live: Live, client: httpx.Client, tmp_path: Path) -> None:
    def kept() -> list[int]:
        with live.service.database.read() as view:
            tables = (*AUDITED.values(), audit_events)
            return [view.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]

    before = kept()
    send(client, SAMPLE.read_bytes(), "attendance.xlsx")
    send(client, SAMPLE.read_bytes(), "attendance.xlsx", XLSX)
    send(client, b"PK\x03\x04 broken", "Mairi Reid.xlsx")
    assert kept() == before
    assert list(tmp_path.glob("ltu-list-*")) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "list.csv"), (b"PK\x03\x04 broken", "list.xlsx"), (b"\x00" * 500, "list.csv"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "list.xls"), (b"%PDF-1.4 Mairi", "list.csv"),
        (("a," * 600 + "\n" + "1," * 600).encode(), "list.csv"), (b"Name\n" + b"x\n" * 20_001, "Mairi.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused(client: httpx.Client, data: bytes, name: str) -> None:
    answer = send(client, data, name)
    check_problem(answer, 422, "list_error")
    assert "Mairi" not in answer.text


def test_what_is_sent_beside_the_file_is_checked(client: httpx.Client) -> None:
    for wrong in ({"on": "2999-01-01"}, {"on": "soon"}, {"more": "1"}):
        assert send(client, CSV, **wrong).status_code in (400, 422)
    check_problem(client.post("/lists", content=CSV, headers={"content-type": "text/csv"}), 415, "no_file")
    check_problem(client.post("/lists", json={}), 415, "no_file")
    check_problem(client.post("/lists", files={"other": ("a.csv", b"Age\n1\n")}), 422, "no_file")
    check_problem(client.post("/lists", data={"list": "Age"}, files={"on": ("a", b"1")}), 422)
    broken = client.post("/lists", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert broken.status_code in (400, 422)
    check_problem(broken, broken.status_code)
    check_problem(client.post("/lists", files={"list": ("a.csv", CSV)}, headers={"ltu-model": "other"}), 409)


def test_while_scoring_is_turned_off_no_list_is_scored(live: Live, client: httpx.Client) -> None:
    suspension.suspend(live.service, live.actor("administrator"), "The figures are being checked.")
    check_problem(send(client, CSV), 503, "suspended")
    check_problem(send(client, CSV, accept="text/csv"), 503, "suspended")

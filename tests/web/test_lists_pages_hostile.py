"""What if a file is no list, is made to choke the service, or comes twice?"""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest

from tests.web.lists_case import SAMPLE, an_event, row_of, scored
from tests.web.service import Client, Live, hidden
from triage.casework import lists
from triage.web.settings import WebSettings

#: The first bytes of an old compound file, in which a workbook with a password comes.
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HTML = "Surname,Forename,DOB,Qualifications\n<script>alert(1)</script>,=cmd|' /C calc'!A0,12/03/1969,<b>Degree</b>\n"


def bomb() -> bytes:
    """A workbook whose sheet is 300 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, zipfile.ZipFile(SAMPLE) as sample:
        for name in sample.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                made.writestr(name, sample.read(name))
        for name in (name for name in sample.namelist() if name.startswith("xl/worksheets/sheet")):
            with made.open(name, "w", force_zip64=True) as sheet:
                for _ in range(300):
                    sheet.write(b" " * 2**20)
    return out.getvalue()


@pytest.fixture
def web_settings(web_settings: WebSettings) -> WebSettings:
    """Files of up to 1 MB."""
    from dataclasses import replace

    return replace(web_settings, upload=2**20)


def send(client: Client, event: str, name: str, data: bytes, **more: str) -> httpx.Response:
    """Upload a file as the form does."""
    address = f"/events/{event}/upload"
    fields = {**hidden(client.get(address).text, address), **more}
    return client.post(address, data=fields, files={"file": (name, data)})


def test_what_is_no_list_is_refused_in_plain_words(live: Live) -> None:
    client, event = live.client("adviser"), an_event(live)
    for name, data in {
        "empty.csv": b"", "program.xlsx": b"MZ\x90\x00" + bytes(500), "locked.xlsx": OLE + bytes(4096),
        "page.xls": b"<html><table><tr><td>no</td></tr></table></html>", "bomb.xlsx": bomb(), "no-ending": bytes(300),
        "cut.xlsx": SAMPLE.read_bytes()[:9000],
    }.items():  # fmt: skip
        answer = send(client, event, name, data)
        assert answer.status_code == 422, name
        assert "<title>Error: " in answer.text, name
        assert "Traceback" not in answer.text
    large = send(client, event, "large.csv", b"x" * (2**20 + 2**16))
    assert large.status_code == 413
    assert "too large" in large.text
    nothing = client.send_form(f"/events/{event}/upload", {})
    assert "Choose the file" in nothing.text
    assert lists.of_event(live.service, live.actor("adviser"), event) == []


def test_a_second_click_and_a_path_for_a_name_do_no_harm(live: Live) -> None:
    client, event = live.client("adviser"), an_event(live)
    for name in ("../../etc/Ada Imaginer.csv", "..\\..\\Ada Imaginer.csv"):
        answer = send(client, event, name, HTML.encode(), submission="one")
        assert answer.status_code == 200
        assert "Ada" not in answer.text
    [row] = lists.of_event(live.service, live.actor("adviser"), event)
    assert row["ending"] == ".csv"


def test_what_stands_in_cells_is_shown_as_text(live: Live) -> None:
    row = scored(live, HTML.encode(), ".csv")
    client = live.client("adviser")
    for page in (f"/lists/{row['id']}?show=all", row_of(live, row, "all")):
        text = client.get(page).text
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert(1)" not in text
    address = f"/lists/{row['id']}"
    token = hidden(client.get(address).text)["csrf"]
    sheet = client.post(f"{address}/workbook", data={"kind": "csv", "csrf": token})
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "Imaginer" not in sheet.headers["content-disposition"]
    assert ",=cmd" not in sheet.text


def test_strange_choices_and_other_people_s_rows_are_refused(live: Live) -> None:
    one, other = scored(live), scored(live)
    client = live.client("adviser")
    token = hidden(client.get(f"/lists/{one['id']}").text)["csrf"]
    strange = row_of(live, other).replace(other["id"], one["id"])
    assert client.get(strange).status_code == 404
    assert client.get(f"/lists/{one['id']}?show=';--&band=%00&page=9999999999").status_code == 200
    for address, data in (
        (f"/lists/{one['id']}/mapping", {"column-0": "nonsense", "then": "score"}),
        (f"/lists/{one['id']}/score", {}),
        (f"/lists/{one['id']}/matches/{'0' * 32}", {"then": "same", "version": "x"}),
        (f"/lists/{one['id']}/workers", {"account": "nobody"}),
        (f"/lists/{one['id']}/workbook", {"kind": "exe"}),
        (row_of(live, one) + "/answers", {"fix-nothing": "yes"}),
    ):
        assert 400 <= client.post(address, data={**data, "csrf": token}).status_code < 500, address

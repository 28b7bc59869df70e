"""Workbooks that are damaged, and workbooks that mean harm."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.golden.malformed.containers import zipped
from tests.golden.malformed.registry import SECRET, case
from tests.golden.malformed.workbooks import (
    HEAD,
    PEOPLE,
    SPREADSHEET,
    rows_of,
    shared,
    sheet,
    text,
    workbook,
    workbook_parts,
)

CENTRAL = b"PK\x01\x02"
REFERS = sheet(f'<row r="1">{text("A1", "Name")}</row><row r="2"><c r="A2" t="s"><v>7</v></c></row>')


@case("list.xlsx")
def truncated_workbook() -> bytes:
    return workbook(rows_of(PEOPLE))[:900]


@case("list.xlsx")
def empty_archive() -> bytes:
    return b"PK\x05\x06" + bytes(18)


@case("list.xlsx")
def archive_without_workbook() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>"})


@case("list.xlsx")
def wrong_checksum() -> bytes:
    data = bytearray(workbook(rows_of(PEOPLE)))
    at = data.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[at + 60] ^= 0xFF
    return bytes(data)


@case("list.xlsx")
def sheet_breaks_off() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet(rows_of(PEOPLE))[:-60]}))


@case("list.xlsx")
def sheet_is_missing() -> bytes:
    parts = workbook_parts({"Session 1": sheet(rows_of(PEOPLE))})
    del parts["xl/worksheets/sheet1.xml"]
    return zipped(parts)


@case("list.xlsx")
def shared_texts_are_missing() -> bytes:
    return zipped(workbook_parts({"Session 1": REFERS}))


@case("list.xlsx")
def shared_text_out_of_range() -> bytes:
    return zipped(workbook_parts({"Session 1": REFERS}) | {"xl/sharedStrings.xml": shared("<t>Name</t>")})


@case("list.xlsx")
def rows_out_of_order() -> bytes:
    return workbook(f'<row r="2">{text("A2", SECRET)}</row><row r="1">{text("A1", "Name")}</row>')


@case("list.xlsx")
def number_that_is_none() -> bytes:
    return workbook(f'<row r="1"><c r="A1"><v>{SECRET}</v></c></row>')


@case("list.xlsx")
def list_of_sheets_is_no_xml() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet("")}) | {"xl/workbook.xml": "not XML"})


@case("list.xlsx")
def styles_are_no_xml() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet(rows_of(PEOPLE))}) | {"xl/styles.xml": "<styleSheet"})


@case("list.xlsx")
def archive_with_password() -> bytes:
    data = bytearray(workbook(rows_of(PEOPLE)))
    at = -1
    while (at := data.find(CENTRAL, at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


# ------------------------------------------------------------------------------------------------- harm


@case("list.xlsx")
def entity_bomb() -> bytes:
    """A thousand million laughs out of ten entities."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    bomb = f'<!DOCTYPE worksheet [{entities}]><worksheet xmlns="{SPREADSHEET}"><sheetData>'
    return zipped(
        workbook_parts({"Session 1": HEAD + bomb + f'<row r="1">{text("A1", "&a9;")}</row></sheetData></worksheet>'})
    )


@case("list.xlsx")
def entity_of_another_file() -> bytes:
    asks = '<!DOCTYPE sst [<!ENTITY other SYSTEM "other.txt">]>'
    texts = shared("<t>&other;</t>").replace(HEAD, HEAD + asks)
    return zipped(workbook_parts({"Session 1": sheet("")}) | {"xl/sharedStrings.xml": texts})


@case("list.xlsx")
def zip_bomb() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet("") + " " * 40_000_000}))


@case("list.xlsx")
def zip_that_claims_eight_gigabytes() -> bytes:
    data = bytearray(zipped(workbook_parts({"Session 1": sheet(""), "Session 2": sheet("")})))
    at = -1
    while (at := data.find(CENTRAL, at + 1)) >= 0:
        struct.pack_into("<I", data, at + 24, 2**30)
    return bytes(data)


@case("list.xlsx")
def zip_of_too_many_parts() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet("")}) | {f"x/{number}": "" for number in range(10_001)})


@case("list.xlsx")
def zip_with_overlapping_parts() -> bytes:
    """One packed part listed ten thousand times over."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml", (2021, 1, 31, 9, 0, 0)), "x" * 5_000)
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml", (2021, 1, 31, 9, 0, 0)), "x")
        entry = archive.infolist()[0]
        archive.filelist.extend([entry] * 50)
    return out.getvalue()

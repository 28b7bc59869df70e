"""Workbooks: those that read well, those that hide something, and those that are broken."""

from __future__ import annotations

from tests.golden.malformed.containers import flag, label, number, old_workbook, record, zipped
from tests.golden.malformed.registry import SECRET, case
from tests.golden.malformed.workbooks import (
    OFFICE,
    PEOPLE,
    SPREADSHEET,
    link,
    related,
    rows_of,
    shared,
    sheet,
    text,
    workbook,
    workbook_parts,
)
from triage.lists.read import Limits

PAIR = rows_of({1: {"A": "Name", "B": "Age"}, 2: {"A": "Baird", "B": "41"}})


@case("list.xlsx")
def plain_workbook() -> bytes:
    return workbook(rows_of(PEOPLE))


@case("list.csv")
def workbook_named_csv() -> bytes:
    return workbook(rows_of(PEOPLE))


@case("list")
def workbook_without_ending() -> bytes:
    return workbook(rows_of(PEOPLE))


@case("list.xlsx")
def cells_of_every_type() -> bytes:
    cells = [
        '<c r="A1"><v>57</v></c><c r="B1"><v>0.1000000000000000055</v></c><c r="C1"><v>7700900123</v></c>',
        '<c r="D1"><v>1.5E+20</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#REF!</v></c>',
        '<c r="G1" t="str"><f>A1&amp;""</f><v>57</v></c><c r="H1"><f>A1+1</f><v>58</v></c>',
        '<c r="I1" s="5"><v>417</v></c><c r="J1" t="inlineStr"><is><r><t>Mò</t></r><r><t>rag</t></r></is></c>',
        '<c r="K1" t="inlineStr"><is><t>two_x000D_\nlines</t></is></c><c r="L1"><v>41.0</v></c><c r="M1"><v></v></c>',
    ]
    return workbook(f'<row r="1">{"".join(cells)}</row>')


@case("list.xlsx")
def dates_and_times() -> bytes:
    cells = [
        '<c r="A1" s="1"><v>46112</v></c><c r="B1" s="2"><v>46112.395833333336</v></c>',
        '<c r="C1" s="7"><v>0.4375</v></c>',
        '<c r="D1" s="1"><v>-3</v></c><c r="E1" s="1"><v>99999999</v></c><c r="F1" s="1"><v>1</v></c>',
        '<c r="G1" t="d" s="1"><v>2026-03-31T00:00:00</v></c><c r="H1" s="0"><v>46112</v></c>',
        '<c r="I1" s="1" t="inlineStr"><is><t>31/3 or when stock done</t></is></c>',
    ]
    return workbook(f'<row r="1">{"".join(cells)}</row>')


@case("list.xlsx")
def dates_since_1904() -> bytes:
    parts = workbook_parts(
        {"Session 1": sheet('<row r="1"><c r="A1" s="1"><v>44650</v></c></row>')},
        properties='<workbookPr date1904="1"/>',
    )
    return zipped(parts)


@case("list.xlsx")
def shared_texts() -> bytes:
    parts = workbook_parts(
        {"Session 1": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>')}
    )
    rich = "<r><t>Anne </t></r><r><rPr><b/></rPr><t>Reid</t></r><rPh><t>not shown</t></rPh>"
    return zipped({**parts, "xl/sharedStrings.xml": shared("<t>Name</t>", rich)})


@case("list.xlsx")
def merged_heading_and_sparse_rows() -> bytes:
    rows = f'<row r="2">{text("B2", "PACE event")}<c r="C2"/></row>' + (
        f'<row r="5">{text("B5", "Baird")}{text("D5", "41")}</row>'
    )
    return workbook(rows, after='<mergeCells count="1"><mergeCell ref="B2:D3"/></mergeCells>')


@case("list.xlsx")
def hidden_struck_and_coloured() -> bytes:
    rows = [
        f'<row r="1">{text("A1", "Name")}{text("B1", "Pay")}{text("C1", "Age")}</row>',
        f'<row r="2">{text("A2", "Baird", 3)}{text("B2", "500", 3)}{text("C2", "41")}</row>',
        f'<row r="3" hidden="1">{text("A3", "Reid")}{text("C3", "38")}</row>',
        f'<row r="4">{text("A4", "Smith", 4)}{text("C4", "29", 4)}</row>',
        f'<row r="5">{text("A5", "Jones", 6)}{text("C5", "50", 6)}</row>',
    ]
    return workbook("".join(rows), before='<cols><col min="2" max="2" width="9" hidden="1"/></cols>')


@case("list.xlsx")
def hidden_sheets() -> bytes:
    secret = sheet(rows_of({1: {"A": SECRET}}))
    sheets = {"Session 1": sheet(PAIR), "Payroll": secret, "Codes": secret, "Session 2": sheet(PAIR)}
    return zipped(workbook_parts(sheets, {"Payroll": "hidden", "Codes": "veryHidden"}))


@case("list.xlsx")
def formulas_without_results() -> bytes:
    rows = f'<row r="1">{text("A1", "Age")}</row>' + "".join(
        f'<row r="{row}"><c r="A{row}"><f>2026-B{row}</f></c>{text(f"B{row}", "1975")}</row>' for row in (2, 3)
    )
    return workbook(rows)


@case("list.xlsx")
def size_of_the_sheet_is_a_lie() -> bytes:
    return workbook(PAIR, before='<dimension ref="A1:XFD1048576"/>')


@case("list.xlsx")
def size_of_the_sheet_is_too_small() -> bytes:
    return workbook(PAIR, before='<dimension ref="A1"/>')


@case("list.xlsx")
def formatted_down_to_the_last_row() -> bytes:
    empty = "".join(f'<row r="{row}" s="4" customFormat="1"><c r="A{row}" s="4"/></row>' for row in range(3, 1_048_577))
    return workbook(PAIR + empty)


@case("list.xlsx")
def stray_cell_at_the_very_bottom() -> bytes:
    return workbook(PAIR + f'<row r="1048576">{text("B1048576", "x")}</row>')


@case("list.xlsx")
def cells_without_references() -> bytes:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = [("Name", "Age"), ("Baird", "41")]
    return workbook("".join(f"<row>{''.join(cell.format(one) for one in row)}</row>" for row in rows))


@case("list.xlsx")
def prefixed_names() -> bytes:
    plain = sheet(PAIR)
    for name in ("worksheet", "sheetData", "row", "c", "is", "t"):
        plain = plain.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        plain = plain.replace(f"</{name}>", f"</x:{name}>")
    return zipped(workbook_parts({"Session 1": plain.replace("xmlns=", "xmlns:x=")}))


@case("list.xlsx")
def strict_open_xml() -> bytes:
    parts = workbook_parts({"Session 1": sheet(PAIR)})
    strict = {
        name: content.replace(SPREADSHEET, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, content in parts.items()
        if isinstance(content, str)
    }
    return zipped(strict)


@case("list.xlsx")
def utf16_parts() -> bytes:
    xml = sheet(PAIR).replace("UTF-8", "UTF-16")
    return zipped(workbook_parts({"Session 1": ""}) | {"xl/worksheets/sheet1.xml": xml.encode("utf-16")})


@case("list.xlsx")
def chart_sheet() -> bytes:
    parts = workbook_parts({"Session 1": sheet(PAIR), "Chart": "<chartsheet/>"})
    links = str(parts["xl/_rels/workbook.xml.rels"])
    chart = 'Id="rId2" Type="' + OFFICE
    return zipped(parts | {"xl/_rels/workbook.xml.rels": links.replace(f"{chart}/worksheet", f"{chart}/chartsheet")})


@case("list.xlsm")
def macros() -> bytes:
    return zipped(workbook_parts({"Session 1": sheet(PAIR)}) | {"xl/vbaProject.bin": b"Sub AutoOpen()"})


@case("list.xlsx")
def links_to_other_workbooks() -> bytes:
    rows = f'<row r="1">{text("A1", "Age")}<c r="B1"><f>[1]Staff!A1</f><v>41</v></c></row>'
    outside = related(link("rId1", "externalLinkPath", "file:///P:/HR/staff.xlsx"))
    return zipped(
        workbook_parts({"Session 1": sheet(rows)})
        | {"xl/externalLinks/externalLink1.xml": "<x/>", "xl/externalLinks/_rels/externalLink1.xml.rels": outside}
    )


@case("list.xlsx")
def empty_workbook() -> bytes:
    return workbook("")


@case("list.xlsx")
def all_sheets_hidden() -> bytes:
    return zipped(workbook_parts({"Payroll": sheet(rows_of(PEOPLE))}, {"Payroll": "hidden"}))


@case("list.xlsx")
def text_in_the_last_column() -> bytes:
    return workbook(f'<row r="1">{text("A1", "Name")}</row><row r="2">{text("XFD2", SECRET)}</row>')


@case("list.xlsx", Limits(cell_characters=50))
def cell_too_long_in_place() -> bytes:
    return workbook(f'<row r="1">{text("A1", "Name")}{text("B1", SECRET * 6)}</row>')


@case("list.xlsx", Limits(cell_characters=50))
def cell_too_long_in_shared_texts() -> bytes:
    parts = workbook_parts({"Session 1": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')})
    return zipped({**parts, "xl/sharedStrings.xml": shared(f"<t>{SECRET * 6}</t>")})


# ------------------------------------------------------------------------------------------- old workbooks


@case("list.xls")
def old_workbook_in_full() -> bytes:
    records = [
        record(0x7D, b"\2\0\2\0\0\x0a\0\0\1\0\0\0"),
        record(0x208, b"\4\0\0\0\3\0\xff\0\0\0\0\0\x20\0\0\0"),
        label(0, 0, "Name"), label(0, 1, "Born"), label(0, 2, "Pay"), label(0, 3, "Clock"),
        label(1, 0, "Mòrag"), number(1, 1, 27_484, 1), number(1, 2, 11.5), number(1, 3, 417, 4),
        label(2, 0, "Reid", 2), number(2, 3, 52, 2),
        label(3, 0, "Smith", 3), number(3, 3, 53, 3),
        label(4, 0, "Jones"), flag(4, 1, 1, 0), flag(4, 3, 0x17, 1),
        record(0xE5, b"\1\0\6\0\6\0\0\0\3\0"), label(6, 0, "Late shift"),
    ]  # fmt: skip
    return old_workbook({"Session 1": (0, b"".join(records)), "Payroll": (1, label(0, 0, SECRET))})


@case("list.xls")
def old_workbook_with_password() -> bytes:
    return old_workbook({"Session 1": (0, label(0, 0, SECRET))}, protected=True)


@case("list.xls")
def old_workbook_cut_short() -> bytes:
    return old_workbook({"Session 1": (0, label(0, 0, SECRET))})[:2_000]


@case("list.xlsx")
def old_workbook_named_xlsx() -> bytes:
    return old_workbook({"Session 1": (0, label(0, 0, "Name") + label(1, 0, "Baird"))})


@case("list.csv")
def old_workbook_named_csv() -> bytes:
    return old_workbook({"Session 1": (0, label(0, 0, "Name") + label(1, 0, "Baird"))})

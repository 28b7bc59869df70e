"""Which parts make a workbook? Written out by hand, so that each one can be made wrong on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from tests.golden.malformed.containers import zipped

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Cell formats: 0 plain, 1 date, 2 date and time, 3 struck through, 4 yellow, 5 leading zeros, 6 white, 7 time.
STYLES = f"""{HEAD}<styleSheet xmlns="{SPREADSHEET}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/>
<numFmt numFmtId="165" formatCode="00000"/></numFmts>
<fonts count="2"><font><name val="Arial"/></font><font><strike/><name val="Arial"/></font></fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFFFFFF"/></patternFill></fill></fills>
<cellStyleXfs count="1"><xf numFmtId="14" fontId="1" fillId="2"/></cellStyleXfs>
<cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="14" fontId="0"/><xf numFmtId="164"/><xf fontId="1"/>
<xf fillId="2"/><xf numFmtId="165"/><xf fillId="3"/><xf numFmtId="20"/></cellXfs>
<dxfs count="1"><dxf><font><strike/></font></dxf></dxfs></styleSheet>"""


def text(reference: str, content: str, style: int = 0) -> str:
    """A cell with its text written in place."""
    space = ' xml:space="preserve"' if content != content.strip() else ""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t{space}>{content}</t></is></c>'


def rows_of(rows: Mapping[int, Mapping[str, str]]) -> str:
    """Rows of inline text: row number -> column letters -> text."""
    return "".join(
        f'<row r="{number}">' + "".join(text(f"{column}{number}", cell) for column, cell in cells.items()) + "</row>"
        for number, cells in rows.items()
    )


def sheet(rows: str, before: str = "", after: str = "", space: str = SPREADSHEET) -> str:
    return f'{HEAD}<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def shared(*texts: str) -> str:
    """The shared texts, each as the XML inside its element."""
    inside = "".join(f"<si>{one}</si>" for one in texts)
    return f'{HEAD}<sst xmlns="{SPREADSHEET}" count="{len(texts)}" uniqueCount="{len(texts)}">{inside}</sst>'


def workbook_parts(
    sheets: Mapping[str, str], states: Mapping[str, str] | None = None, properties: str = ""
) -> dict[str, bytes | str]:
    """The parts of a workbook with these sheets; `states` may hide some."""
    listed = links = ""
    parts: dict[str, bytes | str] = {}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = f' state="{states[name]}"' if states and name in states else ""
        listed += f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        links += link(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml")
        parts[f"xl/worksheets/sheet{number}.xml"] = xml
    links += link("rId901", "styles", "styles.xml") + link("rId902", "sharedStrings", "sharedStrings.xml")
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": related(link("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": related(links),
        "xl/styles.xml": STYLES,
        **parts,
    }


def link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def related(links: str) -> str:
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def workbook(rows: str, before: str = "", after: str = "") -> bytes:
    """A workbook of one sheet called "Session 1"."""
    return zipped(workbook_parts({"Session 1": sheet(rows, before, after)}))


PEOPLE = {
    1: {"A": "Surname", "B": "Forename", "C": "Age"},
    2: {"A": "Secretname", "B": "Anne", "C": "57"},
}

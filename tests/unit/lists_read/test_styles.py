"""Is a number in a cell taken for what its format shows?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.malformed.containers import zipped
from tests.golden.malformed.workbooks import shared, sheet, workbook_parts
from triage.lists.read import open_source
from triage.lists.read.styles import PLAIN, Style, colour, format_kind
from triage.lists.read.values import number_text, styled_text


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", "date"),
        ("[$-809]dd mmmm yyyy;@", "date"),
        ("yyyy\\-mm\\-dd", "date"),
        ("mmm", "date"),
        ("d/m/yy h:mm", "date"),
        ("h:mm AM/PM", "time"),
        ("[h]:mm:ss", "time"),
        ("mm:ss.0", "time"),
        ("General", "plain"),
        ("0.00", "plain"),
        ("#,##0", "plain"),
        ('0" days"', "plain"),
        ("[Red]0", "plain"),
        ("0.00E+00", "plain"),
        ("@", "plain"),
        ('"day"', "plain"),
        ("00000", "zeros"),
    ],
)
def test_a_format_shows_a_date_or_it_does_not(code: str, kind: str) -> None:
    """A clock number shown as a date, or a birth date shown as 27484, cannot be used by anybody."""
    assert format_kind(164, code)[0] == kind


def test_formats_that_a_workbook_knows_by_number() -> None:
    assert [format_kind(number, "")[0] for number in (0, 1, 10, 14, 17, 18, 21, 22, 45, 49)] == [
        "plain", "plain", "plain", "date", "date", "time", "time", "date", "time", "plain",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("57", "57"),
        ("057", "57"),
        ("-3", "-3"),
        ("41.0", "41"),
        ("0.1000000000000000055", "0.1"),
        ("7.7E+09", "7700000000"),
        ("7700900123", "7700900123"),
        ("1E+20", "1E+20"),
        ("1234567890123456", "1.23456789012346E+15"),
        ("-0", "0"),
    ],
)
def test_numbers_have_no_more_digits_than_the_program_keeps(raw: str, text: str) -> None:
    """A mobile number must not end in .0 or in digits that nobody typed."""
    assert number_text(raw) == text


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("61", "1900-03-01"),
        ("27484", "1975-03-31"),
        ("2958465", "9999-12-31"),
        ("46112.999999", "2026-04-01"),
        ("46112.5", "2026-03-31 12:00:00"),
    ],
)
def test_serial_numbers_are_the_days_that_excel_shows(serial: str, text: str) -> None:
    """One day off moves a birthday, and at a birthday the age."""
    assert styled_text(serial, Style("date"), False) == (text, True)


def test_what_excel_shows_as_hashes_stays_a_number() -> None:
    for raw in ("-1", "2958466", "1E+300", "inf", "nan"):
        assert styled_text(raw, Style("date"), False)[1] is False


def test_hours_may_go_beyond_a_day() -> None:
    assert styled_text("1.5", Style("time"), False) == ("36:00:00", False)


def test_leading_zeros_that_the_format_shows_are_kept() -> None:
    assert styled_text("417", Style("zeros", 5), False) == ("00417", False)
    assert styled_text("-4.5", Style("zeros", 5), False) == ("-4.5", False)
    assert styled_text("417", PLAIN, False) == ("417", False)


def test_colours_are_named_as_the_workbook_names_them_and_white_is_none() -> None:
    assert colour({"rgb": "FFFFFF00"}) == "FFFF00"
    assert colour({"theme": "5"}) == "theme 5"
    assert colour({"theme": "0", "tint": "-0.149"}) == "theme 0 tint -0.15"
    assert colour({"indexed": "13"}) == "indexed 13"
    assert [colour(one) for one in ({"rgb": "FFFFFFFF"}, {"theme": "0"}, {"indexed": "9"}, {})] == [""] * 4


def test_text_struck_through_run_by_run_counts_as_struck(tmp_path: Path) -> None:
    """Some people strike out the text inside the cell rather than the cell: the leaver has left all the same."""
    runs = "<r><rPr><strike/></rPr><t>Reid</t></r><r><rPr><strike/></rPr><t>, Jo</t></r>"
    partly = "<r><rPr><strike/></rPr><t>Reid</t></r><r><t>Baird</t></r>"
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>{row - 1}</v></c></row>' for row in (1, 2, 3))
    parts = workbook_parts({"Session 1": sheet(rows)})
    path = tmp_path / "list.xlsx"
    path.write_bytes(zipped({**parts, "xl/sharedStrings.xml": shared("<t>Name</t>", runs, partly)}))
    [chunk] = open_source(path).tables[0].chunks()
    assert chunk.struck == {2}

"""Attendance lists with any mess, as rows of text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import strategies as st

HEADINGS = (
    "No", "Surname", "Forename", "Name", "Known as", "Clock number", "Job title", "Department", "Shift", "DOB",
    "Age", "Age band", "Town", "Council area", "Postcode", "Mobile", "Email", "Highest qualification",
    "Driving licence", "Own car", "Lives with", "Dependants", "Disability", "Confidence", "Interviews",
    "Redundancy status", "Last day", "Complex needs", "Interested in", "OK to contact", "Signature", "Comments",
    "NI number", "No qualifications",
)  # fmt: skip
CELLS = (
    "", "", "", '"', "as above", "✓", "x", "✗", "yes", "no", "n/a", "Falkirk", "falkirk council", "Grangemouth",
    "Nat 5", "Natonal 5", "degree", "none", "alone", "wife", "45-54", "40-49", "57", "157", "03/04/1975",
    "04/23/1975", "1/2/60", "31/02/1979", "27487", "31/3 or when stock done", "Total", "TOTAL: 4",
    "NIGHT SHIFT", "Night shift:", "DWP", "Mockwell (SDS)", "prefer not to say", "got job", "redeployed",
    "7.7E+09", "7700900123", "+44 7700 900123", "=1+1", "@x", "-3", "'=1", "''-", "QQ123456C", "NicSgeulachd",
    "Żółcisława", "Прикладія", "a; b", "a, b", 'say "hi"', "line\nbreak", " padded ", "0", "Surname", "poor",
    "very confident", "has job", "declined", "2026-10-30",
)  # fmt: skip

#: Text that a person could type, mostly from the known mess.
CELL = st.one_of(
    st.sampled_from(CELLS),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=12),
)


@st.composite
def lists(draw: st.DrawFn) -> list[list[str]]:
    """Rows of a list: perhaps a title, headings, and rows of any cells."""
    headings = draw(st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=9, unique=True))
    row = st.lists(CELL, min_size=len(headings), max_size=len(headings))
    rows = draw(st.lists(st.one_of(row, st.just(list(headings))), min_size=1, max_size=14))
    title = [["Invented list", *[""] * (len(headings) - 1)]] if draw(st.booleans()) else []
    return [*title, headings, *rows, ["Last", *["Person"] * (len(headings) - 1)]]


def save(rows: list[list[str]], path: Path) -> Path:
    """Writes the rows as CSV, every cell quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path

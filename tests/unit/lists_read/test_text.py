"""Are names right whatever program the list was typed in, and is the separator found?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.lists.read import open_source
from triage.lists.read.dialect import find_dialect
from triage.lists.read.text import Lines, LineTooLong, open_text, raw_lines

NAMES = [
    "Mòrag NicDhòmhnaill", "Seán O’Neill", "Zoë Müller", "Siân Llŷr", "Łukasz Żółć", "Олена Шевченко", "José Núñez",
    "Renée d’Arcy", "Åsa Björk", "Steòrnabhagh", "Port Rìgh", "Dùn Èideann", "François",
    "Begoña", "María García", "Ìle", "Anne Reid",
]  # fmt: skip
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "Windows-1252",
    "iso8859-1": "Windows-1252",
    "mac-roman": "Mac Roman",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_names_survive_the_encodings_that_programs_write(encoding: str, line_break: str, tmp_path: Path) -> None:
    """A client whose name is garbled on the list may not be found again, and takes it amiss."""
    names = [name for name in NAMES if can_write(name, encoding)]
    assert len(names) >= 9
    path = tmp_path / "list.csv"
    path.write_bytes(line_break.join(["Name,Age", *(f"{name},41" for name in names), ""]).encode(encoding))
    source = open_source(path)
    rows = [row for chunk in source.tables[0].chunks() for row in chunk.cells.rows()]
    assert rows == [("Name", "Age"), *((name, "41") for name in names)]
    assert source.notes == (f"Read as {ENCODINGS[encoding]}, separated by commas.",)


def can_write(name: str, encoding: str) -> bool:
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("name", [name for name in NAMES if can_write(name, "mac-roman") and not name.isascii()])
@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_a_single_name_gives_its_encoding_away(name: str, encoding: str, tmp_path: Path) -> None:
    """Most lists of forty names have one or two with an accent: those must be enough."""
    path = tmp_path / "list.csv"
    path.write_bytes(f"Name,Town\nReid,Wick\n{name},Tain\n".encode(encoding))
    [table] = open_source(path).tables
    assert [row[0] for chunk in table.chunks() for row in chunk.cells.rows()] == ["Name", "Reid", name]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("O´Neill,5½ years,£9.50", "Windows-1252"),
        ("Baird,“ok” – van,£9", "Windows-1252"),
        ("Baird,• CV\t…,20°", "Windows-1252"),
    ],
)
def test_signs_alone_do_not_lead_astray(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"Name,Comment,Rate\n{text}\n".encode("cp1252"))
    source = open_source(path)
    assert [row for chunk in source.tables[0].chunks() for row in chunk.cells.rows()][1] == tuple(text.split(","))
    assert told in source.notes[0]


def test_a_byte_that_no_encoding_knows_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Name,Town\nMòrag,Wick\nSeán,’Tain’ – Dornoch\n".encode("cp1252") + b"Re\x81d,Wick\n")
    source = open_source(path)
    assert source.notes[1] == "Some characters are damaged in the file (line 4). Check the names there."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_separator_is_found_among_distractors(separator: str, quoting: int) -> None:
    """Interests typed with commas and semicolons must not be torn into columns."""
    rows = [
        ["PACE event, 31 March; Inverness"],
        ["Name", "Town", "Interested in", "Age"],
        ["Baird, Tom", "Wick", "CV; benefits", "41"],
        ["Reid, Jo", "Tain", "training, own business", "38"],
        ["Smith", "Dornoch", "pension|one-to-one", ""],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting).writerows(rows)
    found = find_dialect(out.getvalue().encode(), True)
    assert (found.separator, found.width) == (separator, 4)


@given(st.binary(max_size=60), st.integers(1, 9))
def test_any_bytes_give_the_same_lines_in_any_blocks(data: bytes, block: int) -> None:
    """A line break at the edge of a block must not become two, or line numbers in messages would be wrong."""
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    lines = Lines(raw_lines(blocks, 1_000), "cp1252")
    found = [line for line in lines if line]  # A line of one NUL character alone is empty.
    assert found == list(io.StringIO(data.replace(b"\0", b"").decode("cp1252", "replace"), newline=None))
    assert lines.position == len(data)


def test_a_line_without_end_is_not_gathered_for_ever() -> None:
    with pytest.raises(LineTooLong):
        list(raw_lines(iter([b"x" * 60, b"x" * 60]), 100))


@given(st.binary(min_size=1, max_size=200))
def test_no_bytes_at_all_bring_the_survey_down(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """People pick the wrong file: what they get is a message, never a traceback."""
    path = tmp_path_factory.getbasetemp() / "list.csv"
    path.write_bytes(data)
    open_text(path)

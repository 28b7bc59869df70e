"""Does the scored example, as a workbook, still read as it was agreed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from experiments.make_example_list import build
from triage.engine import load
from triage.lists.score import Outcome, Request, score_list
from triage.lists.vocabulary import Vocabulary
from triage.lists.write_xlsx import CLIENTS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
LIST, MAPPING = EXAMPLES / "attendance.xlsx", EXAMPLES / "attendance-mapping.yaml"
Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    out = tmp_path_factory.mktemp("workbook") / "scored.xlsx"
    return score_list(load(), Request(LIST, out, date(2026, 10, 1), MAPPING))


def test_every_sheet_reads_as_agreed(outcome: Outcome, golden: Golden) -> None:
    book = openpyxl.load_workbook(outcome.out)
    golden("workbook.txt", "\n".join(line for sheet in book for line in dumped(sheet)) + "\n")


def test_the_summary_reads_as_agreed(outcome: Outcome, golden: Golden) -> None:
    golden("score-summary.txt", "\n".join(outcome.report.lines()) + "\n")


def test_it_opens_ready_to_use(outcome: Outcome) -> None:
    """Frozen headings, a filter over every row, and the first sheet in front."""
    book = openpyxl.load_workbook(outcome.out)
    clients = book[CLIENTS]
    assert book.sheetnames[0] == book.active.title == "About this list"
    assert clients.freeze_panes == "C2"
    assert clients.auto_filter.ref == f"A1:{clients.cell(1, clients.max_column).column_letter}{clients.max_row}"


def test_bands_have_one_hue(outcome: Outcome) -> None:
    """Shades of blue and no red, amber or green: more blue than red in every band, and darker for more support."""
    clients = openpyxl.load_workbook(outcome.out)[CLIENTS]
    place = [cell.value for cell in clients[1]].index("proposed_band")
    fills = {
        row[place].value.split(" (")[0]: row[place].fill.fgColor.rgb
        for row in clients.iter_rows(min_row=2)
        if row[place].value
    }
    shades = [
        tuple(int(rgb[at : at + 2], 16) for at in (2, 4, 6))
        for _, rgb in sorted(fills.items(), key=lambda item: item[1])
    ]
    assert len(shades) == 3
    assert all(blue > green > red for red, green, blue in shades)


def test_nothing_in_it_is_a_formula_or_a_link(outcome: Outcome) -> None:
    for sheet in openpyxl.load_workbook(outcome.out):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                assert not cell.hyperlink, cell.coordinate


def test_the_example_is_what_its_script_builds(tmp_path: Path) -> None:
    """Otherwise nobody could change the example and know what came of it."""
    build(tmp_path / "again.xlsx")
    again, kept = (openpyxl.load_workbook(path) for path in (tmp_path / "again.xlsx", LIST))
    assert again.sheetnames == kept.sheetnames
    for sheet in kept:
        assert list(dumped(sheet)) == list(dumped(again[sheet.title]))


def test_the_example_says_that_it_is_invented_and_is_messy(outcome: Outcome) -> None:
    book = openpyxl.load_workbook(LIST)
    for sheet in book:
        assert sheet.sheet_state == "hidden" or "INVENTED EXAMPLE" in str(sheet["A1"].value)
    summary = outcome.report.summary
    assert 100 <= summary.rows <= 140
    assert all(summary.bands[place] for place in range(3))
    assert summary.statuses["not_enough_answers"] > 30
    for count in (
        summary.crossing,
        summary.same,
        summary.struck,
        summary.coloured,
        summary.filled,
        summary.may_have_job,
    ):
        assert count
    assert summary.insured
    assert outcome.report.facts.lost_zeros


def test_the_mapping_of_the_example_is_the_suggested_one(outcome: Outcome, tmp_path: Path) -> None:
    engine = load()
    vocabulary = Vocabulary(engine.checklist, engine.features)
    for table in outcome.report.plan.tables:
        assert table.headings is not None
        suggested = tuple(vocabulary.role_of(name) for name in table.headings.names)
        assert [str(role) for role in table.roles] == [str(role) for role in suggested]


def dumped(sheet: Worksheet) -> Iterator[str]:
    """Every filled cell of a sheet in words, row by row."""
    yield f"==== {sheet.title} ({sheet.sheet_state})"
    for row in sheet.iter_rows():
        cells = [
            f"{cell.coordinate}={shown(cell)}" for cell in row if isinstance(cell, Cell) and cell.value is not None
        ]
        if cells:
            yield " | ".join(cells)


def shown(cell: Cell) -> str:
    """A value as text, figures rounded as the workbook shows them."""
    if isinstance(cell.value, float):
        return f"{cell.value:.4f}"
    if isinstance(cell.value, datetime):
        return f"{cell.value:%Y-%m-%d}"
    return repr(cell.value) if isinstance(cell.value, str) else str(cell.value)

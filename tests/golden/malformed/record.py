"""Writes down what each case of the corpus gives now. Read every line of the difference before it is committed.

python -m tests.golden.malformed.record
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.golden.malformed.build import CASES, build
from triage.errors import ListError
from triage.lists.read import Limits, SourceTable, open_source

EXPECTED = Path(__file__).with_name("expected.yaml")
LONG = 40
SHOWN_ROWS = 8


def outcome(path: Path, limits: Limits) -> dict[str, Any]:
    """The message of a refusal; or the notes and the tables, as plain data."""
    try:
        source = open_source(path, limits=limits)
        tables = {table.name: table_outcome(table) for table in source.tables}
    except ListError as error:
        return {"refused": str(error).replace(str(path.parent), "FOLDER")}
    return {"kind": source.kind, "notes": list(source.notes), "tables": tables}


def table_outcome(table: SourceTable) -> dict[str, Any]:
    """What a table gives, less what is as usual: rows by number, and marks of rows and cells."""
    if table.hidden:
        return {"hidden": True}
    found: dict[str, Any] = {"rows": {}}
    hidden_columns = [column.letter for column in table.columns if column.hidden]
    dates, struck, coloured, hidden, merged = [], set(), {}, set(), ()
    for chunk in table.chunks():
        for at, (number, cells) in enumerate(zip(chunk.row_numbers, chunk.cells.rows(), strict=True)):
            found["rows"][number] = [shortened(cell) for cell in cells]
            dates += [[number, column] for column, mask in chunk.dates.items() if mask[at]]
        struck, coloured, hidden = struck | chunk.struck, coloured | chunk.coloured, hidden | chunk.hidden_rows
        merged = chunk.merged
    extra = {
        "hidden columns": hidden_columns,
        "dates": dates,
        "struck": sorted(struck),
        "coloured": coloured,
        "hidden rows": sorted(hidden),
        "merged": [list(one) for one in merged],
    }
    return found | {name: value for name, value in extra.items() if value}


def shortened(cell: str | None) -> str | None:
    return cell if cell is None or len(cell) <= LONG else f"{cell[:5]}... {len(cell)} characters"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {name: outcome(build(name, Path(folder)), case.limits) for name, case in CASES.items()}
    EXPECTED.write_text(yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None))


if __name__ == "__main__":
    main()

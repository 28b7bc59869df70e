"""How does a study's result become a file for programs and a table for people?

The JSON file holds the figures. The page in docs/studies holds words written by hand, and between two marks the tables
that are made from the JSON file and from nothing else; a test holds the page to that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.studies.resample import Figure

PAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "studies"
_DIGITS = 4


def triple(figure: Figure) -> list[float]:
    """Value, and lower and upper end of the 95% interval, rounded for the file."""
    return [round(number, _DIGITS) for number in (figure.value, figure.low, figure.high)]


def shown(numbers: Sequence[float], digits: int = 3, sign: bool = False) -> str:
    """Value and interval as people read them: "0.663 (0.640 to 0.687)"."""
    value, low, high = (f"{number:{'+' if sign else ''}.{digits}f}" for number in numbers)
    return f"{value} ({low} to {high})"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def marked(name: str, table: str) -> str:
    """A table between its marks."""
    return f"<!-- table: {name} -->\n{table}\n<!-- end -->"


def put(page: str, tables: dict[str, str]) -> str:
    """The page with each table in the place that is marked for it.

    Raises:
        ValueError: the page has no marks for a table.
    """
    for name, table in tables.items():
        pattern = re.compile(rf"<!-- table: {re.escape(name)} -->\n.*?<!-- end -->", re.DOTALL)
        if not pattern.search(page):
            raise ValueError(f"The page has no place marked for the table '{name}'.")
        page = pattern.sub(lambda _, name=name, table=table: marked(name, table), page)
    return page


def write(name: str, result: dict[str, Any], tables: dict[str, str], folder: Path = PAGES) -> None:
    """Write the result of a study, and its tables into its page where there is one."""
    path = folder / "results" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    page = folder / f"{name}.md"
    if page.is_file():
        page.write_text(put(page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    else:
        print("\n\n".join(marked(*item) for item in tables.items()))


def result_of(name: str, folder: Path = PAGES) -> dict[str, Any]:
    """The result of a study that was written earlier."""
    found: dict[str, Any] = json.loads((folder / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return found

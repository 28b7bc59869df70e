"""Which council area is meant, and what is known about it?"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from triage.errors import ContentError
from triage.faults import Fault
from triage.features.text import fold
from triage.yamlfile import count, read_text

_NEEDED = ("code", "name")


@dataclass(frozen=True)
class Area:
    """One area of the table: its code, its names, and its figures by column."""

    code: str
    name: str
    gaelic_name: str
    other_names: tuple[str, ...]
    columns: Mapping[str, str]

    def spellings(self) -> tuple[str, ...]:
        """Every text that names this area."""
        return tuple(text for text in (self.code, self.name, self.gaelic_name, *self.other_names) if text)


class AreaTable:
    """The areas of a CSV file with the columns `code`, `name`, and at least one figure.

    Optional columns: `gaelic_name`, `other_names` (separated by semicolons), `year`, `source`.
    """

    def __init__(self, areas: tuple[Area, ...], digest: str, name: str) -> None:
        self.areas = areas
        self.digest = digest
        self.name = name

    @classmethod
    def load(cls, path: Path) -> AreaTable:
        """The table in the CSV file at `path`.

        Raises:
            ContentError: a column is missing, a code is used twice, or a spelling names two areas.
        """
        text = read_text(path, ContentError).removeprefix("\ufeff")
        try:
            rows = list(csv.DictReader(text.splitlines()))
        except csv.Error as problem:
            raise ContentError(f"{path.name} cannot be read as CSV: {problem}.") from None
        headers = list(rows[0]) if rows else []
        missing = [name for name in _NEEDED if name not in headers]
        if missing:
            raise ContentError(f"{path.name} needs the column{'s' * (len(missing) > 1)} {', '.join(missing)}.")
        areas = tuple(_area(row) for row in rows)
        faults = _clashes(areas, path.name)
        if faults:
            raise ContentError(f"{path.name} cannot be used: {count(faults)}.", faults)
        digest = hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()
        return cls(areas, digest, path.name)

    @cached_property
    def by_code(self) -> dict[str, Area]:
        """Areas by their code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """Codes by each folded spelling."""
        return {fold(text): area.code for area in self.areas for text in area.spellings()}

    def figures(self, column: str) -> dict[str, float]:
        """The number in `column` by area code; NaN where the cell is empty.

        Raises:
            ContentError: there is no such column, or a cell is not a number; all are named.
        """
        faults: list[Fault] = []
        figures: dict[str, float] = {}
        for line, area in enumerate(self.areas, start=2):
            cell = area.columns.get(column)
            if cell is None:
                raise ContentError(f"{self.name} has no column '{column}', which the features file asks for.")
            try:
                figures[area.code] = _figure(cell)
            except ValueError:
                faults.append(Fault(f"{self.name}, line {line}", f"'{column}' is not a number."))
        if faults:
            raise ContentError(f"{self.name} cannot be used: {count(faults)}.", faults)
        return figures


def _figure(cell: str) -> float:
    number = float(cell or "nan")
    if cell and not math.isfinite(number):
        raise ValueError
    return number


def _area(row: dict[str, str | None]) -> Area:
    cells = {key: (value or "").strip() for key, value in row.items() if key}
    others = tuple(name.strip() for name in cells.get("other_names", "").split(";") if name.strip())
    return Area(cells["code"], cells["name"], cells.get("gaelic_name", ""), others, cells)


def _clashes(areas: tuple[Area, ...], name: str) -> list[Fault]:
    faults: list[Fault] = []
    owner: dict[str, str] = {}
    for line, area in enumerate(areas, start=2):
        if not area.code or not area.name:
            faults.append(Fault(f"{name}, line {line}", "an area needs a code and a name."))
        spellings = {fold(spelling) for spelling in area.spellings()}
        taken = sorted(text for text in spellings if owner.setdefault(text, area.code) != area.code)
        faults += [Fault(f"{name}, line {line}", f"'{text}' already names {owner[text]}.") for text in taken]
    codes = [area.code for area in areas]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    faults.extend(Fault(name, f"the code {code} is used twice.") for code in twice)
    return faults

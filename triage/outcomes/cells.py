"""What does one cell of a column of the contract say: weeks, an outcome, a weight, a day?

Each different text is read once; the rows look up what was found. What is wrong is said without the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.faults import Fault
from triage.features import fold
from triage.lists.dates import Century, DateCell, read_date
from triage.lists.safety import restored
from triage.outcomes.kinds import OutcomeKinds

Places = NDArray[np.intp]
#: Ten years: beyond it, weeks are rather days, or a date that went wrong.
MOST_WEEKS = 520
#: Support may begin before the job ends, as it does in a redundancy that is announced.
MOST_WEEKS_BEFORE = 104
FIRST_DAY = date(1990, 1, 1)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_TRUE, _FALSE = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


class CellFault(Exception):
    """A cell that cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


@dataclass(frozen=True)
class Field:
    """One column, read.

    Attributes:
        name: the column.
        values: what the different texts mean; its `CellFault` where one is of no use. First, an empty cell.
        places: [n] which of them each row has.
    """

    name: str
    values: tuple[Any, ...]
    places: Places

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """[n] True where the cell cannot be used."""
        return np.array([isinstance(value, CellFault) for value in self.values])[self.places]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """[n] True where the cell is empty."""
        found: NDArray[np.bool_] = self.places == 0
        return found

    def taken(self, instead: Any, kind: Any) -> NDArray[Any]:
        """[n] the values as an array, with `instead` where a cell is empty or cannot be used."""
        clean = [instead if value is None or isinstance(value, CellFault) else value for value in self.values]
        array = np.empty(len(clean), dtype=object)
        array[:] = clean
        found: NDArray[Any] = array.astype(kind)[self.places]
        return found

    def faults(self, numbers: NDArray[np.int64]) -> Iterator[tuple[int, Fault]]:
        """For each cell that cannot be used, the place of its row and what is wrong. `numbers` are those people see."""
        for place in np.flatnonzero(self.wrong).tolist():
            fault = self.values[self.places[place]]
            yield place, Fault(f"row {numbers[place]}, column '{self.name}'", fault.what, fault.hint)


def read_field(name: str, column: pl.Series, read: Callable[[str], Any]) -> Field:
    """A column of text read with `read`, which returns a value or raises a `CellFault`; null is an empty cell."""
    texts = column.drop_nulls().unique(maintain_order=True)
    codes = column.cast(pl.Enum(texts)).to_physical().cast(pl.Int64) + 1
    values: list[Any] = [None]
    for text in texts.to_list():
        try:
            values.append(read(restored(text)))
        except CellFault as fault:
            values.append(fault)
    return Field(name, tuple(values), codes.fill_null(0).to_numpy().astype(np.intp))


def as_number(text: str) -> float:
    """A number as a person or a program writes it; a comma only parts thousands."""
    if not _NUMBER.fullmatch(text):
        raise CellFault("this is not a number.", "Write digits only, for instance 26 or 26.5.")
    return float(text.replace(",", ""))


def as_weeks(text: str) -> float:
    """Weeks without work, 0 to 520."""
    weeks = as_number(text)
    if weeks < 0:
        raise CellFault("weeks cannot be negative.", "Write 0 for somebody who went straight to another job.")
    if weeks > MOST_WEEKS:
        raise CellFault(f"this is more than {MOST_WEEKS} weeks.", "Are these days? Divide them by 7.")
    return weeks + 0.0  # "-0" is 0


def as_start(text: str) -> float:
    """Weeks from the end of the job until support began; negative before it."""
    weeks = as_number(text)
    if not -MOST_WEEKS_BEFORE <= weeks <= MOST_WEEKS:
        raise CellFault(f"this must be weeks from {-MOST_WEEKS_BEFORE} to {MOST_WEEKS}.", "Are these days?")
    return weeks


def as_weight(text: str) -> float:
    """A row's own weight, 0 or more."""
    weight = as_number(text)
    if not 0 <= weight <= 1e9:
        raise CellFault("a weight must be a number from 0 up.", "Leave the column out where all rows weigh the same.")
    return weight


def kind_reader(kinds: OutcomeKinds) -> Callable[[str], str]:
    """A reader of outcomes: the id of the kind."""

    def read(text: str) -> str:
        kind = kinds.by_spelling.get(fold(text))
        if kind is None:
            raise CellFault("this is not a known outcome.", kinds.hint(text))
        return kind.id

    return read


def as_flag(text: str) -> bool:
    """Yes or no."""
    folded = fold(text)
    if folded not in (*_TRUE, *_FALSE):
        raise CellFault("this is neither yes nor no.", "Write yes or no.")
    return folded in _TRUE


def as_text(text: str) -> str:
    """A text as it stands."""
    return text


def read_days(name: str, column: pl.Series, on: date) -> Field:
    """A column of days, day first. One date that is only possible month first makes all its slash dates unusable."""
    cells: dict[str, DateCell] = {}
    for text in column.drop_nulls().unique().to_list():
        cells[text] = read_date(restored(text), Century.near(on))
    month_first = any(cell.kind == "month_first" for cell in cells.values())

    def read(text: str) -> date:
        return _day(cells[text], month_first, on)

    return read_field(name, column, read)


def _day(cell: DateCell, month_first: bool, on: date) -> date:
    hint = "Write it like 2024-03-31."
    if month_first and cell.slash:
        raise CellFault("the column has dates with the month first, so its days are not certain.", hint)
    if cell.value is None:
        raise CellFault(cell.problem or "this is not a date.", hint)
    if cell.value > on:
        raise CellFault("this day is in the future.", "Give the day the job ended.")
    if cell.value < FIRST_DAY:
        raise CellFault(f"this day is before {FIRST_DAY.year}.", "Give the day the job ended.")
    return cell.value

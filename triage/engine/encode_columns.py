"""How do whole columns of answers become grid values, each distinct cell being read only once?"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.checklist import JOB_ENDS, REDUNDANCY_STATUS, Question, applies
from triage.engine.answers import OBJECTS, context_reader
from triage.errors import AnswersError
from triage.faults import Fault, did_you_mean
from triage.features import Features
from triage.features.reading import plain
from triage.yamlfile import count

Array = NDArray[np.float64]
ANSWERED, DECLINED, NOT_ASKED, EARLY, UNKNOWN = 1, 2, 0, 3, 4
_STATES = {
    "answered": ANSWERED,
    "declined": DECLINED,
    "not_asked": NOT_ASKED,
    "not_applicable": EARLY,
    "unknown": UNKNOWN,
}
_SHOWN_ROWS = 5
#: A column with more distinct cells than this is read cell by cell.
_CODED_VALUES = 5_000


@dataclass(frozen=True)
class Coded:
    """A column as its distinct cells and, for each row, the place of its cell among them."""

    values: Sequence[Any]
    places: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, rows: slice) -> Coded:
        return Coded(self.values, self.places[rows])

    def __iter__(self) -> Iterator[Any]:
        return (self.values[place] for place in self.places.tolist())


class Codes(dict[Any, int]):
    """Distinct cells and a code for each; a cell that is met for the first time is read under a lock."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read
        self._lock = threading.Lock()
        self.readings: list[Any] = [read(None)]
        self[None] = 0

    def __missing__(self, cell: Any) -> int:
        cell = plain(cell)
        if cell is None:
            return 0
        # To a dict True is 1 and False is 0, but as answers they differ.
        key = (type(cell), cell) if isinstance(cell, int) and cell in (0, 1) else cell
        if key in self:
            return self[key]
        with self._lock:
            if key not in self:
                self.readings.append(self._read(cell))
                self[key] = len(self.readings) - 1
            return self[key]

    def of(self, cells: Coded | Sequence[Any]) -> NDArray[np.intp]:
        """The codes of `cells`."""
        if isinstance(cells, Coded):
            places: NDArray[np.intp] = self.of(cells.values)[cells.places]
            return places
        try:
            return np.fromiter(map(self.__getitem__, cells), dtype=np.intp, count=len(cells))
        except TypeError:  # A cell that cannot be looked up, such as a list, is read as its text.
            return np.array([self[_hashable(cell)] for cell in cells], dtype=np.intp)


def _hashable(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return str(cell)
    return cell


class ColumnEncoder:
    """Encodes the columns of one call; safe to use from several threads at once."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self._codes = {question.id: self._question_codes(question) for question in features.checklist.questions}
        self._context = {
            field.id: Codes(_guarded(context_reader(field, features))) for field in features.checklist.context
        }

    def _question_codes(self, question: Question) -> Codes:
        vocabulary, inputs = self.features.vocabularies[question.id], self.features.inputs_of[question.id]

        def read(cell: Any) -> tuple[float, ...]:
            reading = vocabulary.read(cell, suggest=False)
            state = _STATES[reading.state]
            if reading.value is None or state != ANSWERED:
                return (state, *(np.nan for _ in inputs))
            return (state, *(item.value(reading.value) for item in inputs))

        return Codes(read)

    def question(self, question: Question, cells: Any) -> tuple[NDArray[np.int8], Array]:
        """States [n] and grid values [n, inputs of the question] of a column of cells."""
        if question.number is not None and isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
            return self._numbers(question, cells.astype(np.float64))
        codes = self._codes[question.id]
        places = codes.of(cells)
        table = np.array(codes.readings, dtype=np.float64)
        return table[:, 0].astype(np.int8)[places], table[:, 1:][places]

    def _numbers(self, question: Question, numbers: Array) -> tuple[NDArray[np.int8], Array]:
        spec = question.number
        assert spec is not None
        given = ~np.isnan(numbers)
        with np.errstate(invalid="ignore"):
            possible = (numbers >= spec.minimum) & (numbers <= spec.maximum)
            if spec.whole:
                possible &= np.rint(numbers) == numbers
        states = np.where(possible, ANSWERED, np.where(given, UNKNOWN, NOT_ASKED)).astype(np.int8)
        usable = np.where(possible, numbers, np.nan)
        inputs = self.features.inputs_of[question.id]
        return states, np.column_stack([item.grid.snap_many(usable) for item in inputs])

    def context(self, name: str, cells: Any) -> tuple[NDArray[np.intp], list[Any]]:
        """Codes [n] and the readings behind them (a value, None, or a ValueError) of a context column."""
        codes = self._context[name]
        return codes.of(cells), codes.readings

    def early(self, columns: Mapping[str, Any], size: int, on: date) -> dict[str, NDArray[np.bool_]]:
        """By question for which it can be too early: in which rows it is."""
        late = [q for q in self.features.checklist.questions if q.not_applicable_until_weeks_after_job_ends is not None]
        if not late or (REDUNDANCY_STATUS not in columns and JOB_ENDS not in columns):
            return {}
        status, statuses = self._context_or_none(REDUNDANCY_STATUS, columns, size)
        ends, dates = self._context_or_none(JOB_ENDS, columns, size)
        pairs = status * len(dates) + ends
        found = {}
        for question in late:
            open_to = {
                pair: applies(question, statuses[pair // len(dates)], dates[pair % len(dates)], on)
                for pair in np.unique(pairs).tolist()
            }
            keys = np.array(sorted(open_to))
            wait = np.array([not open_to[key] for key in keys.tolist()], dtype=np.bool_)
            found[question.id] = wait[np.searchsorted(keys, pairs)]
        return found

    def _context_or_none(self, name: str, columns: Mapping[str, Any], size: int) -> tuple[NDArray[np.intp], list[Any]]:
        if name not in columns:
            return np.zeros(size, dtype=np.intp), [None]
        codes, readings = self.context(name, columns[name])
        return codes, [None if isinstance(reading, ValueError) else reading for reading in readings]

    def objected(self, columns: Mapping[str, Any], size: int) -> NDArray[np.bool_]:
        """Rows of clients who object to being scored."""
        if OBJECTS not in columns:
            return np.zeros(size, dtype=np.bool_)
        codes, readings = self.context(OBJECTS, columns[OBJECTS])
        return np.array([reading is True for reading in readings])[codes]


def _guarded(reader: Callable[[object], Any]) -> Callable[[Any], Any]:
    def read(cell: Any) -> Any:
        try:
            return reader(cell)
        except ValueError as problem:
            return problem

    return read


def as_columns(given: Any, features: Features) -> tuple[dict[str, Any], int]:
    """Columns by name as sequences or numeric arrays, and their length.

    Raises:
        AnswersError: a column is not known or not a column, or the columns differ in length.
    """
    if not isinstance(given, Mapping) and not (hasattr(given, "columns") and hasattr(given, "__getitem__")):
        raise AnswersError("Give the columns as a mapping of arrays by question id, or as a pandas or polars frame.")
    names = list(dict.fromkeys(given.keys() if isinstance(given, Mapping) else given.columns))
    known = {**features.checklist.by_id, **features.checklist.context_by_id}
    faults = [
        Fault(f"column '{name}'", "the checklist has no such question.", did_you_mean(str(name), known))
        for name in names
        if name not in known
    ]
    single = [name for name in names if name in known and not _is_column(given[name])]
    faults += [Fault(f"column '{name}'", "this is not one column of cells.") for name in single]
    columns = {name: _cells(given[name]) for name in names if name in known and name not in single}
    sizes = {len(cells) for cells in columns.values()}
    if len(sizes) > 1:
        faults.append(Fault("", f"the columns have different lengths: {', '.join(map(str, sorted(sizes)))}."))
    if faults:
        raise AnswersError(f"These columns cannot be scored: {count(faults)}.", faults)
    return columns, sizes.pop() if sizes else 0


def _is_column(cells: Any) -> bool:
    """False for a single text or number, and for a table (two columns of one name give that)."""
    if isinstance(cells, Coded):
        return True
    return hasattr(cells, "__iter__") and not isinstance(cells, str | bytes) and getattr(cells, "ndim", 1) == 1


def _cells(column: Any) -> Any:
    """A column as a list of cells, as an array where it holds numbers, or as codes where it has them."""
    module = type(column).__module__.partition(".")[0]
    if module == "polars" and not column.dtype.is_numeric():
        return _polars_cells(column)
    if module == "pandas" and hasattr(column, "cat"):
        return Coded([*column.cat.categories, None], column.cat.codes.to_numpy())
    if module in ("pandas", "polars"):
        column = column.to_numpy()
        if module == "pandas" and column.dtype.kind == "O":
            return _without_pandas_missing(column.tolist())
    if isinstance(column, Coded):
        return column
    if isinstance(column, np.ma.MaskedArray):
        column = column.filled(np.nan) if column.dtype.kind == "f" else np.array(column.tolist(), dtype=object)
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "M":
            column = column.astype("datetime64[D]")
        return column if column.dtype.kind in "fiu" else column.tolist()
    return column if isinstance(column, list | tuple) else list(column)


def _polars_cells(column: Any) -> Any:
    """A column of text, coded by polars itself; another column as a list."""
    polars = sys.modules["polars"]
    if column.dtype not in (polars.String, polars.Categorical, polars.Enum):
        return column.to_list()
    values = column.unique().drop_nulls().cast(polars.String).to_list()
    if len(values) > _CODED_VALUES:
        return column.cast(polars.String).to_list()
    places = column.cast(polars.Enum(values)).to_physical().fill_null(len(values))
    return Coded([*values, None], places.to_numpy())


def _without_pandas_missing(cells: list[Any]) -> list[Any]:
    missing = sys.modules["pandas"].NA
    return [None if cell is missing else cell for cell in cells]


def cell_faults(name: str, rows: Iterable[int]) -> Fault:
    """The fault of a column with cells that cannot be read."""
    places = list(rows)
    shown = ", ".join(str(row) for row in places[:_SHOWN_ROWS])
    more = f" and {len(places) - _SHOWN_ROWS} more" if len(places) > _SHOWN_ROWS else ""
    return Fault(f"column '{name}'", f"the cells in row {shown}{more} (counted from 0) are not among its answers.")
